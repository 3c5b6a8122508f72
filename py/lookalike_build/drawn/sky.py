"""Skies: gradients, clouds on a plane overhead, suns, moons and stars."""

from collections.abc import Sequence

import numpy as np

from lookalike_build.drawn.paint import Array, Canvas, mix, ramp, rgb, step


def air(canvas: Canvas, horizon: float, codes: Sequence[str]) -> None:
    """Paint the sky from the top of the picture to the horizon, in colours named as "88aadd"."""
    places = np.linspace(0, horizon, len(codes))
    stops = [(place, rgb(code)) for place, code in zip(places, codes, strict=True)]
    canvas.cover(ramp(canvas.y, stops))


def clouds(
    canvas: Canvas, horizon: float, cover: float, lit: str, shade: str, stretch: float = 1.0
) -> None:
    """Paint clouds in perspective; `cover` is how much of the sky they take, from 0 to 1."""
    height = np.maximum(horizon - canvas.y, 0) + 0.09
    u = (canvas.x - canvas.aspect / 2) / height * 0.9 / stretch + 50
    v = 0.75 / height + 50
    field = canvas.noise(u, v, 5, 0.55)
    density = step(0.66 - 0.42 * cover, 0.98 - 0.42 * cover, field)
    thickness = np.clip((field - canvas.noise(u + 0.12, v + 0.22, 4, 0.55)) * 3 + 0.55, 0, 1)
    colour = mix(rgb(shade), rgb(lit), thickness)
    canvas.cover(colour, density * step(0.0, 0.10, horizon - canvas.y) * 0.95)


def sun(canvas: Canvas, x: float, y: float, radius: float, warm: str) -> None:
    """Paint a low sun, its disc and the light around it."""
    canvas.glow(x, y, 0.95, rgb(warm), 0.55)
    canvas.glow(x, y, 0.30, rgb(warm), 0.75)
    distance = np.hypot(canvas.x - x, canvas.y - y)
    canvas.cover(rgb("fff6d8"), step(radius * 1.15, radius * 0.85, distance))


def stars(canvas: Canvas, horizon: float, count: int) -> None:
    """Sprinkle stars, few bright and many faint."""
    rng = canvas.rng
    light = np.zeros((canvas.height, canvas.width), np.float32)
    columns = rng.integers(1, canvas.width - 1, count)
    rows = rng.integers(1, max(int(horizon * canvas.height), 3), count)
    power = rng.pareto(1.6, count).astype(np.float32) * 0.16 + 0.08
    # A star keeps its size on the picture whatever the picture's resolution.
    spread = max(canvas.height / 320, 1.0)
    np.maximum.at(light, (rows, columns), np.minimum(power * spread, 1.6))
    for axis in (0, 1):
        light = np.maximum(light, 0.45 * np.roll(light, 1, axis))
    canvas.shine(rgb("e8eeff"), light)


def moon(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Paint a moon with seas, lit from one side."""
    canvas.glow(x, y, radius * 7, rgb("9fb4e0"), 0.5)
    distance = np.hypot(canvas.x - x, canvas.y - y)
    disc = step(radius * 1.04, radius * 0.96, distance)
    seas = step(0.45, 0.65, canvas.grain(2.2 / radius * 0.3, 4))
    side = np.clip(0.75 + (canvas.x - x) / radius * canvas.some(-0.5, 0.5), 0.15, 1)
    face: Array = mix(rgb("fbf6e6"), rgb("b9b4ab"), seas) * side[..., None]
    canvas.cover(face, disc)
