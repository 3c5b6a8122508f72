"""Samples of any width as pixels of eight bits: scaled by what they hold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Numbers = NDArray[np.generic]

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR = 0, 1, 2, 3, 5, 6
"""How samples are to be understood, as TIFF numbers it."""

_TOPS = tuple(float(2**bits - 1) for bits in (8, 10, 12, 14, 16))
_LOOKED_AT = 1_000_000
"""Samples by which it is seen what they hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """A picture as a decoder gives it.

    Attributes:
        values: (height, width, n) or (height, width), of any type of numbers.
        photometric: one of the numbers above.
        bits: of each sample; of floating-point ones, as many as they take.
        colours: (3, n) of 16 bits, the palette; None for none.
        alpha: which sample is the opacity; None for none.
        premultiplied: whether colours are multiplied by it already.
    """

    values: Numbers
    photometric: int = RGB
    bits: int = 8
    colours: NDArray[np.uint16] | None = None
    alpha: int | None = None
    premultiplied: bool = False

    def image(self) -> Image.Image:
        """Make an RGB image; what is transparent lies on white.

        Raises:
            ValueError: they are of a kind that is not known.
        """
        values = self.values if self.values.ndim == 3 else self.values[..., np.newaxis]
        if self.photometric == PALETTE:
            return Image.fromarray(self._by_palette(values[..., 0]))
        if self.photometric == CMYK:
            return Image.fromarray(levels(values[..., :4], self.bits), "CMYK").convert("RGB")
        if self.photometric not in (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, YCBCR):
            raise ValueError(f"photometric interpretation {self.photometric}")
        coloured = self.photometric in (RGB, YCBCR) and values.shape[2] >= 3
        colours = levels(values[..., :3] if coloured else values[..., :1], self.bits)
        if self.photometric == WHITE_IS_ZERO:
            colours = 255 - colours
        if not coloured:
            colours = np.repeat(colours, 3, axis=2)
        if self.photometric == YCBCR:
            return Image.fromarray(colours, "YCbCr").convert("RGB")
        if self.alpha is not None and self.alpha < values.shape[2]:
            opacity = _opacity(values[..., self.alpha])[..., np.newaxis]
            light = colours if self.premultiplied else colours * opacity
            colours = np.rint(light + 255.0 * (1 - opacity)).clip(0, 255).astype(np.uint8)
        return Image.fromarray(np.ascontiguousarray(colours))

    def _by_palette(self, places: Numbers) -> NDArray[np.uint8]:
        if self.colours is None:
            raise ValueError("there is no palette")
        table = (self.colours >> 8).astype(np.uint8).T
        found: NDArray[np.uint8] = table[np.minimum(places.astype(np.intp), len(table) - 1)]
        return found


def levels(values: Numbers, bits: int) -> NDArray[np.uint8]:
    """Scale samples to 0..255.

    Whole numbers of fewer than 16 bits are scaled by these bits. What has more seldom uses them:
    so it is scaled by the least of 8, 10, 12, 14 and 16 bits that holds nearly all of it, and
    what none of these holds, by its own range. Floating-point numbers from 0 to 1 are scaled by
    that. A sample in a thousand may lie outside, as those that stand for "no data" do.

    Args:
        values: of any shape.
        bits: of each.
    """
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * np.uint8(255)
    whole = np.issubdtype(values.dtype, np.integer)
    if whole and bits == 8 and values.dtype == np.uint8:
        return values.astype(np.uint8)
    if whole and bits < 16:
        low, high = 0.0, float(2**bits - 1)
    else:
        low, high = _range(values, whole)
    scaled = (values.astype(np.float32) - np.float32(low)) * np.float32(255 / (high - low))
    finite = np.nan_to_num(scaled, nan=0.0, posinf=255.0, neginf=0.0)
    found: NDArray[np.uint8] = finite.clip(0, 255).astype(np.uint8)
    return found


def _range(values: Numbers, whole: bool) -> tuple[float, float]:
    some = values.reshape(-1)[:: max(1, values.size // _LOOKED_AT)].astype(np.float64)
    some = some[np.isfinite(some)]
    if not some.size:
        return 0.0, 1.0
    low, high = (float(each) for each in np.quantile(some, (0.001, 0.999)))
    if low >= 0 and not whole and high <= 1:
        return 0.0, 1.0
    # Between one and some ten, floating-point numbers are light that is brighter than white.
    if low >= 0 and (whole or high > 16):
        top = next((top for top in _TOPS if high <= top), None)
        if top is not None:
            return 0.0, top
    if high <= low:
        return (low - 1, low + 1) if low else (0.0, 1.0)
    return (0.0 if 0 <= low < high / 16 else low), high


def _opacity(values: Numbers) -> NDArray[np.float32]:
    whole = np.issubdtype(values.dtype, np.integer)
    top = float(2 ** (8 * values.dtype.itemsize) - 1) if whole else 1.0
    opacity: NDArray[np.float32] = (values.astype(np.float32) / np.float32(top)).clip(0, 1)
    return opacity
