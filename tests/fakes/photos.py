"""Where a fake service's photos are from, when a test does not give them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fakes.collection import Collection, chance

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED_PHOTOS = CHECKOUT.parent / "shared" / "photos"
GENERATED = 360

Photos = Path | Iterable[Mapping[str, Any]] | None


def collection_of(photos: Photos, now: int, service: str = "", share: float = 1.0) -> Collection:
    """Take a folder with a `photos.jsonl`, or rows as `fakes.collection` describes them.

    Where `photos` is None, those of `../shared/photos` beside the checkout, else drawn ones; of
    these, a service holds a `share` that depends on its name, so that two of them overlap.
    """
    if photos is not None and not isinstance(photos, Path):
        return Collection.from_rows(photos, now)
    folder = photos or (SHARED_PHOTOS if SHARED_PHOTOS.is_dir() else None)
    whole = (
        Collection.from_folder(folder, now)
        if folder
        else Collection.from_rows(generated(GENERATED), now)
    )
    if photos is not None or share >= 1:
        return whole
    return Collection(p for p in whole.photos if chance(p.row_id, service) < share)


def generated(count: int) -> list[dict[str, Any]]:
    """Draw photos; takes Pillow and numpy."""
    # Here and not above, so that the shared photos are served without Pillow and numpy.
    import generated_photos

    return generated_photos.collection(count)
