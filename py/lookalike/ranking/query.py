"""What a search is for: photos, words, and what a person has marked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from PIL import Image

from lookalike.errors import ScoreError
from lookalike.model.model import Model
from lookalike.policies.state import Guess
from lookalike.ranking.classify import guesses, merged
from lookalike.ranking.features import FeatureTable
from lookalike.ranking.near_duplicates import NearDuplicates
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.seen import DISLIKED, MARKS, SeenPhotos
from lookalike.ranking.text_query import TextQuery
from lookalike.scorer.scorer import CheckedScorer, Example, Feature


class _QueryPhoto:
    def __init__(self, photo: QueryPhoto) -> None:
        self.photo = photo
        self.features: dict[object, Feature] = {}  # by the key of the scorer that made each
        self.image: Image.Image | None = None  # while it is decoded
        self.note: str | None = None  # on what could not be used of its file

    async def opened(self) -> Image.Image:
        if self.image:
            return self.image
        picture = await self.photo.opened()
        self.note = picture.note
        return picture.image


class Query:
    """The photos and words of one search.

    Args:
        model: what describes images.
        features: of the photos seen.
        photos: the query photos; may be none.
        text: the words; None for none.

    Attributes:
        text: as given.
    """

    def __init__(
        self,
        model: Model,
        features: FeatureTable,
        photos: Sequence[QueryPhoto],
        text: TextQuery | None,
    ) -> None:
        self.text = text
        self._model, self._features = model, features
        self._queries = [_QueryPhoto(photo) for photo in photos]

    @property
    def photos(self) -> int:
        """How many query photos there are."""
        return len(self._queries)

    @property
    def notes(self) -> list[str]:
        """What could not be used of their files, once they have been decoded."""
        return [query.note for query in self._queries if query.note]

    def require(self, scorer: CheckedScorer) -> None:
        """See that there is something to search for.

        Raises:
            ScoreError: there is not.
        """
        if not (self._queries or scorer.start or self.text):
            raise ScoreError(
                "There is no photo to search with.",
                'Choose a photo, or name words to start from in score.py: START = ["lynx"].',
            )

    # -- The tags to start from -----------------------------------------------------------------

    @asynccontextmanager
    async def decoded(self) -> AsyncIterator[None]:
        """Keep the query photos decoded meanwhile; no longer, for they may be large.

        Raises:
            BadPhoto, BadCrop: one cannot be.
        """
        try:
            for query in self._queries:
                query.image = await query.opened()
            yield
        finally:
            for query in self._queries:
                query.image = None

    async def classes(self) -> list[tuple[float, Sequence[Guess]]]:
        """Guess what is on each photo that the results should be like; with the photo's weight.

        Raises:
            BadPhoto, BadCrop, ModelError: it cannot be guessed.
        """
        liked = [query for query in self._queries if query.photo.weight > 0]
        images = [await query.opened() for query in liked]
        found = await asyncio.gather(*(guesses(self._model, image) for image in images))
        return [(query.photo.weight, some) for query, some in zip(liked, found, strict=True)]

    async def tags(
        self, classes: Sequence[tuple[float, Sequence[Guess]]], start: Sequence[str]
    ) -> list[Guess]:
        """Give the tags to start from, most probable first.

        Args:
            classes: what is on the photos, by `classes`.
            start: the words that the scorer starts from.
        """
        if self.text is None:
            return merged(classes, start)
        reading = await self.text.read()
        # Beside a photo, words are no more than what they say: the rest is in the photo.
        weighted = classes if self._queries else [(1.0, reading.near)]
        return merged(weighted, (*reading.asked, *start))

    # -- The examples that photos are compared with ---------------------------------------------

    async def describe(self, scorer: CheckedScorer) -> None:
        """Have a scorer describe the query photos.

        Raises:
            BadPhoto, BadCrop, ScoreError, ModelError: it cannot.
        """
        for query in self._queries:
            if scorer.key not in query.features:
                feature = await scorer.get_feature(self._model, await query.opened())
                query.features[scorer.key] = feature

    def introduce(self, near_duplicates: NearDuplicates, scorer: CheckedScorer) -> None:
        """Have near-duplicates of query photos known, where these were found; while `decoded`."""
        for query in self._queries:
            if query.photo.of and query.image and scorer.key in query.features:
                near_duplicates.find(query.photo.of, query.image, query.features[scorer.key])

    def is_described(self, scorer: CheckedScorer) -> bool:
        """Say whether a scorer has described all query photos."""
        return all(scorer.key in query.features for query in self._queries)

    def liked(self, scorer: CheckedScorer) -> list[Feature]:
        """Give what a scorer has described of the query photos that others should be like."""
        liked = [query for query in self._queries if query.photo.weight > 0]
        return [query.features[scorer.key] for query in liked if scorer.key in query.features]

    def examples(
        self, scorer: CheckedScorer, seen: SeenPhotos, *, marked: bool = True
    ) -> list[Example]:
        """Give what a scorer has described of the photos to compare others with.

        Args:
            scorer: whose features they have.
            seen: some of which stand for the words, or are marked; none does both if disliked.
            marked: whether those that are marked are examples.
        """
        examples = [
            Example(query.features[scorer.key], query.photo.weight, "query")
            for query in self._queries
            if scorer.key in query.features
        ]
        for example in self.text.examples if self.text else ():
            # One that is disliked is not what was meant.
            stands = (some := seen.get(example)) is not None and some.mark != DISLIKED
            feature = self._features.get(scorer, example) if stands else None
            if feature is not None:
                examples.append(Example(feature, 1.0, "query"))
        for some in seen if marked else ():
            feature = self._features.get(scorer, some.photo.id) if some.mark in MARKS else None
            if feature is not None:
                examples.append(Example(feature, MARKS[some.mark], some.mark))
        return examples
