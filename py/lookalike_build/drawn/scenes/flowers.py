"""A field of flowers, a daisy close up."""

import numpy as np

from lookalike_build.drawn import sky
from lookalike_build.drawn.paint import Array, Canvas, mix, rgb, step

TULIPS = ["d8203a", "f0c22e", "e86aa0", "f4f0e8"]
LAVENDER = ["7b4fb5", "8d63c9", "6a48a8"]
POPPIES = ["d6281f", "e0402a", "c81f28"]
RAPE = ["f2c11d", "f7d23e", "e8ad12"]


def flower_field(canvas: Canvas) -> None:
    """Paint rows of flowers up to the horizon."""
    horizon = canvas.some(0.30, 0.42)
    tops = canvas.one_of([("3f83cf", "9cc6ea", "eef4f4"), ("5c76b3", "e3a896", "fbdcae")])
    sky.air(canvas, horizon, tops)
    sky.clouds(canvas, horizon, canvas.some(0.2, 0.7), "ffffff", "b3bfd3", 1.3)
    trees = canvas.noise(canvas.x * 26, canvas.y * 30, 4)
    wood = mix(rgb("3f6450"), rgb("8aa390"), trees)
    canvas.cover(wood, canvas.below(horizon - 0.08 * canvas.along(1.8, 6)))
    palette = canvas.one_of([TULIPS, TULIPS, LAVENDER, POPPIES, RAPE])
    _rows(canvas, horizon, palette)
    for near in np.linspace(0, 1, 5).tolist():
        for _ in range(int(canvas.aspect * (26 - 12 * near))):
            y = 0.70 + 0.30 * near + canvas.some(-0.04, 0.04)
            size = (0.010 + 0.016 * near) * canvas.some(0.8, 1.2)
            _cup(canvas, canvas.some(0, canvas.aspect), y, size, rgb(canvas.one_of(palette)))
    canvas.blur(0.010, step(0.84, 1.0, canvas.y))


def _rows(canvas: Canvas, horizon: float, palette: list[str]) -> None:
    depth = np.maximum(canvas.y - horizon, 1e-4)
    away = 1 / (depth + 0.02)
    centre = canvas.aspect * canvas.some(0.2, 0.8)
    across = (canvas.x - centre) * away + canvas.some(-0.3, 0.3) * away
    row = across * 1.1 + 100
    hues = np.stack([rgb(code) for code in palette])[np.floor(row).astype(int) % len(palette)]
    ridge = 0.5 + 0.5 * np.cos((row % 1 - 0.5) * 2 * np.pi)
    blossom = canvas.noise(across * 16, away * 14, 3, 0.7)
    bloom = step(0.30, 0.55, blossom * 0.7 + ridge * 0.42)
    green = mix(rgb("1f3d16"), rgb("5d8a34"), canvas.noise(across * 20 + 9, away * 12, 3))
    field = mix(green, hues * (0.62 + 0.62 * blossom)[..., None], bloom)
    field = mix(field, rgb("cfd8d6"), 0.45 * np.exp(-depth * 14))
    canvas.cover(field, step(0.0, 0.01, canvas.y - horizon))


def _cup(canvas: Canvas, x: float, y: float, size: float, hue: Array) -> None:
    part = canvas.crop(x - size * 1.4, y - size * 1.6, x + size * 1.4, y + size * 3)
    dx, dy = (part.x - x) / size, (part.y - y) / size
    part.cover(rgb("35601f"), step(0.22, 0.05, np.abs(dx)) * (dy > 0) * 0.7)
    petals = 1.15 - 0.22 * np.abs(np.sin(dx * 4.2))
    top = step(-petals, -petals + 0.2, dy)
    body = np.abs(dx) / np.sqrt(np.clip(1 - np.clip(dy, -0.2, 1.2) ** 2, 0.01, 1)) / 0.85
    light = np.clip(0.92 - dy * 0.25 + dx * 0.22 - 0.18 * np.abs(np.sin(dx * 4.2)), 0.4, 1.25)
    part.cover(hue * light[..., None], top * step(1.08, 0.88, body) * step(1.05, 0.85, dy))


def daisy(canvas: Canvas) -> None:
    """Paint one flower, close, before a soft background."""
    canvas.cover(rgb(canvas.one_of(["2f5a22", "3d6a2a", "24451d", "4a6b3a"])))
    canvas.cover(rgb("86b04e"), step(0.35, 0.8, canvas.grain(2.2)) * 0.8)
    for _ in range(26):
        x, y, r = canvas.some(0, canvas.aspect), canvas.some(0, 1), canvas.some(0.03, 0.12)
        light = rgb(canvas.one_of(["f4f0c0", "d8e89a", "ffffff", "ffe28a"]))
        disc = step(r * 1.1, r * 0.9, np.hypot(canvas.x - x, canvas.y - y))
        canvas.shine(light, disc * canvas.some(0.05, 0.35))
    canvas.blur(0.022)
    petals = rgb(canvas.one_of(["fdfcf6", "fdfcf6", "f2c433", "e9a6c8", "c9b3ea"]))
    x, y = canvas.some(0.35, 0.65) * canvas.aspect, canvas.some(0.40, 0.58)
    centre = x + canvas.some(-0.25, 0.25) * np.maximum(canvas.y - y, 0) ** 1.5
    side = np.abs(canvas.x - centre) / 0.016
    stem = mix(rgb("6f9a3c"), rgb("2b4d1a"), np.clip(side, 0, 1))
    canvas.cover(stem, step(1.1, 0.8, side) * (canvas.y > y))
    radius, tilt = canvas.some(0.28, 0.44), canvas.some(0.72, 1.0)
    dx, dy = (canvas.x - x) / radius, (canvas.y - y) / radius / tilt
    for layer in (0, 1):
        _petals(canvas, dx, dy, layer, petals)
    _eye(canvas, dx, dy)


def _petals(canvas: Canvas, dx: Array, dy: Array, layer: int, colour: Array) -> None:
    count, turn = int(canvas.some(13, 22)), canvas.some(0, 6)
    place = (np.arctan2(dy, dx) + turn) / (2 * np.pi) * count
    which, sector = np.floor(place), place % 1 - 0.5
    reach = 0.90 + 0.16 * canvas.noise.once(which * 5.3 + 40, which * 0) - 0.06 * layer
    inside = np.hypot(dx, dy) / reach
    taper = np.sin(np.pi * np.clip(inside, 0, 1) ** 0.72)
    width = 0.46 * np.sqrt(np.clip(taper, 0, 1)) + 0.05
    edge = np.abs(sector) / width
    canvas.cover(rgb("1b2a14"), step(1.25, 0.9, edge) * step(1.04, 0.95, inside) * 0.35)
    veins = 0.03 * np.cos(sector * 40) * np.clip(inside, 0, 1)
    shade = 0.90 + 0.10 * np.cos(sector * 5) + veins
    shade = shade * (0.70 + 0.30 * np.clip(inside * 1.4, 0, 1)) * (0.80 + 0.20 * layer)
    light = np.clip(1.0 - 0.10 * (dx + dy), 0.85, 1.1)
    petal = step(1.0, 0.9, edge) * step(1.0, 0.97, inside)
    canvas.cover(colour * (shade * light)[..., None], petal)


def _eye(canvas: Canvas, dx: Array, dy: Array) -> None:
    distance = np.hypot(dx, dy) / 0.27
    dots = canvas.noise(dx * 60 + 40, dy * 60 + 40, 2)
    dome = np.clip(1.05 - 0.55 * distance + 0.35 * (-dx - dy), 0.3, 1.2)
    canvas.cover(rgb("3a2a10"), step(1.25, 0.9, distance) * 0.35)
    canvas.cover(mix(rgb("a85c0c"), rgb("ffd23a"), dots * dome), step(1.03, 0.94, distance))
