"""A fake Wikimedia Commons: a real HTTP server that answers as Commons does.

For tests::

    with FakeCommons() as commons:
        ...  # ask commons.url
        commons.fail("busy", times=2)

By hand, with nothing but Python: `python3 tests/fake_commons.py`.

Its photos are of those that the fake Flickr has, seven in ten. It is a stand-in, written from the
API's documentation and recorded answers, and differs where that was simpler: it knows one question,
`generator=search` with `prop=imageinfo`; of the search's keywords `filetype:` and `fileres:>`; text
is matched by whole words; API and thumbnails are on one origin; an original cannot be fetched.

Faults on "api": 429, busy and ratelimited (HTTP 200, and the code in the body), 500, 502, 503,
hang, drop, cut, no-cors, html, malformed, empty. On "image": those of the fake Flickr, and 400.
"""

import time

from fakes.by_hand import serve
from fakes.commons import CommonsService
from fakes.fake import Fake
from fakes.photos import Photos, collection_of
from fakes.rate_limit import MINUTE, Allowed, RateLimit


class FakeCommons(Fake[CommonsService]):
    """The server, as a context manager or with `start` and `stop`.

    Arguments are those of `fake_flickr.FakeFlickr`, but for `calls_per_minute`, which may be set at
    any time, too; None for no limit.
    """

    calls_per_minute = Allowed()

    def __init__(
        self,
        photos: Photos = None,
        *,
        port: int = 0,
        call_latency: float = 0.0,
        image_latency: float = 0.0,
        calls_per_minute: int | None = 200,
        now: int | None = None,
    ):
        now = int(time.time()) if now is None else now
        limits = {"calls_per_minute": RateLimit(calls_per_minute, MINUTE)}
        photos_held = collection_of(photos, now, "commons", 0.7)
        super().__init__(CommonsService(photos_held, limits, call_latency, image_latency), port)


if __name__ == "__main__":
    serve(FakeCommons, "Wikimedia Commons", "--commons-url", 8083)
