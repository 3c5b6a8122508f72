"""WebP files, freed of all that is no pixel."""

import re
import struct

_PIXELS = (b"ALPH", b"VP8 ", b"VP8L", b"ANIM", b"ANMF")
_NEEDED = re.compile(rb"VP8 |VP8L|ALPH|ANMF")
_ICC, _ALPHA, _EXIF, _XMP, _ANIMATION = 0x20, 0x10, 0x08, 0x04, 0x02


def bare_webp(data: bytes) -> bytes:
    """Give a WebP file with nothing but its pixels, whatever else is in it and how wrong it is."""
    head, kept = b"", []
    at = behind = 12  # and where the last chunk begins that is no pixels, whose length may be wrong
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length
        known = name in (*_PIXELS, b"VP8X", b"ICCP", b"EXIF", b"XMP ")
        if not known or end > len(data):
            found = _NEEDED.search(data, behind)
            if found is None:
                break
            at = found.start()
            behind = at + 1
            continue
        if name == b"VP8X" and length >= 10 and not head:
            flags = data[at + 8] & (_ALPHA | _ANIMATION)
            head = name + struct.pack("<IB", 10, flags) + data[at + 9 : at + 18]
        elif name in _PIXELS:
            kept.append(data[at:end] + b"\0" * (length % 2))
        behind = end if name in _PIXELS else at + 8
        at = end + length % 2
    body = b"WEBP" + head + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
