"""A fake photo service as a test holds it: started, driven, looked into."""

import threading
from typing import Generic, Self, TypeVar

from fakes.base import FakeService
from fakes.collection import FakePhoto
from fakes.request_log import Request
from fakes.server import Server

S = TypeVar("S", bound=FakeService)


class Fake(Generic[S]):
    """The server, as a context manager or with `start` and `stop`; `port` 0 takes a free one."""

    def __init__(self, service: S, port: int = 0):
        self.service = service
        self._port = port
        self._server: Server | None = None

    def start(self) -> Self:
        """Listen, in a thread.

        Raises:
            OSError: the port is taken.
        """
        self._server = Server(self._port, self.service)
        self._port = self._server.server_port
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.05,), name="fake", daemon=True).start()
        return self

    def stop(self) -> None:
        """Close every connection, as when the network is lost; `start` listens again."""
        if self._server:
            self._server.close_all()
            self._server = None

    __enter__ = start

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def origin(self) -> str:
        """Where it listens: "http://127.0.0.1:PORT"."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """The API's address, as the service's source takes it."""
        return self.origin + self.service.api_path

    @property
    def call_latency(self) -> float:
        """How long a call of the API takes, in seconds."""
        return self.service.call_latency

    @call_latency.setter
    def call_latency(self, seconds: float) -> None:
        self.service.call_latency = seconds

    @property
    def image_latency(self) -> float:
        """How long a picture takes, in seconds."""
        return self.service.image_latency

    @image_latency.setter
    def image_latency(self, seconds: float) -> None:
        self.service.image_latency = seconds

    @property
    def photos(self) -> list[FakePhoto]:
        """All photos, newest first."""
        return self.service.collection.photos

    def photo_of(self, photo_id: str) -> FakePhoto:
        """Give the photo with an id of Flickr's API; raises KeyError."""
        return self.service.collection.photo_of(photo_id)

    def fail(
        self, fault: str, times: int | None = None, on: str = "api", seconds: float = 60.0
    ) -> None:
        """Let the next requests meet a fault: `times` of them, or all until `clear`.

        A "hang" answers after `seconds`, or when cleared. Raises ValueError for an unknown fault.
        """
        self.service.faults.add(fault, times, on, seconds)

    def clear(self) -> None:
        """End all faults; what hangs is answered."""
        self.service.faults.clear()

    def requests(self, kind: str | None = None) -> list[Request]:
        """List the requests so far, oldest first: all, or those of "api", "image" or "other"."""
        return self.service.log.requests(kind)

    def in_flight(self, kind: str = "api") -> int:
        """Count the requests that are being answered now."""
        return self.service.log.in_flight(kind)

    def peak(self, kind: str = "api") -> int:
        """Give the most requests that were ever in flight at once."""
        return self.service.log.peak(kind)

    def forget(self) -> None:
        """Drop the log, its peaks, and the count of calls towards the limits."""
        self.service.forget()
