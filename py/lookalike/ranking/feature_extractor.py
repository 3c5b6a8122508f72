"""Describing the photos of a search: by its scorer, and by how they match its words."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any

from PIL import Image

from lookalike.errors import LookalikeError
from lookalike.images import prepare
from lookalike.model.layer_tap import LayerTap
from lookalike.model.model import Model
from lookalike.ranking.cache import Cache
from lookalike.ranking.scored_photos import ScoredPhoto
from lookalike.ranking.text_query import TextQuery
from lookalike.scorer.scorer import CheckedScorer, Feature

AT_ONCE = 4
"""Photos described again at the same time: networks in several workers, and the next decoded."""


class FeatureExtractor:
    """Describes photos, each once for all scorers that describe them alike.

    What the scorer to come makes of photos is staged: the scorer in charge knows nothing of it.

    Args:
        model: what describes images.
        cache: what other searches have computed.
        text: the words that photos are compared with, too; None for none.
    """

    def __init__(self, model: Model, cache: Cache, text: TextQuery | None) -> None:
        self._model, self._cache, self._text = model, cache, text
        self._staged: dict[str, Feature | None] = {}  # by photo; None where it failed
        self._staged_key: object = None  # of the scorer that has made them

    async def photo(
        self, scorer: CheckedScorer, photo: str, opened: Callable[[], Image.Image]
    ) -> tuple[Feature, float | None]:
        """Describe a photo.

        Args:
            scorer: by which.
            photo: its id.
            opened: decodes it, where it has to be looked at.

        Returns:
            Its feature, and how well it matches the words, from -1 to 1; None without words.

        Raises:
            BadPhoto, ScoreError, ModelError: it cannot be described.
        """
        matcher = self._text.matcher if self._text else None
        if matcher is None:
            return await self.feature(scorer, photo, opened), None
        key = (self._model.spec.name, matcher.layer, photo)
        output = self._cache.outputs.get(key)
        if output is not None:
            return await self.feature(scorer, photo, opened), matcher.match(output)
        image = opened()
        beside = LayerTap(self._model, prepare(image, self._model.spec), matcher.layer)
        feature = await self.feature(scorer, photo, lambda: image, beside)
        output = await beside.read()
        self._cache.outputs.put(key, output)
        return feature, matcher.match(output)

    def remembered(self, scorer: CheckedScorer, photo: str) -> tuple[Feature, float | None] | None:
        """Give what `photo` would, where nothing has to be looked at for it; else None."""
        feature = self._cache.features.get(self._cached_as(scorer, photo))
        matcher = self._text.matcher if self._text else None
        if feature is None or matcher is None:
            return None if feature is None else (feature, None)
        output = self._cache.outputs.get((self._model.spec.name, matcher.layer, photo))
        return None if output is None else (feature, matcher.match(output))

    async def feature(
        self,
        scorer: CheckedScorer,
        photo: str,
        opened: Callable[[], Image.Image],
        model: Model | None = None,
    ) -> Feature:
        """Describe a photo by a scorer alone.

        Args:
            scorer, photo, opened: see `photo`.
            model: what the scorer gets to describe it with, instead of the usual one.

        Raises:
            BadPhoto, ScoreError, ModelError: it cannot be described.
        """
        key = self._cached_as(scorer, photo)
        feature = self._cache.features.get(key)
        if feature is None:
            feature = await scorer.get_feature(model or self._model, opened())
            self._cache.features.put(key, feature)
        return feature

    def known(self, scorer: CheckedScorer, some: ScoredPhoto) -> Feature | None:
        """Give what a scorer has made of a photo, if it has described it."""
        if some.key == scorer.key:
            return some.feature
        if self._is_staged(scorer, some):
            return self._staged[some.photo.id]
        return self._cache.features.get(self._cached_as(scorer, some.photo.id))

    def is_done(self, scorer: CheckedScorer, some: ScoredPhoto) -> bool:
        """Say whether all is known of a photo, be it that a scorer cannot describe it."""
        if self._text and self._text.matcher and some.match is None:
            return False
        staged = self._is_staged(scorer, some)
        return some.key == scorer.key or staged or self.known(scorer, some) is not None

    # -- For a scorer to come ------------------------------------------------------------------

    def stage(self, scorer: CheckedScorer) -> None:
        """Keep what this scorer makes of photos, and nothing that another one has made."""
        if self._staged_key != scorer.key:
            self._staged, self._staged_key = {}, scorer.key

    def clear_stage(self) -> None:
        """Forget what is staged, once it has been taken over."""
        self._staged, self._staged_key = {}, None

    async def describe_all(
        self,
        scorer: CheckedScorer,
        photos: Iterable[ScoredPhoto],
        progress: Callable[[int, int], None],
    ) -> None:
        """Describe what is not described yet of some photos; see `stage`.

        Args:
            scorer: by which.
            photos: a photo that it cannot describe is staged as such.
            progress: told how many of how many are done.
        """
        missing = [some for some in photos if not self.is_done(scorer, some)]
        if not missing:
            return
        progress(0, len(missing))
        done = itertools.count(1)
        waiting = iter(missing)
        await _together(
            self._describe_each(scorer, waiting, lambda: progress(next(done), len(missing)))
            for _ in range(AT_ONCE)
        )

    async def _describe_each(
        self, scorer: CheckedScorer, waiting: Iterator[ScoredPhoto], tell: Callable[[], None]
    ) -> None:
        for some in waiting:
            feature: Feature | None = None
            with contextlib.suppress(LookalikeError):  # it will have no score
                feature, match = await self.photo(scorer, some.photo.id, some.opened)
                if some.match is None and self._text:
                    some.match = self._text.match(some.photo, match)
            if self._staged_key == scorer.key:
                self._staged[some.photo.id] = feature
            tell()
            await asyncio.sleep(0)

    def _is_staged(self, scorer: CheckedScorer, some: ScoredPhoto) -> bool:
        return self._staged_key == scorer.key and some.photo.id in self._staged

    def _cached_as(self, scorer: CheckedScorer, photo: str) -> tuple[object, ...]:
        return self._model.spec.name, *scorer.key, photo


async def _together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Wait for coroutines; the first that fails, or being cancelled, ends the others."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
