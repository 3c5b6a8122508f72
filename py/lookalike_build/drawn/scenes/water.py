"""A sunset over the sea, a beach, a sailing boat."""

from itertools import pairwise

import numpy as np

from lookalike_build.drawn import sky
from lookalike_build.drawn.paint import Array, Board, Canvas, Point, mix, ramp, rgb, step


def sea(canvas: Canvas, horizon: float, far: str, near: str, rough: float = 1.0) -> Array:
    """Paint open water, and give its waves as a mask from trough to crest."""
    depth = np.maximum(canvas.y - horizon, 1e-4)
    away = 1 / (depth + 0.012)
    u = (canvas.x - canvas.aspect / 2) * away * 1.6 + 60
    waves = canvas.noise(u, away * 3.4 + 60, 4, 0.6)
    base = ramp(depth / (1 - horizon), [(0, rgb(far)), (1, rgb(near))])
    crest = (waves - 0.5) * rough * step(0.0, 0.05, depth)
    canvas.cover(np.clip(base * (1 + 0.75 * crest[..., None]), 0, 1), canvas.below(horizon))
    return waves


def headland(canvas: Canvas, horizon: float, colour: Array) -> None:
    """Paint land that reaches into the sea from one side."""
    side, reach = canvas.one_of([0.0, canvas.aspect]), canvas.some(0.3, 0.75)
    inward = np.clip(1 - np.abs(canvas.x - side) / reach, 0, 1)
    rise = inward**0.8 * (0.05 + 0.20 * canvas.crests(2.4, 5))
    shore = np.abs(canvas.y - horizon) * np.where(canvas.y > horizon, 5, 1)
    slopes = canvas.noise(canvas.x * 22 - canvas.y * 14, canvas.y * 18, 4)
    face = colour * (0.72 + 0.56 * slopes)[..., None]
    canvas.cover(face, step(-0.003, 0.003, rise - shore) * (inward > 0))


def sunset(canvas: Canvas) -> None:
    """Paint the sun going down over the sea."""
    tops = canvas.one_of(
        [
            ("27305f", "7c4a7d", "e2705a", "ffb45e"),
            ("1e3a6e", "6f6fa0", "f0a070", "ffd890"),
            ("3b1f4f", "a63c5c", "f2703c", "ffc04a"),
            ("20293f", "6b4156", "c9583c", "f79a3e"),
        ]
    )
    horizon = canvas.some(0.50, 0.68)
    sky.air(canvas, horizon, tops)
    sky.clouds(canvas, horizon, canvas.some(0.35, 0.8), tops[-1], tops[1], 2.2)
    x, y = canvas.some(0.2, 0.8) * canvas.aspect, horizon - canvas.some(0.0, 0.16)
    sky.sun(canvas, x, y, canvas.some(0.032, 0.05), tops[-1])
    waves = sea(canvas, horizon, tops[2], "14182f", 1.2)
    depth = np.maximum(canvas.y - horizon, 0)
    path = np.exp(-(((canvas.x - x) / (0.035 + 0.30 * depth)) ** 2))
    canvas.shine(rgb(tops[-1]), path * step(0.36, 0.66, waves) * step(0.0, 0.01, depth) * 0.95)
    if canvas.rng.random() < 0.6:
        headland(canvas, horizon, rgb("120d18"))
    if canvas.rng.random() < 0.4:
        _birds(canvas, horizon * 0.55)


def _birds(canvas: Canvas, height: float) -> None:
    flock = [
        (canvas.some(0.1, 0.9) * canvas.aspect, height + canvas.some(-0.15, 0.15))
        for _ in range(int(canvas.some(3, 8)))
    ]

    def shapes(board: Board) -> None:
        for x, y in flock:
            wing = [(-0.02, -0.007), (-0.008, -0.010), (0, 0), (0.008, -0.010), (0.02, -0.006)]
            board.line([(x + dx, y + dy) for dx, dy in wing], 0.004)

    canvas.cover(rgb("15101a"), canvas.draw(shapes))


def beach(canvas: Canvas) -> None:
    """Paint sand, surf and clear water."""
    horizon = canvas.some(0.30, 0.42)
    tops = canvas.one_of([("2a7bd0", "6db2ea", "d3ecf7"), ("3f8fd6", "8fc6ee", "eaf3f2")])
    sky.air(canvas, horizon, tops)
    sky.clouds(canvas, horizon, canvas.some(0.15, 0.7), "ffffff", "b9cbdd", 1.3)
    deep, clear = canvas.one_of([("1c5f93", "58cfc4"), ("18708f", "6fd8cf"), ("2a6a9c", "7fc4c0")])
    sea(canvas, horizon, deep, clear, 0.7)
    if canvas.rng.random() < 0.5:
        headland(canvas, horizon, rgb("4c6a52"))
    slope, start = canvas.some(-0.42, 0.42), canvas.some(0.58, 0.72)
    shore = start + slope * (canvas.x - canvas.aspect / 2) + 0.07 * (canvas.along(2.2) - 0.5)
    inland = canvas.y - np.maximum(shore, horizon + 0.03)
    sand = rgb(canvas.one_of(["ecd6a8", "e6c796", "f3e4c6"]))
    away = 1 / (canvas.y - horizon + 0.12)
    dunes = 0.84 + 0.32 * canvas.noise(canvas.x * away * 3, away * 9, 4, 0.65)
    canvas.cover(rgb("a8e6dc"), step(-0.16, 0.0, inland) * 0.6)
    wet = mix(sand * 0.58, sand, step(0.01, 0.15, inland))
    canvas.cover(wet * dunes[..., None], step(-0.004, 0.012, inland))
    _surf(canvas, inland)
    if canvas.rng.random() < 0.5:
        _palm(canvas, canvas.one_of([0.08, 0.9]) * canvas.aspect)


def _surf(canvas: Canvas, inland: Array) -> None:
    lace = canvas.noise(canvas.x * 16, inland * 60, 4)
    for back, strength in ((0.0, 1.0), (0.065, 0.75), (0.125, 0.5)):
        bend = 0.028 * (canvas.along(4) - 0.5)
        across = (inland + back + bend) / (0.016 + 0.010 * strength)
        foam = np.exp(-(np.where(across > 0, across * 2.2, across * 0.7) ** 2))
        canvas.cover(rgb("fbfdfb"), strength * foam * step(0.30, 0.62, lace + 0.22 * foam))


def _palm(canvas: Canvas, x: float) -> None:
    lean = (canvas.aspect / 2 - x) * canvas.some(0.25, 0.45)
    top = canvas.some(0.16, 0.28)
    trail = [(t, (x + lean * t**1.6, 1.03 + (top - 1.03) * t)) for t in np.linspace(0, 1, 16)]
    turns = [canvas.some(-0.12, 0.12) + np.pi * (i / 8 * 1.3 - 0.15) for i in range(9)]
    fronds = [(turn, canvas.some(0.20, 0.29)) for turn in turns]

    def trunk(board: Board) -> None:
        for (t, here), (_, there) in pairwise(trail):
            board.line([here, there], 0.026 - 0.012 * t)

    def crown(board: Board) -> None:
        for turn, long in fronds:
            _frond(board, trail[-1][1], turn, long)

    bark = mix(rgb("4a3524"), rgb("8a6a48"), canvas.noise(canvas.x * 9, canvas.y * 60, 2))
    canvas.cover(bark, canvas.draw(trunk))
    canvas.cover(mix(rgb("1d3a16"), rgb("6b9a3c"), canvas.grain(30)), canvas.draw(crown))


def _frond(board: Board, start: Point, turn: float, long: float) -> None:
    """Draw one leaf: a rib that bends down, and leaflets that hang from it."""
    rib = []
    for t in np.linspace(0, 1, 30):
        x = start[0] - (0.25 * np.sign(np.cos(turn)) + 0.75 * np.cos(turn)) * long * t
        y = start[1] - np.sin(turn) * long * 0.6 * t + 0.55 * long * t * t
        rib.append((x, y))
        hang = 0.28 * long * np.sin(np.pi * min(0.15 + t, 1)) ** 0.7
        forward = -np.cos(turn) * hang * 0.5
        board.line([(x, y), (x + forward - 0.2 * hang, y + hang)], 0.0028)
        board.line([(x, y), (x + forward + 0.2 * hang, y + hang * 0.7)], 0.0028)
    board.line(rib, 0.005)


def sailing(canvas: Canvas) -> None:
    """Paint a white sail on a blue sea."""
    horizon = canvas.some(0.46, 0.60)
    tops = canvas.one_of([("2f74c0", "86b8e4", "e4eff5"), ("6d8fc0", "dcc4c4", "fbe4c8")])
    sky.air(canvas, horizon, tops)
    sky.clouds(canvas, horizon, canvas.some(0.2, 0.7), "ffffff", "a8b9cf", 1.5)
    if canvas.rng.random() < 0.5:
        headland(canvas, horizon, rgb("5d7488"))
    waves = sea(canvas, horizon, "4a86b8", "123d66", 1.5)
    sparkle = step(0.66, 0.82, waves) * step(0.03, 0.4, canvas.y - horizon)
    canvas.shine(rgb("ffffff"), sparkle * 0.5)
    for _ in range(canvas.one_of([1, 1, 2, 3])):
        x, foot = canvas.some(0.18, 0.82) * canvas.aspect, horizon + canvas.some(0.02, 0.14)
        _boat(canvas, x, foot, canvas.some(0.22, 0.40))


def _boat(canvas: Canvas, x: float, foot: float, tall: float) -> None:
    flip = canvas.one_of([-1, 1])

    def part(*points: Point) -> Array:
        outline = [(x + flip * px * tall, foot - py * tall) for px, py in points]
        return canvas.draw(lambda board: board.polygon(outline))

    cloth = rgb(canvas.one_of(["fdfbf4", "fdfbf4", "f6e7d0", "c8372d"]))
    folds = 0.86 + 0.14 * np.clip((canvas.x - x) * flip / tall * 2.5 + 0.5, 0, 1)[..., None]
    main = part((0.02, 0.13), (0.02, 1), (0.18, 0.62), (0.3, 0.3), (0.36, 0.13))
    jib = part((-0.02, 0.95), (-0.14, 0.55), (-0.34, 0.13), (-0.03, 0.16))
    canvas.cover(cloth * folds, main)
    canvas.cover(cloth * 0.9 * folds, jib)
    canvas.cover(rgb("3a2c22"), part((-0.006, 0.03), (-0.006, 1.03), (0.012, 1.03), (0.012, 0.03)))
    hull = rgb(canvas.one_of(["f4f4f2", "20304a", "7a1f22"]))
    canvas.cover(hull, part((-0.38, 0.10), (0.38, 0.09), (0.33, 0.0), (-0.28, 0.0)))
    depth = np.maximum(canvas.y - foot, 0)
    wobble = 0.05 * tall * (canvas.noise(canvas.x * 3, canvas.y * 60, 2) - 0.5)
    width = np.abs(canvas.x - x + wobble) / (tall * 0.30)
    gleam = step(1.0, 0.3, width) * np.exp(-depth / tall * 2.2) * (canvas.y > foot)
    canvas.shine(cloth, 0.45 * gleam)
    wake = np.exp(-(((canvas.y - foot) / 0.005) ** 2)) * step(1.6, 0.8, width)
    canvas.cover(rgb("eef5f8"), wake * 0.7)
