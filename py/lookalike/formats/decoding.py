"""From the bytes of an image file to RGB pixels, upright, whichever format it has."""

import contextlib
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, features

from lookalike.errors import BadPhoto, TooLarge
from lookalike.formats.avif import bare_avif
from lookalike.formats.heic import factor_of, open_heic
from lookalike.formats.heif import declared_size
from lookalike.formats.jpeg import Jpeg, other_readings, read_jpeg
from lookalike.formats.kinds import TITLES
from lookalike.formats.png import bare_png
from lookalike.formats.raw import preview_of
from lookalike.formats.samples import BLACK_IS_ZERO, WHITE_IS_ZERO, Samples
from lookalike.formats.tiff import is_misread, open_tiff, packing_of, size_of
from lookalike.formats.tiff_tags import Tags, bare_tiff, first_ifd, orientation
from lookalike.formats.webp import bare_webp

MAX_PIXELS = 64_000_000
"""More pixels than this are not decoded: 256 MB of memory, and what decompression bombs need."""

LARGE = 40_000_000
"""Pictures of more pixels than this are made smaller as soon as they are decoded."""

MAX_JPEG = 170_000_000
"""Pixels of a JPEG file, which is decoded smaller. A progressive one is held in memory whole all
the same, mostly by 3 bytes a pixel."""

_DECODE_SIDE = 1024
"""JPEG files are decoded at a fraction of their size where that leaves this many pixels a side."""

CUT = "The file ends before the picture does: it is shown as far as it goes."
DAMAGED = "A part of the picture is damaged: it is shown as far as it can be read."
PREVIEW = "Of this raw file, the preview that the camera made is used."

_PILLOW = {"JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF"}
"""What cameras, phones and browsers write. Pillow knows thirty more, one of which (EPS) would start
another program, Ghostscript."""

_BARED = {"WEBP": bare_webp, "AVIF": bare_avif}
"""What frees files of metadata where it keeps Pillow from opening them."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture that has been opened.

    Attributes:
        image: RGB and upright; may be smaller than the original.
        size: width and height of the original in pixels, upright.
        note: a sentence on what could not be used of the file; None where all of it was.
    """

    image: Image.Image
    size: tuple[int, int]
    note: str | None = None


def decode(data: bytes, kind: str | None) -> Picture:
    """Decode an image file: what `lookalike.images.open_picture` makes safe.

    Args:
        data: the file.
        kind: its format, as `kind_of` tells it.

    Raises:
        BadPhoto: it cannot be opened here, or nothing can be seen of it.
        TooLarge: it would need too much memory.
        Exception: whatever Pillow raises for broken data.
    """
    if kind == "JPEG":
        jpeg = read_jpeg(data)
        if jpeg is None:
            raise broken(kind)
        return _jpeg_however(jpeg, data)
    if kind == "RAW":
        return _raw(data)
    if kind in ("HEIC", "AVIF"):
        # Here, as what decodes them in a browser may not say why it did not.
        _check_size(kind, declared_size(data) or (0, 0))
    if kind == "HEIC":
        image, size = open_heic(data)
        _check_size(kind, size)
        return Picture(_rgb(image, kind), size)
    if kind not in _PILLOW:
        raise broken(kind)
    if kind == "TIFF":
        return _tiff(data)
    return _by_pillow(data, kind)


def broken(kind: str | None) -> BadPhoto:
    """Say what is wrong with a file of a format that could not be decoded, and what to do."""
    if kind is None:
        return BadPhoto("The file is not an image that can be opened here.")
    title = TITLES[kind]
    if kind == "HEIC" or (kind in _PILLOW and (kind != "AVIF" or features.check("avif"))):
        advice = "Choose another copy of the photo, or save it again as JPEG or PNG."
        return BadPhoto(f"The {title} file is broken or incomplete.", advice)
    advice = "Save the photo as JPEG or PNG, and choose that."
    return BadPhoto(f"{title} files cannot be opened here.", advice)


def upright(
    image: Image.Image, size: tuple[int, int], turn: int, note: str | None = None
) -> Picture:
    """Turn what was decoded as a camera's EXIF orientation says.

    Args:
        image: RGB, as it is stored.
        size: width and height of the original, as they are stored.
        turn: the orientation; 1 where it is upright already.
        note: see `Picture`.
    """
    image = image.transpose(_TURNS[turn]) if turn in _TURNS else image
    return Picture(image, _turned(size, turn), note)


def _turned(size: tuple[int, int], turn: int) -> tuple[int, int]:
    return (size[1], size[0]) if turn >= 5 else size


def _check_size(kind: str, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise TooLarge(TITLES[kind], size, MAX_PIXELS, MAX_JPEG)


def _jpeg_however(jpeg: Jpeg, data: bytes) -> Picture:
    try:
        return _jpeg(jpeg)
    except (BadPhoto, MemoryError):
        raise
    # As in `lookalike.images.open_picture`.
    except Exception:
        for other in other_readings(data):
            with contextlib.suppress(Exception):
                return _jpeg(other)
        raise


def _jpeg(jpeg: Jpeg) -> Picture:
    if jpeg.empty:
        raise BadPhoto("The JPEG file ends before there is anything to be seen.")
    if jpeg.lossless or jpeg.bits != 8:
        which = "lossless" if jpeg.lossless else f"{jpeg.bits}-bit"
        advice = "Save the photo as an ordinary JPEG or as PNG, and choose that."
        raise BadPhoto(f"This is a {which} JPEG file, which cannot be opened here.", advice)
    if jpeg.size[0] * jpeg.size[1] > MAX_JPEG:
        raise TooLarge("JPEG", jpeg.size, MAX_JPEG)
    image = _opened(jpeg.data, "JPEG")
    # Nothing is gained for progressive ones but the memory of their pixels.
    if not jpeg.progressive or jpeg.size[0] * jpeg.size[1] > LARGE:
        side = _DECODE_SIDE
        while _decoded_at(jpeg.size, side) > LARGE:  # panoramas
            side //= 2
        image.draft("RGB", (side, side))
    damaged = _load(image)
    note = CUT if jpeg.cut else DAMAGED if damaged else None
    return upright(_rgb(image, "JPEG"), jpeg.size, jpeg.orientation, note)


def _decoded_at(size: tuple[int, int], side: int) -> int:
    """Count the pixels where so many a side are asked for: a half, a fourth or an eighth."""
    factor = max((each for each in (8, 4, 2) if min(size) >= each * side), default=1)
    return size[0] * size[1] // factor**2


def _raw(data: bytes) -> Picture:
    preview = preview_of(data)
    if preview is None:
        advice = "Develop it, save it as JPEG, and choose that."
        raise BadPhoto("The raw camera file has no preview that can be opened.", advice)
    shown = _jpeg(preview.jpeg)
    return Picture(shown.image, _turned(preview.size, preview.jpeg.orientation), PREVIEW)


def _tiff(data: bytes) -> Picture:
    size = size_of(data)
    _check_size("TIFF", size)
    try:
        if is_misread(data):
            raise ValueError("Pillow would take it for another picture")
        return _by_pillow(data, "TIFF")
    # As in `lookalike.images.open_picture`.
    except Exception as error:
        samples = open_tiff(data)
        if samples is not None:
            return upright(samples.image(), size, orientation(data))
        if packing := packing_of(data):
            advice = "Save the photo as JPEG or PNG, and choose that."
            message = f"TIFF files packed by {packing} cannot be opened here."
            raise BadPhoto(message, advice) from error
        raise


def _by_pillow(data: bytes, kind: str) -> Picture:
    turn = 1
    if kind == "PNG":
        data, turn = bare_png(data)
    elif kind == "TIFF":
        data, turn = bare_tiff(data), orientation(data)
    try:
        image = _opened(data, kind)
    # As in `lookalike.images.open_picture`.
    except Exception:
        if kind not in _BARED:
            raise
        image = _opened(_BARED[kind](data), kind)
    size = image.size
    _check_size(kind, size)
    if kind in ("WEBP", "AVIF"):
        turn = orientation(_block(image, "exif"), _block(image, "xmp"))
    damaged = _load(image)
    image = _made_smaller(image)
    tags = first_ifd(data) if kind == "TIFF" else None
    image = _rgb(image, kind, tags)
    return upright(image, size, turn, DAMAGED if damaged else None)


def _opened(data: bytes, kind: str) -> Image.Image:
    """Have Pillow read the head of a file; without its own limit, which does not say the size."""
    Image.preinit()
    if kind not in Image.OPEN:
        Image.init()
    return Image.OPEN[kind][0](io.BytesIO(data), "")


def _block(image: Image.Image, name: str) -> bytes:
    block = image.info.get(name, b"")
    return block if isinstance(block, bytes) else b""


def _load(image: Image.Image) -> bool:
    """Decode what there is; say whether something was missing.

    Raises:
        BadPhoto: nothing was there.
    """
    try:
        image.load()
    # As in `lookalike.images.open_picture`.
    except Exception:
        if getattr(image, "_im", None) is None:
            raise
        # What has been decoded is there, and Pillow has no public way to it but this list's end.
        image.tile = []  # type: ignore[attr-defined]
        image.load()
        box = image.getbbox(alpha_only=False)
        # Rows that were not decoded are zero.
        if box is None or box[3] < max(1, image.height // 100):
            raise
        return True
    return False


def _made_smaller(image: Image.Image) -> Image.Image:
    """Make a large picture smaller, before it is converted, which needs as much memory again."""
    factor = factor_of(*image.size)
    if image.width * image.height <= LARGE or factor < 2 or image.mode[0] in "IF":
        return image
    if image.mode in ("P", "PA", "1"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.reduce(factor)


def _rgb(image: Image.Image, kind: str, tags: Tags | None = None) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # convert("RGB") would clip 16-bit values at 255 and leave a white image.
        values = np.asarray(image)
        if kind != "TIFF":
            grey = values.astype(np.float32).clip(0, 65535) * (255 / 65535)
            return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
        tags = tags or {}
        if values.dtype == np.int32 and tags.get(339, (1,))[0] == 1:
            values = values.view(np.uint32)
        # Pillow turns grey that is dark where it has much only where it has 8 bits.
        white = tags.get(262, (BLACK_IS_ZERO,))[0] == WHITE_IS_ZERO
        bits = tags.get(258, (16,))[0]
        return Samples(values, WHITE_IS_ZERO if white else BLACK_IS_ZERO, bits).image()
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(ground, image).convert("RGB")
    return image.convert("RGB")
