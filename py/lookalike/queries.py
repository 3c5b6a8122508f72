"""The photos that a search is for."""

from dataclasses import dataclass

from PIL import Image

from lookalike.images import Box, crop, open_image


@dataclass(frozen=True, slots=True)
class QueryPhoto:
    """A photo to look for the likes of, or, by a negative weight, to keep away from.

    Attributes:
        image: an encoded image file.
        weight: how much it counts beside the others.
        crop: the part that counts; None for the whole.
    """

    image: bytes
    weight: float = 1.0
    crop: Box | None = None

    def opened(self) -> Image.Image:
        """Decode the part that counts, upright.

        Raises:
            lookalike.errors.BadPhoto, lookalike.errors.BadCrop: it cannot be.
        """
        image = open_image(self.image)
        return image if self.crop is None else crop(image, self.crop)
