"""What the fake Openverse answers, without the HTTP around it.

Shapes and headers are those of answers recorded in 2024 and 2026; the words of errors, too.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fakes.base import FakeService
from fakes.collection import FakePhoto, chance, words_of
from fakes.deviations import HOSTILE, IMAGE, Form, api
from fakes.replies import COMMON_FAULTS, IMAGE_FAULTS, FaultTable, Reply, half, html_reply

API_PATH = "/v1/images/"
MOST_ON_A_PAGE = 20
DEEPEST = 240
EXPOSED = "cf-cache-status, cf-ray, date"

_THUMB = re.compile(r"/v1/images/([0-9a-f-]{36})/thumb/")
_FLICKR = re.compile(r"/\d+/(\d+)_[0-9a-f]+_[bn]\.jpg")
# Weights are a guess; of Openverse's photos most are Flickr's.
LICENSES = ["by", "by-sa", "by-nc-sa", "by-nc-nd", "by-nc", "by-nd", "cc0", "pdm"]
PROVIDERS = ["flickr", "flickr", "flickr", "wikimedia", "stocksnap"]


def _throttled(seconds: float) -> Reply:
    detail = f"Request was throttled. Expected available in {max(1, round(seconds))} seconds."
    return _json(429, {"detail": detail})


def _json(status: int, answer: object) -> Reply:
    headers = {"access-control-expose-headers": EXPOSED, "cache-control": "max-age=14400"}
    body = json.dumps(answer, separators=(",", ":")).encode()
    return Reply(status, "application/json", body, headers=headers)


FORM = Form(
    rows=lambda answer: answer.get("results", []),
    licence=lambda row, retired: row.update(license="sampling+" if retired else "by-nc-nd"),
    size=lambda row, width, height: row.update(width=width, height=height),
    owner=lambda row: row.update(creator=None),
    words=lambda row: row.update(tags=None),
    needed="foreign_landing_url",
    typed="width",
    hostile=lambda row: row.update(
        title=HOSTILE,
        creator=HOSTILE,
        attribution=HOSTILE,
        license_url="javascript:alert(1)",
        foreign_landing_url="javascript:alert(1)",
        tags=[*(row["tags"] or []), *({"name": tag} for tag in (HOSTILE, '-"x"', "intitle:cat"))],
    ),
    mark=lambda row: row.update(mature=True),
)
FAULTS: FaultTable = {
    "api": COMMON_FAULTS
    | api(FORM)
    | {
        "429": lambda good, params: _throttled(3600),
        "burst": lambda good, params: _throttled(2),
        "401": lambda good, params: _page_too_large(),
        "malformed": half,
        "empty": lambda good, params: _json(200, _results([], 0, 1, MOST_ON_A_PAGE)),
    },
    "image": IMAGE_FAULTS | IMAGE | {"429": lambda good, params: _throttled(20)},
}


@dataclass
class OpenverseService(FakeService):
    """Openverse, as it answers those who have no key."""

    api_path = API_PATH
    fault_table = FAULTS

    def __post_init__(self) -> None:
        super().__post_init__()
        self._by_uuid = {uuid_of(photo): photo for photo in self.collection.photos}

    def is_image(self, path: str) -> bool:
        return bool(_THUMB.fullmatch(path) or _FLICKR.fullmatch(path))

    def reply(self, kind: str, path: str, params: Mapping[str, str], origin: str) -> Reply:
        if kind == "api":
            return self._call(params, origin)
        photo = self._photo_at(path) if kind == "image" else None
        return Reply(200, "image/jpeg", photo.read()) if photo else html_reply(404, "Not Found")

    def _photo_at(self, path: str) -> FakePhoto | None:
        if match := _THUMB.fullmatch(path):
            return self._by_uuid.get(match[1])
        match = _FLICKR.fullmatch(path)
        try:
            photo = self.collection.photo_of(match[1] if match else "")
        except KeyError:
            return None
        return photo if path in (photo.path, photo.path.replace("_n.", "_b.")) else None

    def _call(self, params: Mapping[str, str], origin: str) -> Reply:
        for limit in self.limits.values():
            if not limit.allows():
                return _throttled(limit.wait())
        try:
            page, size = int(params.get("page", 1)), int(params.get("page_size", MOST_ON_A_PAGE))
        except ValueError:
            return _invalid("page", "A valid integer is required.")
        if size > MOST_ON_A_PAGE:
            return _page_too_large()
        if size < 1 or page < 1:
            return _invalid("page", "Ensure this value is greater than or equal to 1.")
        if page * size > DEEPEST:
            return _json(401, {"detail": f"Only the first {DEEPEST} results can be reached."})
        if len(params.get("q", "")) > 200:
            return _invalid("q", "Ensure this field has no more than 200 characters.")
        found = self._found(params)
        shown = [_record(p, origin) for p in found[(page - 1) * size : page * size]]
        return _json(200, _results(shown, len(found), page, size))

    def _found(self, params: Mapping[str, str]) -> list[FakePhoto]:
        wanted = set(words_of(params.get("q", "")))
        tests = [TESTS[name](value) for name, value in params.items() if name in TESTS]
        if params.get("mature") != "true":
            tests.append(lambda photo: not is_sensitive(photo))
        # A real search is ordered by relevance, of which nothing is known here.
        found = [photo for photo in self.collection.having(wanted) if all(t(photo) for t in tests)]
        return sorted(found, key=lambda photo: chance(photo.row_id, "relevance"))


def uuid_of(photo: FakePhoto) -> str:
    """Give the id that Openverse has for a photo."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, photo.row_id))


def license_of(photo: FakePhoto) -> str:
    """Give its licence; what is all rights reserved on Flickr is not at Openverse."""
    return LICENSES[int(chance(photo.row_id, "openverse licence") ** 2 * len(LICENSES))]


def provider_of(photo: FakePhoto) -> str:
    """Tell where Openverse has it from."""
    return PROVIDERS[int(chance(photo.row_id, "provider") * len(PROVIDERS))]


def is_sensitive(photo: FakePhoto) -> bool:
    """Tell whether somebody has reported it; of a hundred photos two are."""
    return chance(photo.row_id, "sensitive") < 0.02


def size_of(photo: FakePhoto) -> tuple[int, int]:
    """Give the size of the file that `url` names, 1024 pixels on its longest side."""
    scale = 1024 / max(photo.width, photo.height)
    return round(photo.width * scale), round(photo.height * scale)


def _is_tall(photo: FakePhoto) -> str:
    width, height = size_of(photo)
    return "tall" if height > width else "wide" if width > height else "square"


def _band(photo: FakePhoto) -> str:
    width, height = size_of(photo)
    pixels = width * height
    return "small" if pixels < 640 * 480 else "medium" if pixels < 1600 * 900 else "large"


Test = Callable[[FakePhoto], bool]
TESTS: dict[str, Callable[[str], Test]] = {
    "aspect_ratio": lambda value: lambda photo: _is_tall(photo) in value.split(","),
    "size": lambda value: lambda photo: _band(photo) in value.split(","),
    "license": lambda value: lambda photo: license_of(photo) in value.split(","),
    "license_type": lambda value: (
        lambda photo: all(
            not (kind == "commercial" and "nc" in license_of(photo))
            and not (kind == "modification" and "nd" in license_of(photo))
            for kind in value.split(",")
        )
    ),
    "source": lambda value: lambda photo: provider_of(photo) in value.split(","),
}


def _results(shown: list[dict[str, Any]], found: int, page: int, size: int) -> dict[str, Any]:
    return {
        # To those without a key no more is told than they can reach.
        "result_count": min(found, DEEPEST),
        "page_count": min(-(-found // size), DEEPEST // size),
        "page_size": size,
        "page": page,
        "results": shown,
    }


def _page_too_large() -> Reply:
    detail = f"page_size may not exceed {MOST_ON_A_PAGE} for anonymous requests"
    return _json(401, {"detail": detail})


def _invalid(field: str, words: str) -> Reply:
    detail = f"Invalid input given for fields. '{field}' -> {words}"
    return _json(400, {"error": "InputError", "detail": detail, "fields": [field]})


def _record(photo: FakePhoto, origin: str) -> dict[str, Any]:
    id_, provider, code = uuid_of(photo), provider_of(photo), license_of(photo)
    width, height = size_of(photo)
    version = "1.0" if code in ("cc0", "pdm") else "2.0"
    group = "publicdomain" if code in ("cc0", "pdm") else "licenses"
    kind = {"cc0": "zero", "pdm": "mark"}.get(code, code)
    license_url = f"https://creativecommons.org/{group}/{kind}/{version}/"
    of_flickr = provider == "flickr"
    page = f"https://www.flickr.com/photos/{photo.owner}/{photo.id}"
    here = f"{origin}{API_PATH}{id_}/"
    name = "CC0" if code == "cc0" else "PDM" if code == "pdm" else f"CC {code.upper()}"
    return {
        "id": id_,
        "title": photo.title or None,
        "indexed_on": "2020-04-16T18:12:29.554388Z",
        "foreign_landing_url": page if of_flickr else f"https://{provider}.test/photo/{photo.id}",
        "url": origin + photo.path.replace("_n.", "_b.")
        if of_flickr
        else f"https://cdn.{provider}.test/{photo.id}.jpg",
        "creator": photo.owner_name,
        "creator_url": f"https://www.flickr.com/photos/{photo.owner}",
        "license": code,
        "license_version": version,
        "license_url": license_url,
        "provider": provider,
        "source": provider,
        "category": None,
        "filesize": None,
        "filetype": None if of_flickr else "jpg",
        "tags": _tags(photo),
        "attribution": f'"{photo.title or "Untitled"}" by {photo.owner_name} is licensed under '
        f"{name} {version}. To view a copy of this license, visit {license_url}.",
        "fields_matched": ["tags.name"],
        "mature": is_sensitive(photo),
        "height": height,
        "width": width,
        "thumbnail": f"{here}thumb/",
        "detail_url": here,
        "related_url": f"{here}related/",
        "unstable__sensitivity": ["user_reported_sensitivity"] if is_sensitive(photo) else [],
    }


def _tags(photo: FakePhoto) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = [{"name": tag, "accuracy": None} for tag in photo.raw_tags]
    if photo.raw_tags and chance(photo.row_id, "machine tag") < 0.3:
        tags.append({"name": photo.raw_tags[0], "accuracy": 0.90604})
    return tags
