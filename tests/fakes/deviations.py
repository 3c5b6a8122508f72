"""Faults of another kind: a service that answers well, but otherwise than the project believes.

Each is something that a live service might do one day; `tests/live.py` has to find every one.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fakes.replies import Reply, Spoil

Row = dict[str, Any]
Params = Mapping[str, str]


HOSTILE = (
    "<img src=x onerror=alert(1)>&lt;b&gt;Rock &amp; roll&lt;/b&gt; \u202egpj.exe\u202c arapu00e7a"
    " \x07" + "\u200b" * 9 + "long " * 2000
)
"""What somebody may call a photo."""


@dataclass(frozen=True)
class Form:
    """Where the answers of one service have what is changed.

    Attributes:
        rows: the photos of an answer, to be changed in place.
        licence, size, owner, words: change one photo.
        needed: a field that no photo can do without, and `typed` one whose type is changed.
        page, deep: the parameter that turns pages, and the last one that "shallow" answers.
        asks_licence: whether it can be asked for licences; else "other-licence" is always.
        listing: the list that the rows are from, where that is another.
        hostile, mark, day: see "hostile", "unsafe" and "newest".
    """

    rows: Callable[[Row], list[Row]]
    licence: Callable[[Row, bool], None]
    size: Callable[[Row, int, int], None]
    owner: Callable[[Row], None]
    words: Callable[[Row], None]
    needed: str
    typed: str
    page: str = "page"
    deep: int = 5
    asks_licence: bool = True
    listing: Callable[[Row], list[Row]] | None = None
    hostile: Callable[[Row], object] = lambda row: None
    mark: Callable[[Row], None] = lambda row: None
    day: Callable[[Row], None] = lambda row: None


def api(form: Form) -> dict[str, Spoil]:
    """What may be other than believed in the answers of a service's API."""

    def each(change: Callable[[Row], object], when: Callable[[Params], object] = bool) -> Spoil:
        def edit(answer: Row, params: Params) -> None:
            if when(params):
                for row in form.rows(answer):
                    change(row)

        return _edited(edit)

    return {
        "hostile": each(form.hostile),
        "retired-licence": each(lambda row: form.licence(row, True)),
        "other-licence": each(
            lambda row: form.licence(row, False), _has("license") if form.asks_licence else bool
        ),
        "small": each(lambda row: form.size(row, 90, 60), _has("size", "fileres")),
        "wide": each(lambda row: form.size(row, 900, 600), _has("aspect_ratio")),
        "unsafe": each(form.mark),
        "newest": each(form.day),
        "anonymous": each(form.owner),
        "wordless": each(form.words),
        "renamed": each(lambda row: row.pop(form.needed, None)),
        "other-type": each(lambda row: row.update({form.typed: [row.get(form.typed)]})),
        "fewer": _edited(lambda answer, params: _halve((form.listing or form.rows)(answer))),
        "same-page": _remembering(lambda params: _without(params, form.page), again=True),
        "forgetful": _remembering(lambda params: tuple(sorted(params.items())), again=False),
        "shallow": lambda good, params: (
            _refused() if int(params.get(form.page, 0)) > form.deep else good
        ),
        "exposes": _with_headers({"access-control-expose-headers": "date, X-RateLimit-Limit"}),
        "new-limit": _with_headers(
            {
                "x-ratelimit-limit-anon_burst": "7/min",
                "x-ratelimit-limit-anon_sustained": "70/day",
            }
        ),
        "moved": _moved,
        "lenient": _edited_refusal(lambda reply: replace(reply, status=200, body=b"{}")),
        "other-words": _edited_refusal(lambda reply: replace(reply, body=b'{"no": "no"}')),
        "unreadable-refusal": _edited_refusal(lambda reply: replace(reply, cors=False)),
    }


IMAGE: dict[str, Spoil] = {
    "moved": lambda good, params: _moved(good, params),
    "large": lambda good, params: _drawn(good, 1400, 900),
    "placeholder": lambda good, params: _drawn(good, 300, 200),
    "instead": lambda good, params: (
        good if good.status == 200 else _drawn(replace(good, status=200), 300, 200)
    ),
    "any-width": lambda good, params: (
        replace(good, status=200, body=b"x") if good.status == 400 else good
    ),
}
"""What may be other than believed of pictures."""


def _edited(change: Callable[[Row, Params], object]) -> Spoil:
    def spoil(good: Reply, params: Params) -> Reply:
        try:
            answer = json.loads(good.body)
        except ValueError:
            return good
        change(answer, params)
        return replace(good, body=json.dumps(answer).encode())

    return spoil


def _has(*names: str) -> Callable[[Params], bool]:
    return lambda params: any(
        name in key or name in params.get("gsrsearch", "") for key in params for name in names
    )


def _without(params: Params, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, value) for key, value in params.items() if key != name))


def _halve(rows: list[Row]) -> None:
    del rows[len(rows) // 2 :]


def _remembering(key: Callable[[Params], object], *, again: bool) -> Spoil:
    """Answer every question like the first of its kind, or none but the first."""
    known: dict[object, Reply] = {}

    def spoil(good: Reply, params: Params) -> Reply:
        if key(params) in known:
            return known[key(params)] if again else _refused()
        known[key(params)] = good
        return good

    return spoil


def _refused() -> Reply:
    return Reply(404, "application/json", b'{"detail": "Invalid page."}')


def _with_headers(headers: Mapping[str, str]) -> Spoil:
    return lambda good, params: replace(good, headers={**good.headers, **headers})


def _moved(good: Reply, params: Params) -> Reply:
    elsewhere = {"location": "https://elsewhere.example/"}
    return Reply(302, "text/html", b"", headers=elsewhere) if good.status == 200 else good


def _edited_refusal(change: Callable[[Reply], Reply]) -> Spoil:
    """Change what is refused, also where that is said with HTTP 200."""
    signs = (b'"error"', b'"stat":"fail"', b"throttled")

    def spoil(good: Reply, params: Params) -> Reply:
        refusal = good.status >= 400 or any(sign in good.body[:200] for sign in signs)
        return change(good) if refusal else good

    return spoil


def _drawn(good: Reply, width: int, height: int) -> Reply:
    """Give one picture instead of any other; takes Pillow."""
    from PIL import Image

    if good.status != 200:
        return good
    file = io.BytesIO()
    Image.new("RGB", (width, height), (220, 220, 220)).save(file, "JPEG")
    return replace(good, content_type="image/jpeg", body=file.getvalue())
