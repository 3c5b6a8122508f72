"""From the bytes of an image file to the tensor that a network takes."""

import io
import math
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from lookalike.errors import BadCrop, BadPhoto
from lookalike.model import ModelSpec

MAX_PIXELS = 40_000_000
"""More pixels than this are not decoded: 120 MB of memory, and what decompression bombs need."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
"""What cameras, phones and browsers write. Pillow knows thirty more, one of which (EPS) would start
another program, Ghostscript."""

_HEIC = {b"ftyp" + brand for brand in (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1")}
_HEIC_ADVICE = "Save the photo as JPEG, or take a screenshot of it, and choose that."

_DECODE_SIDE = 1024
"""JPEG files are decoded at a fraction of their size where that leaves this many pixels a side."""


def open_image(data: bytes) -> Image.Image:
    """Decode an image file, safely and upright.

    The first frame of an animation is taken, the EXIF orientation applied, transparency laid on
    white, and 16-bit, palette, grey or CMYK pixels converted.

    Returns:
        An RGB image.

    Raises:
        BadPhoto: the data is no image, is broken or cut short, or would need too much memory.
    """
    if not data:
        raise BadPhoto("The image file is empty.")
    try:
        with warnings.catch_warnings():
            # Of sizes below twice its own limit, where ours holds, and of corrupt EXIF data.
            warnings.simplefilter("ignore")
            return _decode(data)
    except BadPhoto:
        raise
    except UnidentifiedImageError:
        if data[4:12] in _HEIC:
            raise BadPhoto("HEIC photos cannot be opened here.", _HEIC_ADVICE) from None
        raise BadPhoto("The file is not an image that can be opened here.") from None
    except (Image.DecompressionBombError, MemoryError):
        raise BadPhoto("The image is too large to open safely.") from None
    # What Pillow raises for broken data depends on the format, and has no base class of its own.
    except Exception:  # noqa: BLE001
        raise BadPhoto("The image file is broken or incomplete.") from None


def original_size(data: bytes) -> tuple[int, int]:
    """Read an image file's width and height in pixels, upright, without decoding it.

    Raises:
        BadPhoto: it cannot be read as an image.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            turned = image.getexif().get(ExifTags.Base.Orientation, 1) in range(5, 9)
    # As in `open_image`.
    except Exception:  # noqa: BLE001
        raise BadPhoto("The file is not an image that can be opened here.") from None
    return (image.height, image.width) if turned else (image.width, image.height)


def _decode(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=_FORMATS)
    width, height = image.size
    # A progressive JPEG is held in memory whole, whatever the size that it is decoded at.
    if not image.info.get("progressive"):
        image.draft("RGB", (_DECODE_SIDE, _DECODE_SIDE))
        width, height = image.size
    if width * height > MAX_PIXELS:
        raise BadPhoto(f"The image is too large to open safely ({width} × {height} pixels).")
    return _rgb(ImageOps.exif_transpose(image))


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # convert("RGB") would clip 16-bit values at 255 and leave a white image.
        values = np.nan_to_num(np.asarray(image).astype(np.float32))
        sixteen_bits = image.mode.startswith("I;16") or values.max(initial=0.0) > 255
        top = 65535.0 if sixteen_bits else 255.0
        return Image.fromarray((values.clip(0, top) * (255 / top)).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(ground, image).convert("RGB")
    return image.convert("RGB")


Box = tuple[float, float, float, float]
"""Left, top, width and height of a part of an image, as fractions of the whole, upright."""


def crop(image: Image.Image, box: Box) -> Image.Image:
    """Cut a part out of an image; what lies outside of it is left out.

    Raises:
        BadCrop: nothing is left.
    """
    left, top, width, height = box
    if not all(math.isfinite(number) for number in box) or width <= 0 or height <= 0:
        raise BadCrop("The part chosen of the photo is empty.")
    edges = (
        max(0, math.floor(left * image.width)),
        max(0, math.floor(top * image.height)),
        min(image.width, math.ceil((left + width) * image.width)),
        min(image.height, math.ceil((top + height) * image.height)),
    )
    if edges[0] >= edges[2] or edges[1] >= edges[3]:
        raise BadCrop("The part chosen lies outside of the photo.")
    return image.crop(edges)


def prepare(image: Image.Image, spec: ModelSpec) -> NDArray[np.float32]:
    """Make the batch of one that a network takes: squeezed to its size, scaled, channels first.

    The plain resize ignores the aspect ratio, as CLEAR's does (src/score.js), with Pillow's
    antialiased bilinear filter where CLEAR's has none.

    Returns:
        (1, 3, size, size).
    """
    square = image.convert("RGB").resize((spec.size, spec.size), Image.Resampling.BILINEAR)
    pixels = np.asarray(square, dtype=np.float32)
    mean, std = np.array(spec.mean, np.float32), np.array(spec.std, np.float32)
    scaled = (pixels - mean) / std
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[np.newaxis])
