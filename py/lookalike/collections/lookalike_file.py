"""Writing `.lookalike` files: a collection that can be carried from one place to another.

A zip file without compression, of numbered parts of some hundred photos each:

    entries/00007.jsonl          a line of JSON a photo (`records`)
    thumbnails/00007.bin         the JPEG files of the same photos, one after another
    features/0/kind.json         the name of the first kind of features
    features/0/00007.npy         some rows of the first kind of features, as a float16 matrix; of
                                 wide ones, as a uint8 matrix of 8 bits a number (`packing`)
    features/0/00007.json        the ids of the photos that these are of
    lines/0/00007.bin            lines of a sketch of the same rows (`near`), where they are wide
    lines/0/tag.json             how these were made
    manifest.json                what the file is, the kinds, and each part's size and SHA-256

An entry says by "thumbnail" how many bytes its thumbnail has. Nothing in a file is ever used as a
path of a file system, and nothing of it is run.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np

from lookalike.collections.collection import Batch, Collection, Features, Matrix
from lookalike.collections.json_records import collection_to_json, entry_to_json, to_text
from lookalike.collections.packing import Packed, is_wide, pack
from lookalike.collections.reduction import (
    is_known,
    layer_of,
    reduction_for,
    reduction_of,
    tag_of,
)
from lookalike.collections.sketch import lines_of

FORMAT = "lookalike collection"
VERSION = 2
"""Of the format; a file with a higher one is not read. Without wide features, a file is of 1."""

# So that the same collection gives the same file.
_DATE = (1980, 1, 1, 0, 0, 0)


class Writer:
    """Writes a `.lookalike` file block by block; it is one once `close` has returned.

    Args:
        file: what it is written to.
        collection: what it will hold.
        layers: the shapes of the network's layers by name, which lines of sketches are made by.
    """

    def __init__(
        self,
        file: BinaryIO,
        collection: Collection,
        layers: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._collection, self._layers = collection, layers or {}
        self._tags: dict[str, str] = {}  # of kinds that have lines
        self._version = 1
        self._parts: dict[str, dict[str, Any]] = {}
        self._kinds: dict[str, int] = {}  # how many blocks there are of each
        self._photos = self._blocks = 0

    def add(self, batch: Batch) -> None:
        """Write a block. Its entries come last, so that all of it is there where they are."""
        number = f"{self._blocks:05}"
        lines = [
            to_text({**entry_to_json(entry, self._collection.model), "thumbnail": len(small)})
            for entry, small in zip(batch.entries, batch.thumbnails, strict=True)
        ]
        self.write(f"thumbnails/{number}.bin", b"".join(batch.thumbnails))
        for kind in batch.features:
            self.add_features(batch.of(kind))
        self.write(f"entries/{number}.jsonl", "".join(f"{line}\n" for line in lines).encode())
        self._photos += len(batch.entries)
        self._blocks += 1

    def add_features(self, features: Features) -> None:
        """Write a block of features of photos that are or will be written."""
        number = self._kinds.setdefault(features.kind, 0)
        self._kinds[features.kind] += 1
        place = list(self._kinds).index(features.kind)
        if number == 0:
            # The manifest, which says it as well, is not there while the file is written.
            self.write(f"features/{place}/kind.json", to_text(features.kind).encode())
        part = f"features/{place}/{number:05}"
        matrix: Matrix | Packed = features.matrix
        if is_wide(matrix.shape[1]):
            self._version = VERSION
            matrix = pack(features.matrix)
            self._add_lines(features, place, number)
        self.write(f"{part}.npy", _npy(matrix))
        self.write(f"{part}.json", to_text(list(features.ids)).encode())

    def _add_lines(self, features: Features, place: int, number: int) -> None:
        kind = features.kind
        if number == 0:
            shape = tuple(self._layers.get(layer_of(kind), ()))
            reduction = reduction_for(features.matrix.shape[1], shape)
            if reduction:
                self._tags[kind] = tag_of(reduction, self._collection)
                self.write(f"lines/{place}/tag.json", to_text(self._tags[kind]).encode())
        if kind in self._tags:
            lines = lines_of(features.matrix, reduction_of(self._tags[kind]))
            self.write(f"lines/{place}/{number:05}.bin", lines.tobytes())

    def close(self) -> None:
        """Write the manifest and end the file."""
        manifest = {
            "format": FORMAT,
            "version": self._version,
            "collection": collection_to_json(self._collection),
            "photos": self._photos,
            "blocks": self._blocks,
            "features": [
                {"kind": kind, "blocks": count}
                | ({"lines": self._tags[kind]} if kind in self._tags else {})
                for kind, count in self._kinds.items()
            ],
            "parts": self._parts,
        }
        text = to_text(manifest, indent=1)
        self._archive.writestr(zipfile.ZipInfo("manifest.json", _DATE), text.encode())
        self._archive.close()

    def abandon(self) -> None:
        """Write no end: the file stays one that was interrupted."""
        self._archive.fp = None  # else it would write one when it is thrown away

    def write(self, name: str, content: bytes) -> None:
        """Write a part."""
        self._archive.writestr(zipfile.ZipInfo(name, _DATE), content)
        self._parts[name] = _facts(len(content), hashlib.sha256(content).hexdigest())

    def resume(self, parts: Iterable[tuple[zipfile.ZipInfo, str]], blocks: "Blocks") -> None:
        """Go on where another writer was interrupted, at the end of these parts of its file.

        Args:
            parts: as they lie in the file, with the SHA-256 of each.
            blocks: what they make up.
        """
        for info, digest in parts:
            self._archive.filelist.append(info)
            self._archive.NameToInfo[info.filename] = info
            self._parts[info.filename] = _facts(info.file_size, digest)
        self._photos, self._blocks, self._kinds = blocks.photos, blocks.count, {**blocks.kinds}
        # Lines that an older version has made in another way serve nobody, and no others join them.
        self._tags = {kind: tag for kind, tag in blocks.tags.items() if is_known(tag)}
        self._version = VERSION if blocks.packed else 1


def _facts(size: int, digest: str) -> dict[str, Any]:
    return {"bytes": size, "sha256": digest}


@dataclass(frozen=True, slots=True)
class Blocks:
    """What some parts of a file make up.

    Attributes:
        photos: in them.
        count: blocks of photos.
        kinds: how many blocks of features there are of each kind, in the order of their places.
        tags: how lines were made, by kinds that have some.
        packed: whether there are features in 8 bits a number.
    """

    photos: int
    count: int
    kinds: Mapping[str, int]
    tags: Mapping[str, str] = field(default_factory=dict)
    packed: bool = False


def _npy(matrix: Matrix | Packed) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(matrix), allow_pickle=False)
    return buffer.getvalue()


def is_packed(part: bytes) -> bool:
    """Say whether a part with features has them in 8 bits a number."""
    content = io.BytesIO(part)
    np.lib.format.read_magic(content)
    return bool(np.lib.format.read_array_header_1_0(content)[2] == np.uint8)
