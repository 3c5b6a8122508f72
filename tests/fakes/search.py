"""`flickr.photos.search` over a collection, with the shapes that Flickr's answers have today.

Field names and their types follow Flickr's own reference of the method and answers recorded
since 2021: `total` is an integer, sizes are integers, dates and licences are strings.
"""

import calendar
import time
from collections.abc import Callable, Mapping
from typing import Any

from fakes.collection import Collection, FakePhoto, chance, words_of

PER_PAGE = 100
MAX_PER_PAGE = 500
RESULT_CAP = 4000

# Any one of these is a search; without any, Flickr refuses with code 3.
CRITERIA = (
    *("text", "tags", "machine_tags", "user_id", "group_id", "bbox", "place_id", "woe_id", "lat"),
    *("min_upload_date", "max_upload_date", "min_taken_date", "max_taken_date"),
)


class ApiError(Exception):
    """An error that Flickr reports in the body, with HTTP status 200."""

    def __init__(self, code: int, message: str):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def search(
    collection: Collection, params: Mapping[str, str], origin: str, cap: int = RESULT_CAP
) -> dict[str, Any]:
    """Answer one search; `origin` is where the pictures are.

    Understands text, tags, tag_mode, min_upload_date, max_upload_date, license, user_id, sort,
    content_types, media, per_page, page and extras. Other parameters are ignored.

    Raises:
        ApiError: code 2 (unknown user), 3 (no criteria) or 20 (a page past the cap).
    """
    if not any(params.get(name, "").strip() for name in CRITERIA):
        raise ApiError(
            3,
            "Parameterless searches have been disabled. "
            "Please use flickr.photos.getRecent instead.",
        )
    per_page = min(_positive(params.get("per_page"), PER_PAGE), MAX_PER_PAGE)
    page = _positive(params.get("page"), 1)
    start = (page - 1) * per_page
    if start >= cap:
        raise ApiError(20, "Excessive photo offset in search")

    found = _sorted(_matching(collection, params), params.get("sort", ""))
    extras = set(params.get("extras", "").replace(" ", "").split(","))
    shown = found[start : min(start + per_page, cap)]
    return {
        "photos": {
            "page": page,
            "pages": -(-len(found) // per_page),
            "perpage": per_page,
            "total": len(found),
            "photo": [_record(photo, extras, origin) for photo in shown],
        },
        "stat": "ok",
    }


def _matching(collection: Collection, params: Mapping[str, str]) -> list[FakePhoto]:
    wanted, unwanted = _terms(params.get("text", ""))
    found = collection.having(wanted)
    if user := params.get("user_id"):
        if not any(photo.owner == user for photo in collection.photos):
            raise ApiError(2, "Unknown user")
        found = [photo for photo in found if photo.owner == user]
    # Every picture here is a photo: nothing else can be asked for.
    if "0" not in params.get("content_types", "0") or params.get("media", "all") == "videos":
        return []
    tests = [_tags_test(params), _date_test(params), lambda p: not unwanted & p.words]
    if licenses := set(params.get("license", "").replace(" ", "").split(",")) - {""}:
        tests.append(lambda p: p.license in licenses)
    return [photo for photo in found if all(test(photo) for test in tests)]


def _terms(text: str) -> tuple[set[str], set[str]]:
    """Split a text into the words that a photo must have, and those that it must not."""
    wanted: set[str] = set()
    unwanted: set[str] = set()
    for term in text.split():
        into = unwanted if term.startswith("-") else wanted
        # What has no word in it is in no photo either.
        into.update(words_of(term) or [term])
    return wanted, unwanted


def _tags_test(params: Mapping[str, str]) -> Callable[[FakePhoto], bool]:
    asked = ["".join(words_of(tag)) for tag in params.get("tags", "").split(",") if tag.strip()]
    if not asked:
        return lambda photo: True
    if params.get("tag_mode") != "all":
        return lambda photo: any(tag in photo.words for tag in asked)
    if len(asked) > 20:
        raise ApiError(1, "Too many tags in ALL query")
    return lambda photo: all(tag in photo.words for tag in asked)


def _date_test(params: Mapping[str, str]) -> Callable[[FakePhoto], bool]:
    earliest = _timestamp(params.get("min_upload_date"))
    latest = _timestamp(params.get("max_upload_date"))
    return lambda photo: (
        (earliest is None or photo.uploaded >= earliest)
        and (latest is None or photo.uploaded <= latest)
    )


def _sorted(photos: list[FakePhoto], sort: str) -> list[FakePhoto]:
    if sort in ("date-posted-asc", "date-taken-asc"):
        return photos[::-1]
    if sort.startswith("interestingness"):
        ranked = sorted(photos, key=lambda p: chance(p.row_id, "interestingness"))
        return ranked if sort.endswith("asc") else ranked[::-1]
    return photos


def _record(photo: FakePhoto, extras: set[str], origin: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": photo.id,
        "owner": photo.owner,
        "secret": photo.secret,
        "server": photo.server,
        "farm": 66,
        "title": photo.title,
        "ispublic": 1,
        "isfriend": 0,
        "isfamily": 0,
    }
    for name in EXTRAS:
        if name in extras:
            record |= EXTRAS[name](photo)
    if "url_n" in extras:
        record |= {
            "url_n": origin + photo.path,
            "height_n": photo.height,
            "width_n": photo.width,
        }
    if "url_l" in extras:
        record["url_l"] = origin + photo.path.replace("_n.", "_b.")
    return record


def _taken(photo: FakePhoto) -> dict[str, Any]:
    return {
        "datetaken": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(photo.uploaded - 86_400)),
        "datetakengranularity": "0",
        "datetakenunknown": "0",
    }


EXTRAS: dict[str, Callable[[FakePhoto], dict[str, Any]]] = {
    "license": lambda p: {"license": p.license},
    "date_upload": lambda p: {"dateupload": str(p.uploaded)},
    "date_taken": _taken,
    "owner_name": lambda p: {"ownername": p.owner_name},
    "views": lambda p: {"views": str(int(chance(p.row_id, "views") ** 4 * 20_000))},
    "tags": lambda p: {"tags": " ".join(p.tags)},
    "media": lambda p: {"media": "photo", "media_status": "ready"},
    "path_alias": lambda p: {"pathalias": ""},
    "description": lambda p: {"description": {"_content": ""}},
}


def _positive(text: str | None, default: int) -> int:
    try:
        return max(int(text or default), 1)
    except ValueError:
        return default


def _timestamp(text: str | None) -> int | None:
    """Read a date as the API takes it: seconds since 1970, or a MySQL datetime in UTC."""
    if not text:
        return None
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        pass
    try:
        return calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M:%S"))
    except ValueError:
        return None
