"""TIFF of kinds that Pillow does not know, by tifffile where that is installed.

In the page, geotiff stands behind: see site/js/tiff/tiff.js.
"""

import contextlib
import io
from typing import Any

import numpy as np

from lookalike.formats.samples import PALETTE, Samples
from lookalike.formats.tiff_tags import byte_order, first_ifd

_WIDTH, _LENGTH, _BITS, _COMPRESSION = 256, 257, 258, 259
_PLANES, _COLOURS, _EXTRA, _FORMAT = 284, 320, 338, 339
_PREMULTIPLIED, _STRAIGHT = 1, 2
"""What an extra sample is that is the opacity: colours are multiplied by it already, or not."""

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


def is_misread(data: bytes) -> bool:
    """Say whether Pillow takes the first picture for another one, and does not notice.

    So it does with planes, one for each colour, of wide samples or with an opacity; and with what
    is packed, has the high byte first and is signed or of floating-point numbers.
    """
    tags = first_ifd(data)
    if tags.get(_PLANES, (1,))[0] == 2 and (tags.get(_BITS, (1,))[0] > 8 or tags.get(_EXTRA)):
        return True
    packed, plain = tags.get(_COMPRESSION, (1,))[0] != 1, tags.get(_FORMAT, (1,))[0] == 1
    return packed and not plain and byte_order(data) == ">"


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
            known = extra[:1] in ([_PREMULTIPLIED], [_STRAIGHT])
            alpha = _CHANNELS.get(photometric) if known else None
            bits, multiplied = int(page.bitspersample), extra[:1] == [_PREMULTIPLIED]
            return Samples(values, photometric, bits, colours, alpha, multiplied)
    return None
