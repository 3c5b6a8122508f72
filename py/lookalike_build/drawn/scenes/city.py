"""A city at night."""

import numpy as np

from lookalike_build.drawn import sky
from lookalike_build.drawn.paint import Array, Board, Canvas, mix, rgb, step


def city(canvas: Canvas) -> None:
    """Paint a skyline with lit windows, over water."""
    horizon = canvas.some(0.64, 0.74)
    tops = canvas.one_of(
        [
            ("070d22", "1a2a55", "5b4a78"),
            ("0a1230", "273a6e", "c07a6a"),
            ("05070f", "121b33", "32405f"),
            ("141a45", "4b4f8c", "f0a878"),
        ]
    )
    sky.air(canvas, horizon, tops)
    sky.clouds(canvas, horizon, canvas.some(0.1, 0.5), tops[-1], tops[0], 2.0)
    canvas.glow(canvas.aspect * canvas.some(0.3, 0.7), horizon, 0.55, rgb("ffb070"), 0.5)
    for near in (0.0, 0.5, 1.0):
        _blocks(canvas, horizon, near, rgb(tops[-1]))
    lamps = np.exp(-(((canvas.y - horizon) / 0.006) ** 2))
    canvas.shine(rgb("ffcf87"), lamps * step(0.45, 0.7, canvas.along(30, 2)))
    bloom = canvas.rgb * (canvas.rgb.max(axis=-1) > 0.6)[..., None]
    canvas.mirror(horizon + 0.008, canvas.some(0.10, 0.22), rgb("050a18"), 0.8)
    _streaks(canvas, horizon, bloom)


def _blocks(canvas: Canvas, horizon: float, near: float, air: Array) -> None:
    x = canvas.some(-0.10, 0.0)
    while x < canvas.aspect + 0.05:
        wide = canvas.some(0.04, 0.11) * (0.7 + 0.5 * near)
        centre = 1 - abs(x / canvas.aspect - 0.5) * 1.1
        tall = canvas.some(0.08, 0.30 + 0.30 * (1 - near)) * (0.45 + 0.65 * centre)
        part = canvas.crop(x - 0.01, horizon - tall - 0.16, x + wide + 0.01, horizon + 0.01)
        _tower(part, (x, horizon - tall, x + wide, horizon), near, air)
        x += wide * canvas.some(0.85, 1.5)


def _tower(canvas: Canvas, box: tuple[float, float, float, float], near: float, air: Array) -> None:
    left, top, right, bottom = box
    kind, peak = canvas.rng.random(), canvas.some(0.02, 0.07)
    middle, wide = (left + right) / 2, right - left

    def shapes(board: Board) -> None:
        board.box(left, top, right, bottom)
        if kind < 0.25:
            board.polygon([(left, top), (middle, top - peak), (right, top)])
        elif kind < 0.5:
            board.box(left + wide * 0.2, top - peak * 0.5, right - wide * 0.2, top)
        if kind < 0.12 or kind > 0.85:
            board.box(middle - 0.002, top - peak * 1.8, middle + 0.002, top)

    dark = rgb(canvas.one_of(["0b1020", "131a2c", "1a1620"]))
    side = 0.8 + 0.4 * np.clip((canvas.x - left) / wide, 0, 1)[..., None]
    mask = canvas.draw(shapes)
    canvas.cover(mix(air * 0.6, dark, 0.3 + 0.65 * near) * side, mask)
    _windows(canvas, left, top, mask)


def _windows(canvas: Canvas, left: float, top: float, mask: Array) -> None:
    wide, high = canvas.some(0.006, 0.011), canvas.some(0.010, 0.015)
    u, v = (canvas.x - left) / wide, (canvas.y - top) / high
    column, row = np.floor(u), np.floor(v)
    seed, awake = canvas.some(0, 100), canvas.some(-0.10, 0.06)
    room = canvas.noise.once(column * 7.31 + seed, row * 5.77 + seed)
    floor = canvas.noise.once(column * 0 + seed, row * 3.1 + seed)
    lit = step(0.52, 0.70, room * 0.6 + floor * 0.42 + awake)
    pane = step(0.10, 0.30, u - column) * step(1.0, 0.85, u - column)
    pane = pane * step(0.20, 0.36, v - row) * step(0.95, 0.80, v - row)
    warm = canvas.noise.once(column * 3.3 + seed, row * 9.1)
    lamp = mix(rgb("ff9f45"), rgb(canvas.one_of(["fff0cf", "cfe4ff", "ffe3a0"])), warm)
    canvas.shine(lamp, lit * pane * mask * (0.3 + 0.65 * room))


def _streaks(canvas: Canvas, horizon: float, bloom: Array) -> None:
    """Draw the lights out over the water, as ripples do."""
    column = bloom[: int(horizon * canvas.height)].mean(axis=0)
    kernel = np.hanning(max(int(canvas.height * 0.02), 3))
    kernel = kernel / kernel.sum()
    column = np.stack([np.convolve(column[:, i], kernel, "same") for i in range(3)], -1)
    depth = np.maximum(canvas.y - horizon, 0)
    shiver = 0.45 + 0.8 * canvas.noise(canvas.x * 8, canvas.y * 70, 3)
    fall = np.exp(-depth * 4.5) * shiver * (canvas.y > horizon + 0.008)
    canvas.shine(np.clip(column[None] * 4, 0, 1).astype(np.float32), fall)
