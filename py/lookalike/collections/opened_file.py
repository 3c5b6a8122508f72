"""Reading `.lookalike` files (`lookalike_file` says what is in them)."""

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np

from lookalike.collections.collection import (
    Collection,
    Features,
    Lines,
    Matrix,
    PhotoEntry,
    Usage,
    stacked,
)
from lookalike.collections.json_records import collection_from_json, entry_from_json
from lookalike.collections.lookalike_file import FORMAT, VERSION
from lookalike.collections.packing import unpack
from lookalike.collections.store import CollectionGone
from lookalike.errors import LookalikeError

MAX_PART = 200_000_000
"""Bytes of one part; those that are written are below 20 MB."""


class BadCollectionFile(LookalikeError):
    """A `.lookalike` file that is none, is damaged, or is of a newer version."""

    code = "bad-collection-file"
    default_advice = "Download or copy the file again, or make it again from its photos."


THUMBNAILS = "The file's thumbnails are damaged."
FEATURES = "The file's features are damaged."

_DAMAGE = (
    ArithmeticError, EOFError, LookupError, MemoryError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, zipfile.BadZipFile,
)  # fmt: skip
"""What zipfile, json and numpy raise where bytes are not what was written."""


@contextmanager
def _refused(message: str) -> Iterator[None]:
    """Refuse a file, with these words, where it is damaged."""
    try:
        yield
    except _DAMAGE:
        raise BadCollectionFile(message) from None


class CollectionFile:
    """A `.lookalike` file, to be searched as it lies there: `Readable`, of one collection.

    Args:
        file: seekable; it is read as long as this is used.

    Attributes:
        collection: what it holds.

    Raises:
        BadCollectionFile: it is none that can be read; `verify` sees whether all of it can be.
    """

    def __init__(self, file: BinaryIO) -> None:
        with _refused("This is no .lookalike file, or it is incomplete or damaged."):
            self._archive = zipfile.ZipFile(file)
            manifest = json.loads(self._member("manifest.json"))
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise BadCollectionFile("This is no .lookalike file.")
        version = manifest.get("version")
        if not isinstance(version, int) or version > VERSION:
            raise BadCollectionFile(
                f"The file is of version {version}; this program reads {VERSION} and older.",
                "Reload the page, or update Lookalike, for a newer one.",
            )
        with _refused("The file's manifest is damaged."):
            self.collection: Collection = collection_from_json(manifest["collection"])
            self._photos, self._blocks = int(manifest["photos"]), int(manifest["blocks"])
            kinds = [(str(each["kind"]), int(each["blocks"])) for each in manifest["features"]]
            self._tags = {
                str(e["kind"]): str(e["lines"]) for e in manifest["features"] if "lines" in e
            }
            self._parts: dict[str, Any] = dict(manifest["parts"])
        self._file = file
        self._kinds = {kind: (place, count) for place, (kind, count) in enumerate(kinds)}
        self._places: dict[str, tuple[int, int, int]] | None = None
        self._rows: dict[str, dict[str, tuple[int, int]]] = {}  # block and row, by kind and photo

    @property
    def photos(self) -> int:
        """How many photos it holds."""
        return self._photos

    @property
    def kinds(self) -> list[str]:
        """The kinds of features that it holds."""
        return list(self._kinds)

    @property
    def parts(self) -> int:
        """How many parts `verify` goes through."""
        return 2 * self._blocks + sum(count for _, count in self._kinds.values())

    def close(self) -> None:
        """Close the file; nothing can be read of it any more."""
        self._archive.close()
        self._file.close()

    def described(self, kind: str) -> set[str]:
        """Give the ids of the photos that have features of a kind, without reading these.

        Raises:
            BadCollectionFile: the file is damaged.
        """
        place, count = self._kinds.get(kind, (0, 0))
        return {name for number in range(count) for name in self._ids(place, number)}

    def verify(self) -> Iterator[None]:
        """Read everything once, part by part, and see that it is whole and fits together.

        Raises:
            BadCollectionFile: it is not.
        """
        ids: set[str] = set()
        for number in range(self._blocks):
            block = self._entries(number)
            yield
            sizes = sum(size for _, size in block)
            if len(self._part(_thumbnails(number))) != sizes:
                raise BadCollectionFile(THUMBNAILS)
            names = {entry.id for entry, _ in block}
            if len(names) != len(block) or names & ids:
                raise BadCollectionFile("The file has two photos of one name.")
            ids |= names
            yield
        if len(ids) != self._photos:
            raise BadCollectionFile("The file does not have the photos that it announces.")
        for kind, (_, count) in self._kinds.items():
            width = None
            for number in range(count):
                features = self._features(kind, number)
                width = width or features.matrix.shape[1]
                if features.matrix.shape[1] != width or not ids.issuperset(features.ids):
                    raise BadCollectionFile("The file's features do not fit its photos.")
                if kind in self._tags:
                    self._lines(kind, number)
                yield

    # -- Readable --------------------------------------------------------------------------------

    async def collections(self) -> list[Collection]:
        return [self.collection]

    async def entries(self, collection: str) -> AsyncIterator[Sequence[PhotoEntry]]:
        self._check(collection)
        for number in range(self._blocks):
            yield [entry for entry, _ in self._entries(number)]

    async def features(self, collection: str, kind: str) -> AsyncIterator[Features]:
        self._check(collection)
        for number in range(self._kinds.get(kind, (0, 0))[1]):
            yield self._features(kind, number)

    async def picked(self, collection: str, ids: Sequence[str]) -> dict[str, PhotoEntry]:
        """See `Readable`."""
        self._check(collection)
        wanted, places = set(ids), self._placed()
        numbers = sorted({places[each][0] for each in wanted if each in places})
        entries = (entry for number in numbers for entry, _ in self._entries(number))
        return {entry.id: entry for entry in entries if entry.id in wanted}

    async def ids(self, collection: str, kind: str) -> list[str]:
        self._check(collection)
        return list(self._rows_of(kind))

    async def rows(self, collection: str, kind: str, ids: Sequence[str]) -> Features:
        """See `Readable`; digests are not compared, as that would take whole parts."""
        self._check(collection)
        rows = self._rows_of(kind)
        there = [each for each in ids if each in rows]
        found: dict[str, Matrix] = {}
        for number in sorted({rows[each][0] for each in there}):
            some = [each for each in there if rows[each][0] == number]
            matrix = self._some_rows(kind, number, [rows[each][1] for each in some])
            found.update(zip(some, matrix, strict=True))
        return Features(kind, there, stacked([found[each] for each in there]))

    async def lines(self, collection: str, kind: str, tag: str) -> AsyncIterator[Lines]:
        """See `Readable`."""
        self._check(collection)
        if self._tags.get(kind) == tag:
            for number in range(self._kinds[kind][1]):
                yield self._lines(kind, number)

    def tag(self, kind: str) -> str:
        """Say how lines of a kind were made; empty where there are none."""
        return self._tags.get(kind, "")

    async def thumbnails(self, collection: str, ids: Sequence[str]) -> dict[str, bytes]:
        self._check(collection)
        return {name: small for name in ids if (small := self.thumbnail(name)) is not None}

    async def usage(self, collection: str) -> Usage:
        self._check(collection)
        counts = {
            kind: sum(len(self._ids(place, number)) for number in range(count))
            for kind, (place, count) in self._kinds.items()
        }
        with _refused("The file's manifest is damaged."):
            size = sum(int(part["bytes"]) for part in self._parts.values())
        return Usage(self._photos, size, counts)

    def thumbnail(self, photo: str) -> bytes | None:
        """Give a thumbnail by its photo's id; None where there is none."""
        place = self._placed().get(photo)
        if place is None:
            return None
        number, start, size = place
        with _refused(THUMBNAILS), self._archive.open(self._info(_thumbnails(number))) as file:
            file.seek(start)
            content = file.read(size)
        if len(content) != size:
            raise BadCollectionFile(THUMBNAILS)
        return content

    def _placed(self) -> dict[str, tuple[int, int, int]]:
        """Say where thumbnails lie: their block, and first byte and size in it."""
        if self._places is None:
            self._places = {}
            for number in range(self._blocks):
                start = 0
                for entry, size in self._entries(number):
                    self._places[entry.id] = number, start, size
                    start += size
        return self._places

    # -- Parts -----------------------------------------------------------------------------------

    def _check(self, collection: str) -> None:
        if collection != self.collection.id:
            raise CollectionGone("This collection is not in the file.")

    def _entries(self, number: int) -> list[tuple[PhotoEntry, int]]:
        """Give a block's entries, and how many bytes their thumbnails have."""
        with _refused("The file's list of photos is damaged."):
            lines = map(json.loads, self._part(f"entries/{number:05}.jsonl").splitlines())
            model = self.collection.model
            return [(entry_from_json(line, model), _size(line)) for line in lines]

    def _features(self, kind: str, number: int) -> Features:
        place, _ = self._kinds[kind]
        content = io.BytesIO(self._part(f"features/{place}/{number:05}.npy"))
        with _refused(FEATURES):
            matrix = _unpacked(np.lib.format.read_array(content, allow_pickle=False))
            if not np.isfinite(matrix).all():
                raise ValueError("there are no such features")
            return Features(kind, self._ids(place, number), matrix)

    def _rows_of(self, kind: str) -> dict[str, tuple[int, int]]:
        if kind not in self._rows:
            place, count = self._kinds.get(kind, (0, 0))
            self._rows[kind] = {
                each: (number, row)
                for number in range(count)
                for row, each in enumerate(self._ids(place, number))
            }
        return self._rows[kind]

    def _some_rows(self, kind: str, number: int, rows: Sequence[int]) -> Matrix:
        """Read some rows of a block, which is not compressed."""
        place, _ = self._kinds[kind]
        with _refused(FEATURES):
            with self._archive.open(self._info(f"features/{place}/{number:05}.npy")) as file:
                np.lib.format.read_magic(file)
                shape, _, dtype = np.lib.format.read_array_header_1_0(file)
                start, size = file.tell(), shape[1] * dtype.itemsize
                found = []
                for row in rows:
                    file.seek(start + row * size)
                    found.append(file.read(size))
            matrix = _unpacked(np.frombuffer(b"".join(found), dtype).reshape(len(rows), -1))
            if not np.isfinite(matrix).all():
                raise ValueError("there are no such features")
            return matrix

    def _lines(self, kind: str, number: int) -> Lines:
        place, _ = self._kinds[kind]
        ids = self._ids(place, number)
        content = np.frombuffer(self._part(f"lines/{place}/{number:05}.bin"), np.uint8)
        if not ids or len(content) % len(ids):
            raise BadCollectionFile("The file's sketch is damaged.")
        return Lines(ids, content.reshape(len(ids), -1))

    def _ids(self, place: int, number: int) -> list[str]:
        with _refused("The file's list of features is damaged."):
            ids = json.loads(self._part(f"features/{place}/{number:05}.json"))
            if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
                raise ValueError("these are no names")
            return ids

    def _part(self, name: str) -> bytes:
        with _refused(f"The file is incomplete: {name} cannot be read."):
            content = self._member(name)
            digest = self._parts[name]["sha256"]
        if hashlib.sha256(content).hexdigest() != digest:
            raise BadCollectionFile(f"The file is damaged: {name} is not what was written.")
        return content

    def _member(self, name: str) -> bytes:
        return self._archive.read(self._info(name))

    def _info(self, name: str) -> zipfile.ZipInfo:
        """Say where a part lies, and see that it is one that can be read in pieces."""
        info = self._archive.getinfo(name)
        # What is stored cannot be larger than the file itself.
        if info.compress_type != zipfile.ZIP_STORED or info.file_size > MAX_PART:
            raise ValueError("a part is compressed or too large")
        return info


def _thumbnails(number: int) -> str:
    return f"thumbnails/{number:05}.bin"


def _size(line: Any) -> int:  # noqa: ANN401 - JSON
    size = line["thumbnail"]
    if not isinstance(size, int) or not 0 <= size <= MAX_PART:
        raise ValueError("a thumbnail has no such size")
    return size


def _unpacked(matrix: Any) -> Matrix:  # noqa: ANN401 - whatever the file has
    """Give features as they are or, where they are in 8 bits, as float16."""
    return unpack(matrix) if matrix.dtype == np.uint8 and matrix.ndim == 2 else matrix
