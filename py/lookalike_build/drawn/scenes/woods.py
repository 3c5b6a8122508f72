"""A misty forest, and the trees of other pictures."""

import numpy as np

from lookalike_build.drawn.paint import Array, Board, Canvas, Point, mix, ramp, rgb, step


def pines(canvas: Canvas, ground: float, tall: float, count: int) -> Array:
    """Give the mask of a row of pines that stand on a line, `tall` at most."""
    places = canvas.rng.uniform(-0.05, canvas.aspect + 0.05, count)
    sizes = tall * canvas.rng.uniform(0.4, 1.0, count)
    feet = ground + tall * canvas.rng.uniform(-0.05, 0.12, count)
    jags = canvas.rng.uniform(0.65, 1.35, (count, 2, 9))

    def shapes(board: Board) -> None:
        for x, size, foot, jag in zip(places, sizes, feet, jags, strict=True):
            right, left = _boughs(jag[0]), _boughs(jag[1])
            outline = [(0.0, 1.0), *right, *((-px, py) for px, py in reversed(left))]
            board.polygon([(x + px * size, foot - py * size) for px, py in outline])

    return canvas.draw(shapes)


def _boughs(jags: Array) -> list[Point]:
    """Outline one side of a pine of height 1, from the top down."""
    edge: list[Point] = []
    for layer, jag in enumerate(jags):
        down = (layer + 1) / len(jags)
        reach = 0.17 * down * float(jag)
        edge += [(reach, 1 - down), (reach * 0.5, 1.015 - down)]
    return edge


def tree(canvas: Canvas, x: float, foot: float, tall: float) -> None:
    """Paint a broad tree that stands in the sun."""
    crown_y, radius = foot - tall * 0.62, tall * 0.40
    part = canvas.crop(x - tall, foot - tall * 1.3, x + tall * 1.2, foot + 0.06)
    shadow = np.hypot((part.x - x - radius * 0.5) / (radius * 1.4), (part.y - foot) / 0.022)
    part.cover(rgb("1d3a12"), 0.55 * step(1.1, 0.5, shadow))
    wide, low = tall * 0.035, foot + 0.004
    trunk = [(x - wide * 1.6, low), (x + wide * 1.6, low), (x + wide, crown_y), (x - wide, crown_y)]
    part.cover(rgb("3b2a1c"), part.draw(lambda board: board.polygon(trunk)))
    rough = part.grain(2.7 / tall, 5)
    distance = np.hypot((part.x - x) * 0.9, part.y - crown_y) / radius
    crown = step(1.12, 0.94, distance + (rough - 0.5) * 1.1)
    sunny = np.clip(0.5 + ((part.x - x) - (part.y - crown_y)) / radius * 0.38, 0, 1)
    part.cover(mix(rgb("16300e"), rgb("7ba33a"), sunny * (0.25 + 1.1 * part.grain(70))), crown)


def forest(canvas: Canvas) -> None:
    """Paint trunks in mist, with light falling through."""
    light, dim, bark = canvas.one_of(
        [
            ("f4efc0", "5d8a4a", "1c1d12"),
            ("fbe3b0", "a5843f", "2a1a0f"),
            ("e3efe9", "6f938c", "17221f"),
            ("fff0c8", "4f8030", "17180d"),
        ]
    )
    glow_x = canvas.some(0.25, 0.75) * canvas.aspect
    canvas.cover(ramp(canvas.y, [(0, rgb(dim)), (0.45, rgb(light)), (0.75, rgb(dim))]))
    canvas.glow(glow_x, 0.36, 0.6, rgb(light), 0.7)
    for near in np.linspace(0, 1, 5).tolist():
        colour = mix(rgb(light), rgb(bark), 0.22 + 0.78 * near**0.8)
        _foliage(canvas, near, mix(rgb(dim), rgb(bark), 0.1 + 0.55 * near))
        _trunks(canvas, near, colour)
        _floor(canvas, near, rgb(dim), rgb(light), glow_x)
    _rays(canvas, glow_x, rgb(light))


def _foliage(canvas: Canvas, near: float, green: Array) -> None:
    part = canvas.crop(0, 0, canvas.aspect, 0.56)
    tuft = part.noise(part.x * (9 - 4 * near) + 31 * near, part.y * (11 - 4 * near), 5)
    edge = 0.42 + 0.55 * step(0.0, 0.55 - 0.28 * near, part.y)
    leaves = 0.55 + 0.9 * part.noise(part.x * 55 + 9 * near, part.y * 55, 2)
    part.cover(green * leaves[..., None], step(edge, edge + 0.10, tuft) * (0.55 + 0.35 * near))


def _trunks(canvas: Canvas, near: float, colour: Array) -> None:
    count = int(14 - 10 * near) + int(canvas.some(0, 2))
    foot, wide = 0.64 + 0.22 * near, 0.005 + 0.026 * near**1.5
    trunks = [
        (canvas.some(0, canvas.aspect), canvas.some(-0.03, 0.03), wide * canvas.some(0.6, 1.3))
        for _ in range(count)
    ]

    def shapes(board: Board) -> None:
        for x, lean, half in trunks:
            top, low = x + lean, foot + 0.03
            left = [(top - half * 0.7, -0.02), (x - half, foot - 0.06), (x - half * 1.9, low)]
            right = [(x + half * 1.9, low), (x + half, foot - 0.06), (top + half * 0.7, -0.02)]
            board.polygon([*left, *right])

    ribs = canvas.noise(canvas.x * (45 + 60 * (1 - near)), canvas.y * 7, 3)
    canvas.cover(colour * (0.6 + 0.8 * ribs)[..., None], canvas.draw(shapes))


def _floor(canvas: Canvas, near: float, dim: Array, light: Array, glow_x: float) -> None:
    """Paint the strip of ground that this distance's trunks stand on."""
    part = canvas.crop(0, 0.56 + 0.22 * near, canvas.aspect, 1)
    line = 0.66 + 0.22 * near + 0.03 * (part.along(4) - 0.5)
    tufts = 0.02 * (0.5 + near) * part.along(60, 2)
    grass = part.noise(part.x * 40, part.y * 90 + 20 * near, 3)
    beam = np.exp(-(((part.x - glow_x) / (0.25 + 0.3 * near)) ** 2))
    lit = step(0.45, 0.68, part.noise(part.x * 4, part.y * 13 + 9 * near, 3)) * beam
    shade = 0.80 - 0.45 * near + 0.75 * (grass - 0.5)
    colour = mix(light, dim * shade[..., None], 0.55 + 0.45 * near)
    part.cover(colour + light * (0.45 * lit)[..., None], part.below(line - tufts))


def _rays(canvas: Canvas, x: float, light: Array) -> None:
    angle = np.arctan2(canvas.y + 0.35, canvas.x - x)
    beams = canvas.noise(angle * 9 + 5, angle * 0 + 2, 3)
    fade = step(1.0, 0.1, canvas.y) * np.exp(-np.abs(canvas.x - x) * 1.1)
    canvas.shine(light, step(0.48, 0.75, beams) * fade * 0.45)
