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

import time

from fakes.by_hand import serve
from fakes.fake import Fake
from fakes.photos import SHARED_PHOTOS, Photos, collection_of
from fakes.rate_limit import Allowed, RateLimit
from fakes.search import RESULT_CAP
from fakes.service import DISABLED_KEY, EXPIRED_KEY, VALID_KEY, Service

__all__ = ["DISABLED_KEY", "EXPIRED_KEY", "SHARED_PHOTOS", "VALID_KEY", "FakeFlickr"]


class FakeFlickr(Fake[Service]):
    """The server, as a context manager or with `start` and `stop`.

    `photos` is a folder with a `photos.jsonl`, or rows as `fakes.collection` describes them, or
    None for the default. `port` 0 takes a free one. Latencies are in seconds and may be set at any
    time, as may `calls_per_hour` (for each key; None for no limit). `now` is the time, in seconds
    since 1970, at which the three years of uploads end.
    """

    calls_per_hour = Allowed()

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
        service = Service(
            collection_of(photos, int(time.time()) if now is None else now),
            {"calls_per_hour": RateLimit(calls_per_hour)},
            call_latency,
            image_latency,
            cap=cap,
        )
        super().__init__(service, port)


def main() -> None:
    """Serve until interrupted."""
    hint = f"As Flickr API key, type any 32 hex digits:  {VALID_KEY}"
    serve(FakeFlickr, "Flickr", "--flickr-url", 8081, [hint])


if __name__ == "__main__":
    main()
