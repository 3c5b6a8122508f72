"""Which photo of a collection a file is, and what a new one is called.

A photo goes by its path. Another photo of the same path, from another camera's folder perhaps, is
kept beside it under a name that tells them apart: "DCIM/IMG_1 (2).jpg".
"""

import posixpath
from collections.abc import Iterable, Sequence

from lookalike.collections.collection import PhotoEntry
from lookalike.collections.upload import Upload


class PhotoNames:
    """The names of a collection's photos, while files are added.

    Args:
        known: the photos that are there.
        coming: the paths of the files that are added; no other photo is given one of these names.
    """

    def __init__(self, known: Iterable[PhotoEntry], coming: Iterable[str]) -> None:
        self._by_path: dict[str, list[PhotoEntry]] = {}
        self._by_inner: dict[str, list[PhotoEntry]] = {}  # without the first folder
        self._used: set[str] = set()
        self._coming = frozenset(coming)
        self._claimed: set[str] = set()
        self._numbers: dict[str, int] = {}
        for entry in known:
            self._by_path.setdefault(entry.path, []).append(entry)
            self._by_inner.setdefault(_inner(entry.path), []).append(entry)
            self._used.add(entry.id)

    def put(self, entry: PhotoEntry) -> None:
        """Take in what a file has become: a new photo, or what one of that id is from now on."""
        there = self._by_path.setdefault(entry.path, [])
        there[:] = [*(each for each in there if each.id != entry.id), entry]
        self._used.add(entry.id)
        self._claimed.add(entry.id)

    def is_claimed(self, entry: PhotoEntry) -> bool:
        """Say whether a file is this photo."""
        return entry.id in self._claimed

    def claim(self, entry: PhotoEntry) -> bool:
        """Say that a file is this photo; False where another one has said so already."""
        first = entry.id not in self._claimed
        self._claimed.add(entry.id)
        return first

    def of_path(self, path: str) -> Sequence[PhotoEntry]:
        """Give the photos that came under a path, those first that no file has claimed."""
        found = self._by_path.get(path, ())
        return sorted(found, key=lambda entry: entry.id in self._claimed)

    def beside(self, path: str) -> Sequence[PhotoEntry]:
        """Give the photos whose path is this one but for the chosen folder's own name.

        A page has it before all paths, as browsers do, and a terminal has not. Left out are those
        that a file has claimed, or comes for by their very path.
        """
        inner = _inner(path)
        found = [*self._by_inner.get(path, ()), *(self._by_path.get(inner, ()) if inner else ())]
        return [
            each for each in found if each.id not in self._claimed and each.path not in self._coming
        ]

    def of_place(self, upload: Upload) -> Sequence[PhotoEntry]:
        """Give the unclaimed photos of the place that a file lies in; none without a place."""
        if not upload.origin:
            return []
        return [
            entry
            for entry in self._by_path.get(upload.path, ())
            if entry.origin == upload.origin and entry.id not in self._claimed
        ]

    def new(self, path: str) -> str:
        """Give the id of a photo that comes under a path: that, or one with a number."""
        name = path
        while name in self._used or (name != path and name in self._coming):
            number = self._numbers[path] = self._numbers.get(path, 1) + 1
            name = numbered(path, number)
        self._used.add(name)
        return name


def _inner(path: str) -> str:
    return path.partition("/")[2]


def numbered(path: str, number: int) -> str:
    """Put a number into a path: "a/b.jpg" becomes "a/b (2).jpg"."""
    stem, extension = posixpath.splitext(path)
    return f"{stem} ({number}){extension}"
