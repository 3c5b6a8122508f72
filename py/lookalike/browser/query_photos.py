"""The page's query photos, as a search opens them and as the page can show them.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace

from lookalike.events import Drawn
from lookalike.formats.heic import factor_of
from lookalike.formats.kinds import SHOWN, kind_of
from lookalike.images import Reopen, open_anyhow
from lookalike.queries import QueryPhoto

LARGEST = 8_000_000
"""Pixels of what is given to the page; what has more is made smaller."""


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
        picture = await open_anyhow(photo.image, reopen)
        image = picture.image
        if image.width * image.height > LARGEST:
            image = image.reduce(max(2, factor_of(*image.size)))
        buffer = io.BytesIO()
        image.save(buffer, "PNG", compress_level=1)
        show(Drawn(index, buffer.getvalue()))
        found.append(replace(photo, image=buffer.getvalue(), note=picture.note))
    return found
