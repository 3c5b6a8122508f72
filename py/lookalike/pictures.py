"""Pictures that a service sends for more than one photo, such as "no longer available"."""

import hashlib

from PIL import Image


class Pictures:
    """The pictures of one service that were seen in one search, by their pixels.

    A service holds no two photos of which every pixel is the same, but for a file that somebody has
    uploaded twice; and where photos are gone, it may send one picture for all of them. What two
    services hold of one photo may well be the same file, so each has its own.
    """

    def __init__(self) -> None:
        self._first: dict[bytes, str] = {}

    def find(self, photo_id: str, image: Image.Image) -> str | None:
        """Name the photo that had this picture before; remember it and return None where none had.

        Args:
            photo_id: what to call this picture from now on.
            image: the picture, decoded: files of one picture may differ in what they say besides.
        """
        return self.find_pixels(photo_id, pixels_of(image))

    def find_pixels(self, photo_id: str, pixels: bytes) -> str | None:
        """Do as `find`, by what `pixels_of` gives."""
        first = self._first.setdefault(pixels, photo_id)
        return None if first == photo_id else first


def pixels_of(image: Image.Image) -> bytes:
    """Give what two pictures share of which every pixel is the same: 32 bytes."""
    # In Pyodide it takes half as long as SHA-256.
    pixels = hashlib.blake2b(repr(image.size).encode(), digest_size=32)
    pixels.update(image.convert("RGB").tobytes())
    return pixels.digest()
