"""From the bytes of an image file to the tensor that a network takes."""

import contextlib
import io
import math
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, features

from lookalike.errors import BadCrop, BadPhoto, TooLarge
from lookalike.formats.avif import bare_avif
from lookalike.formats.heic import factor_of, open_heic
from lookalike.formats.heif import declared_size
from lookalike.formats.jpeg import Jpeg, other_readings, read_jpeg
from lookalike.formats.kinds import TITLES, kind_of
from lookalike.formats.png import bare_png
from lookalike.formats.raw import preview_of
from lookalike.formats.samples import BLACK_IS_ZERO, Samples
from lookalike.formats.tiff import open_tiff, packing_of, size_of
from lookalike.formats.tiff_tags import bare_tiff, first_ifd, orientation
from lookalike.formats.webp import bare_webp
from lookalike.model.model import ModelSpec

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


Reopen = Callable[[bytes, str], Awaitable["Reopened | None"]]
"""Decodes a file by other means than Python's, as a browser has them.

Takes the file and its format (a key of `TITLES`, or "" for none of these); gives None where it
cannot. Raises BadPhoto with the reason where it could another time.
"""


Runner = Callable[[Callable[[bytes], Picture], bytes], Awaitable[Picture]]


@dataclass(frozen=True, slots=True, eq=False)
class Reopened:
    """What `Reopen` gives: samples, and width and height of the original as they are stored.

    Attributes:
        upright: whether they are turned already.
    """

    samples: Samples
    size: tuple[int, int]
    upright: bool


def open_image(data: bytes) -> Image.Image:
    """Decode an image file, safely and upright: the image of `open_picture`.

    Raises:
        BadPhoto: see there.
    """
    return open_picture(data).image


def open_picture(data: bytes) -> Picture:
    """Decode an image file, safely and upright: the one way in for any picture.

    The first frame of an animation is taken, the EXIF orientation applied, transparency laid on
    white, and 16-bit, floating-point, palette, grey or CMYK pixels converted. What is wrong with
    a file's metadata does not matter; of a file that is cut short, there is what comes before.
    Of a camera's raw file, the preview is taken.

    Raises:
        BadPhoto: the data is no image, or is so broken that nothing can be seen.
        TooLarge: it would need too much memory.
    """
    if not data:
        raise BadPhoto("The image file is empty.")
    kind = kind_of(data)
    try:
        with warnings.catch_warnings():
            # Of sizes below twice Pillow's own limit, where ours holds, and of malformed tags.
            warnings.simplefilter("ignore")
            return _open(data, kind)
    except BadPhoto:
        raise
    except MemoryError:
        raise BadPhoto(
            "There is not enough memory to open the image.", "Save it smaller, and choose that."
        ) from None
    # What Pillow raises for broken data depends on the format, and has no base class of its own.
    except Exception:  # noqa: BLE001
        raise _broken(kind) from None


async def open_anyhow(
    data: bytes, reopen: Reopen | None = None, run: Runner | None = None
) -> Picture:
    """Decode an image file as `open_picture` does, and where that cannot, by other means.

    Args:
        data: the file.
        reopen: the other means; None where there are none.
        run: runs `open_picture`, such as in a thread; None for here and now.

    Raises:
        BadPhoto, TooLarge: as `open_picture`.
    """
    try:
        return open_picture(data) if run is None else await run(open_picture, data)
    except TooLarge:
        raise
    except BadPhoto as error:
        if reopen is None or not data:
            raise
        kind = kind_of(data)
        found = await reopen(data, kind or "")
        if found is None:
            raise (_broken(kind) if kind == "HEIC" else error) from None
        try:
            image = found.samples.image()
        except (ValueError, MemoryError):
            raise _broken(kind) from None
        turn = 1 if found.upright else orientation(data)
        return Picture(_turned(image, turn), _upright(found.size, turn))


def _broken(kind: str | None) -> BadPhoto:
    if kind is None:
        return BadPhoto("The file is not an image that can be opened here.")
    title = TITLES[kind]
    if kind == "HEIC" or (kind in _PILLOW and (kind != "AVIF" or features.check("avif"))):
        advice = "Choose another copy of the photo, or save it again as JPEG or PNG."
        return BadPhoto(f"The {title} file is broken or incomplete.", advice)
    advice = "Save the photo as JPEG or PNG, and choose that."
    return BadPhoto(f"{title} files cannot be opened here.", advice)


def _open(data: bytes, kind: str | None) -> Picture:
    if kind == "JPEG":
        jpeg = read_jpeg(data)
        if jpeg is None:
            raise _broken(kind)
        return _jpeg_however(jpeg, data)
    if kind == "RAW":
        preview = preview_of(data)
        if preview is None:
            advice = "Develop it, save it as JPEG, and choose that."
            raise BadPhoto("The raw camera file has no preview that can be opened.", advice)
        shown = _jpeg(preview.jpeg)
        return Picture(shown.image, _upright(preview.size, preview.jpeg.orientation), PREVIEW)
    if kind in ("HEIC", "AVIF"):
        # Here, as what decodes them in a browser may not say why it did not.
        _check_size(kind, declared_size(data) or (0, 0))
    if kind == "HEIC":
        image, size = open_heic(data)
        _check_size(kind, size)
        return Picture(_rgb(image, kind), size)
    if kind not in _PILLOW:
        raise _broken(kind)
    if kind == "TIFF":
        return _tiff(data)
    return _by_pillow(data, kind)


def _check_size(kind: str, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise TooLarge(TITLES[kind], size, MAX_PIXELS, MAX_JPEG)


def _tiff(data: bytes) -> Picture:
    size = size_of(data)
    _check_size("TIFF", size)
    try:
        return _by_pillow(data, "TIFF")
    # As in `open_picture`.
    except Exception as error:
        samples = open_tiff(data)
        if samples is not None:
            turn = orientation(data)
            return Picture(_turned(samples.image(), turn), _upright(size, turn))
        if packing := packing_of(data):
            advice = "Save the photo as JPEG or PNG, and choose that."
            message = f"TIFF files packed by {packing} cannot be opened here."
            raise BadPhoto(message, advice) from error
        raise


def _jpeg_however(jpeg: Jpeg, data: bytes) -> Picture:
    try:
        return _jpeg(jpeg)
    except (BadPhoto, MemoryError):
        raise
    # As in `open_picture`.
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
    turned = _turned(_rgb(image, "JPEG"), jpeg.orientation)
    return Picture(turned, _upright(jpeg.size, jpeg.orientation), note)


def _decoded_at(size: tuple[int, int], side: int) -> int:
    """Count the pixels where so many a side are asked for: a half, a fourth or an eighth."""
    factor = max((each for each in (8, 4, 2) if min(size) >= each * side), default=1)
    return size[0] * size[1] // factor**2


def _opened(data: bytes, kind: str) -> Image.Image:
    """Have Pillow read the head of a file; without its own limit, which does not say the size."""
    Image.preinit()
    if kind not in Image.OPEN:
        Image.init()
    return Image.OPEN[kind][0](io.BytesIO(data), "")


def _by_pillow(data: bytes, kind: str) -> Picture:
    turn = 1
    if kind == "PNG":
        data, turn = bare_png(data)
    elif kind == "TIFF":
        data, turn = bare_tiff(data), orientation(data)
    try:
        image = _opened(data, kind)
    # As in `open_picture`.
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
    tags = first_ifd(data) if kind == "TIFF" else {}
    turned = _turned(_rgb(image, kind, tags.get(258, (16,))[0], tags.get(339, (1,))[0]), turn)
    return Picture(turned, _upright(size, turn), DAMAGED if damaged else None)


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
    # As in `open_picture`.
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


def _turned(image: Image.Image, turn: int) -> Image.Image:
    return image.transpose(_TURNS[turn]) if turn in _TURNS else image


def _upright(size: tuple[int, int], turn: int) -> tuple[int, int]:
    return (size[1], size[0]) if turn >= 5 else size


def _rgb(image: Image.Image, kind: str, bits: int = 8, sample_format: int = 1) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # convert("RGB") would clip 16-bit values at 255 and leave a white image.
        values = np.asarray(image)
        if kind != "TIFF":
            grey = values.astype(np.float32).clip(0, 65535) * (255 / 65535)
            return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
        if values.dtype == np.int32 and sample_format == 1:
            values = values.view(np.uint32)
        return Samples(values, BLACK_IS_ZERO, bits).image()
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
    pixels = np.asarray(square)
    batch = np.empty((1, 3, spec.size, spec.size), np.float32)
    # One channel after the other, in place: all at once is the same, and in Pyodide far slower.
    for channel, plane in enumerate(batch[0]):
        mean, std = np.float32(spec.mean[channel]), np.float32(spec.std[channel])
        plane[...] = pixels[..., channel]
        plane -= mean
        plane /= std
    return batch
