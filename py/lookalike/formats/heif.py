"""The size of HEIC and AVIF pictures, read from the head of the file before anything is decoded."""

from collections.abc import Iterator


def declared_size(data: bytes) -> tuple[int, int] | None:
    """Give width and height of the largest picture that a HEIF file declares, as it is stored.

    Thumbnails, depth maps and the tiles of a grid are declared in the same list and are smaller.

    Args:
        data: the file; may be damaged or cut short.

    Returns:
        None where none is declared, such as in films.

    Source: ISO/IEC 23008-12, 6.5.3 (`ispe`); ISO/IEC 14496-12, 4.2 (boxes).
    """
    sizes = [
        (int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big"))
        for meta in _inside(memoryview(data), b"meta")
        for properties in _inside(meta[4:], b"iprp")
        for listed in _inside(properties, b"ipco")
        for body in _inside(listed, b"ispe")
        if len(body) >= 12
    ]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def _inside(data: memoryview, wanted: bytes) -> Iterator[memoryview]:
    """Give what is in the boxes of one kind; ends where a length leads nowhere."""
    at = 0
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8])
        head = 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif length == 0:
            length = len(data) - at
        if length < head:
            return
        if name == wanted:
            yield data[at + head : at + length]
        at += length
