"""From the bytes of an image file to the tensor that a network takes."""

import math
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.errors import BadCrop, BadPhoto, TooLarge
from lookalike.formats.decoding import Picture, broken, decode, upright
from lookalike.formats.kinds import kind_of
from lookalike.formats.samples import Samples
from lookalike.formats.tiff_tags import orientation
from lookalike.model.model import ModelSpec

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
            return decode(data, kind)
    except BadPhoto:
        raise
    except MemoryError:
        raise BadPhoto(
            "There is not enough memory to open the image.", "Save it smaller, and choose that."
        ) from None
    # What Pillow raises for broken data depends on the format, and has no base class of its own.
    except Exception:  # noqa: BLE001
        raise broken(kind) from None


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
            raise (broken(kind) if kind == "HEIC" else error) from None
        try:
            image = found.samples.image()
        except (ValueError, MemoryError):
            raise broken(kind) from None
        turn = 1 if found.upright else orientation(data)
        return upright(image, found.size, turn)


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
