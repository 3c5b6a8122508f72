"""Cameras' raw files: the preview that is embedded in them, a JPEG file like any other."""

import struct
from dataclasses import dataclass, replace

from lookalike.formats.jpeg import Jpeg, read_jpeg
from lookalike.formats.tiff_tags import Tags, byte_order, entries, first_ifd, orientation, read_ifd

_WIDTH, _LENGTH, _SUB_IFDS = 256, 257, 330
_MOST_PREVIEWS = 64
_SMALLEST = 64 * 64
"""Pixels; below, it is no preview."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The largest preview of a raw file.

    Attributes:
        jpeg: itself, turned as the file says.
        size: width and height of the photo itself, as they are stored.
    """

    jpeg: Jpeg
    size: tuple[int, int]


def preview_of(data: bytes) -> Preview | None:
    """Find the largest JPEG file within a raw file; None where there is none."""
    best: Jpeg | None = None
    at = data.find(b"\xff\xd8\xff")
    for _ in range(_MOST_PREVIEWS):
        if at < 0:
            break
        found = read_jpeg(data, at) if data[at + 3] not in (0xC3, 0xFF) else None
        readable = found and not found.lossless and found.bits == 8 and not found.empty
        if found and readable and (best is None or _area(found.size) > _area(best.size)):
            best = found
        at = data.find(b"\xff\xd8\xff", at + 3)
    if best is None or _area(best.size) < _SMALLEST:
        return None
    if best.orientation == 1:
        best = replace(best, orientation=orientation(data))
    return Preview(best, max(best.size, _size_in_tags(data), key=_area))


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _size_in_tags(data: bytes) -> tuple[int, int]:
    """Give the size of the largest picture in a TIFF file's directories."""
    order = byte_order(data)
    if order is None or len(data) < 8:
        return 0, 0
    at = struct.unpack_from(order + "I", data, 4)[0]
    all_tags: list[Tags] = [read_ifd(data, order, at)]
    all_tags += [read_ifd(data, order, place) for place in first_ifd(data).get(_SUB_IFDS, ())]
    for _ in range(8):  # directories that follow one another
        count = sum(1 for _ in entries(data, order, at))
        link = at + 2 + 12 * count
        if not count or link + 4 > len(data):
            break
        at = struct.unpack_from(order + "I", data, link)[0]
        all_tags.append(read_ifd(data, order, at))
    sizes = [(tags.get(_WIDTH, (0,))[0], tags.get(_LENGTH, (0,))[0]) for tags in all_tags]
    sane = [size for size in sizes if all(0 < side <= 65535 for side in size)]
    return max(sane, key=_area, default=(0, 0))
