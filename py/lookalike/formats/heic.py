"""HEIC, by pillow-heif where that is installed; in the page, libheif stands behind."""

import io

from PIL import Image

from lookalike.errors import BadPhoto

SIDE = 1024
"""Larger ones are halved, thirded and so on where that leaves this many pixels a side."""


def factor_of(width: int, height: int) -> int:
    """Say by what a picture is made smaller as it is decoded; site/js/pictures does the same."""
    return max(1, min(width, height) // SIDE)


def open_heic(data: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """Decode a HEIC file.

    Returns:
        The image, upright, and the size of the original.

    Raises:
        BadPhoto: it is broken, or there is nothing to open it with.
    """
    try:
        # Where it is not installed, all else still works.
        import pillow_heif
    except ImportError:
        raise BadPhoto(
            "HEIC photos cannot be opened by this installation.",
            "Install what it lacks by pip install pillow-heif, then try again.",
        ) from None
    try:
        file = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        size = (int(file.size[0]), int(file.size[1]))
        image = file.to_pillow()
        factor = factor_of(*size)
        return (image.reduce(factor) if factor > 1 else image), size
    except BadPhoto:
        raise
    except Exception:  # noqa: BLE001 - pillow-heif raises several kinds, without a common one
        raise BadPhoto(
            "The HEIC file is broken or incomplete.",
            "Choose another copy of the photo, or save it again as JPEG or PNG.",
        ) from None
