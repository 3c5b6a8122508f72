"""A lake in autumn."""

import numpy as np

from lookalike_build.drawn import sky
from lookalike_build.drawn.paint import Canvas, mix, rgb, step
from lookalike_build.drawn.scenes.woods import pines

LEAVES = ["c9501e", "e09a26", "a63a1c", "d8b13a", "5f7a2c", "37542c"]


def lake(canvas: Canvas) -> None:
    """Paint trees in autumn colours, and their reflection."""
    horizon = canvas.some(0.48, 0.60)
    tops = canvas.one_of([("4f8fcb", "a9cbe6", "eef3f2"), ("7f93b5", "d9c3bd", "f8e3c6")])
    sky.air(canvas, horizon, tops)
    sky.clouds(canvas, horizon, canvas.some(0.2, 0.7), "ffffff", "b3bccb", 1.4)
    for blue, tall in (("8fa6bf", canvas.some(0.2, 0.4)), ("66809a", canvas.some(0.14, 0.24))):
        rise = tall * canvas.crests(1.3)
        slopes = canvas.noise(canvas.x * 14 - canvas.y * 7, canvas.y * 12, 3)
        face = rgb(blue) * (0.85 + 0.27 * slopes)[..., None]
        canvas.cover(face, canvas.below(horizon - rise - 0.02))
    for near in np.linspace(0, 1, 4).tolist():
        _wood(canvas, horizon, near)
    bank = horizon - 0.008 - 0.012 * canvas.along(9)
    grass = mix(rgb("4a3d1c"), rgb("9a8440"), canvas.grain(60))
    canvas.cover(grass, canvas.below(bank))
    canvas.mirror(horizon + 0.004, canvas.some(0.02, 0.09), rgb("1b2f3d"), 0.85)


def _wood(canvas: Canvas, horizon: float, near: float) -> None:
    if near > 0.5:
        canvas.cover(rgb("1c3326"), pines(canvas, horizon, 0.19, 8))
    for _ in range(int(canvas.aspect * (22 - 6 * near))):
        x, tall = canvas.some(0, canvas.aspect), canvas.some(0.04, 0.09) * (0.9 + near)
        foot = horizon + 0.004
        part = canvas.crop(x - tall, foot - tall * 1.6, x + tall, foot)
        rough = canvas.some(0, 50)
        edge = part.noise(part.x * 3.6 / tall + rough, part.y * 3.6 / tall, 4, 0.6) - 0.5
        across = (part.x - x) / (tall * 0.42)
        down = (part.y - foot + tall * 0.5) / (tall * 0.62)
        lit = 0.78 - 0.30 * down + 0.20 * across + edge * 1.3
        colour = rgb(canvas.one_of(LEAVES)) * np.clip(lit, 0.3, 1.25)[..., None]
        part.cover(colour * (0.75 + 0.25 * near), step(1.05, 0.92, np.hypot(across, down) + edge))
