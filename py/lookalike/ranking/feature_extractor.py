"""Describing the photos of a search: by its scorers, and by how they match its words."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any

from PIL import Image

from lookalike.errors import LookalikeError
from lookalike.images import prepare
from lookalike.model.layer_tap import LayerTap
from lookalike.model.model import Model
from lookalike.ranking.cache import Cache
from lookalike.ranking.features import FeatureTable
from lookalike.ranking.seen import SeenPhoto
from lookalike.ranking.text_query import TextQuery
from lookalike.scorer.scorer import CheckedScorer, Feature

AT_ONCE = 4
"""Photos described again at the same time: networks in several workers, and the next decoded."""

Opened = Callable[[], Image.Image]


class FeatureExtractor:
    """Describes photos, each once for all scorers that describe them alike.

    Args:
        model: what describes images.
        features: where features are kept.
        cache: what other searches have computed.
        text: the words that photos are compared with, too; None for none.
    """

    def __init__(
        self, model: Model, features: FeatureTable, cache: Cache, text: TextQuery | None
    ) -> None:
        self._model, self._features = model, features
        self._cache, self._text = cache, text

    async def photo(self, scorer: CheckedScorer, photo: str, opened: Opened) -> float | None:
        """Have a photo described.

        Args:
            scorer: by which; its feature is in the table then.
            photo: its id.
            opened: decodes it, where it has to be looked at.

        Returns:
            How well it matches the words, from -1 to 1; None without words.

        Raises:
            BadPhoto, ScoreError, ModelError: it cannot be described.
        """
        matcher = self._text.matcher if self._text else None
        if matcher is None:
            await self.feature(scorer, photo, opened)
            return None
        key = (self._model.spec.name, matcher.layer, photo)
        output = self._cache.outputs.get(key)
        if output is None:
            image = opened()
            beside = LayerTap(self._model, prepare(image, self._model.spec), [matcher.layer])
            await self.feature(scorer, photo, lambda: image, beside)
            output = (await beside.read())[matcher.layer]
            self._cache.outputs.put(key, output)
        else:
            await self.feature(scorer, photo, opened)
        return matcher.match(output)

    async def attempt(self, scorer: CheckedScorer, photo: str, opened: Opened) -> float | None:
        """Have a photo described, if it can be; the table has it that it cannot. See `photo`."""
        try:
            return await self.photo(scorer, photo, opened)
        except LookalikeError:
            self._features.put(scorer, photo, None)
            return None

    def remembered(self, scorer: CheckedScorer, photo: str) -> tuple[Feature, float | None] | None:
        """Give a photo's feature and its match, if nothing has to be looked at; else None."""
        feature = self._features.get(scorer, photo)
        matcher = self._text.matcher if self._text else None
        if feature is None or matcher is None:
            return None if feature is None else (feature, None)
        output = self._cache.outputs.get((self._model.spec.name, matcher.layer, photo))
        return None if output is None else (feature, matcher.match(output))

    async def feature(
        self, scorer: CheckedScorer, photo: str, opened: Opened, model: Model | None = None
    ) -> Feature:
        """Have a photo described by a scorer alone.

        Args:
            scorer, photo, opened: see `photo`.
            model: what the scorer gets to describe it with, instead of the usual one.

        Raises:
            BadPhoto, ScoreError, ModelError: it cannot be described.
        """
        feature = self._features.get(scorer, photo)
        if feature is None:
            feature = await scorer.get_feature(model or self._model, opened())
        self._features.put(scorer, photo, feature)
        return feature

    def is_done(self, scorer: CheckedScorer, seen: SeenPhoto) -> bool:
        """Say whether all is known of a photo, be it that a scorer cannot describe it."""
        if not self._features.holds(scorer, seen.photo.id):
            return False
        unmatched = self._text and self._text.matcher and seen.match is None
        return not unmatched or self._features.get(scorer, seen.photo.id) is None

    async def describe_all(
        self,
        scorer: CheckedScorer,
        photos: Iterable[SeenPhoto],
        progress: Callable[[int, int], None],
    ) -> None:
        """Describe what is not described yet of some photos, as far as that can be done.

        Args:
            scorer: by which.
            photos: some that were looked at.
            progress: told how many of how many are done.
        """
        # Own photos may join meanwhile.
        while missing := [seen for seen in photos if not self.is_done(scorer, seen)]:
            progress(0, len(missing))
            count, waiting = _counted(progress, len(missing)), iter(missing)
            await _together(self._describe_each(scorer, waiting, count) for _ in range(AT_ONCE))

    async def _describe_each(
        self, scorer: CheckedScorer, waiting: Iterator[SeenPhoto], count: Callable[[], None]
    ) -> None:
        for seen in waiting:
            match = await self.attempt(scorer, seen.photo.id, seen.opened)
            if seen.match is None and self._text:
                seen.match = self._text.match(seen.photo, match)
            count()
            await asyncio.sleep(0)


def _counted(progress: Callable[[int, int], None], all_of: int) -> Callable[[], None]:
    done = itertools.count(1)
    return lambda: progress(next(done), all_of)


async def _together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Wait for coroutines; the first that fails, or being cancelled, ends the others."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
