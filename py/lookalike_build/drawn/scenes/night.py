"""The night sky: the Milky Way, the moon, northern lights."""

import numpy as np

from lookalike_build.drawn import sky
from lookalike_build.drawn.paint import Canvas, mix, ramp, rgb, step
from lookalike_build.drawn.scenes.woods import pines


def milky_way(canvas: Canvas) -> None:
    """Paint stars over a dark land, some with the moon."""
    horizon = canvas.some(0.74, 0.86)
    tops = canvas.one_of(
        [
            ("050a1c", "0e1c3d", "32466b"),
            ("0a0a1e", "241f47", "6a4a63"),
            ("03101c", "0c2f45", "3f6f78"),
        ]
    )
    sky.air(canvas, horizon, tops)
    if canvas.rng.random() < 0.3:
        x, y = canvas.some(0.2, 0.8) * canvas.aspect, canvas.some(0.15, 0.38)
        sky.moon(canvas, x, y, canvas.some(0.045, 0.085))
    else:
        _galaxy(canvas)
    sky.stars(canvas, horizon, int(800 * canvas.aspect))
    dawn = canvas.aspect * canvas.some(0.2, 0.8)
    canvas.glow(dawn, horizon + 0.02, 0.30, rgb("e8a86a"), canvas.some(0.1, 0.6))
    for dark, sink in (("131c2e", 0.0), ("070b12", 0.07)):
        rise = 0.16 * canvas.crests(1.4)
        canvas.cover(rgb(dark), canvas.below(horizon - rise + 0.06 + sink))
    if canvas.rng.random() < 0.6:
        canvas.cover(rgb("04070b"), pines(canvas, 1.02, canvas.some(0.2, 0.42), 16))


def _galaxy(canvas: Canvas) -> None:
    angle, offset = canvas.some(-1.1, 1.1), canvas.some(-0.12, 0.12)
    x, y = canvas.x - canvas.aspect / 2, canvas.y - 0.42
    across = x * np.cos(angle) + y * np.sin(angle) * 0.6 + offset
    along = -x * np.sin(angle) + y * np.cos(angle)
    cloud = canvas.noise(across * 5 + 30, along * 3 + 30, 6, 0.6)
    band = np.exp(-((across / 0.20) ** 2))
    gaps = step(0.40, 0.62, canvas.noise(along * 6, across * 14, 5))
    lane = np.exp(-(((across + 0.03) / 0.055) ** 2)) * gaps
    light = np.clip(band * (0.15 + 1.3 * step(0.35, 0.8, cloud)) - 0.7 * lane, 0, 1)
    tint = ramp(cloud, [(0.3, rgb("5a6fb0")), (0.55, rgb("c3b1d6")), (0.75, rgb("ffe2c4"))])
    canvas.shine(tint, light * 0.62)
    dust = canvas.rng.random(light.shape) < 0.02 * band
    canvas.shine(rgb("eef0ff"), dust * canvas.rng.random(light.shape) * 0.7)


def aurora(canvas: Canvas) -> None:
    """Paint northern lights over snow."""
    horizon = canvas.some(0.68, 0.78)
    sky.air(canvas, horizon, ("040a1a", "0a1c33", "16404a"))
    sky.stars(canvas, horizon, int(350 * canvas.aspect))
    for _ in range(int(canvas.some(2, 4.9))):
        _curtain(canvas, horizon)
    ridge = horizon - 0.20 * canvas.crests(1.2) + 0.03
    face = canvas.noise(canvas.x * 16 - canvas.y * 10, canvas.y * 14, 4)
    snow = mix(rgb("0d1a2b"), rgb("6f9aa5"), step(0.45, 0.7, face) * 0.75)
    canvas.cover(snow, canvas.below(ridge))
    if canvas.rng.random() < 0.5:
        canvas.mirror(horizon + 0.03, 0.05, rgb("03141a"), 0.85)
        return
    depth = np.maximum(canvas.y - horizon - 0.03, 0)
    drifts = canvas.noise(canvas.x * 3 / (depth + 0.3), 2 / (depth + 0.12), 4)
    field = mix(rgb("1d3947"), rgb("9cc9bd"), drifts * step(0.0, 0.3, depth + 0.12))
    canvas.cover(field, step(0, 0.02, canvas.y - horizon - 0.03))
    canvas.cover(rgb("04100f"), pines(canvas, horizon + 0.06, 0.17, 20))


def _curtain(canvas: Canvas, horizon: float) -> None:
    fold = canvas.along(1.5) - 0.5
    tilt = canvas.some(-0.15, 0.15) * (canvas.x - canvas.aspect / 2)
    up = canvas.some(0.45, 0.85) * horizon + 0.5 * fold + tilt - canvas.y
    start = canvas.some(0, 50)
    rays = canvas.noise(canvas.x * 13 + fold * 14 + start, canvas.y * 0.8, 4)
    hem = np.exp(np.minimum(up, 0) * 45)
    body = np.where(up > 0, np.exp(-np.maximum(up, 0) * 5.0), hem)
    high = rgb(canvas.one_of(["8a5bd6", "d65bb0", "3fa0c8"]))
    colour = ramp(up, [(0.0, rgb("5dffb0")), (0.18, rgb("3fd890")), (0.42, high)])
    canvas.shine(colour, body * (0.2 + 0.95 * step(0.3, 0.75, rays)) * 0.8)
