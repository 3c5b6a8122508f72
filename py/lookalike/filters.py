"""Which photos a person wants to see at all, whatever their score.

`passes` decides by what a service says of a photo, before anything of it is downloaded;
`image_passes` by its thumbnail. A service that can filter is asked to (`Source`), and is not
trusted to: what it sends is filtered here as well. What is safe, only services say here; the page
looks at pictures besides (docs/safe.md).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from lookalike.licences import allowed
from lookalike.photo import Photo

if TYPE_CHECKING:
    from PIL import Image

GREY = 10
"""Up to this difference between the largest and the smallest of red, green and blue, of 255, a
colour is taken for grey. See `is_black_and_white`."""

_SQUARE = 0.1
"""How far the ratio of a square photo's sides may be from 1."""

License = Literal["any", "reuse", "commercial", "modify"]
Orientation = Literal["any", "landscape", "portrait", "square"]
Colour = Literal["any", "colour", "black-and-white"]
_CHOICES = {"license": License, "orientation": Orientation, "colour": Colour}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a photo has to be like; the defaults let every safe photo pass.

    Attributes:
        license: "any"; or "reuse": a Creative Commons licence or the public domain; of those,
            "commercial": also for money; "modify": also changed.
        since, until: when it was uploaded, Unix times in seconds; None for no bound.
        orientation: "any", "landscape", "portrait", or "square": sides alike within 10 %.
        colour: "any", "colour" or "black-and-white".
        min_size: of the original's longest side, in pixels.
        safe: whether photos that a service calls unsafe, mature or sensitive are kept out.

    Raises:
        ValueError: a choice is none of those above, or a size is negative.
    """

    license: License = "any"
    since: int | None = None
    until: int | None = None
    orientation: Orientation = "any"
    colour: Colour = "any"
    min_size: int = 0
    safe: bool = True

    def __post_init__(self) -> None:
        for name, choice in _CHOICES.items():
            choices = get_args(choice)
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}")
        if self.min_size < 0:
            raise ValueError("min_size is 0 or more")


def passes(photo: Photo, filters: Filters) -> str | None:
    """Why the filters keep a photo out, by what its service says of it; None where they do not.

    What a service does not say passes, but for the licence: that has to be known.
    """
    return (
        ("It is marked as sensitive." if filters.safe and photo.sensitive else None)
        or license_refused(photo.license, filters.license)
        or _date_refused(photo.uploaded, filters)
        or _orientation_refused(photo, filters.orientation)
        or _size_refused(photo, filters.min_size)
    )


def license_refused(name: str, wanted: str) -> str | None:
    """Why a licence, by its short name, is not what `Filters.license` wants; None where it is.

    A licence that is not known (`lookalike.licences`) is nothing but "any".
    """
    if wanted == "any":
        return None
    if not name:
        return "Its licence is not known."
    allows = allowed(name)
    if allows is None:
        return f"Its licence, {name}, is none that is known to allow it."
    if wanted == "commercial" and not allows.commercial:
        return f"Its licence, {name}, forbids commercial use."
    if wanted == "modify" and not allows.modify:
        return f"Its licence, {name}, forbids changes."
    return None


def image_passes(image: "Image.Image", filters: Filters) -> str | None:
    """Why the filters keep a photo out, by the thumbnail's pixels; None where they do not.

    Args:
        image: any mode and size.
        filters: of them, only `colour` takes a look at the photo.
    """
    if filters.colour == "any" or is_black_and_white(image) == (filters.colour != "colour"):
        return None
    return "It is black-and-white." if filters.colour == "colour" else "It is in colour."


def is_black_and_white(image: "Image.Image") -> bool:
    """Whether 99 % of an image's area is grey, by `GREY`.

    Of the 3,725 photos of ../shared/photos, 49 have no colour at all (0 at that percentile), none
    has more than 0 and less than 5, and 17 have 5 to 10: faintly toned prints, and tools and birds
    on white, which look black-and-white to people, too. From there on, colour photos of grey
    things grow frequent. Sepia is a judgement call: at 18 to 46 it lies among photos of grey seas
    and cats, and cannot be told from them by how much colour there is; so it counts as colour.
    """
    # Here, since the build reads what the sources declare, and may have neither.
    import numpy as np
    from PIL import Image

    # Averaged over a cell, the speckles go that JPEG leaves along black and white edges.
    small = image.convert("RGB").resize((64, 64), Image.Resampling.BOX)
    pixels = np.asarray(small, dtype=np.int16)
    chroma = pixels.max(axis=2) - pixels.min(axis=2)
    return float(np.percentile(chroma, 99)) <= GREY


def _date_refused(uploaded: int | None, filters: Filters) -> str | None:
    if uploaded is None:
        return None
    if filters.since is not None and uploaded < filters.since:
        return "It was uploaded earlier."
    if filters.until is not None and uploaded > filters.until:
        return "It was uploaded later."
    return None


def _orientation_refused(photo: Photo, wanted: str) -> str | None:
    width, height = photo.full_width or photo.width, photo.full_height or photo.height
    if wanted == "any" or width <= 0 or height <= 0:
        return None
    ratio = width / height
    found = "landscape" if ratio > 1 + _SQUARE else "portrait" if ratio < 1 - _SQUARE else "square"
    if found == wanted:
        return None
    return "It is square." if found == "square" else f"It is in {found} format."


def _size_refused(photo: Photo, wanted: int) -> str | None:
    longest = max(photo.full_width, photo.full_height)
    if not 0 < longest < wanted:
        return None
    return f"It is {longest:,} pixels long, not {wanted:,}."
