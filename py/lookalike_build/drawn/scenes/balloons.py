"""Hot-air balloons."""

import numpy as np

from lookalike_build.drawn import sky
from lookalike_build.drawn.paint import Array, Board, Canvas, mix, ramp, rgb, step
from lookalike_build.drawn.terrain import Camera, look, paint

STRIPES = [
    ["d8262c", "f6c12c"],
    ["1f6fc4", "f4f4ee"],
    ["e2571e", "7a2a6e", "f2b32a"],
    ["1c8a5a", "f0e14a"],
    ["c21f5a", "f7f0e6"],
]


def balloons(canvas: Canvas) -> None:
    """Paint hot-air balloons over hills at dawn."""
    horizon = canvas.some(0.62, 0.74)
    tops = canvas.one_of(
        [
            ("4f7fc4", "a6c3e6", "fbe0c0"),
            ("52609c", "d79aa0", "ffd9a0"),
            ("3f8ad0", "8fc3ee", "e9f3f6"),
        ]
    )
    sky.air(canvas, horizon, tops)
    sky.clouds(canvas, horizon, canvas.some(0.1, 0.5), "fff6ea", "b9b3c6", 1.8)
    noise, start = canvas.noise, canvas.some(0, 50)

    def heights(right: Array, away: Array) -> Array:
        return noise(right * 0.25 + start, away * 0.25 + start, 4, 0.45) * 1.5

    view = look(canvas, heights, Camera(1.6, horizon, 0.8, 13.0), (0.9, 0.45, -0.1))
    kinds = [(0.3, rgb("5d6b35")), (0.55, rgb("a08a52")), (0.7, rgb("c9a66b"))]
    ground = ramp(noise(view.right * 0.8, view.away * 0.8, 3), kinds)
    rough = 0.8 + 0.4 * noise(view.right * 24, view.away * 16, 2)
    lit = (0.4 + 0.75 * view.light) * rough
    paint(canvas, view, ground * lit[..., None], rgb(tops[-1]), 0.8)
    for size in sorted(canvas.rng.uniform(0.035, 0.16, int(canvas.some(3, 9)))):
        x, y = canvas.some(0.1, 0.9) * canvas.aspect, canvas.some(0.18, horizon - 0.14)
        part = canvas.crop(x - size * 1.2, y - size * 1.2, x + size * 1.2, y + size * 1.9)
        _balloon(part, x, y, float(size), rgb(tops[-1]))


def _balloon(canvas: Canvas, x: float, y: float, size: float, air: Array) -> None:
    dx, dy = (canvas.x - x) / size, (canvas.y - y) / size
    # An envelope: a ball above, drawn in to the mouth below.
    ball = np.sqrt(np.clip(1 - dy * dy, 0, 1))
    cone = 1 - 0.86 * np.clip(dy / 1.42, 0, 1) ** 1.7
    half = np.maximum(np.where(dy < 0, ball, cone), 1e-3)
    inside = step(1.03, 0.96, np.abs(dx) / half) * (dy > -1) * (dy < 1.3)
    gore = np.arcsin(np.clip(dx / half, -1, 1)) / np.pi * 12 + 60
    codes = canvas.one_of(STRIPES)
    hues = np.stack([rgb(code) for code in codes])[np.floor(gore).astype(int) % len(codes)]
    light = np.clip(0.72 + 0.42 * dx - 0.18 * dy - 0.12 * np.abs(gore % 1 - 0.5), 0.3, 1.15)
    canvas.cover(mix(hues * light[..., None], air, 0.35 * (1 - size / 0.16)), inside)

    def basket(board: Board) -> None:
        foot = y + size * 1.62
        board.box(x - size * 0.13, foot - size * 0.16, x + size * 0.13, foot + size * 0.05)
        for side in (-size, size):
            board.line([(x + side * 0.16, y + size * 1.28), (x + side * 0.11, foot)], 0.002)

    canvas.cover(rgb("4a3220"), canvas.draw(basket))
