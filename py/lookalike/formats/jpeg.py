"""JPEG files: their parts, freed of all that is no pixel, and mended where they are cut short."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lookalike.formats.tiff_tags import orientation

SOI, EOI, SOS, DQT = 0xD8, 0xD9, 0xDA, 0xDB
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
LOSSLESS = frozenset({0xC3, 0xC7, 0xCB, 0xCF})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_APP0, _APP1, _APP14 = 0xE0, 0xE1, 0xEE
_METADATA = frozenset({*range(0xE0, 0xF0), 0xFE})
_IN_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_SEGMENT = re.compile(rb"\xff[\xc0-\xc2\xc4\xdb\xdd\xe0-\xef\xfe]")

_TRIES = 4000
"""Places at which a damaged file is tried to be read on."""

_READINGS = 12
"""Of those places, that are tried to be decoded from."""

_DENSEST = 85
"""Pixels that a byte of a baseline file holds at most, where all are of one colour."""

_LEAST = 0.01
"""Of the pixels; where there are fewer, there is nothing to be seen."""


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG file without metadata.

    Attributes:
        data: what a decoder needs, with an end in any case.
        size: width and height as they are stored, before it is turned.
        orientation: see `lookalike.formats.tiff_tags.orientation`.
        progressive: whether a decoder holds all of it in memory at once.
        lossless: whether it is of the kind that no viewer opens, which raw files use.
        bits: of each sample.
        cut: whether its end is missing.
        empty: whether so much is missing that nothing can be seen.
    """

    data: bytes
    size: tuple[int, int]
    orientation: int
    progressive: bool
    lossless: bool
    bits: int
    cut: bool
    empty: bool


def read_jpeg(data: bytes, start: int = 0) -> Jpeg | None:
    """Take a JPEG file apart and put together what matters of it.

    Args:
        data: the file; may be cut short, and anything may be wrong with its metadata.
        start: where in it the picture begins.

    Returns:
        None where there is no such picture.
    """
    header = _Header.read(data, start + 2) or next(_found_again(data, start + 2), None)
    return _put_together(data, header) if header else None


def other_readings(data: bytes) -> Iterator[Jpeg]:
    """Give what else a JPEG file may be read as, where what `read_jpeg` gives cannot be decoded.

    A segment of metadata may be taken for one of tables, if one byte is wrong.
    """
    for header in islice(_found_again(data, 2), _READINGS):
        yield _put_together(data, header)


def _put_together(data: bytes, header: "_Header") -> Jpeg:
    end, cut = _end_of_scans(data, header.scans)
    amount = end - header.scans
    width, height = header.size
    most = amount * _DENSEST
    empty = cut and (amount < 24 or (not header.progressive and most < _LEAST * width * height))
    kept = b"".join(_kept(data, header))
    return Jpeg(
        b"\xff\xd8" + kept + data[header.scans : end] + b"\xff\xd9",
        header.size,
        _turned(data, header),
        header.progressive,
        header.frame in LOSSLESS,
        header.bits,
        cut,
        empty,
    )


@dataclass(frozen=True, slots=True)
class _Header:
    segments: list[tuple[int, int, int]]  # marker, start and end of what is in it
    frame: int
    bits: int
    size: tuple[int, int]
    scans: int  # where the first one begins, with its marker

    @property
    def progressive(self) -> bool:
        return self.frame in PROGRESSIVE

    @classmethod
    def read(cls, data: bytes, at: int) -> "_Header | None":
        """Read from one segment to the next; None where that does not lead to a scan."""
        segments: list[tuple[int, int, int]] = []
        frame, bits, size, tables = 0, 0, (0, 0), False
        while True:
            while data[at : at + 2] == b"\xff\xff":
                at += 1
            if at + 4 > len(data) or data[at] != 0xFF:
                return None
            marker = data[at + 1]
            if marker in _ALONE:
                at += 2
                continue
            start, end = at + 4, at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
            if marker == SOS:
                # What lossless files lack is of no use to them.
                whole = frame and (tables or frame in LOSSLESS) and all(size)
                return cls(segments, frame, bits, size, at) if whole else None
            if end < start or marker == EOI or marker == 0:
                return None
            segments.append((marker, start, end))
            if marker in FRAMES and end - start >= 6 and end <= len(data):
                frame, bits = marker, data[start]
                size = (
                    int.from_bytes(data[start + 3 : start + 5], "big"),
                    int.from_bytes(data[start + 1 : start + 3], "big"),
                )
            tables = tables or marker == DQT
            at = end


def _found_again(data: bytes, start: int) -> "Iterator[_Header]":
    """Read on somewhere else where a segment is wrong: from the first place on, then from later.

    Small pictures within metadata are complete ones, too: so only the largest counts.
    """
    some = islice(_SEGMENT.finditer(data, start), _TRIES)
    read = [(found.start(), _Header.read(data, found.start())) for found in some]
    found = [(at, header) for at, header in read if header]
    largest = max((_area(header) for _, header in found), default=0)
    for at, header in found:
        if _area(header) == largest:
            # What comes before is metadata, of which the orientation may be read.
            segments = [*_before(data, start, at), *header.segments]
            yield replace(header, segments=segments)


def _before(data: bytes, at: int, end: int) -> list[tuple[int, int, int]]:
    segments = []
    while at + 4 <= end and data[at] == 0xFF and data[at + 1] in _METADATA:
        stop = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segments.append((data[at + 1], at + 4, min(stop, end)))
        if stop <= at + 2:
            break
        at = stop
    return segments


def _area(header: _Header) -> int:
    return header.size[0] * header.size[1]


def _end_of_scans(data: bytes, at: int) -> tuple[int, bool]:
    """Give where the last scan ends, and whether the file ends before that is said."""
    while True:
        found = _IN_SCAN.search(data, at)
        if found is None:
            return len(data), True
        marker, here = data[found.end() - 1], found.start()
        if marker == EOI:
            return here, False
        if marker == SOI or marker in _ALONE or marker < 0xC0:
            at = here + 2  # damaged: a decoder reads over it
            continue
        at = here + 2 + int.from_bytes(data[here + 2 : here + 4], "big")
        if at > len(data) or here + 4 > len(data):
            return here, True


def _kept(data: bytes, header: _Header) -> Iterator[bytes]:
    for marker, start, end in header.segments:
        content = data[start:end]
        if marker == _APP0:
            # It says that the colours are as in most files; without its small picture.
            if content.startswith(b"JFIF\0") and len(content) >= 14:
                yield b"\xff\xe0\0\x10" + content[:7] + b"\0\0\1\0\1\0\0"
        elif marker == _APP14:
            # It says how colours are stored.
            if content.startswith(b"Adobe") and len(content) >= 12:
                yield b"\xff\xee\0\x0e" + content[:12]
        elif marker not in _METADATA:
            yield data[start - 4 : end]


def _turned(data: bytes, header: _Header) -> int:
    exif = xmp = b""
    for marker, start, end in header.segments:
        if marker == _APP1:
            content = data[start:end]
            if content.startswith(b"Exif\0"):
                exif = exif or content[6:]
            elif content.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
                xmp = xmp or content
    return orientation(exif, xmp)
