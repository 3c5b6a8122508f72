"""The photos that a search is for."""

from dataclasses import dataclass, field, replace

from lookalike.formats.decoding import Picture
from lookalike.images import Box, Reopen, crop, open_anyhow


@dataclass(frozen=True, slots=True)
class QueryPhoto:
    """A photo to look for the likes of, or, by a negative weight, to keep away from.

    Attributes:
        image: an encoded image file.
        weight: how much it counts beside the others.
        crop: the part that counts; None for the whole.
        note: what is known already to be missing of it; see `Picture.note`.
        of: the id of the photo that it is, where a search has found it; what repeats it is a
            near-duplicate of that. "" for any other.
        reopen: decodes what Python cannot; None where there is no such thing.
        picture: what is in `image`, where it has been decoded already.
    """

    image: bytes
    weight: float = 1.0
    crop: Box | None = None
    note: str | None = None
    of: str = ""
    reopen: Reopen | None = field(default=None, repr=False, compare=False)
    picture: Picture | None = field(default=None, repr=False, compare=False)

    async def opened(self) -> Picture:
        """Decode the part that counts, upright.

        Raises:
            lookalike.errors.BadPhoto, lookalike.errors.BadCrop: it cannot be.
        """
        picture = self.picture or await open_anyhow(self.image, self.reopen)
        image = picture.image if self.crop is None else crop(picture.image, self.crop)
        return replace(picture, image=image, note=picture.note or self.note)
