"""The words of one search, and what the photos score by them."""

from collections.abc import Mapping, Sequence

from lookalike.errors import Problem
from lookalike.photo import Photo
from lookalike.policies.words import words as split
from lookalike.seen import Sighting
from lookalike.text.blend import blended
from lookalike.text.feedback import Feedback
from lookalike.text.matcher import Matcher
from lookalike.text.reader import Reader, Reading

Scores = dict[Sighting, float | None]


class TextQuery:
    """What is searched for in words, instead of a photo or beside one.

    Args:
        text: with a word in it; see `made`.
        reader: understands it, when it is first needed.
        photo: whether there is a photo, too.

    Attributes:
        reading: what it means; None before `read`.
    """

    def __init__(self, text: str, reader: Reader, *, photo: bool) -> None:
        self._text, self._reader, self._photo = text, reader, photo
        self._feedback = Feedback(text)
        self.reading: Reading | None = None

    @classmethod
    def made(cls, text: str, reader: Reader, *, photo: bool) -> "TextQuery | None":
        """Make one, if the text has any word."""
        return cls(text, reader, photo=photo) if split(text) else None

    async def read(self) -> Reading:
        """Understand the text, once."""
        if self.reading is None:
            self.reading = await self._reader.read(self._text, photo=self._photo)
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

    def answered(self, tag: str, photos: Sequence[Photo]) -> None:
        """Take in an answer of the service."""
        self._feedback.answered(tag, photos)

    def told(self, photo: str) -> bool:
        """Take in that a photo was looked at; say whether it stands for the text from now on."""
        return self.by_feedback and self._feedback.seen(photo)

    def restore(self, found: Sequence[tuple[str, str]]) -> None:
        """See `Feedback.restore`."""
        self._feedback.restore(found)

    # -- Scores ---------------------------------------------------------------------------------

    def scores(self, alike: Mapping[Sighting, float | None], *, alone: bool) -> Scores:
        """Score photos by the text and by the measure.

        Args:
            alike: the measure's score of each; None where it has none.
            alone: whether there is nothing yet that the measure could compare them with. Then the
                match with the text is the score, as it is; else see `lookalike.text.blend`.

        Returns:
            A score for each; None for a photo that one of the two makes nothing of.
        """
        if self.matcher is None:
            return dict.fromkeys(alike, 0.0) if alone else dict(alike)
        if alone:
            return {some: some.match for some in alike}
        both = [
            (some, score, some.match)
            for some, score in alike.items()
            if score is not None and some.match is not None
        ]
        blends = blended([score for _, score, _ in both], [match for *_, match in both])
        found: Scores = dict.fromkeys(alike)
        found.update(zip((some for some, *_ in both), blends.tolist(), strict=True))
        return found
