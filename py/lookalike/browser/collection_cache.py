"""Collections in memory, described by the scorer that searches them."""

from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from lookalike.collections.collection import AVG_POOL, Collection, PhotoEntry, feature_kind
from lookalike.collections.embedder import Embedder
from lookalike.collections.progress import Control
from lookalike.collections.refresh import refresh
from lookalike.collections.searchable import Searchable, opened, opened_at_once
from lookalike.collections.store import Store, collection_of
from lookalike.collections.text_search import is_of_layer
from lookalike.errors import LookalikeError
from lookalike.scorer.scorer import CheckedScorer
from lookalike.search.events import Recomputing

LOADED = 2
"""Collections kept in memory: a big one takes a quarter of a gigabyte."""


class OtherModel(LookalikeError):
    """A collection's photos were described by another network, and cannot be compared."""

    code = "collection-model"
    default_advice = "Open “Your photos” and process its photos again, or search something else."


class Undescribed(LookalikeError):
    """The scorer makes nothing of a collection's photos."""

    code = "collection-score"
    default_advice = "Mend score.py, or search by another score function."


@dataclass(frozen=True, slots=True)
class Described:
    """A collection that can be searched by a scorer.

    Attributes:
        collection: its own record.
        found: its features.
        entries: its photos, once they have been read (`CollectionCache.entries`).
    """

    collection: Collection
    found: Searchable
    entries: list[PhotoEntry] = field(default_factory=list)


class CollectionCache:
    """Has collections described, and keeps those searched last in memory.

    Args:
        store: where collections are.
        embedder: makes what describes photos by a scorer.
        labels: `ModelSpec.labels` of the network, for what it sees in photos.
    """

    def __init__(
        self,
        store: Store,
        embedder: Callable[[CheckedScorer], Embedder],
        labels: Sequence[str] = (),
    ) -> None:
        self.store, self._embedder, self.labels = store, embedder, labels
        self._kept: OrderedDict[tuple[str, str], Described] = OrderedDict()
        self._changes = Counter[str]()  # of each collection; "" of all

    def forget(self, collection: str) -> None:
        """Read a collection again when it is next searched, as it has changed; "" for all."""
        for key in [key for key in self._kept if collection in (key[0], "")]:
            del self._kept[key]
        self._changes[collection] += 1  # what is being read now is out of date, too

    def _changed(self, collection: str) -> int:
        return self._changes[collection] + self._changes[""]

    async def get(
        self, name: str, scorer: CheckedScorer, control: Control
    ) -> AsyncIterator[Recomputing | Described]:
        """Load a collection; photos that the scorer does not know are described from thumbnails.

        Args:
            name: the collection's id.
            scorer: what describes its photos.
            control: ends the work; then nothing is given at the end.

        Yields:
            How the work goes, and at last the collection.

        Raises:
            OtherModel, StoreError, ModelError: it cannot be searched.
            Undescribed: the scorer has described none of its photos, and can describe none of the
                first.
        """
        key = name, feature_kind(scorer.key)
        while key not in self._kept:
            changed, described = self._changed(name), None
            async for step in self._load(name, scorer, control):
                if isinstance(step, Described):
                    described = step
                else:
                    yield step
            if described is None:
                return
            if changed == self._changed(name):  # else it has changed while it was read
                self._keep(key, described)
        self._kept.move_to_end(key)
        yield self._kept[key]

    def _keep(self, key: tuple[str, str], described: Described) -> None:
        while len(self._kept) >= LOADED:
            self._kept.popitem(last=False)
        self._kept[key] = described

    async def _load(
        self, name: str, scorer: CheckedScorer, control: Control
    ) -> AsyncIterator[Recomputing | Described]:
        embedder, kind = self._embedder(scorer), feature_kind(scorer.key)
        collection = await collection_of(self.store, name)
        if collection.model != embedder.model_id:
            raise OtherModel(
                f"“{collection.name}” was made with another network ({collection.model.name})."
            )
        layers = embedder.model.spec.layers
        found = await opened_at_once(self.store, collection, kind, layers)
        if found is None:
            known = (await self.store.usage(name)).features.get(kind, 0)
            async for progress in refresh(self.store, collection, embedder, control):
                if progress.total:
                    yield Recomputing(progress.done, progress.total)
                if progress.failed and not (known or progress.stored):
                    reason = progress.failed[0].reason
                    raise Undescribed(
                        f"No photo of “{collection.name}” could be described: {reason}"
                    )
            if control.cancelled:
                return
            async for step in opened(self.store, collection, kind, layers, control):
                if isinstance(step, Searchable):
                    found = step
                else:
                    yield Recomputing(*step)
        if found is None:
            return
        await self._drop_others(collection, kind)
        yield Described(collection, found)

    async def entries(self, described: Described) -> Sequence[PhotoEntry]:
        """Give all photos of a collection, read when they are first needed.

        Raises:
            StoreError: they cannot be read.
        """
        if not described.entries:
            stored = self.store.entries(described.collection.id)
            # Not added to what is there: two searches may read them at once.
            described.entries[:] = [entry async for some in stored for entry in some]
        return described.entries

    async def _drop_others(self, collection: Collection, kind: str) -> None:
        """Of the scorers that a person tries, only the last one's features are kept.

        What a text encoder needs is kept, too.
        """
        for other in (await self.store.usage(collection.id)).features:
            if other not in (collection.kind, AVG_POOL, kind) and not is_of_layer(other):
                await self.store.drop_features(collection.id, other)
