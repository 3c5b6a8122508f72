"""A collection many times as large, made of one whose every photo is known.

Each photo of the larger one is a mixture of a photo and one of its near neighbours: its feature
lies between theirs, and it has some of the tags of both. Nothing is held but how each is mixed: a
mixture's cosine with a query follows from those of its two parts, and its tags are written down
when it is found.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from lookalike.evaluate.simulated_source import Collection, WordIndex
from lookalike.evaluate.tasks import Array, Scores, Task
from lookalike.photo import Photo
from lookalike.words import words

Rows = NDArray[np.int32]

NEIGHBOURS = 10
"""Each photo is mixed with one of so many that are nearest to it."""

MOST = 31
"""So many tags of a photo may go into a mixture; its title is one more."""


@dataclass(frozen=True, eq=False)
class Mixtures:
    """How the photos of a larger collection are mixed: a row each.

    Attributes:
        first, second: the rows of its two parts in the collection that they are of.
        weight: of the second, below one half.
        between: the cosine of the two.
        kept: (rows, 2) which tags of the first and the second it has, a bit each; the highest bit
            is the title.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    weight: NDArray[np.float32]
    between: NDArray[np.float32]
    kept: NDArray[np.uint32]

    def scores(self, scores: Array) -> Array:
        """Turn the cosines of all photos with a query into those of the mixtures.

        Parts are of length 1 before they are mixed, so a mixture's length is known, too.
        """
        w = self.weight.astype(np.float64)
        length = np.sqrt((1 - w) ** 2 + w**2 + 2 * w * (1 - w) * self.between)
        found: Array = ((1 - w) * scores[self.first] + w * scores[self.second]) / length
        return found


def neighbours(
    features: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Find the nearest other photos of each, by cosine.

    Returns:
        (n, count) rows, in no order, and their cosines.
    """
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    rows, cosines = [], []
    for start in range(0, len(unit), 1000):
        near = unit[start : start + 1000] @ unit.T
        near[np.arange(len(near)), start + np.arange(len(near))] = -np.inf  # not itself
        best = np.argpartition(-near, count - 1, axis=1)[:, :count]
        rows.append(best.astype(np.int32))
        cosines.append(np.take_along_axis(near, best, axis=1))
    return np.concatenate(rows), np.concatenate(cosines)


def mix(collection: Collection, times: int, seed: int = 0) -> Mixtures:
    """Mix each photo `times` times, each time with a neighbour and a weight drawn at random.

    A mixture has each tag of either part, and each title, with a probability of one half, whatever
    the weight. One that would have none has the first's first.

    Raises:
        ValueError: the collection has no features.
    """
    if collection.features is None:
        raise ValueError("--larger needs a collection with avg_pool features")
    n = len(collection.photos)
    near, cosines = neighbours(collection.features, min(NEIGHBOURS, n - 1))
    rng = np.random.default_rng(seed)
    carried = np.array([_carried(photo) for photo in collection.photos], np.uint32)
    lowest = carried & (~carried + np.uint32(1))
    parts = []
    for _ in range(times):
        chosen = rng.integers(near.shape[1], size=n)
        second = near[np.arange(n), chosen]
        weight = (rng.random(n) / 2).astype(np.float32)
        kept = np.stack(
            [
                _bits(rng, n) & carried,
                _bits(rng, n) & carried[second],
            ],
            axis=1,
        )
        kept[~kept.any(axis=1), 0] = lowest[~kept.any(axis=1)]
        parts.append((second, weight, cosines[np.arange(n), chosen], kept))
    second, weight, between, kept = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Mixtures(np.tile(np.arange(n, dtype=np.int32), times), second, weight, between, kept)


def _carried(photo: Photo) -> int:
    """Give a bit for each tag, and the highest for a title."""
    return (1 << min(MOST, len(photo.tags))) - 1 | bool(photo.title) << MOST


def _bits(rng: np.random.Generator, count: int) -> NDArray[np.uint32]:
    return rng.integers(1 << MOST + 1, size=count, dtype=np.uint32)


class MixedPhotos(Sequence[Photo]):
    """The photos of a larger collection, made when they are asked for; their ids are their rows."""

    def __init__(self, photos: Sequence[Photo], mixtures: Mixtures) -> None:
        self._photos, self._mixtures = photos, mixtures

    def __len__(self) -> int:
        return len(self._mixtures.first)

    @overload
    def __getitem__(self, row: int) -> Photo: ...
    @overload
    def __getitem__(self, row: slice) -> list[Photo]: ...
    def __getitem__(self, row: int | slice) -> Photo | list[Photo]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        mixed = self._mixtures
        parts = [self._photos[int(part[row])] for part in (mixed.first, mixed.second)]
        tags, titles = list[str](), list[str]()
        for part, bits in zip(parts, mixed.kept[row].tolist(), strict=True):
            tags += [tag for i, tag in enumerate(part.tags[:MOST]) if bits >> i & 1]
            titles += [part.title] if bits >> MOST else []
        title, tags = " ".join(titles), list(dict.fromkeys(tags))
        return replace(parts[0], id=str(int(row)), title=title, tags=tuple(tags))


class MixedIndex(WordIndex):
    """Finds mixtures by words."""

    def __init__(self, photos: Sequence[Photo], mixtures: Mixtures) -> None:
        super().__init__(MixedPhotos(photos, mixtures), _rows_of_words(photos, mixtures))

    def row(self, photo: Photo) -> int:
        return int(photo.id)


class MixedScores:
    """The scores of mixtures against queries, a row for each query, worked out when asked for."""

    def __init__(self, scores: Scores, mixtures: Mixtures) -> None:
        self._scores, self._mixtures = scores, mixtures

    def __getitem__(self, query: int, /) -> Array:
        return self._mixtures.scores(self._scores[query])


def enlarged(task: Task, mixtures: Mixtures) -> Task:
    """Give the same searches over mixtures of a task's photos.

    Args:
        task: scores by cosine.
        mixtures: of its photos.
    """
    index = MixedIndex(task.index.photos, mixtures)
    return replace(task, index=index, scores=MixedScores(task.scores, mixtures))


def _rows_of_words(photos: Sequence[Photo], mixtures: Mixtures) -> dict[str, Rows]:
    found = defaultdict[str, list[Rows]](list)
    for column, part in enumerate((mixtures.first, mixtures.second)):
        order = np.argsort(part, kind="stable").astype(np.int32)
        ends = np.searchsorted(part[order], np.arange(len(photos) + 1)).tolist()
        for photo, start, end in zip(photos, ends, ends[1:], strict=False):
            rows = order[start:end]
            kept = mixtures.kept[rows, column]
            for i, text in [*enumerate(photo.tags[:MOST]), (MOST, photo.title)]:
                for word in set(words(text)):
                    found[word].append(rows[kept >> np.uint32(i) & np.uint32(1) > 0])
    return {word: np.unique(np.concatenate(rows)) for word, rows in found.items()}
