"""What the fake Flickr answers, without the HTTP around it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fakes.collection import Collection, FakePhoto
from fakes.faults import Faults
from fakes.rate_limit import RateLimit
from fakes.replies import (
    BAD_KEY,
    EXPIRED,
    Reply,
    error_reply,
    html_reply,
    json_reply,
    too_many_reply,
)
from fakes.request_log import RequestLog
from fakes.search import RESULT_CAP, ApiError, search

API_PATH = "/services/rest/"
VALID_KEY = "0123456789abcdef0123456789abcdef"
EXPIRED_KEY = "deadbeef" * 4
DISABLED_KEY = "d15ab1ed" * 4

_KEY = re.compile(r"[0-9a-f]{32}")
_IMAGE = re.compile(r"/\d+/(\d+)_[0-9a-f]+_n\.jpg")


@dataclass
class Service:
    """The state that requests meet. Latencies are in seconds; `cap` is the deepest result."""

    collection: Collection
    limit: RateLimit
    call_latency: float = 0.0
    image_latency: float = 0.0
    cap: int = RESULT_CAP
    verbose: bool = False
    faults: Faults = field(default_factory=Faults)
    log: RequestLog = field(default_factory=RequestLog)

    def kind_of(self, path: str) -> str:
        """Tell what a path is: "api", "image" or "other"."""
        if path.rstrip("/") == API_PATH.rstrip("/"):
            return "api"
        return "image" if _IMAGE.fullmatch(path) else "other"

    def latency_of(self, kind: str) -> float:
        """Tell how long the answer to a request of this kind takes, in seconds."""
        return {"api": self.call_latency, "image": self.image_latency}.get(kind, 0.0)

    def reply(self, kind: str, path: str, params: Mapping[str, str], origin: str) -> Reply:
        """Answer one GET, faults aside."""
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
        if not self.limit.allows(key):
            return too_many_reply()
        try:
            _check(params, key)
            return json_reply(search(self.collection, params, origin, self.cap), params)
        except ApiError as error:
            return error_reply(error, params)

    def state(self) -> dict[str, Any]:
        """Describe the service to whoever drives it by hand."""
        return {
            "photos": len(self.collection.photos),
            "call_latency": self.call_latency,
            "image_latency": self.image_latency,
            "calls_per_hour": self.limit.calls,
            "faults": self.faults.waiting(),
            "requests": {kind: len(self.log.requests(kind)) for kind in ("api", "image", "other")},
            "peak": {kind: self.log.peak(kind) for kind in ("api", "image")},
        }

    def control(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Do what an order of the control API says, and give the state after it.

        Raises:
            ValueError: the order names something that is not there, or has a value of a wrong type.
        """
        known = "fault times on seconds clear forget call_latency image_latency calls_per_hour"
        if unknown := set(order) - set(known.split()):
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; there are {known}")
        try:
            return self._obey(order)
        except TypeError as error:
            raise ValueError(str(error)) from error

    def _obey(self, order: Mapping[str, Any]) -> dict[str, Any]:
        if order.get("clear") or ("fault" in order and not order["fault"]):
            self.faults.clear()
        if order.get("forget"):
            self.log.forget()
            self.limit.reset()
        self.call_latency = float(order.get("call_latency", self.call_latency))
        self.image_latency = float(order.get("image_latency", self.image_latency))
        if "calls_per_hour" in order:
            calls = order["calls_per_hour"]
            self.limit.calls = None if calls is None else int(calls)
        if order.get("fault"):
            times = order.get("times")
            self.faults.add(
                str(order["fault"]),
                None if times is None else int(times),
                str(order.get("on", "api")),
                float(order.get("seconds", 60.0)),
            )
        return self.state()


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
