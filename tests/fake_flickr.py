"""A fake Flickr: a real HTTP server, on an origin of its own, that answers as Flickr does.

For tests::

    with FakeFlickr() as flickr:
        ...  # ask flickr.url
        flickr.fail("429", times=2)

By hand, with nothing but Python::

    python3 tests/fake_flickr.py

Its photos are those of `../shared/photos` beside the checkout where that is, else ones that
`generated_photos.py` draws (which takes Pillow and numpy).

It is a stand-in, written from Flickr's documentation and from recorded answers, and differs where
that was simpler: it knows one method, `flickr.photos.search`; speaks JSON only; a page behind the
last one, but before the cap, is empty; text is matched by whole words; a photo's largest side may
be below 320 pixels; and API and pictures are on one origin.

Faults on "api": 429, 500, 502, 503 (HTTP), key, expired, 0, 10, 105, 201 (Flickr's codes), hang,
drop (closed unanswered), cut (closed half way), no-cors, html, malformed, empty. On "image": 404,
429, 500, 502, 503, hang, drop, cut, no-cors, html, empty, truncated, not-an-image, bomb. A browser
asks again by itself, once, where a connection that it kept alive is closed unanswered: so "drop"
with `times=1` may go unseen by a page, and "cut" does not.
"""

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from fakes.collection import Collection, FakePhoto
from fakes.rate_limit import RateLimit
from fakes.request_log import Request
from fakes.search import RESULT_CAP
from fakes.server import Server
from fakes.service import API_PATH, DISABLED_KEY, EXPIRED_KEY, VALID_KEY, Service

__all__ = ["DISABLED_KEY", "EXPIRED_KEY", "SHARED_PHOTOS", "VALID_KEY", "FakeFlickr"]

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED_PHOTOS = CHECKOUT.parent / "shared" / "photos"
GENERATED = 360

Photos = Path | Iterable[Mapping[str, Any]] | None


class FakeFlickr:
    """The server, as a context manager or with `start` and `stop`.

    `photos` is a folder with a `photos.jsonl`, or rows as `fakes.collection` describes them, or
    None for the default. `port` 0 takes a free one. Latencies are in seconds and may be set at any
    time, as may `calls_per_hour` (for each key; None for no limit). `now` is the time, in seconds
    since 1970, at which the three years of uploads end.
    """

    def __init__(
        self,
        photos: Photos = None,
        *,
        port: int = 0,
        call_latency: float = 0.0,
        image_latency: float = 0.0,
        calls_per_hour: int | None = 3600,
        cap: int = RESULT_CAP,
        now: int | None = None,
    ):
        self.service = Service(
            _collection(photos, int(time.time()) if now is None else now),
            RateLimit(calls_per_hour),
            call_latency,
            image_latency,
            cap,
        )
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
        threading.Thread(target=serve, args=(0.05,), name="fake-flickr", daemon=True).start()
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
        """The API's base: "http://127.0.0.1:PORT/services/rest/"."""
        return self.origin + API_PATH

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
    def calls_per_hour(self) -> int | None:
        """How many calls a key may make in an hour."""
        return self.service.limit.calls

    @calls_per_hour.setter
    def calls_per_hour(self, calls: int | None) -> None:
        self.service.limit.calls = calls

    @property
    def photos(self) -> list[FakePhoto]:
        """All photos, newest first."""
        return self.service.collection.photos

    def photo_of(self, photo_id: str) -> FakePhoto:
        """Give the photo with an id of the API; raises KeyError."""
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
        """Drop the log, its peaks, and the count of calls towards the limit."""
        self.service.log.forget()
        self.service.limit.reset()


def _collection(photos: Photos, now: int) -> Collection:
    if photos is None and SHARED_PHOTOS.is_dir():
        photos = SHARED_PHOTOS
    if photos is None:
        photos = _generated(GENERATED)
    if isinstance(photos, Path):
        return Collection.from_folder(photos, now)
    return Collection.from_rows(photos, now)


def _generated(count: int) -> list[dict[str, Any]]:
    # Here and not above, so that the shared photos are served without Pillow and numpy.
    import generated_photos

    return generated_photos.collection(count)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serve a fake Flickr on this machine.")
    parser.add_argument("--port", type=int, default=8081, help="default: 8081")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds for each API call")
    parser.add_argument("--image-latency", type=float, default=0.0, help="seconds for each photo")
    parser.add_argument("--photos", type=Path, help="a folder that has a photos.jsonl")
    parser.add_argument(
        "--generated", type=int, metavar="N", help="draw N photos instead (takes Pillow and numpy)"
    )
    parser.add_argument("--build", action="store_true", help="build and serve the page, too")
    parser.add_argument("--verbose", action="store_true", help="print every request")
    return parser.parse_args()


def _open_by_hand(options: argparse.Namespace) -> FakeFlickr:
    try:
        photos = _generated(options.generated) if options.generated else options.photos
        return FakeFlickr(
            photos,
            port=options.port,
            call_latency=options.latency,
            image_latency=options.image_latency,
        ).start()
    except ImportError as error:
        sys.exit(
            f"Drawing photos needs {error.name}: run `python3 -m pip install numpy pillow`, "
            "or give a folder of photos with --photos."
        )
    except OSError as error:
        sys.exit(f"{error}. Try another --port, or another folder for --photos.")


def main() -> None:
    """Serve until interrupted."""
    options = _options()
    flickr = _open_by_hand(options)
    flickr.service.verbose = options.verbose
    build = ["build_site.py", "--serve", "--flickr-url", flickr.url]
    print(f"A fake Flickr with {len(flickr.photos)} photos: {flickr.url}")
    print(f"Build the page against it:  python3 {' '.join(build)}")
    print(f"As Flickr API key, type any 32 hex digits:  {VALID_KEY}")
    print("Make the next two calls fail:")
    print(f"""  curl {flickr.origin}/control -d '{{"fault": "429", "times": 2, "on": "api"}}'""")
    print("Ctrl-C ends it.", flush=True)
    try:
        if options.build:
            subprocess.run([sys.executable, *build], cwd=CHECKOUT, check=False)
        else:
            threading.Event().wait()
    except KeyboardInterrupt:
        print()
    finally:
        flickr.stop()


if __name__ == "__main__":
    main()
