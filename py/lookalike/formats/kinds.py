"""Which format a file of a picture has, by its first bytes and never by its name."""

from lookalike.formats.tiff_tags import first_ifd

HEIC_BRANDS = frozenset(
    b"heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 miaf MiHE MiHB".split()
)
"""Brands of HEIF files whose pictures are packed by HEVC, as phones write them."""

AVIF_BRANDS = frozenset(b"avif avis avio MA1A MA1B".split())

TITLES = {
    "JPEG": "JPEG",
    "PNG": "PNG",
    "WEBP": "WebP",
    "GIF": "GIF",
    "BMP": "BMP",
    "AVIF": "AVIF",
    "HEIC": "HEIC",
    "TIFF": "TIFF",
    "RAW": "raw camera",
    "JXL": "JPEG XL",
    "JP2": "JPEG 2000",
    "SVG": "SVG",
    "PDF": "PDF",
    "PSD": "Photoshop",
}
"""What each format is called in a message."""

SHOWN = frozenset({"JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF"})
"""Formats that every browser shows."""

_STARTS = [
    (b"\xff\xd8", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"FUJIFILMCCD-RAW", "RAW"),
    (b"IIRO", "RAW"),
    (b"IIRS", "RAW"),
    (b"MMOR", "RAW"),
    (b"IIU\0", "RAW"),
    (b"II\x1a\0\0\0HEAPCCDR", "RAW"),
    (b"\0MRM", "RAW"),
    (b"FOVb", "RAW"),
    (b"\xff\x0a", "JXL"),
    (b"\0\0\0\x0cJXL ", "JXL"),
    (b"\0\0\0\x0cjP  ", "JP2"),
    (b"%PDF", "PDF"),
    (b"8BPS", "PSD"),
]
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_SUBFILE, _PHOTOMETRIC, _MAKE, _SUB_IFDS, _DNG_VERSION = 254, 262, 271, 330, 50706
_SENSOR = (32803, 34892)  # a mosaic of colours, or what was made of it


def kind_of(data: bytes) -> str | None:
    """Name the format of a file, as a key of `TITLES`.

    Returns:
        None where it is none of them.
    """
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(_TIFF):
        return "RAW" if _is_raw(data) else "TIFF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _of_brands(data)
    return "SVG" if b"<svg" in data[:1000].lower() else None


def _of_brands(data: bytes) -> str | None:
    length = int.from_bytes(data[:4], "big")
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, min(length, len(data), 400), 4))]
    if brands[0] == b"crx ":
        return "RAW"
    # "mif1" comes first in both kinds, and the others say which it is.
    if AVIF_BRANDS.intersection(brands):
        return "AVIF"
    return "HEIC" if HEIC_BRANDS.intersection(brands) else None


def _is_raw(data: bytes) -> bool:
    if data[8:10] == b"CR":  # Canon's second format
        return True
    tags = first_ifd(data)
    if _DNG_VERSION in tags or tags.get(_PHOTOMETRIC, (0,))[0] in _SENSOR:
        return True
    # The first picture is a small one, and the others are in a list of their own.
    small = tags.get(_SUBFILE, (0,))[0] & 1 == 1
    return _SUB_IFDS in tags and _MAKE in tags and small
