"""One of the nearest photos of a collection, on its way to those that a search has seen.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

from dataclasses import dataclass

from PIL import Image

from lookalike.photo import Photo
from lookalike.ranking.rank import ScoredPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.ranking.seen import SeenPhoto
from lookalike.scorer.scorer import CheckedScorer, Feature


@dataclass(frozen=True, slots=True)
class Found:
    """One of the nearest photos.

    Attributes:
        photo, thumbnail: the photo and its encoded file.
        image: what is in that.
        feature: what the scorer made of it; None where it is not in memory.
        alike: see `lookalike.ranking.rank.ScoredPhoto`.
        match: see `lookalike.ranking.seen.SeenPhoto`.
        scorer: which has described and compared it.
    """

    photo: Photo
    thumbnail: bytes
    image: Image.Image
    feature: Feature | None
    alike: float | None
    match: float | None
    scorer: CheckedScorer


async def remembered(ranker: Ranker, found: Found) -> ScoredPhoto:
    """Have the ranker know a photo, so that marks and scorers score it with the others.

    Raises:
        ScoreError, ModelError: it cannot be described again.
    """
    if found.feature is None or found.scorer is not ranker.scorer:
        return await ranker.look(found.photo, found.thumbnail, found.image)
    seen = SeenPhoto(found.photo, found.thumbnail, found.match)
    return ranker.compared(seen, found.feature, found.alike)
