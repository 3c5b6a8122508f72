"""PNG files, freed of all that is no pixel."""

import re
import struct
import zlib
from collections.abc import Iterator

from lookalike.formats.tiff_tags import orientation, unpacked

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_NEEDED = re.compile(rb"IDAT|PLTE|tRNS|IEND")
_LEAST_TRANSPARENCY = {0: 2, 2: 6, 3: 1}
"""Bytes of "tRNS" by the type of colour: grey, colour, palette."""


def bare_png(data: bytes) -> tuple[bytes, int]:
    """Give a PNG file with nothing but its pixels, and how it is to be turned.

    Whatever else is in it may be wrong, large or cut short. Checksums are made new: where pixels
    are damaged, those before are shown.

    Returns:
        The file, with an end in any case; and 1 to 8, see `tiff_tags.orientation`.
    """
    kept = [SIGNATURE]
    exif = xmp = b""
    colour = 0
    for name, content in _chunks(data):
        if name == b"IHDR":
            colour = content[9] if len(content) > 9 else 0
            kept.append(_chunk(name, content))
        elif name in (b"PLTE", b"IDAT") or (
            name == b"tRNS" and len(content) >= _LEAST_TRANSPARENCY.get(colour, 1 << 31)
        ):
            kept.append(_chunk(name, content))
        elif name == b"eXIf":
            exif = exif or content
        elif name in (b"iTXt", b"zTXt", b"tEXt"):
            xmp = xmp or _xmp(name, content)
            exif = exif or _raw_profile(name, content)
    kept.append(_chunk(b"IEND", b""))
    return b"".join(kept), orientation(exif, xmp)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        whole = name.isalpha() and (end <= len(data) or name == b"IDAT")
        if not whole:
            found = _NEEDED.search(data, at + 8)
            if found is None:
                return
            at = found.start() - 4
            continue
        following = data[end + 8 : end + 12]
        if name not in (b"IHDR", b"IDAT") and following and not _is_name(following):
            # Its length is wrong, and leads to nowhere.
            found = _NEEDED.search(data, at + 8)
            if found is None:
                return
            at = found.start() - 4
            continue
        yield name, data[at + 8 : end]
        if name == b"IEND":
            return
        at = end + 4


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and name.isalpha()


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def _xmp(name: bytes, content: bytes) -> bytes:
    key, _, rest = content.partition(b"\0")
    if key != b"XML:com.adobe.xmp":
        return b""
    packed = name == b"zTXt" or rest[:1] == b"\1"
    return unpacked(rest[rest.find(b"\x78") :]) if packed else rest


def _raw_profile(name: bytes, content: bytes) -> bytes:
    """Read the Exif block as ImageMagick writes it: as hexadecimal digits."""
    key, _, rest = content.partition(b"\0")
    if key not in (b"Raw profile type exif", b"Raw profile type APP1"):
        return b""
    text = unpacked(rest[1:]) if name == b"zTXt" else rest
    digits = re.sub(rb"\s", b"", b"".join(text.split(b"\n")[3:]))
    try:
        return bytes.fromhex(digits.decode("ascii")).removeprefix(b"Exif\0\0")
    except ValueError:
        return b""
