"""A fake Openverse: a real HTTP server, on an origin of its own, that answers as Openverse does.

For tests::

    with FakeOpenverse() as openverse:
        ...  # ask openverse.url
        openverse.fail("429", times=2)

By hand, with nothing but Python: `python3 tests/fake_openverse.py`.

Its photos are of those that the fake Flickr has, seven in ten, as Openverse's are Flickr's, in
part. It is a stand-in, written from recorded answers, and differs where that was simpler: it knows
one path, `/v1/images/`, and the thumbnails below it; what Openverse answers past its 240th result
is not recorded, and made up here; text is matched by whole words; API, thumbnails and Flickr's
pictures are on one origin.

Faults on "api": 429 (an hour's wait), burst (429, of seconds), 401, 500, 502, 503, hang, drop, cut,
no-cors, html, malformed, empty. On "image": those of the fake Flickr.
"""

import time

from fakes.by_hand import serve
from fakes.fake import Fake
from fakes.openverse import OpenverseService
from fakes.photos import Photos, collection_of
from fakes.rate_limit import DAY, MINUTE, Allowed, RateLimit


class FakeOpenverse(Fake[OpenverseService]):
    """The server, as a context manager or with `start` and `stop`.

    Arguments are those of `fake_flickr.FakeFlickr`, but for the limits of calls, which may be set
    at any time, too; None for no limit.
    """

    calls_per_minute = Allowed()
    calls_per_day = Allowed()

    def __init__(
        self,
        photos: Photos = None,
        *,
        port: int = 0,
        call_latency: float = 0.0,
        image_latency: float = 0.0,
        calls_per_minute: int | None = 20,
        calls_per_day: int | None = 200,
        now: int | None = None,
    ):
        now = int(time.time()) if now is None else now
        limits = {
            "calls_per_minute": RateLimit(calls_per_minute, MINUTE),
            "calls_per_day": RateLimit(calls_per_day, DAY),
        }
        photos_held = collection_of(photos, now, "openverse", 0.7)
        super().__init__(OpenverseService(photos_held, limits, call_latency, image_latency), port)


if __name__ == "__main__":
    serve(FakeOpenverse, "Openverse", "--openverse-url", 8082)
