"""One of the nearest photos of a collection, on its way to those that a search has seen.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

from dataclasses import dataclass

from lookalike.images import open_image
from lookalike.photo import Photo
from lookalike.ranking.ranker import Ranker
from lookalike.ranking.scored_photos import ScoredPhoto
from lookalike.scorer.scorer import Feature


@dataclass(frozen=True, slots=True)
class Found:
    """One of the nearest photos; its feature is None where it is not in memory.

    `alike` and `match` are those of `lookalike.ranking.scored_photos.ScoredPhoto`.
    """

    photo: Photo
    thumbnail: bytes
    feature: Feature | None
    alike: float | None
    match: float | None


async def remembered(ranker: Ranker, found: Found) -> ScoredPhoto:
    """Have the ranker know a photo, so that marks and scorers score it with the others.

    Raises:
        ScoreError, ModelError: it cannot be described again.
    """
    if found.feature is None:
        return await ranker.look(found.photo, found.thumbnail, open_image(found.thumbnail))
    key = ranker.scorer.key
    scored_photo = ScoredPhoto(
        found.photo, found.thumbnail, key, found.feature, alike=found.alike, match=found.match
    )
    ranker.remember(scored_photo)
    return scored_photo
