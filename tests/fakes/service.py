"""What the fake Flickr answers, without the HTTP around it."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from fakes.base import FakeService
from fakes.collection import FakePhoto
from fakes.deviations import HOSTILE, IMAGE, Form, api
from fakes.replies import (
    BAD_KEY,
    EXPIRED,
    FAULTS,
    FaultTable,
    Reply,
    error_reply,
    html_reply,
    json_reply,
    too_many_reply,
)
from fakes.search import RESULT_CAP, ApiError, search

API_PATH = "/services/rest/"
VALID_KEY = "0123456789abcdef0123456789abcdef"
EXPIRED_KEY = "deadbeef" * 4
DISABLED_KEY = "d15ab1ed" * 4

FORM = Form(
    rows=lambda answer: answer.get("photos", {}).get("photo", []),
    licence=lambda row, retired: row.update(license="99" if retired else "3"),
    size=lambda row, width, height: row.update(o_width=width, o_height=height),
    owner=lambda row: row.update(owner=""),
    words=lambda row: row.update(tags=""),
    needed="secret",
    hostile=lambda row: row.update(
        title=HOSTILE, ownername=HOSTILE, tags=f"{row['tags']} -cat {HOSTILE[:200]}"
    ),
    typed="dateupload",
    day=lambda row: row.update(dateupload=str(int(time.time()))),
)
DEVIATIONS: FaultTable = {
    "api": FAULTS["api"] | api(FORM),
    "image": FAULTS["image"] | IMAGE,
}
_KEY = re.compile(r"[0-9a-f]{32}")
_IMAGE = re.compile(r"/\d+/(\d+)_[0-9a-f]+_n\.jpg")


@dataclass
class Service(FakeService):
    """Flickr; `cap` is the deepest result."""

    cap: int = RESULT_CAP

    api_path = API_PATH
    fault_table = DEVIATIONS

    def is_image(self, path: str) -> bool:
        return _IMAGE.fullmatch(path) is not None

    def reply(self, kind: str, path: str, params: Mapping[str, str], origin: str) -> Reply:
        if kind == "api":
            return self._call(params, origin)
        if kind == "image" and (photo := self.photo_at(path)):
            return Reply(200, "image/jpeg", photo.read())
        return html_reply(404, "Not Found")

    def photo_at(self, path: str) -> FakePhoto | None:
        """Find the photo whose picture has this path."""
        match = _IMAGE.fullmatch(path)
        try:
            photo = self.collection.photo_of(match[1] if match else "")
        except KeyError:
            return None
        return photo if photo.path == path else None

    def _call(self, params: Mapping[str, str], origin: str) -> Reply:
        key = params.get("api_key", "")
        if not self.limits["calls_per_hour"].allows(key):
            return too_many_reply()
        try:
            _check(params, key)
            return json_reply(search(self.collection, params, origin, self.cap), params)
        except ApiError as error:
            return error_reply(error, params)


def _check(params: Mapping[str, str], key: str) -> None:
    """Refuse what Flickr refuses before it looks at a method's own parameters."""
    if (wanted := params.get("format", "rest")) != "json":
        # Without `format` Flickr answers in XML, which this service does not speak.
        raise ApiError(111, f'Format "{wanted}" not found')
    if (method := params.get("method", "")) != "flickr.photos.search":
        raise ApiError(112, f'Method "{method}" not found')
    if key in (EXPIRED_KEY, DISABLED_KEY):
        raise EXPIRED
    if not _KEY.fullmatch(key):
        raise BAD_KEY
