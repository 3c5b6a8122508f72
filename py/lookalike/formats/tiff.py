"""TIFF of kinds that Pillow does not know, by tifffile where that is installed.

In the page, geotiff stands behind: see site/js/tiff/tiff.js.
"""

import contextlib
import io
from typing import Any

import numpy as np

from lookalike.formats.samples import PALETTE, Samples
from lookalike.formats.tiff_tags import first_ifd

_WIDTH, _LENGTH, _COMPRESSION, _COLOURS, _EXTRA = 256, 257, 259, 320, 338
_CHANNELS = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3}
"""Samples of colour in a pixel, by how they are to be understood."""

_PACKINGS = {
    2: "CCITT fax", 3: "CCITT fax", 4: "CCITT fax", 6: "JPEG of the old kind", 34712: "JPEG 2000",
    34887: "LERC", 34925: "LZMA", 50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL",
}  # fmt: skip
"""Ways of packing that are not known everywhere, by their numbers."""


def size_of(data: bytes) -> tuple[int, int]:
    """Give width and height of the first picture, as they are stored; (0, 0) where nothing says."""
    tags = first_ifd(data)
    return tags.get(_WIDTH, (0,))[0], tags.get(_LENGTH, (0,))[0]


def packing_of(data: bytes) -> str | None:
    """Name how a file is packed, where that is not known everywhere."""
    return _PACKINGS.get(first_ifd(data).get(_COMPRESSION, (1,))[0])


def open_tiff(data: bytes) -> Samples | None:
    """Read the first picture of a TIFF file; None where it cannot be."""
    # What it raises for broken files has no base class of its own.
    with contextlib.suppress(Exception):
        # Where it is not installed, all else still works.
        import tifffile

        with tifffile.TiffFile(io.BytesIO(data)) as file:
            page: Any = file.pages[0]
            values = np.asarray(page.asarray())
            if page.planarconfig == 2 and values.ndim == 3:  # a plane for each colour
                values = np.moveaxis(values, 0, 2)
            photometric = int(page.photometric)
            colours = page.colormap if photometric == PALETTE else None
            extra = [int(each) for each in page.extrasamples]
            alpha = _CHANNELS.get(photometric) if extra[:1] in ([1], [2]) else None
            return Samples(values, photometric, int(page.bitspersample), colours, alpha)
    return None
