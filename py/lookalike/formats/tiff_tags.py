"""The directories of TIFF files, which Exif blocks are, too; read whatever is wrong with them."""

import re
import struct
import zlib
from collections.abc import Iterator

Tags = dict[int, tuple[int, ...]]
"""Values of whole numbers by their tags; other values are left out."""

ORIENTATION = 0x0112

_SIZES = {1: ("B", 1), 3: ("H", 2), 4: ("I", 4), 8: ("h", 2), 9: ("i", 4), 13: ("I", 4)}
_MOST_VALUES = 64
"""Of one tag: what is looked for here has fewer."""

_XMP_ORIENTATION = re.compile(rb"tiff:Orientation(?:\s*=\s*[\"']|>)\s*([1-8])")


def byte_order(data: bytes) -> str | None:
    """Give the byte order of a TIFF file as `struct` writes it; None where it is no such file."""
    # Some cameras' raw files have another number after the byte order.
    return {b"II": "<", b"MM": ">"}.get(data[:2])


def first_ifd(data: bytes) -> Tags:
    """Read the first directory of a TIFF file or an Exif block; empty where there is none."""
    order = byte_order(data)
    if order is None or len(data) < 8 or data[2:4] in (b"+\0", b"\0+"):
        return {}
    return read_ifd(data, order, struct.unpack_from(order + "I", data, 4)[0])


def read_ifd(data: bytes, order: str, at: int) -> Tags:
    """Read a directory that lies at an offset; a tag that makes no sense is left out."""
    tags: Tags = {}
    for tag, kind, count, place in entries(data, order, at):
        if kind in _SIZES and count <= _MOST_VALUES:
            letter, size = _SIZES[kind]
            start = place if size * count <= 4 else struct.unpack_from(order + "I", data, place)[0]
            if count and start + size * count <= len(data):
                tags[tag] = struct.unpack_from(f"{order}{count}{letter}", data, start)
    return tags


def entries(data: bytes, order: str, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Give tag, type, number of values and the offset of the last four bytes of each entry."""
    if not 0 < at <= len(data) - 2:
        return
    (count,) = struct.unpack_from(order + "H", data, at)
    for start in range(at + 2, min(at + 2 + 12 * count, len(data) - 11), 12):
        tag, kind, number = struct.unpack_from(order + "HHI", data, start)
        yield tag, kind, number, start + 8


def orientation(exif: bytes, xmp: bytes = b"") -> int:
    """Say how a picture is to be turned, by its Exif block, else by its XMP.

    Args:
        exif: with or without "Exif" before it; may be malformed.
        xmp: text of XML; may be malformed.

    Returns:
        1 to 8, as Exif numbers them; 1 where nothing says.
    """
    exif = exif.removeprefix(b"Exif\0\0")
    value = first_ifd(exif).get(ORIENTATION, (0,))[0]
    if value in range(1, 9):
        return value
    found = _XMP_ORIENTATION.search(xmp)
    return int(found[1]) if found else 1


_STRUCTURAL = frozenset(
    {*range(254, 260), 262, 266, 273, *range(277, 280), 284, 292, 293, 317, 320, *range(322, 326)}
    | {338, 339, 347, *range(512, 515), *range(519, 522), 529, 530, 532}
)
"""The tags of which pixels are made."""


def bare_tiff(data: bytes) -> bytes:
    """Give a TIFF file without all that does not matter for the pixels of its first picture.

    The pixels stay where they are; behind them comes a directory of the tags that are kept.
    """
    order = byte_order(data)
    if order is None or len(data) < 8 or data[2:4] not in (b"*\0", b"\0*"):
        return data
    at = struct.unpack_from(order + "I", data, 4)[0]
    kept = {
        tag: data[place - 8 : place + 4]
        for tag, _, _, place in entries(data, order, at)
        if tag in _STRUCTURAL
    }
    if not kept:
        return data
    padding = b"\0" * (len(data) % 2)
    ifd = struct.pack(order + "H", len(kept)) + b"".join(kept[tag] for tag in sorted(kept))
    place = struct.pack(order + "I", len(data) + len(padding))
    return data[:4] + place + data[8:] + padding + ifd + b"\0\0\0\0"


def unpacked(data: bytes, most: int = 1_000_000) -> bytes:
    """Unpack what is packed by zlib as far as it goes, and at most so many bytes."""
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""
