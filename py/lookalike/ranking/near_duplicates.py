"""Near-duplicates: the ten shots somebody took of one cat, shown as one result."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.scorer.scorer import Feature

HASH_BITS = 10
"""Difference hashes of 64 bits that differ in at most this many are of one picture (dHash, by
N. Krawetz, hackerfactor.com/blog/?/archives/529-Kind-of-Like-That.html)."""

COSINE = 0.9
"""How alike two features must be besides; a hash alone takes any two sunsets for one."""

COARSE = 16
"""A feature of fewer numbers cannot tell pictures apart: one alone always points the same way. Then
the hash decides, and has to be nearer. Of 1,000 photos of ../shared/photos, ten bits took 28 for
another one, and four bits one."""

ALONE_BITS = 4
"""In so many bits two hashes may differ where there is nothing else to go by."""


@dataclass(frozen=True, slots=True)
class _Known:
    id: str
    bits: int
    feature: Feature


class NearDuplicates:
    """The pictures seen so far in one search."""

    def __init__(self) -> None:
        self._known: list[_Known] = []

    def find(self, photo_id: str, image: Image.Image, feature: Feature) -> str | None:
        """Name the first picture seen that `image` nearly repeats, or remember it and return None.

        Args:
            photo_id: what to call this picture from now on.
            image: the picture, any size.
            feature: its feature; only features of one length can be compared.
        """
        return self.find_hash(photo_id, difference_hash(image), feature)

    def find_hash(self, photo_id: str, bits: NDArray[np.bool_], feature: Feature) -> str | None:
        """Do as `find`, by a picture's `difference_hash`."""
        # As one number: a picture is compared with all before it, and numpy's calls cost the most.
        number = int.from_bytes(np.packbits(bits).tobytes(), "big")
        unit = feature.ravel() / max(float(np.linalg.norm(feature)), 1e-12)
        most = HASH_BITS if feature.size >= COARSE else ALONE_BITS
        for known in self._known:
            alike = (known.bits ^ number).bit_count() <= most
            if alike and known.feature.shape == unit.shape and known.feature @ unit >= COSINE:
                return known.id
        self._known.append(_Known(photo_id, number, unit))
        return None


def difference_hash(image: Image.Image) -> NDArray[np.bool_]:
    """Say for each of 8 × 8 places whether it is brighter than its right neighbour.

    Returns:
        64 booleans.
    """
    small = image.convert("L").resize((9, 8), Image.Resampling.BILINEAR)
    grey = np.asarray(small, dtype=np.int16)
    return (grey[:, :-1] > grey[:, 1:]).ravel()
