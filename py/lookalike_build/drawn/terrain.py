"""Land in perspective: a height field, seen from a camera above it.

Each column of the picture looks along a line over the land. Walking away from the camera, the
greatest elevation so far decides what hides what, so that each pixel is found by one binary search.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lookalike_build.drawn.paint import Array, Canvas, mix, step

Steps = np.ndarray[Any, np.dtype[np.integer[Any]]]
Heights = Callable[[Array, Array], Array]


@dataclass
class View:
    """What each pixel sees: `land` is a mask, the others hold where it is so.

    `right` and `away` are places on the ground, `up` the height there; `light` is from 0 (shade) to
    1; `steep` is 0 on level ground; `haze` is 0 close by and 1 far away.
    """

    land: Array
    right: Array
    away: Array
    up: Array
    light: Array
    steep: Array
    haze: Array


@dataclass(frozen=True)
class Camera:
    """Where the picture is taken from: `up` above zero, with the horizon at that height in it."""

    up: float = 0.6
    horizon: float = 0.45
    near: float = 0.6
    far: float = 14.0
    steps: int = 420


def look(canvas: Canvas, heights: Heights, camera: Camera, sun: tuple[float, float, float]) -> View:
    """See a land, lit from a direction (right, up, away)."""
    away = np.geomspace(camera.near, camera.far, camera.steps, dtype=np.float32)[:, None]
    across = canvas.x[:1] - canvas.aspect / 2
    right = across * away
    up = heights(right, np.broadcast_to(away, right.shape))
    light, steep = _lighting(up, right, away, sun)
    elevation = (up - camera.up) / away
    index, between, hit = _first_hits(canvas, np.maximum.accumulate(elevation), camera.horizon)

    before = np.maximum(index - 1, 0)
    # Between two steps of one slope the surface is even; over a crest it is not.
    same_slope = np.take_along_axis(elevation, before, 0) <= np.take_along_axis(elevation, index, 0)
    between = np.where(same_slope, between, 1).astype(np.float32)

    def seen(values: Array) -> Array:
        values = np.broadcast_to(values, right.shape)
        first = np.take_along_axis(values, before, 0)
        return first + (np.take_along_axis(values, index, 0) - first) * between

    distance = seen(away)
    haze = np.clip((distance - camera.near) / (camera.far - camera.near), 0, 1)
    return View(hit, seen(right), distance, seen(up), seen(light), seen(steep), haze)


def paint(canvas: Canvas, view: View, colour: Array, air: Array, haze: float = 0.8) -> None:
    """Paint the land, with the air between it and the camera."""
    faded = mix(colour, air, haze * step(0, 1, view.haze))
    canvas.cover(faded, view.land)


def _lighting(
    up: Array, right: Array, away: Array, sun: tuple[float, float, float]
) -> tuple[Array, Array]:
    slope_right = np.gradient(up, axis=1) / np.gradient(right, axis=1)
    slope_away = np.gradient(up, axis=0) / np.gradient(away, axis=0)
    length = np.sqrt(1 + slope_right**2 + slope_away**2)
    direction = np.array(sun) / np.linalg.norm(sun)
    facing = (-slope_right * direction[0] + direction[1] - slope_away * direction[2]) / length
    return np.clip(facing, 0, 1).astype(np.float32), (1 - 1 / length).astype(np.float32)


def _first_hits(canvas: Canvas, highest: Array, horizon: float) -> tuple[Steps, Array, Array]:
    """Find for each pixel the first step as high as it looks, and how far before it the hit is."""
    steps, columns = highest.shape
    # One sorted list of all columns: each is moved into a range of its own.
    offset = np.arange(columns, dtype=np.float64) * 64
    flat = (np.clip(highest, -16, 16) + offset).T.ravel()
    wanted = horizon - canvas.y.astype(np.float64) + offset
    index = np.searchsorted(flat, wanted.ravel()).reshape(wanted.shape)
    index = index - np.arange(columns) * steps
    hit = (index < steps).astype(np.float32)
    index = np.clip(index, 0, steps - 1)
    upper = np.take_along_axis(highest, index, 0)
    lower = np.take_along_axis(highest, np.maximum(index - 1, 0), 0)
    gap = np.maximum(upper - lower, 1e-6)
    between = np.clip((wanted - offset - lower) / gap, 0, 1)
    return index, between, hit
