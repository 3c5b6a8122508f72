"""The words of one search, and what the photos score by them."""

from collections.abc import Mapping, Sequence

import numpy as np

from lookalike.errors import Problem
from lookalike.photo import Photo
from lookalike.ranking.seen import SeenPhoto
from lookalike.text.interpret import Interpreter, Reading
from lookalike.text.matcher import Matcher
from lookalike.text.path_match import PathMatch, joined, path_of
from lookalike.text.rank_fusion import Crowd, blended
from lookalike.text.relevance_feedback import RelevanceFeedback
from lookalike.words import words as split

Scores = dict[SeenPhoto, float | None]


class TextQuery:
    """What is searched for in words, instead of a photo or beside one.

    Args:
        text: with a word in it; see `made`.
        reader: understands it, when it is first needed.
        photo: whether there is a photo, too.
        own: whether nothing but the person's own photos is searched.
        services: the titles of the services that are asked.

    Attributes:
        reading: what it means; None before `read`.
        names: finds its words in the paths of own photos.
        by_name: whether any was found so.
        crowds: all photos of the collections that are searched, by the collections' names as
            sources: by the scorer in charge, and where there is something to compare them with.
    """

    def __init__(
        self,
        text: str,
        reader: Interpreter,
        *,
        photo: bool,
        own: bool = False,
        services: Sequence[str] = (),
    ) -> None:
        self._text, self._reader, self._photo, self._own = text, reader, photo, own
        self._services = services
        self._feedback = RelevanceFeedback(text)
        self.reading: Reading | None = None
        self.names = PathMatch(text)
        self.by_name = False
        self.crowds: dict[str, Crowd] = {}

    @classmethod
    def made(
        cls,
        text: str,
        reader: Interpreter,
        *,
        photo: bool,
        own: bool = False,
        services: Sequence[str] = (),
    ) -> "TextQuery | None":
        """Make one, if the text has any word."""
        if not split(text):
            return None
        return cls(text, reader, photo=photo, own=own, services=services)

    async def read(self) -> Reading:
        """Understand the text, once."""
        if self.reading is None:
            self.reading = await self._reader.read(
                self._text, photo=self._photo, own=self._own, services=self._services
            )
        return self.reading

    @property
    def matcher(self) -> Matcher | None:
        """What compares photos with the text; None where nothing can, or it is not read yet."""
        return self.reading.matcher if self.reading else None

    @property
    def problem(self) -> Problem | None:
        """What the person should know of the text, once it is read."""
        return self.reading.problem if self.reading else None

    # -- Where nothing can compare it with photos, and there is no photo either -----------------

    @property
    def by_feedback(self) -> bool:
        """Whether photos that the service returned stand for the text."""
        return self.reading is not None and self.matcher is None and not self._photo

    @property
    def examples(self) -> Sequence[str]:
        """The ids of these photos."""
        return self._feedback.examples if self.by_feedback else ()

    def concerns(self, tag: str) -> bool:
        """Say whether what is asked for a tag is asked for the text, or some of its words."""
        return self._feedback.concerns(tag)

    def answered(self, tag: str, photos: Sequence[Photo]) -> None:
        """Take in an answer of the service."""
        self._feedback.answered(tag, photos)

    def told(self, photo: str) -> bool:
        """Take in that a photo was looked at; say whether it stands for the text from now on."""
        return self.by_feedback and self._feedback.seen(photo)

    def restore(self, found: Sequence[tuple[str, str]]) -> None:
        """See `RelevanceFeedback.restore`."""
        self._feedback.restore(found)

    # -- Scores ---------------------------------------------------------------------------------

    def match(self, photo: Photo, cosine: float | None) -> float | None:
        """Say how well a photo matches: of own photos, the words of the path count, too.

        Args:
            photo: the photo.
            cosine: as a matcher gives it, or None.

        Returns:
            From -1 to 1, or None: see `lookalike.text.path_match.joined`.
        """
        path = path_of(photo)
        share = 0.0 if path is None else self.names.share(path)
        if share == 0:
            return cosine
        self.by_name = True
        return float(joined(np.array([share]), None if cosine is None else np.array([cosine]))[0])

    def scores(
        self, alike: Mapping[SeenPhoto, float | None], *, alone: bool, crowds: bool = False
    ) -> Scores:
        """Score photos by the text and by the scorer.

        Args:
            alike: the scorer's score of each; None where it has none.
            alone: whether there is nothing yet that the scorer could compare them with. Then the
                match with the text is the score, as it is; else see `lookalike.text.rank_fusion`.
            crowds: whether they are blended among all photos of the crowds besides.

        Returns:
            A score for each; None for a photo that one of the two makes nothing of.
        """
        matches = {some: some.match for some in alike}
        if self.matcher is None:
            if not alone and all(match is None for match in matches.values()):
                return dict(alike)
            # What has none of the words in its path matches less than what has.
            matches = {some: match or 0.0 for some, match in matches.items()}
        if alone:
            return dict(matches)
        both = [
            (some, score, match)
            for some, score in alike.items()
            if score is not None and (match := matches[some]) is not None
        ]
        scores, opinions = [score for _, score, _ in both], [match for *_, match in both]
        among = self._among(both) if crowds and self.crowds else None
        blends = blended(scores, opinions, among)
        found: Scores = dict.fromkeys(alike)
        found.update(zip((some for some, *_ in both), blends.tolist(), strict=True))
        return found

    def _among(self, both: Sequence[tuple[SeenPhoto, float, float]]) -> list[Crowd]:
        others = [each for each in both if each[0].photo.source not in self.crowds]
        rest = Crowd(
            np.sort([score for _, score, _ in others]), np.sort([match for *_, match in others])
        )
        return [rest, *self.crowds.values()]
