"""What is taken for granted of every service: a check for each, in the order in which they run."""

import hashlib
import time

from live_services.probe import MISSING, Found, Probe, at, attempted, is_image
from lookalike.filters import Filters, license_refused

YEAR = 365 * 24 * 3600
PICTURES = 6
"""So many thumbnails are looked at."""


def run(probe: Probe, now: float | None = None) -> None:
    """Look at a service; what is found is noted in `probe.findings`.

    Args:
        probe: the service.
        now: Unix time in seconds.
    """
    found, wrong = attempted(probe.search)
    if found is None:
        probe.tell("a search is answered", False, wrong, "It cannot be searched at all.")
        return
    _answer(probe, found)
    _shape(probe, found)
    _headers(probe, found)
    if probe.can.pages > 1:
        _pages(probe, found)
    if probe.can.dates:
        _dates(probe, int(now or time.time()))
    _licences(probe, found)
    _filters(probe)
    _safe(probe)
    _words(probe, found)
    _pictures(probe, found)
    _gone(probe, found)
    _refusals(probe, found)


def _answer(probe: Probe, found: Found) -> None:
    probe.tell(
        "a search is answered",
        bool(found.photos),
        f"{len(found.photos)} photos of “cat”",
        "It cannot be searched.",
    )
    probe.tell(
        "as many photos a call as asked for",
        len(found.rows) == probe.can.per_call,
        f"{len(found.rows)} of {probe.can.per_call}",
        "A search takes more calls, or fewer photos come.",
    )
    probe.tell(
        "photos have words",
        sum(bool(photo.tags) for photo in found.photos) > len(found.photos) / 2,
        f"{sum(bool(photo.tags) for photo in found.photos)} of {len(found.photos)} have tags",
        "A search learns nothing from what it finds.",
    )
    probe.tell(
        "photos have an owner, a licence and a page",
        all(photo.owner and photo.license for photo in found.photos)
        and sum(bool(photo.page_url) for photo in found.photos) > len(found.photos) / 2,
        f"{sum(bool(p.owner and p.license and p.page_url) for p in found.photos)} have all",
        "Credit cannot be given.",
    )


def _shape(probe: Probe, found: Found) -> None:
    wrong: dict[str, str] = {}
    for row in found.rows:
        for path, types in probe.service.shape.items():
            value = at(row, path)
            if value is MISSING:
                if path in probe.service.needed:
                    wrong[path] = "missing"
            elif not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                wrong[path] = type(value).__name__
    probe.tell(
        "fields have their names and types",
        not wrong if found.rows else False,
        ", ".join(f"{path}: {kind}" for path, kind in wrong.items()) or "all as recorded",
        "Titles, sizes or credits of photos are missing, or the photos themselves.",
    )


def _headers(probe: Probe, found: Found) -> None:
    headers = found.answer.headers
    allowed = headers.get("access-control-allow-origin", "nothing")
    probe.tell(
        "a page may read its answers, without a preflight",
        found.answer.readable,
        f"access-control-allow-origin: {allowed}",
        "The page cannot search it.",
    )
    exposed = {
        name.strip().lower()
        for name in headers.get("access-control-expose-headers", "").split(",")
        if name.strip()
    }
    telling = sorted(n for n in exposed if "ratelimit" in n or n in ("retry-after", "*"))
    probe.tell(
        "it tells pages nothing of its limits",
        not telling,
        ", ".join(telling) or "none of its limits' headers may be read",
        "Nothing is worse for it: calls could be counted by what it says, and not here.",
    )
    for name, value in probe.service.limits.items():
        told = headers.get(name)
        probe.tell(
            f"its limit is {value}",
            None if told is None else told == value,
            told or f"no {name}",
            "A search ends early, or makes fewer calls than it may.",
        )


def _pages(probe: Probe, found: Found) -> None:
    first = {photo.id for photo in found.photos}
    second, wrong = attempted(lambda: probe.search(page=2))
    new = [photo for photo in second.photos if photo.id not in first] if second else []
    probe.tell(
        "the next page has other photos",
        len(new) >= 0.8 * max(1, len(second.photos) if second else 1),
        wrong or f"{len(new)} of {len(second.photos) if second else 0} are new",
        "A tag that is asked again brings nothing new.",
    )
    last, wrong = attempted(lambda: probe.search(page=probe.can.pages))
    probe.tell(
        f"page {probe.can.pages} is answered",
        last is not None,
        wrong or f"{len(last.photos) if last else 0} photos",
        "The deepest pages of a tag are asked for in vain.",
    )


def _dates(probe: Probe, now: int) -> None:
    bound = now - YEAR
    found, wrong = attempted(lambda: probe.search(before=bound))
    later = [p for p in found.photos if p.uploaded and p.uploaded > bound] if found else []
    probe.tell(
        "photos are older than asked for",
        bool(found and found.photos and not later),
        wrong or f"{len(later)} of {len(found.photos) if found else 0} are not",
        "A tag that is asked again brings the same photos.",
    )
    between = Filters(since=now - 2 * YEAR, until=bound)
    found, wrong = attempted(lambda: probe.search(filters=between))
    outside = [
        p
        for p in (found.photos if found else [])
        if p.uploaded and not now - 2 * YEAR <= p.uploaded <= bound
    ]
    probe.tell(
        "upload dates are obeyed",
        bool(found and found.photos and not outside),
        wrong or f"{len(outside)} of {len(found.photos) if found else 0} are outside",
        "The filter by date leaves few photos, for they are sorted out here.",
    )


def _licences(probe: Probe, found: Found) -> None:
    for wanted in ("reuse", "commercial", "modify"):
        given, wrong = attempted(lambda w=wanted: probe.search(filters=Filters(license=w)))
        photos = given.photos if given else []
        names = [photo.license for photo in photos]
        refused = sorted({n or "none" for n in names if license_refused(n, wanted)})
        # Where it is not asked, as Commons is not, other names may be among them.
        asked = "license" in probe.can.filters and given and given.answer.url != found.answer.url
        few = sum(bool(license_refused(n, wanted)) for n in names) <= 0.1 * len(names)
        probe.tell(
            f"licences allow “{wanted}”",
            bool(photos) and (not refused if asked else few),
            wrong or (", ".join(refused[:4]) if refused else f"all of {len(photos)} do"),
            "The filter by licence leaves few photos, for they are sorted out here.",
        )


def _filters(probe: Probe) -> None:
    if "min_size" in probe.can.filters:
        found, wrong = attempted(lambda: probe.search(filters=Filters(min_size=1100)))
        photos = [p for p in (found.photos if found else []) if p.full_width and p.full_height]
        # No photo narrower than 3:1 is reckoned with, and each service has scorers of its own.
        small = [p for p in photos if p.full_width * p.full_height < 300_000]
        probe.tell(
            "sizes are obeyed",
            bool(photos) and not small if found else False,
            wrong or f"{len(small)} of {len(photos)} are small",
            "The filter by size leaves few photos, for they are sorted out here.",
        )
    if "orientation" in probe.can.filters:
        found, wrong = attempted(lambda: probe.search(filters=Filters(orientation="portrait")))
        photos = [p for p in (found.photos if found else []) if p.full_width and p.full_height]
        wide = [p for p in photos if p.full_width > p.full_height]
        probe.tell(
            "orientation is obeyed",
            bool(photos) and not wide,
            wrong or f"{len(wide)} of {len(photos)} are wide",
            "The filter by format leaves few photos, for they are sorted out here.",
        )


def _safe(probe: Probe) -> None:
    if not probe.service.marks:
        return
    found, wrong = attempted(lambda: probe.search("portrait", Filters(safe=True)))
    marked = [p for p in (found.photos if found else []) if p.sensitive]
    probe.tell(
        "what is marked as sensitive does not come",
        found is not None and bool(found.photos) and not marked,
        wrong or f"{len(marked)} of {len(found.photos) if found else 0} are marked",
        "They are sorted out here, so fewer photos come.",
    )


def _words(probe: Probe, found: Found) -> None:
    """A tag of operators is asked for as words, and found as such."""
    odd, wrong = attempted(lambda: probe.search('-"(cat)*"'))
    same = {p.id for p in odd.photos} & {p.id for p in found.photos} if odd else set()
    probe.tell(
        "a tag full of operators is its words",
        bool(odd) and len(same) >= 0.5 * len(found.photos),
        wrong or f"{len(same)} of {len(found.photos)} photos are the same",
        "Tags with signs in them find nothing, or what nobody asked for.",
    )


def _pictures(probe: Probe, found: Found) -> None:
    looked = found.photos[:PICTURES]
    pictures = [(photo, *probe.picture(photo)) for photo in looked]
    got = [(photo, image) for photo, image, _, _ in pictures if image]
    problems = sorted({wrong for _, _, _, wrong in pictures if wrong})
    probe.tell(
        "thumbnails come",
        len(got) >= 0.8 * len(looked),
        problems[0] if problems else f"{len(got)} of {len(looked)}",
        "Photos are skipped.",
    )
    answers = [answer for _, _, some, _ in pictures for answer in some[-1:]]
    unreadable = [a for a in answers if a.status == 200 and not a.readable]
    probe.tell(
        "a page may read its pictures, without a preflight",
        bool(answers) and not unreadable,
        f"{len(unreadable)} of {len(answers)} may not be read",
        "The page cannot look at its photos, and skips them.",
    )
    others = [probe.wire.get(url) for photo in looked[:2] if (url := probe.service.other(photo))]
    if others:
        bad = [a for a in others if a.status != 200 or not a.readable]
        probe.tell(
            "the second address of a picture may be read, too",
            not bad,
            f"{len(bad)} of {len(others)} may not: HTTP {others[0].status}",
            "A picture that fails at its first address is not got from the second.",
        )
    moved = [a for _, _, some, _ in pictures for a in some if 300 <= a.status < 400]
    probe.tell(
        "pictures are where the answer says",
        not moved,
        f"{len(moved)} redirects"
        + (f", to {moved[0].headers.get('location', '?')[:80]}" if moved else ""),
        "The page follows no redirect, and skips them.",
    )
    odd = [
        f"{image.width}×{image.height}"
        for photo, image in got
        if not probe.service.thumbnail(photo, image.size)
    ]
    probe.tell(
        "thumbnails have the size that is reckoned with",
        not odd if got else None,
        ", ".join(odd[:4]) or "all",
        "Looking takes longer, or results are blurred.",
    )
    pixels = [hashlib.sha256(image.tobytes()).hexdigest() for _, image in got]
    probe.tell(
        "every photo has a picture of its own",
        len(set(pixels)) == len(pixels) if got else None,
        f"{len(set(pixels))} pictures of {len(pixels)} photos",
        "Photos that are gone are shown once, and skipped from the second on.",
    )


def _gone(probe: Probe, found: Found) -> None:
    if not found.photos:
        return
    answer = probe.wire.get(probe.service.gone(found.photos[0]))
    instead = answer.status == 200 and is_image(answer.body)
    where = answer.headers.get("location", "")
    probe.tell(
        "a picture that is gone is refused",
        400 <= answer.status < 500,
        f"HTTP {answer.status}"
        + (", a picture in its place" if instead else "")
        + (f", to {where[:80]}" if where else ""),
        "Photos that are gone come as one picture, which is shown once.",
    )


def _refusals(probe: Probe, found: Found) -> None:
    pictures = probe.service.widths(found.photos[0]) if found.photos else ()
    for refusal in (*probe.service.refusals, *pictures):
        answer = probe.wire.get(refusal.url)
        text = answer.body.decode(errors="replace")
        probe.tell(
            f"refused: {refusal.what}",
            answer.status == refusal.status and refusal.words in text,
            f"HTTP {answer.status}: {' '.join(text.split())[:80]}",
            refusal.means,
        )
        if answer.status:
            probe.tell(
                f"a page may read that refusal: {refusal.what}",
                answer.readable,
                answer.headers.get("access-control-allow-origin", "no header"),
                "The page only knows that it was not answered, and not why.",
            )
