"""Mountains, misty hills, dunes, a meadow."""

import numpy as np

from lookalike_build.drawn import sky
from lookalike_build.drawn.paint import Array, Canvas, mix, ramp, rgb, step
from lookalike_build.drawn.scenes.woods import pines, tree
from lookalike_build.drawn.terrain import Camera, look, paint


def mountain(canvas: Canvas) -> None:
    """Paint snowy peaks above a pine forest."""
    tops = canvas.one_of(
        [
            ("2f6fc0", "6ea3dd", "cfe2f2"),
            ("27508f", "7398c9", "f3d9c0"),
            ("3a4f86", "c98f9a", "fbd3a8"),
        ]
    )
    horizon = 0.66
    sky.air(canvas, horizon, tops)
    sky.clouds(canvas, horizon, canvas.some(0.1, 0.6), "ffffff", "a9bad2", 1.6)
    noise, start, peak = canvas.noise, canvas.some(0, 60), canvas.some(-3.0, 3.0)

    def heights(right: Array, away: Array) -> Array:
        crest = noise.ridged(right * 0.21 + start, away * 0.21 + start, 7, 0.42)
        bulk = np.exp(-(((right - peak) / 3.6) ** 2 + ((away - 9.5) / 3.2) ** 2))
        return (0.45 + crest * (1.3 + 2.9 * bulk) + 1.5 * bulk) * step(2.0, 6.5, away)

    side = canvas.one_of([-1.0, 1.0])
    view = look(canvas, heights, Camera(0.45, horizon, 2.5, 14.0), (side, 0.55, -0.35))
    patches = noise(view.right * 3.1, view.up * 2.3 + view.away * 2, 5)
    bare = view.steep * 1.5 + (0.5 - patches) * 1.5
    snow = step(-0.15, 0.25, view.up - canvas.some(0.5, 1.5) - bare * 0.8)
    sunlit = rgb(canvas.one_of(["fff4e6", "ffe3c4", "ffffff"]))
    white = mix(rgb("6482b8"), sunlit, step(0.05, 0.75, view.light))
    stone = 0.45 + 0.9 * noise(view.right * 6, view.up * 9, 4)
    rock = mix(rgb("262c3d"), rgb("8d8178"), view.light**0.8 * stone)
    woods = step(0.25, -0.25, view.up - 0.75 + (0.5 - patches) * 1.6)
    rock = mix(rock, rgb("2f4a45") * (0.5 + stone * view.light)[..., None], woods * 0.85)
    paint(canvas, view, mix(rock, white, snow), rgb(tops[-1]), 0.42)
    for layer, green in enumerate(["5f7d84", "36545a", "1b3330", "0f1f1a"]):
        line = 0.735 + 0.07 * layer + 0.07 * (canvas.along(1.4) - 0.5)
        trees = pines(canvas, 0.75 + 0.07 * layer, 0.035 + 0.05 * layer, 90 - 20 * layer)
        needles = 0.75 + 0.5 * canvas.noise(canvas.x * 90, canvas.y * 130 + layer, 2)
        mask = np.maximum(canvas.below(line), trees)
        canvas.cover(rgb(green) * needles[..., None], mask)


def hills(canvas: Canvas) -> None:
    """Paint ridge behind ridge in morning mist."""
    light, far, near = canvas.one_of(
        [
            ("ffd9a8", "d99a86", "2a2348"),
            ("fbe6cf", "8fb1cc", "12304a"),
            ("ffe9b8", "9bb6a0", "12332c"),
            ("f7cfd6", "a88bb5", "231a3d"),
        ]
    )
    horizon = canvas.some(0.36, 0.5)
    sky.air(canvas, horizon + 0.15, (far, light, "fff3dc"))
    sky.clouds(canvas, horizon, canvas.some(0.0, 0.5), "fff6e4", far, 2.4)
    sky.sun(canvas, canvas.some(0.2, 0.8) * canvas.aspect, horizon - 0.07, 0.034, light)
    layers = int(canvas.some(6, 8.9))
    for layer in range(layers):
        depth = layer / (layers - 1)
        base = horizon + (1.02 - horizon) * depth**1.25 * 0.86
        below = canvas.y - base + (canvas.crests(1.3 + 0.7 * depth) - 0.45) * (0.14 + 0.1 * depth)
        colour = mix(rgb(far), rgb(near), depth**0.9)
        colour = mix(colour, rgb(light), 0.42 * (1 - depth) ** 1.4)
        folds = 0.94 + 0.12 * canvas.noise(canvas.x * 12 - canvas.y * 9, canvas.y * 8 + layer, 4)
        canvas.cover(colour * folds[..., None], step(-0.003, 0.003, below))
        mist = step(0.0, 0.16, below) * (1 - 0.9 * depth)
        canvas.cover(rgb(light), mist * 0.55)


def desert(canvas: Canvas) -> None:
    """Paint dunes in low light."""
    horizon = canvas.some(0.34, 0.5)
    tops = canvas.one_of(
        [
            ("2d6db5", "7fb0dc", "f0dcc0"),
            ("5a7fb5", "d8b79c", "fbd7a0"),
            ("1f5da8", "5c9ad6", "d8e4ea"),
        ]
    )
    sky.air(canvas, horizon, tops)
    if canvas.rng.random() < 0.4:
        sky.clouds(canvas, horizon, 0.25, "fff7ea", "cdb9b0", 2.4)
    noise, start, turn = canvas.noise, canvas.some(0, 60), canvas.some(-0.9, 0.9)

    def heights(right: Array, away: Array) -> Array:
        bend = noise(right * 0.16 + start, away * 0.2, 2) * 3.4
        phase = (right * 0.42 + away * (0.30 * turn + 0.22) + start + bend) % 1.0
        # A dune climbs slowly on the windward side and drops at the angle of repose.
        dune = np.where(phase < 0.72, phase / 0.72, (1 - phase) / 0.28)
        dune = dune * dune * (3 - 2 * dune)
        size = 0.25 + 0.95 * noise(right * 0.2, away * 0.2 + start, 2)
        high: Array = dune * size * 0.95 + 0.25 * noise(right * 0.3, away * 0.3, 2)
        return high.astype(np.float32)

    side = canvas.one_of([-1.0, 1.0])
    camera = Camera(1.45, horizon, 0.9, 16.0, 700)
    view = look(canvas, heights, camera, (side, 0.42, 0.2))
    sand = canvas.one_of([("5b2f1d", "e8a765"), ("6b4630", "f0c58c"), ("4f2a20", "d98a52")])
    wander = 9 * noise(view.right * 3, view.away * 3, 2)
    ripples = np.sin((view.right * 0.6 + view.away) * 55 + wander)
    shade = step(0.03, 0.72, view.light) + 0.045 * ripples * np.exp(-view.away * 0.45)
    shade = shade + 0.06 * (noise(view.right * 30, view.away * 30, 2) - 0.5)
    paint(canvas, view, mix(rgb(sand[0]), rgb(sand[1]), np.clip(shade, 0, 1)), rgb(tops[-1]), 0.55)


def meadow(canvas: Canvas) -> None:
    """Paint rolling green hills under summer clouds, with a tree or more."""
    horizon = canvas.some(0.46, 0.56)
    sky.air(canvas, horizon, ("2568c4", "5d9be0", "cfe4f4"))
    sky.clouds(canvas, horizon, canvas.some(0.4, 0.75), "ffffff", "9db3cf")
    noise, start = canvas.noise, canvas.some(0, 60)

    def heights(right: Array, away: Array) -> Array:
        return noise(right * 0.22 + start, away * 0.2 + start, 3, 0.4) * 1.9

    view = look(canvas, heights, Camera(1.75, horizon, 0.8, 13.0), (0.7, 0.75, -0.3))
    fields = noise(view.right * 0.5 + 7, view.away * 0.45, 2)
    grass = ramp(fields, [(0.3, rgb("3f7a1f")), (0.5, rgb("74a832")), (0.68, rgb("b9b64a"))])
    blades = noise(view.right * 34, view.away * 22, 3)
    shadow = step(0.42, 0.60, noise(view.right * 0.35 + 30, view.away * 0.3, 3))
    lit = (0.35 + 0.75 * view.light) * (0.72 + 0.5 * blades) * (0.72 + 0.28 * shadow)
    paint(canvas, view, grass * lit[..., None], rgb("c5dcec"), 0.6)
    for _ in range(canvas.one_of([1, 1, 2, 3])):
        x, foot = canvas.some(0.12, 0.88) * canvas.aspect, horizon + canvas.some(0.08, 0.16)
        tree(canvas, x, foot, canvas.some(0.16, 0.30))
