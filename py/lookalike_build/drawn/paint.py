"""Brushes for drawn photos: noise, gradients, light, shapes, and what a camera adds.

Coordinates are in picture heights: `y` runs from 0 (top) to 1, `x` from 0 to the aspect ratio.
Colours are arrays of three numbers from 0 to 1; masks are arrays of the picture's shape.
"""

import copy
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Array = np.ndarray[Any, np.dtype[np.floating[Any]]]
Point = tuple[float, float]
Item = TypeVar("Item")


def rgb(code: str) -> Array:
    """Read a colour such as "ffcc88"."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)


def mix(first: Array, second: Array, amount: Array | float) -> Array:
    """Blend two colours, or pictures, by a number or a mask."""
    weight = np.asarray(amount, np.float32)
    if weight.ndim == 2:
        weight = weight[..., None]
    blend: Array = first + (second - first) * weight
    return blend


def step(low: Array | float, high: Array | float, values: Array) -> Array:
    """Rise smoothly from 0 at `low` to 1 at `high`."""
    t = np.clip((values - low) / (high - low), 0, 1)
    risen: Array = t * t * (3 - 2 * t)
    return risen


def ramp(values: Array, stops: Sequence[tuple[float, Array]]) -> Array:
    """Give each value its colour on a gradient of (position, colour) stops."""
    places = [place for place, _ in stops]
    channels = [np.interp(values, places, [c[i] for _, c in stops]) for i in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


class Noise:
    """Smooth noise over a plane, from 0 to 1 and about 0.5 on average."""

    SIDE = 128

    def __init__(self, rng: np.random.Generator) -> None:
        table = rng.random((self.SIDE, self.SIDE), np.float32)
        # One more row and column, equal to the first, spare a second wrapping of each index.
        self._table = np.pad(table, ((0, 1), (0, 1)), mode="wrap").ravel()

    def once(self, u: Array, v: Array) -> Array:
        """Sample one octave, whose features are one unit wide."""
        u, v = np.asarray(u, np.float32), np.asarray(v, np.float32)
        u0, v0 = np.floor(u), np.floor(v)
        fu, fv = u - u0, v - v0
        fu, fv = fu * fu * (3 - 2 * fu), fv * fv * (3 - 2 * fv)
        mask, stride = self.SIDE - 1, self.SIDE + 1
        corner = (u0.astype(np.int32) & mask) * stride + (v0.astype(np.int32) & mask)
        take = self._table.take
        near, far = take(corner), take(corner + 1)
        near += (take(corner + stride) - near) * fu
        far += (take(corner + stride + 1) - far) * fu
        near += (far - near) * fv
        return near

    def __call__(self, u: Array, v: Array, octaves: int = 4, gain: float = 0.5) -> Array:
        """Sample several octaves, each twice as fine as the one before and `gain` as strong."""
        total, weight, scale, sum_of_weights = np.float32(0) * u, 1.0, 1.0, 0.0
        for octave in range(octaves):
            total = total + weight * self.once(u * scale + 17.3 * octave, v * scale + 9.1 * octave)
            sum_of_weights += weight
            weight *= gain
            scale *= 2.03
        return np.asarray(total / sum_of_weights, np.float32)

    def ridged(self, u: Array, v: Array, octaves: int = 5, gain: float = 0.5) -> Array:
        """Sample noise with sharp crests, as mountains have."""
        total, weight, scale, sum_of_weights = 0.0, 1.0, 1.0, 0.0
        for octave in range(octaves):
            crest = 1 - np.abs(
                2 * self.once(u * scale + 5.7 * octave, v * scale + 3.9 * octave) - 1
            )
            total = total + weight * crest * crest
            sum_of_weights += weight
            weight *= gain
            scale *= 2.03
        return np.asarray(total / sum_of_weights, np.float32)


class Board:
    """Draws shapes into a mask, twice as large as the canvas so that edges come out smooth."""

    def __init__(self, canvas: "Canvas") -> None:
        self._size = (canvas.width, canvas.height)
        self._unit = canvas.unit * 2
        self._left, self._top = canvas.left * self._unit, canvas.top * self._unit
        self._image = Image.new("L", (canvas.width * 2, canvas.height * 2))
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, points: Sequence[Point]) -> None:
        """Fill an outline."""
        self._draw.polygon(self._place(points), fill=255)

    def box(self, left: float, top: float, right: float, bottom: float) -> None:
        """Fill an upright rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)])

    def line(self, points: Sequence[Point], width: float) -> None:
        """Draw a line; it is never thinner than half a pixel of the canvas."""
        self._draw.line(self._place(points), 255, max(round(width * self._unit), 1), "curve")

    def mask(self) -> Array:
        """Give what was drawn."""
        return np.asarray(self._image.resize(self._size, Image.Resampling.BOX), np.float32) / 255

    def _place(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._unit - self._left, y * self._unit - self._top) for x, y in points]


class Canvas:
    """A picture in the making, with its coordinates and its source of randomness."""

    def __init__(self, size: tuple[int, int], rng: np.random.Generator) -> None:
        self.width, self.height = size
        self.unit, self.left, self.top = self.height, 0.0, 0.0
        self.aspect = self.width / self.height
        self.rng = rng
        self.noise = Noise(rng)
        column = (np.arange(self.width, dtype=np.float32) + 0.5) / self.height
        row = (np.arange(self.height, dtype=np.float32) + 0.5) / self.height
        self.x, self.y = np.meshgrid(column, row)
        self.rgb = np.zeros((self.height, self.width, 3), np.float32)

    def crop(self, left: float, top: float, right: float, bottom: float) -> Self:
        """Give the part of the canvas in a box, to paint on it faster; at least one pixel."""

        def span(low: float, high: float, size: int) -> tuple[int, int]:
            start = min(max(int(low * self.unit), 0), size - 1)
            return start, min(max(int(high * self.unit) + 1, start + 1), size)

        (x0, x1), (y0, y1) = span(left, right, self.width), span(top, bottom, self.height)
        part = copy.copy(self)
        part.x, part.y = self.x[y0:y1, x0:x1], self.y[y0:y1, x0:x1]
        part.rgb = self.rgb[y0:y1, x0:x1]
        part.width, part.height = x1 - x0, y1 - y0
        part.left, part.top = x0 / self.unit, y0 / self.unit
        return part

    def some(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def one_of(self, items: Sequence[Item]) -> Item:
        """Draw an item."""
        return items[int(self.rng.integers(len(items)))]

    def cover(self, colour: Array, mask: Array | float = 1.0) -> None:
        """Lay paint over the picture."""
        self.rgb[:] = mix(self.rgb, colour, mask)

    def shine(self, colour: Array, mask: Array) -> None:
        """Add light: bright places brighten less, and nothing clips."""
        self.rgb[:] = 1 - (1 - self.rgb) * (1 - np.clip(mask, 0, 1)[..., None] * colour)

    def glow(self, x: float, y: float, radius: float, colour: Array, strength: float = 1) -> None:
        """Shine around a point."""
        distance = np.hypot(self.x - x, self.y - y) / radius
        self.shine(colour, strength * np.exp(-distance * 1.8))

    def grain(self, scale: float, octaves: int = 3) -> Array:
        """Sample noise in the picture's plane, `scale` features in a picture's height."""
        return self.noise(self.x * scale + 40, self.y * scale + 40, octaves)

    def along(self, scale: float, octaves: int = 3) -> Array:
        """Sample noise that changes from left to right only, again at each call."""
        start = self.some(0, 100)
        return self.noise(self.x[:1] * scale + start, self.x[:1] * 0 + start, octaves)

    def crests(self, scale: float, octaves: int = 6) -> Array:
        """Sample noise with sharp crests that changes from left to right only."""
        start = self.some(0, 100)
        return self.noise.ridged(self.x[:1] * scale + start, self.x[:1] * 0 + start, octaves, 0.47)

    def below(self, line: Array | float) -> Array:
        """Give the mask of what lies under a line."""
        return step(-0.003, 0.003, self.y - line)

    def draw(self, shapes: Callable[[Board], None]) -> Array:
        """Give the mask of some shapes."""
        board = Board(self)
        shapes(board)
        return board.mask()

    def mirror(self, line: float, ripple: float, tint: Array, strength: float = 0.75) -> None:
        """Reflect what is above `line` in the water below it."""
        below = self.y > line
        depth = np.maximum(self.y - line, 1e-4)
        wave = self.noise(self.x * 6 / (depth + 0.08) * 0.15, 1.2 / (depth + 0.03), 3) - 0.5
        up = (line - depth * 0.92 + wave * ripple * (0.2 + depth)) * self.height
        across = (self.x + wave * ripple * 0.25) * self.height
        rows = np.clip(up, 0, self.height - 1).astype(int)
        columns = np.clip(across, 0, self.width - 1).astype(int)
        fresnel = strength * (1 - 0.45 * np.clip(depth / (1 - line + 1e-3), 0, 1))
        water = mix(np.broadcast_to(tint, self.rgb.shape), self.rgb[rows, columns], fresnel)
        self.cover(water, below.astype(np.float32) * step(0, 0.004, depth))

    def blur(self, radius: float, mask: Array | float = 1.0) -> None:
        """Put a part of the picture out of focus; `radius` is in picture heights."""
        soft = _to_image(self.rgb).filter(ImageFilter.GaussianBlur(radius * self.height))
        self.cover(np.asarray(soft, np.float32) / 255, mask)

    def develop(self, size: tuple[int, int], contrast: float = 1.08) -> Image.Image:
        """Finish as a camera does: bloom, contrast, darker corners, a little grain."""
        light = np.clip(self.rgb - 0.75, 0, 1) * 2
        halo = _to_image(light).filter(ImageFilter.GaussianBlur(self.height * 0.03))
        picture = 1 - (1 - np.clip(self.rgb, 0, 1)) * (1 - 0.35 * np.asarray(halo) / 255)
        picture = np.clip(0.5 + (picture - 0.5) * contrast, 0, 1)
        corner = np.hypot(self.x / self.aspect - 0.5, self.y - 0.5)
        picture *= (1 - 0.28 * step(0.35, 0.85, corner))[..., None]
        image = _to_image(picture).resize(size, Image.Resampling.LANCZOS)
        speckle = self.rng.normal(0, 1.3, (size[1], size[0], 1))
        return Image.fromarray(np.clip(np.asarray(image) + speckle, 0, 255).astype(np.uint8))


def _to_image(picture: Array) -> Image.Image:
    return Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
