"""One of the nearest photos of a collection, on its way to those that a search has seen.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

from dataclasses import dataclass

from lookalike.images import open_image
from lookalike.photo import Photo
from lookalike.ranking.ranker import Judge
from lookalike.ranking.scored_photos import Sighting
from lookalike.scorer.scorer import Feature


@dataclass(frozen=True, slots=True)
class Found:
    """One of the nearest photos; its feature is None where it is not in memory.

    `alike` and `match` are those of `lookalike.ranking.scored_photos.Sighting`.
    """

    photo: Photo
    thumbnail: bytes
    feature: Feature | None
    alike: float | None
    match: float | None


async def remembered(judge: Judge, found: Found) -> Sighting:
    """Have the judge know a photo, so that marks and measures score it with the others.

    Raises:
        ScoreError, ModelError: it cannot be described anew.
    """
    if found.feature is None:
        return await judge.look(found.photo, found.thumbnail, open_image(found.thumbnail))
    key = judge.measure.key
    sighting = Sighting(
        found.photo, found.thumbnail, key, found.feature, alike=found.alike, match=found.match
    )
    judge.remember(sighting)
    return sighting
