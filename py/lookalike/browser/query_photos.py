"""The page's query photos, as they are tried, opened for a search, and shown in the page.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace

from lookalike.formats.decoding import Picture
from lookalike.formats.heic import factor_of
from lookalike.formats.kinds import SHOWN, kind_of
from lookalike.images import Reopen, open_anyhow
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.search.events import Drawn

LARGEST = 8_000_000
"""Pixels of what is given to the page; what has more is made smaller."""


class Tried:
    """Opens files before anything is searched for, and keeps the last picture for its search.

    Args:
        reopen: decodes what Python cannot.
    """

    def __init__(self, reopen: Reopen | None) -> None:
        self._reopen = reopen
        self._last: tuple[bytes, Picture] | None = None

    async def open(self, data: bytes) -> None:
        """Open a file.

        Raises:
            BadPhoto: it is no picture that can be opened here.
        """
        picture = await open_anyhow(data, self._reopen)
        small = picture.image.width * picture.image.height <= LARGEST
        self._last = (data, picture) if small else None

    def take(self, photos: Sequence[QueryPhoto]) -> list[QueryPhoto]:
        """Give photos with what has been decoded of them, which is forgotten here."""
        last, self._last = self._last, None
        if last is None:
            return list(photos)
        data, picture = last
        return [replace(each, picture=picture) if each.image == data else each for each in photos]


async def readied(
    photos: Sequence[QueryPhoto],
    reopen: Reopen | None,
    show: Callable[[Drawn], object] = lambda _: None,
) -> list[QueryPhoto]:
    """Have query photos opened by whatever there is, and those shown that no browser shows.

    Args:
        photos: as the page sent them.
        reopen: decodes what Python cannot.
        show: told of photos in formats that browsers do not show.

    Raises:
        BadPhoto: one cannot be opened.
    """
    found = []
    for index, photo in enumerate(photos):
        kind = kind_of(photo.image)
        if kind is None or kind in SHOWN:
            found.append(replace(photo, reopen=reopen))
            continue
        picture = photo.picture or await open_anyhow(photo.image, reopen)
        image = picture.image
        if image.width * image.height > LARGEST:
            image = image.reduce(max(2, factor_of(*image.size)))
        buffer = io.BytesIO()
        image.save(buffer, "PNG", compress_level=1)
        shown = buffer.getvalue()
        show(Drawn(index, shown))
        found.append(replace(photo, image=shown, note=picture.note, picture=None))
    return found
