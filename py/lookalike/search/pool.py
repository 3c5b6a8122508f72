"""What is known over all searches, so that a new one starts from it."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.search.rate_limiter import DAY
from lookalike.sources.source import Capabilities

NAMED = 4000
"""So many photos of answers are remembered. One is some 2 kB, so they are about 8 MB."""

RECALLED = 1000
"""So many of these may be of another engine's answers: to read more takes longer than a call."""

LOOKED = 1000
"""So many photos that were looked at are remembered: as many as `lookalike.ranking.cache` keeps."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a service found for a tag, before anybody's filters here.

    Attributes:
        tag: what was asked.
        photos: all that was found; a `lookalike.sources.source.Page`, where more is known of it.
        at: when, in Unix seconds.
        applied: the filters that the service applied; None for an answer of another engine's.
        url: of such an answer, the address, which says all that was asked; else "".
        page: of an answer of this engine's, which page of what the service finds.
    """

    tag: str
    photos: Sequence[Photo]
    at: float
    applied: object = None
    url: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """A photo that was looked at, as far as it does not hang on a scorer.

    Attributes:
        photo: the photo.
        tag: what brought it.
        bits: see `lookalike.ranking.near_duplicates.difference_hash`.
        pixels: see `lookalike.pictures.pixels_of`.
    """

    photo: Photo
    tag: str
    bits: NDArray[np.bool_]
    pixels: bytes


_Asked = tuple[str, object, str]
"""The service, the filters that it applied, and the words; of an answer of another engine's the
service, None and the address, which says all that was asked."""


class Pool:
    """Photos and answers of all searches of a visit, by the service that they are of.

    Answers of an earlier visit can be added. None is given that is older than a day.

    Thumbnails and features are in a `lookalike.ranking.cache.Cache`, by the photo's id and by what
    described it. Both forget what was used least recently: the answers to words that were last
    asked longest ago, and the photos that were last looked at, or shown again, longest ago.

    Args:
        named: how many photos of answers are remembered; the newest answer always is.
        looked: how many photos that were looked at are remembered.
        now: Unix time in seconds.
    """

    def __init__(
        self, named: int = NAMED, looked: int = LOOKED, now: Callable[[], float] = time.time
    ) -> None:
        self._most_named, self._most_looked, self._now = named, looked, now
        self._answers: OrderedDict[_Asked, list[KeptAnswer]] = OrderedDict()
        self._named = 0
        self._looked: OrderedDict[str, tuple[str, Glimpse]] = OrderedDict()

    def clear(self) -> None:
        """Forget everything."""
        self._answers.clear()
        self._looked.clear()
        self._named = 0

    def answered(
        self,
        can: Capabilities,
        filters: Filters,
        words: str,
        tag: str,
        photos: Sequence[Photo],
        page: int = 1,
    ) -> None:
        """Remember an answer, which may be empty.

        Args:
            can: the service.
            filters: of the search; those count that the service applied itself.
            words: what it was asked.
            tag: for which.
            photos: all that it found.
            page: which page of it.
        """
        key = _asked(can, filters, words)
        applied = applied_by(can, filters)
        answer = KeptAnswer(tag, photos, self._now(), applied, page=page)
        self._answers.setdefault(key, []).append(answer)
        self._answers.move_to_end(key)
        self._named += len(photos)
        # All pages of some words go at once: they were asked by the same searches.
        while self._named > self._most_named and len(self._answers) > 1:
            _, pages = self._answers.popitem(last=False)
            self._named -= sum(len(page.photos) for page in pages)

    def recall(
        self, can: Capabilities, url: str, tag: str, photos: Sequence[Photo], at: float
    ) -> bool:
        """Take in an answer that another engine had: it counts as older than all that are here.

        So of several the newest is to come first.

        Args:
            can: the service.
            url: the address that it answered.
            tag: the words that it was asked.
            photos: all that it found.
            at: when, in Unix seconds.

        Returns:
            Whether there was room for it.
        """
        recalled = sum(
            len(page.photos)
            for key in self._answers
            if key[1] is None
            for page in self._answers[key]
        )
        if recalled + len(photos) > RECALLED or self._named + len(photos) > self._most_named:
            return False
        answer = KeptAnswer(tag, photos, at, url=url)
        # A search may have asked the same while this was on its way.
        if not self._has_same(can, answer):
            key = can.name, None, url
            self._answers[key] = [answer]
            self._answers.move_to_end(key, last=False)
            self._named += len(photos)
        return True

    def _has_same(self, can: Capabilities, answer: KeptAnswer) -> bool:
        ids = [photo.id for photo in answer.photos]
        return any(
            ids == [photo.id for photo in page.photos]
            for (name, _, words), pages in self._answers.items()
            if (name, words) == (can.name, answer.tag)
            for page in pages
        )

    def has(self, can: Capabilities, url: str) -> bool:
        """Say whether the answer of another engine's at this address is known."""
        return (can.name, None, url) in self._answers

    def _expire(self) -> None:
        since = self._now() - DAY
        for key in [key for key, pages in self._answers.items() if pages[0].at < since]:
            self._named -= sum(len(page.photos) for page in self._answers.pop(key))

    def answers(self, can: Capabilities) -> list[KeptAnswer]:
        """Give the answers of a service, whatever it filtered: the words last asked come last."""
        self._expire()
        return [
            page
            for (name, *_), pages in self._answers.items()
            if name == can.name
            for page in pages
        ]

    def pages(self, can: Capabilities, filters: Filters) -> dict[str, set[int]]:
        """Say which pages are known for each words, of a service that filters so.

        Those of another engine's answers are not among them: see `has`.
        """
        self._expire()
        name, applied, _ = _asked(can, filters, "")
        return {
            words: {answer.page for answer in answers}
            for (source, how, words), answers in self._answers.items()
            if (source, how) == (name, applied)
        }

    def looked(self, can: Capabilities, glimpse: Glimpse) -> None:
        """Remember a photo of a service that was looked at."""
        self._looked[glimpse.photo.id] = can.name, glimpse
        self._looked.move_to_end(glimpse.photo.id)
        while len(self._looked) > self._most_looked:
            self._looked.popitem(last=False)

    def glimpses(self, can: Capabilities) -> list[Glimpse]:
        """Give the photos of a service that were looked at, in the order of the answers.

        The order does not depend on how long each look took: what no answer holds any more comes
        last, by its id.
        """
        named = [photo.id for answer in self.answers(can) for photo in answer.photos]
        place = {photo: number for number, photo in reversed(list(enumerate(named)))}
        found = [glimpse for name, glimpse in self._looked.values() if name == can.name]
        return sorted(found, key=lambda each: (place.get(each.photo.id, len(named)), each.photo.id))


def applied_by(can: Capabilities, filters: Filters) -> object:
    """Give what of some filters a service applies itself; what it gives is equal for the same."""
    return tuple((name, getattr(filters, name)) for name in sorted(can.filters))


def _asked(can: Capabilities, filters: Filters, words: str) -> _Asked:
    return can.name, applied_by(can, filters), words
