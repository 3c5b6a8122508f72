"""The small version of a photo that a collection keeps."""

import io

from PIL import Image

SIDE = 240
"""Pixels of the longest side: some 10 kB a photo, and more than the network's 224."""

QUALITY = 80
"""Of the JPEG file, in 0..100."""


def thumbnail(image: Image.Image) -> bytes:
    """Make a JPEG file of an RGB image, of `SIDE` pixels at most; the aspect ratio is kept."""
    small = image.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def size_within(width: int, height: int) -> tuple[int, int]:
    """Give the width and height of the thumbnail of an image, within a pixel."""
    scale = min(1.0, SIDE / max(width, height, 1))
    return max(1, round(width * scale)), max(1, round(height * scale))
