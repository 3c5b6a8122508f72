"""A folder of photos' tags and features, as a photo service that can be searched by words."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lookalike.photo import Photo
from lookalike.words import words


@dataclass(frozen=True)
class Collection:
    """Photos that can be searched.

    Attributes:
        photos: what is known of each.
        files: where each lies, or None.
        features: (n, d) `avg_pool` features, one row a photo, or None where the folder has none.
    """

    photos: Sequence[Photo]
    files: Sequence[Path | None]
    features: NDArray[np.float32] | None

    def only(self, rows: Sequence[int]) -> "Collection":
        """Keep some photos."""
        features = None if self.features is None else self.features[list(rows)]
        return Collection(
            [self.photos[row] for row in rows], [self.files[row] for row in rows], features
        )


def read_lines(path: Path, *fields: str) -> list[dict[str, object]]:
    """Read a file with one JSON object a line, each of which has these fields.

    Raises:
        OSError: it cannot be read.
        ValueError: a line is something else; it says which.
    """
    found: list[dict[str, object]] = []
    for number, line in enumerate(path.read_text("utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
        except ValueError as error:
            raise ValueError(f"{path}, line {number}, is no JSON: {error}") from error
        if not isinstance(content, dict):
            raise ValueError(f"{path}, line {number}, is no object of JSON")
        for field in fields:
            if field not in content:
                raise ValueError(f"{path}, line {number}, has no '{field}'")
        found.append(content)
    return found


def load_collection(folder: Path) -> Collection:
    """Read `photos.jsonl` (id, tags, and perhaps title, file, owner) and `avg_pool.f16.npy`.

    Raises:
        OSError: there is no `photos.jsonl`.
        ValueError: a line of it is broken, two photos have one id, or the features do not fit.
    """
    lines = read_lines(folder / "photos.jsonl", "id")
    photos = [
        Photo(
            id=str(line["id"]),
            title=str(line.get("title") or ""),
            tags=tuple(dict.fromkeys(map(str, _sequence(line.get("tags"))))),
            owner_id=str(line.get("owner") or ""),
        )
        for line in lines
    ]
    twice = next((name for name, n in Counter(photo.id for photo in photos).items() if n > 1), None)
    if twice is not None:
        raise ValueError(f"{folder / 'photos.jsonl'} has two photos with the id {twice}")
    files = [folder / str(line["file"]) if line.get("file") else None for line in lines]
    path = folder / "avg_pool.f16.npy"
    features = np.load(path).astype(np.float32) if path.exists() else None
    if features is not None and len(features) != len(photos):
        raise ValueError(f"{path} has {len(features)} rows for {len(photos)} photos")
    return Collection(photos, files, features)


def _sequence(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()


class WordIndex:
    """Finds the photos in whose tags or title every word of a query occurs.

    Args:
        photos: all there are.
        rows: those of each word, ascending, where they are known already.
    """

    def __init__(
        self, photos: Sequence[Photo], rows: Mapping[str, NDArray[np.int32]] | None = None
    ) -> None:
        self.photos = photos
        self._rows = _rows_of_words(photos) if rows is None else rows
        self._numbers: dict[str, int] = {}

    def row(self, photo: Photo) -> int:
        """Give the row of a photo that was found."""
        if not self._numbers:
            self._numbers = {known.id: row for row, known in enumerate(self.photos)}
        return self._numbers[photo.id]

    def find(self, query: str) -> NDArray[np.int32]:
        """Give the rows of the photos that match, ascending; none for a query without words."""
        nothing = np.zeros(0, np.int32)
        found = [self._rows.get(word, nothing) for word in set(words(query))]
        if not found:
            return nothing
        found.sort(key=len)
        rows = found[0]
        for other in found[1:]:
            rows = np.intersect1d(rows, other, assume_unique=True)
        return rows


def _rows_of_words(photos: Sequence[Photo]) -> dict[str, NDArray[np.int32]]:
    rows: dict[str, list[int]] = {}
    for row, photo in enumerate(photos):
        for word in set(words(" ".join((*photo.tags, photo.title)))):
            rows.setdefault(word, []).append(row)
    return {word: np.array(found, np.int32) for word, found in rows.items()}


class SimulatedSource:
    """Answers queries in an order that the seed fixes, a page a call.

    The same query again gives its next page, as a Flickr query with another upload date does.

    Args:
        index: the photos.
        seed: of the order.
        per_page: the most photos in an answer.
        hidden: rows that are never found.
    """

    def __init__(
        self, index: WordIndex, seed: int, per_page: int, hidden: Iterable[int] = ()
    ) -> None:
        self._index, self._per_page = index, per_page
        self._rank = np.random.default_rng(seed).permutation(len(index.photos))
        self._hidden = np.array(sorted(hidden), np.intp)
        self._pages: dict[frozenset[str], int] = {}

    def hide(self, rows: Iterable[int]) -> None:
        """Find these rows no more, and find again what was hidden before."""
        self._hidden = np.array(sorted(rows), np.intp)

    def search(self, query: str) -> list[Photo]:
        """Give the next page of what `query` finds."""
        rows = np.setdiff1d(self._index.find(query), self._hidden, assume_unique=True)
        rows = rows[np.argsort(self._rank[rows])]
        key = frozenset(words(query))
        page = self._pages[key] = self._pages.get(key, -1) + 1
        start = page * self._per_page
        return [self._index.photos[row] for row in rows[start : start + self._per_page]]
