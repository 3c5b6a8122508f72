"""Draws site/icon.svg as PNG files: `draw_icon.py ICON.SVG NAME-SIZE.png...`; needs Pillow.

The drawing is a background and two rectangles upon it, all with round corners; where those overlap,
the background shows. That is all of SVG that is read: no package of the project draws SVG.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageChops, ImageDraw

SHARPER = 8
"""Drawn so many times as large, then reduced: Pillow's own edges are not smooth."""
SAFE = 0.8
"""A maskable icon may be cut to the circle of this diameter."""


def main(drawing: str, *paths: str) -> None:
    """Draw an icon for each path, whose name ends in its size."""
    shapes = rectangles(Path(drawing).read_text("utf-8"))
    for path in map(Path, paths):
        kind, size = path.stem.split("-")
        icon(shapes, int(size), full=kind != "icon").save(path, optimize=True)


def rectangles(svg: str) -> list[dict[str, str]]:
    """The attributes of the rectangles of a drawing, in the order in which they are drawn.

    Raises:
        ValueError: there are not a background and two more.
    """
    # The file is the project's own.
    root = ElementTree.fromstring(svg)  # noqa: S314
    found = [dict(element.attrib) for element in root if element.tag.endswith("}rect")]
    if len(found) != 3:
        raise ValueError(f"the icon has {len(found)} rectangles, not 3")
    return found


def icon(shapes: Sequence[Mapping[str, str]], size: int, *, full: bool) -> Image.Image:
    """Draw the icon.

    Args:
        shapes: as `rectangles` gives them; the first is the background, as large as the drawing.
        size: pixels a side.
        full: whether the background fills the square, and the rest is well within it.
    """
    ground, *others = shapes
    scale = size * SHARPER / float(ground["width"])
    large = (size * SHARPER, size * SHARPER)
    image = Image.new("RGBA", large, ground["fill"] if full else (0, 0, 0, 0))
    if not full:
        image.paste(ground["fill"], mask=_mask(large, ground, scale, 0.0))
    smaller = SAFE if full else 1.0
    margin = size * SHARPER * (1 - smaller) / 2
    masks = [_mask(large, shape, scale * smaller, margin) for shape in others]
    for mask, shape in zip(masks, others, strict=True):
        image.paste(shape["fill"], mask=mask)
    image.paste(ground["fill"], mask=ImageChops.darker(*masks))
    return image.resize((size, size), Image.Resampling.BOX)


def _mask(
    size: tuple[int, int], shape: Mapping[str, str], scale: float, margin: float
) -> Image.Image:
    x, y, width, height = (float(shape.get(name, 0)) for name in ("x", "y", "width", "height"))
    corners = [margin + scale * part for part in (x, y, x + width, y + height)]
    # Pillow counts the last pixel in.
    box = (corners[0], corners[1], corners[2] - 1, corners[3] - 1)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle(box, scale * float(shape.get("rx", 0)), fill=255)
    return mask


if __name__ == "__main__":
    main(*sys.argv[1:])
