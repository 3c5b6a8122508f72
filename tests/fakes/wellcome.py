"""What the fake Wellcome Collection answers, without the HTTP around it.

Shapes are those of the service's own code and of other people's programs; no answer was recorded.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fakes.base import FakeService
from fakes.collection import FakePhoto, chance, words_of
from fakes.deviations import HOSTILE, IMAGE, Form, api
from fakes.replies import COMMON_FAULTS, IMAGE_FAULTS, FaultTable, Reply, half, html_reply

API_PATH = "/catalogue/v2/images"
MOST_ON_A_PAGE = 100
LICENSES = ["pdm", "cc-by", "cc-by-nc", "cc-0", "cc-by-nc-nd"]
_IMAGE = re.compile(r"/image/(V\d+)\.jpg/full/(\d+),/0/default\.jpg")


def _json(status: int, answer: object) -> Reply:
    return Reply(status, "application/json", json.dumps(answer).encode())


def _error(status: int, label: str, description: str) -> Reply:
    error = {"type": "Error", "errorType": "http", "httpStatus": status, "label": label}
    return _json(status, error | {"description": description})


def _change_location(row: dict[str, Any], retired: bool) -> None:
    kind = "sampling+" if retired else "cc-by-nc-nd"
    row["locations"][0]["license"] = {"id": kind, "label": kind}


FORM = Form(
    rows=lambda answer: answer.get("results", []),
    licence=_change_location,
    size=lambda row, width, height: row.update(aspectRatio=width / height),
    owner=lambda row: row["locations"][0].pop("license"),
    words=lambda row: row["source"].update(subjects=[], genres=[]),
    needed="source",
    typed="id",
    hostile=lambda row: row["source"].update(
        title=HOSTILE, id="../../x", genres=[{"label": HOSTILE}]
    ),
)
FAULTS: FaultTable = {
    "api": COMMON_FAULTS
    | api(FORM)
    | {"malformed": half, "empty": lambda good, params: _json(200, {"results": []})},
    "image": IMAGE_FAULTS | IMAGE,
}


@dataclass
class WellcomeService(FakeService):
    """Wellcome Collection: the search of images, and its pictures."""

    api_path = API_PATH
    fault_table = FAULTS

    def __post_init__(self) -> None:
        super().__post_init__()
        self._by_number = {number_of(photo): photo for photo in self.collection.photos}

    def is_image(self, path: str) -> bool:
        return _IMAGE.fullmatch(path) is not None

    def reply(self, kind: str, path: str, params: Mapping[str, str], origin: str) -> Reply:
        if kind == "api":
            return self._call(params, origin)
        match = _IMAGE.fullmatch(path)
        photo = self._by_number.get(match[1]) if match else None
        return Reply(200, "image/jpeg", photo.read()) if photo else html_reply(404, "Not Found")

    def _call(self, params: Mapping[str, str], origin: str) -> Reply:
        page, size = int(params.get("page", 1)), int(params.get("pageSize", 10))
        if not 1 <= size <= MOST_ON_A_PAGE:
            return _error(400, "Bad Request", "pageSize: must be between 1 and 100")
        found = self.collection.having(set(words_of(params.get("query", ""))))
        if wanted := set(filter(None, params.get("locations.license", "").split(","))):
            found = [photo for photo in found if license_of(photo) in wanted]
        found = sorted(found, key=lambda photo: chance(photo.row_id, "wellcome"))
        shown = [_image(photo, origin) for photo in found[(page - 1) * size : page * size]]
        answer = {"type": "ResultList", "pageSize": size, "totalResults": len(found)}
        return _json(200, answer | {"totalPages": -(-len(found) // size), "results": shown})


def number_of(photo: FakePhoto) -> str:
    """Give the number that a photo's picture is filed under."""
    return f"V{photo.id}"


def license_of(photo: FakePhoto) -> str:
    """Give the id of its licence."""
    return LICENSES[int(chance(photo.row_id, "wellcome licence") * len(LICENSES))]


def _image(photo: FakePhoto, origin: str) -> dict[str, Any]:
    id_ = license_of(photo)
    location = {
        "type": "DigitalLocation",
        "locationType": {"id": "iiif-image", "label": "IIIF Image API", "type": "LocationType"},
        "url": f"{origin}/image/{number_of(photo)}.jpg/info.json",
        "license": {"id": id_, "label": id_, "url": "https://creativecommons.org/licenses/"},
    }
    return {
        "type": "Image",
        "id": f"w{photo.id}",
        "thumbnail": location,
        "locations": [location],
        "aspectRatio": photo.width / photo.height,
        "averageColor": "#888888",
        "source": {
            "id": f"k{photo.id}",
            "type": "Work",
            "title": photo.title or "Untitled",
            "contributors": [{"agent": {"type": "Person", "label": photo.owner_name}}],
            "genres": [{"label": "Photographs", "concepts": []}],
            "subjects": [{"label": tag, "concepts": []} for tag in photo.raw_tags],
        },
    }
