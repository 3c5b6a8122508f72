"""A fake Wellcome Collection: a real HTTP server that answers as its API of images does.

For tests::

    with FakeWellcome() as wellcome:
        ...  # ask wellcome.url
        wellcome.fail("503", times=2)

By hand, with nothing but Python: `python3 tests/fake_wellcome.py`.

Its photos are half of those that the fake Flickr has. It is a stand-in, written from the service's
own code and from other people's programs, none from a recorded answer: text is matched by whole
words, and API and pictures are on one origin.

Faults on "api": those of every service, malformed and empty, and what `fakes.deviations` lists. On
"image": those of the fake Flickr.
"""

import time

from fakes.by_hand import serve
from fakes.fake import Fake
from fakes.photos import Photos, collection_of
from fakes.wellcome import WellcomeService


class FakeWellcome(Fake[WellcomeService]):
    """The server; arguments are those of `fake_flickr.FakeFlickr`. It sets no limit."""

    def __init__(
        self,
        photos: Photos = None,
        *,
        port: int = 0,
        call_latency: float = 0.0,
        image_latency: float = 0.0,
        now: int | None = None,
    ):
        now = int(time.time()) if now is None else now
        photos_held = collection_of(photos, now, "wellcome", 0.5)
        super().__init__(WellcomeService(photos_held, {}, call_latency, image_latency), port)


if __name__ == "__main__":
    serve(FakeWellcome, "Wellcome Collection", "--wellcome-url", 8084)
