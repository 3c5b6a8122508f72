"""What one search takes from earlier ones before it asks anything, and leaves to later ones."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from lookalike.errors import BadPhoto
from lookalike.images import open_image
from lookalike.photo import Photo
from lookalike.policies.state import Answered, Score
from lookalike.ranking.cache import Cache
from lookalike.ranking.rank import ScoredPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.search.filter_tally import FilterTally
from lookalike.search.pool import Glimpse, KeptAnswer, Pool, applied_by
from lookalike.search.tag_queries import Answer
from lookalike.sources.source import Page, Source, asks_alike, capabilities, more_of

SHOWN_AT_ONCE = 8
"""So many photos of earlier searches are shown before others get their turn."""


class Recall:
    """Finds in the pool what there is of one service for one search, and adds to it.

    Photos that the scorer in charge has described are scored, and shown at once. Those that were
    looked at by another scorer are candidates like any that an answer named: when the policy
    chooses one, it is described from its kept thumbnail, without a download.

    Args:
        pool, cache: what earlier searches have left; what this one leaves goes to the pool here.
        source: the service, which filters as this search has it.
        filter_tally: the search's filters.
        ranker: what scores photos.
    """

    def __init__(
        self, pool: Pool, cache: Cache, source: Source, filter_tally: FilterTally, ranker: Ranker
    ) -> None:
        self._pool, self._cache, self._source = pool, cache, source
        self._can = capabilities(source)
        self._filter_tally, self._ranker = filter_tally, ranker
        self._passed_over: set[str] = set()
        self._shown: set[str] = set()

    async def known(
        self,
        most: int,
        show: Callable[[Glimpse, ScoredPhoto], object],
        bans: Callable[[Photo], bool] = lambda _: False,
    ) -> tuple[Sequence[Answered], list[tuple[Photo, Score]]]:
        """Have what is known shown, and give it for the policy: answers, and photos with scores.

        Where that was cut short before, what was shown then is not shown again.

        Args:
            most: how many photos.
            show: shows one.
            bans: says whether a person does not want one; that may change.
        """
        self._passed_over.clear()
        glimpses = self.photos(most, bans)
        for number, glimpse in enumerate(glimpses):
            if glimpse.photo.id in self._shown:
                continue
            self._shown.add(glimpse.photo.id)
            # By the scorer that there is now.
            show(glimpse, self._ranker.ranking.photos[glimpse.photo.id])
            if number % SHOWN_AT_ONCE == 0:
                await asyncio.sleep(0)
        answers = self.answers()
        for answer in answers:
            self._ranker.answered(answer.tag, answer.photos)
        photos = [glimpse.photo for glimpse in glimpses]
        scored = [(photo, told) for photo in photos if (told := self._ranker.told(photo.id))]
        return answers, scored

    def photos(self, most: int, bans: Callable[[Photo], bool] = lambda _: False) -> list[Glimpse]:
        """Score what was looked at before, and give the best; the ranker has seen these.

        Args:
            most: how many.
            bans: see `known`. They are candidates like any, should they be banned no more.
        """
        known: list[tuple[Glimpse, bytes]] = []
        named = {photo.id for answer in self._concerned() for photo in answer.photos}
        for glimpse in self._pool.glimpses(self._can):
            by_tag = self._ranker.concerns(glimpse.tag) or glimpse.photo.id in named
            if bans(glimpse.photo) or not by_tag:
                continue
            thumbnail = self._cache.thumbnails.get(glimpse.photo.id)
            passed, _ = self._filter_tally.sift([glimpse.photo])
            if thumbnail and passed and self._admits(glimpse, thumbnail):
                known.append((glimpse, thumbnail))
        photos = [(glimpse.photo, thumbnail) for glimpse, thumbnail in known]
        scored = self._ranker.recall(photos)
        best = scored[:most]
        self._passed_over.update(each.seen.photo.id for each in scored[most:])
        glimpses = {glimpse.photo.id: glimpse for glimpse, _ in known}
        for each in best:
            self._ranker.take(each)
            self.looked(glimpses[each.seen.photo.id])
        return [glimpses[each.seen.photo.id] for each in best]

    def _admits(self, glimpse: Glimpse, thumbnail: bytes) -> bool:
        if self._filter_tally.filters.colour == "any":
            return True  # without decoding it
        with contextlib.suppress(BadPhoto):
            if self._filter_tally.admits(glimpse.photo, open_image(thumbnail)):
                return True
        self._passed_over.add(glimpse.photo.id)
        return False

    def answers(self) -> Sequence[Answered]:
        """Give the answers of earlier searches, as this one's filters let them pass.

        What was looked at and is not among the best counts as dropped: it need not be looked at.
        """
        known = []
        for answer in self._concerned():
            passed, dropped = self._filter_tally.sift(answer.photos)
            over = [photo for photo in passed if photo.id in self._passed_over]
            passed = [photo for photo in passed if photo.id not in self._passed_over]
            otherwise = not self._is_of_today(answer)
            dropped = [*dropped, *over]
            known.append(
                Answered(answer.tag, passed, dropped, more_of(answer.photos), otherwise=otherwise)
            )
        return known

    def _concerned(self) -> list[KeptAnswer]:
        answers = self._pool.answers(self._can)
        return [answer for answer in answers if self._ranker.concerns(answer.tag)]

    def _is_of_today(self, answer: KeptAnswer) -> bool:
        """Say whether the service would filter for this search as it did for an answer."""
        if answer.url:
            return asks_alike(self._source, answer.tag, answer.url)
        return answer.applied == applied_by(self._can, self._filter_tally.filters)

    # -- What is left to later searches --------------------------------------------------------

    def answered(self, tag: str, answer: Answer) -> None:
        """Remember what a tag brought, if there was an answer."""
        if answer.words is not None:
            found = Page((*answer.photos, *answer.dropped), answer.more)
            filters = self._filter_tally.filters
            self._pool.answered(self._can, filters, answer.words, tag, found, answer.page)

    def looked(self, glimpse: Glimpse) -> None:
        """Remember a photo that was looked at."""
        self._pool.looked(self._can, glimpse)
