"""The person's own collections in a search, alone or beside services: exactly the nearest photos.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import replace
from functools import partial
from weakref import WeakKeyDictionary

from lookalike.browser.collection_cache import CollectionCache, Described
from lookalike.browser.found import Found, remembered
from lookalike.browser.protocol import Settings
from lookalike.collections.neighbours import Neighbour, score_rows
from lookalike.collections.own_photo import photo_of
from lookalike.collections.progress import Control
from lookalike.collections.text_search import (
    Opinions,
    cosines,
    encoded,
    layer_scorer,
    opinions,
)
from lookalike.errors import BadPhoto, LookalikeError, Problem
from lookalike.filters import image_passes, passes
from lookalike.images import open_image
from lookalike.policies.state import Guess
from lookalike.ranking.ranker import Ranker
from lookalike.scorer.scorer import CheckedScorer
from lookalike.search.events import (
    Event,
    Finished,
    Joined,
    Noted,
    Progress,
    Reason,
    Recomputing,
    Scored,
    Skipped,
    Started,
)
from lookalike.search.federated import Member, Part

PREFIX = "collection:"

BROKEN = "Remove it from “Your photos” and add it again."

WIDER = 4
"""Where filters keep out too many of the nearest, so many times more are looked through."""


class CollectionMember:
    """Collections as members of searches (`lookalike.search.federated`).

    Args:
        descriptions: has them described.
        clock: gives seconds.
    """

    def __init__(
        self, descriptions: CollectionCache, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._descriptions, self._clock = descriptions, clock
        # In their order, and no longer than they are on show: each holds all that it has found.
        self._searches: WeakKeyDictionary[CollectionSearch, None] = WeakKeyDictionary()

    def member(self, name: str, settings: Settings) -> Member:
        """Make the member for a collection, by its name among the sources of a search."""
        search = CollectionSearch(
            self._descriptions, name.removeprefix(PREFIX), settings, self._clock
        )
        self._searches[search] = None
        return Member(name, "Your photos", search.begin, looks=False)

    async def newcomers(
        self, ranker: Ranker
    ) -> AsyncIterator[Recomputing | Noted | Skipped | Joined]:
        """Find photos that another scorer, or marks, have brought among the nearest.

        Args:
            ranker: of the search on show, whose members are still held; it has scored again what
                was found before.

        Raises:
            LookalikeError: a collection cannot be searched.
        """
        for search in [search for search in self._searches if search.ranker is ranker]:
            await search.done.wait()  # what it finds meanwhile may be by the scorer before
            async for step in search.find(ranker):
                if not isinstance(step, Found):
                    yield step
                elif ranker.outcome(step.photo.id) is None:
                    score = (await remembered(ranker, step)).score
                    if score is not None:
                        yield Joined(step.photo, score, step.thumbnail)


class CollectionSearch:
    """One collection in one search.

    Args:
        descriptions: has it described.
        name: the collection's id.
        settings: of the search.
        clock: gives seconds.

    Attributes:
        ranker: what its photos are compared by; None before it has begun.
        done: set when it has ended, until it goes on.
    """

    def __init__(
        self,
        descriptions: CollectionCache,
        name: str,
        settings: Settings,
        clock: Callable[[], float],
    ) -> None:
        self._descriptions, self._name, self._clock = descriptions, name, clock
        self._count = max(1, settings.neighbours)
        # Nobody needs a licence for their own photos.
        self._filters = replace(settings.filters, license="any", safe=False)
        self._compared = 0
        self._told = {""}  # why all photos had to be read, and which ones are broken
        self._cosines: dict[str, float] = {}  # with the words, where a text encoder is asked
        self.ranker: Ranker | None = None
        self.done = asyncio.Event()

    async def begin(self, part: Part) -> AsyncGenerator[Event, None]:
        """See `Member.begin`. What a leg before has shown is not shown again."""
        ranker = self.ranker = part.ranker
        self.done.clear()
        began = self._clock()
        end = Finished(Reason.COMPLETE, 0, 0, 0.0)
        try:
            async for event in self._search(ranker, part):
                yield event
        except LookalikeError as error:
            end = replace(end, reason=Reason.FAILED, problem=error.problem)
        finally:
            self.done.set()
        if part.stop.is_set():
            end = replace(end, reason=Reason.CANCELLED)
        seconds = self._clock() - began
        yield Progress(0, self._compared, seconds, (), (), ())
        yield replace(end, photos=self._compared, seconds=seconds)

    async def _search(self, ranker: Ranker, part: Part) -> AsyncIterator[Event]:
        guesses = await _begun(ranker, part.stop)
        if guesses is None:
            return
        yield Started(part.seed, tuple(guesses))
        for notice in ranker.notices:
            yield Noted(notice)
        async for step in self.find(ranker, part):
            if not isinstance(step, Found):
                yield step
                continue
            if ranker.seen.get(step.photo.id):
                continue  # in a leg before
            scored = await remembered(ranker, step)
            if scored.score is None:
                continue
            twin = None
            if scored.feature is not None:
                twin = part.near_duplicates.find(step.photo.id, step.image, scored.feature)
            itself = ranker.ranking.itself
            yield Scored(step.photo, scored.score, "", twin, step.thumbnail, itself)

    async def find(
        self, ranker: Ranker, part: Part | None = None
    ) -> AsyncIterator[Recomputing | Noted | Skipped | Found]:
        """Give the nearest photos that pass the filters, best first, and what is done meanwhile.

        Where all of a large collection had to be read, that is said before its photos come. A photo
        whose thumbnail is broken, as in a file that somebody else has made, is skipped, once.

        Args:
            ranker: has the scorer in charge and what photos are compared with.
            part: of the search; its stop ends this.

        Raises:
            LookalikeError: the collection cannot be searched.
        """
        control = Control()
        described: Described | None = None
        async for step in self._described(ranker, control):
            if isinstance(step, Described):
                described = step
            else:
                yield step
            if part and part.stop.is_set():
                control.cancel()
        if described is None or control.cancelled:
            return
        self._compared = described.found.photos
        async for found in self._nearest(described, ranker):
            yield found
            if part and part.stop.is_set():
                return

    async def _described(
        self, ranker: Ranker, control: Control
    ) -> AsyncIterator[Recomputing | Described]:
        """Have the collection described as the words need it, then by the scorer in charge."""
        if matcher := encoded(ranker.text):
            layer = layer_scorer(matcher.layer)
            async for step in self._descriptions.get(self._name, layer, control):
                if isinstance(step, Described):
                    self._cosines = await step.found.by_row(partial(cosines, matcher))
                else:
                    yield step
        scorer = None
        while scorer is not ranker.scorer and not control.cancelled:
            scorer = ranker.scorer
            async for step in self._descriptions.get(self._name, scorer, control):
                yield step

    async def _nearest(
        self, described: Described, ranker: Ranker
    ) -> AsyncIterator[Noted | Skipped | Found]:
        thought = await self._opinions(described, ranker)
        scorer, reference = ranker.scorer, ranker.reference
        given, told, wanted = 0, 0, self._count
        while True:
            if thought:
                answer = thought.best(wanted)
            elif reference:
                answer = await described.found.nearest(scorer, reference.source, wanted)
            else:
                return  # there are words alone, and no photo to compare them with
            if answer.why not in self._told:
                self._told.add(answer.why)
                yield Noted(Problem("all-read", answer.explanation(described.collection.name), ""))
            some = answer.neighbours[told:]
            told = len(answer.neighbours)
            async for found in self._admitted(described, some, thought, scorer):
                yield found
                given += isinstance(found, Found)
                if given == self._count:
                    return
            if told < wanted or told >= answer.total:
                return
            wanted *= WIDER

    async def _opinions(self, described: Described, ranker: Ranker) -> Opinions | None:
        """Compare all photos with the words, if there are any, and with what there is besides."""
        text, scorer, reference = ranker.text, ranker.scorer, ranker.reference
        if text is None or not described.found.photos:
            return None
        alike = None
        if reference:
            alike = await described.found.by_row(partial(score_rows, scorer, reference.source))
        entries = await self._descriptions.entries(described)
        found = opinions(text, entries, alike, self._cosines)
        if found and found.crowd:
            text.crowds[described.collection.source_name] = found.crowd
        return found

    async def _admitted(
        self,
        described: Described,
        some: Sequence[Neighbour],
        thought: Opinions | None,
        scorer: CheckedScorer,
    ) -> AsyncIterator[Skipped | Found]:
        name, labels = described.collection.source_name, self._descriptions.labels
        scores = {each.id: each.score for each in some}
        store = self._descriptions.store
        entries = await store.picked(self._name, list(scores))
        there = [entries[each] for each in scores if each in entries]
        plain = [photo_of(described.collection, entry, labels) for entry in there]
        photos = {photo.id: replace(photo, id=f"{name}:{photo.id}") for photo in plain}
        wanted = [each for each in photos if passes(photos[each], self._filters) is None]
        thumbnails = await store.thumbnails(self._name, wanted)
        features = await described.found.features(wanted)
        # What was removed in the meantime has none.
        for each in (each for each in wanted if each in thumbnails):
            photo, thumbnail = photos[each], thumbnails[each]
            try:
                image = open_image(thumbnail)
            except BadPhoto as error:
                if photo.id not in self._told:
                    self._told.add(photo.id)
                    yield Skipped(photo, Problem(error.code, str(error), BROKEN))
                continue
            if image_passes(image, self._filters) is None:
                alike, match = thought.of(each) if thought else (scores[each], None)
                feature = features.get(each)
                yield Found(photo, thumbnail, image, feature, alike, match, scorer)


async def _begun(ranker: Ranker, stop: asyncio.Event) -> list[Guess] | None:
    """Wait until the query is understood; None: `stop` came first."""
    begun, stopped = asyncio.ensure_future(ranker.begin()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait([begun, stopped], return_when=asyncio.FIRST_COMPLETED)
        return await begun if begun.done() else None
    finally:
        begun.cancel()  # it is left to whoever else waits for it
        stopped.cancel()
