"""What the fake Wikimedia Commons answers, without the HTTP around it.

Shapes are those of answers recorded until 2026, in the second version of the format.
"""

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, unquote

from fakes.base import FakeService
from fakes.collection import FakePhoto, chance, words_of
from fakes.deviations import HOSTILE, IMAGE, Form, api
from fakes.replies import COMMON_FAULTS, IMAGE_FAULTS, FaultTable, Reply, half, html_reply

API_PATH = "/w/api.php"
WIDTHS = (20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840)
MOST_DESCRIBED = 50
ENLARGED = 8
"""The originals are said to be so many times as wide as the pictures that are served."""

_THUMB = re.compile(r"/wikipedia/commons/thumb/[0-9a-f]/[0-9a-f]{2}/([^/]+)/(\d+)px-([^/]+)")
_TAKEN_BY = ["Taken with Sony DSLR-A900", "Uploaded with UploadWizard", "Files with no coordinates"]
LICENSES = [
    ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0", "CC-BY-SA-4.0"),
    ("CC BY 3.0", "https://creativecommons.org/licenses/by/3.0", "CC-BY-3.0"),
    ("CC0", "http://creativecommons.org/publicdomain/zero/1.0/deed.en", "CC-Zero"),
    ("Public domain", "", "PD-old-70-expired"),
]


def _json(answer: object, params: Mapping[str, str]) -> Reply:
    body = json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()
    # Only who says origin=* may read it from a page.
    allowed = params.get("origin") == "*"
    return Reply(200, "application/json; charset=utf-8", body, cors=allowed)


def _error(code: str, info: str, params: Mapping[str, str]) -> Reply:
    return _json({"error": {"code": code, "info": info}, "servedby": "mw-api-ext"}, params)


def _too_many() -> Reply:
    page = b"<html><body><h1>Too Many Requests</h1></body></html>\n"
    return Reply(429, "text/html; charset=utf-8", page, headers={"retry-after": "1"})


def _bad_width() -> Reply:
    text = b"Use thumbnail steps listed on https://w.wiki/GHai\n"
    return Reply(400, "text/plain; charset=utf-8", text)


def _metadata_of(row: dict[str, Any], **values: str) -> None:
    told = row["extmetadata"] or {}
    row["extmetadata"] = told | {name: {"value": value} for name, value in values.items()}


FORM = Form(
    rows=lambda answer: [page["imageinfo"][0] for page in answer.get("query", {}).get("pages", [])],
    licence=lambda row, retired: _metadata_of(
        row, LicenseShortName="CC Sampling+ 1.0" if retired else "CC BY-NC-ND 2.0"
    ),
    size=lambda row, width, height: row.update(width=width, height=height),
    owner=lambda row: row.update(user="", extmetadata=[]),
    words=lambda row: _metadata_of(row, Categories="CC-Zero"),
    needed="descriptionurl",
    hostile=lambda row: (
        row.update(user=HOSTILE, descriptionurl="java\nscript:alert(1)", descriptionshorturl=3),
        _metadata_of(row, ObjectName=HOSTILE, Artist=HOSTILE, LicenseUrl="data:text/html,x"),
    ),
    typed="thumbwidth",
    page="gsroffset",
    deep=100,
    asks_licence=False,
    listing=lambda answer: answer.get("query", {}).get("pages", []),
)
BUSY = "Search is currently too busy. Please try again later."
FAULTS: FaultTable = {
    "api": COMMON_FAULTS
    | api(FORM)
    | {
        "429": lambda good, params: _too_many(),
        "busy": lambda good, params: _error("cirrussearch-too-busy-error", BUSY, params),
        "ratelimited": lambda good, params: _error("ratelimited", "Too many actions", params),
        "malformed": half,
        "empty": lambda good, params: _json({"batchcomplete": True}, params),
    },
    "image": IMAGE_FAULTS
    | IMAGE
    | {"429": lambda good, params: _too_many(), "400": lambda good, params: _bad_width()},
}


@dataclass
class CommonsService(FakeService):
    """Wikimedia Commons: `generator=search` with `prop=imageinfo`, and the thumbnails."""

    api_path = API_PATH
    fault_table = FAULTS

    def __post_init__(self) -> None:
        super().__post_init__()
        self._by_name = {name_of(photo): photo for photo in self.collection.photos}

    def is_image(self, path: str) -> bool:
        return _THUMB.fullmatch(path) is not None

    def reply(self, kind: str, path: str, params: Mapping[str, str], origin: str) -> Reply:
        if kind == "api":
            return self._call(params, origin)
        if match := _THUMB.fullmatch(path):
            photo = self._by_name.get(unquote(match[1]))
            if photo and match[1] == match[3] and path.startswith(_folder(match[1], "thumb/")):
                known = int(match[2]) in WIDTHS
                return Reply(200, "image/jpeg", photo.read()) if known else _bad_width()
        return html_reply(404, "Not Found")

    def _call(self, params: Mapping[str, str], origin: str) -> Reply:
        if not all(limit.allows() for limit in self.limits.values()):
            return _too_many()
        if params.get("format") != "json" or params.get("formatversion") != "2":
            return html_reply(200, "MediaWiki API result")
        if params.get("action") != "query" or params.get("generator") != "search":
            return _error("badvalue", "This service knows but one question.", params)
        if not (text := params.get("gsrsearch", "")).strip():
            return _error("missingparam", 'The "gsrsearch" parameter must be set.', params)
        found = self._found(text) if params.get("gsrnamespace") == "6" else []
        start = int(params.get("gsroffset", 0))
        end = start + min(int(params.get("gsrlimit", 10)), 500)
        answer: dict[str, Any] = {"batchcomplete": True}
        if end < len(found):
            answer["continue"] = {"gsroffset": end, "continue": "gsroffset||"}
        if shown := found[start:end]:
            pages = [_page(p, start + i, i, params, origin) for i, p in enumerate(shown, 1)]
            answer["query"] = {"pages": sorted(pages, key=lambda page: int(page["pageid"]))}
        return _json(answer, params)

    def _found(self, text: str) -> list[FakePhoto]:
        wanted: set[str] = set()
        smallest = 0.0
        for term in text.split():
            if match := re.fullmatch(r"fileres:>(\d+)", term):
                smallest = float(match[1])
            elif not term.startswith("filetype:"):
                wanted.update(words_of(term) or [term])
        found = [p for p in self.collection.having(wanted) if _resolution(p) > smallest]
        return sorted(found, key=lambda photo: chance(photo.row_id, "cirrus"))


def name_of(photo: FakePhoto) -> str:
    """Give the name of a photo's file, with underscores."""
    title = re.sub(r"[^\w() -]", "", photo.title) or "Photo"
    return f"{title} {photo.id}.jpg".replace(" ", "_")


def pageid_of(photo: FakePhoto) -> int:
    """Give the number of a photo's page."""
    return int(photo.id) - 50_000_000_000


def license_of(photo: FakePhoto) -> tuple[str, str, str]:
    """Give its licence's short name, address and category; nothing on Commons is less free."""
    return LICENSES[int(chance(photo.row_id, "commons licence") ** 2 * len(LICENSES))]


def categories_of(photo: FakePhoto) -> list[str]:
    """List its tags, which are about what is seen, among those that are about the file."""
    tags = [tag[:1].upper() + tag[1:] for tag in photo.raw_tags]
    about = _TAKEN_BY[int(chance(photo.row_id, "about") * len(_TAKEN_BY))]
    return sorted([*tags, license_of(photo)[2], "Self-published work", about])


def has_metadata(photo: FakePhoto) -> bool:
    """Tell whether `extmetadata` says anything; of a hundred files two have none."""
    return chance(photo.row_id, "extmetadata") >= 0.02


def _resolution(photo: FakePhoto) -> float:
    return float(ENLARGED * (photo.width * photo.height) ** 0.5)


def _folder(name: str, kind: str = "") -> str:
    digest = hashlib.md5(unquote(name).encode(), usedforsecurity=False).hexdigest()
    return f"/wikipedia/commons/{kind}{digest[0]}/{digest[:2]}/"


def _page(
    photo: FakePhoto, index: int, number: int, params: Mapping[str, str], origin: str
) -> dict[str, Any]:
    page: dict[str, Any] = {
        "pageid": pageid_of(photo),
        "ns": 6,
        "title": "File:" + name_of(photo).replace("_", " "),
        "index": index,
    }
    if "imageinfo" in params.get("prop", "") and number <= MOST_DESCRIBED:
        page |= {"imagerepository": "local", "imageinfo": [_info(photo, params, origin)]}
    return page


def _info(photo: FakePhoto, params: Mapping[str, str], origin: str) -> dict[str, Any]:
    asked = set(params.get("iiprop", "timestamp|user").split("|"))
    name = quote(name_of(photo))
    visits = "?utm_source=commons.wikimedia.org&utm_campaign=imageinfo&utm_content="
    info: dict[str, Any] = {}
    if "timestamp" in asked:
        info["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(photo.uploaded))
    if "user" in asked:
        info["user"] = photo.owner_name
    if "size" in asked:
        info |= {"size": 1_000_000, "width": photo.width * ENLARGED}
        info |= {"height": photo.height * ENLARGED}
    if "url" in asked:
        if width := int(params.get("iiurlwidth", 0)):
            # The address is of the next width that is made; the numbers are those asked for.
            made = next((step for step in WIDTHS if step >= width), WIDTHS[-1])
            height = round(width * photo.height / photo.width)
            path = f"{_folder(name, 'thumb/')}{name}/{made}px-{name}"
            info |= {"thumburl": f"{origin}{path}{visits}thumbnail", "thumbwidth": width}
            info |= {"thumbheight": height}
        info |= {
            "url": f"{origin}{_folder(name)}{name}{visits}original",
            "descriptionurl": f"https://commons.wikimedia.org/wiki/File:{name}",
            "descriptionshorturl": "https://commons.wikimedia.org/w/index.php?curid="
            + str(pageid_of(photo)),
        }
    if "mime" in asked:
        info["mime"] = "image/jpeg"
    if "extmetadata" in asked:
        info["extmetadata"] = _metadata(photo, params) if has_metadata(photo) else []
    return info


def _metadata(photo: FakePhoto, params: Mapping[str, str]) -> dict[str, Any]:
    license_name, license_url, _ = license_of(photo)
    user = escape(photo.owner_name)
    link = f'<a href="//commons.wikimedia.org/wiki/User:{user}" title="User:{user}">{user}</a>'
    values = {
        "ObjectName": name_of(photo).rpartition(".")[0].replace("_", " "),
        "DateTime": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(photo.uploaded)),
        "Categories": "|".join(categories_of(photo)),
        "Assessments": "",
        "ImageDescription": "<p>A photo of <b>" + escape(", ".join(photo.raw_tags)) + "</b></p>",
        "DateTimeOriginal": time.strftime("%Y-%m-%d", time.gmtime(photo.uploaded - 86_400)),
        "Credit": '<span class="int-own-work" lang="en">Own work</span>',
        "Artist": link,
        "LicenseShortName": license_name,
        "LicenseUrl": license_url,
    }
    wanted = set(filter(None, params.get("iiextmetadatafilter", "").split("|"))) or set(values)
    return {
        name: {"value": value, "source": "commons-desc-page", "hidden": ""}
        for name, value in values.items()
        if name in wanted and value
    }
