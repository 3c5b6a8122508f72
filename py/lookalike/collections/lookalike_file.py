"""Writing `.lookalike` files: a collection that can be carried from one place to another.

A zip file without compression, of numbered parts of some hundred photos each:

    entries/00007.jsonl          a line of JSON a photo (`records`)
    thumbnails/00007.bin         the JPEG files of the same photos, one after another
    features/0/00007.npy         some rows of the first kind of features, as a float16 matrix; of
                                 wide ones, as a uint8 matrix of 8 bits a number (`packing`)
    features/0/00007.json        the ids of the photos that these are of
    lines/0/00007.bin            lines of a sketch of the same rows (`near`), where they are wide
    manifest.json                what the file is, the kinds, and each part's size and SHA-256

An entry says by "thumbnail" how many bytes its thumbnail has. Nothing in a file is ever used as a
path of a file system, and nothing of it is run.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

import numpy as np

from lookalike.collections.collection import Batch, Collection, Features, Matrix
from lookalike.collections.packing import Packed, is_wide, pack
from lookalike.collections.records import collection_to_json, entry_to_json
from lookalike.collections.reduction import layer_of, reduction_for, tag_of
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
        """Write a block."""
        number = f"{self._blocks:05}"
        lines = [
            json.dumps(
                {**entry_to_json(entry, self._collection.model), "thumbnail": len(small)},
                ensure_ascii=False,
            )
            for entry, small in zip(batch.entries, batch.thumbnails, strict=True)
        ]
        self._write(f"entries/{number}.jsonl", "".join(f"{line}\n" for line in lines).encode())
        self._write(f"thumbnails/{number}.bin", b"".join(batch.thumbnails))
        self._photos += len(batch.entries)
        self._blocks += 1
        for kind in batch.features:
            self.add_features(batch.of(kind))

    def add_features(self, features: Features) -> None:
        """Write a block of features of photos that are or will be written."""
        number = self._kinds.setdefault(features.kind, 0)
        self._kinds[features.kind] += 1
        place = list(self._kinds).index(features.kind)
        part = f"features/{place}/{number:05}"
        matrix: Matrix | Packed = features.matrix
        if is_wide(matrix.shape[1]):
            self._version = VERSION
            matrix = pack(features.matrix)
            self._add_lines(features, f"lines/{place}/{number:05}.bin", first=number == 0)
        self._write(f"{part}.npy", _npy(matrix))
        self._write(f"{part}.json", json.dumps(list(features.ids), ensure_ascii=False).encode())

    def _add_lines(self, features: Features, part: str, *, first: bool) -> None:
        shape = tuple(self._layers.get(layer_of(features.kind), ()))
        reduction = reduction_for(features.matrix.shape[1], shape)
        if reduction is None or not (first or features.kind in self._tags):
            return
        self._tags[features.kind] = tag_of(reduction, self._collection)
        self._write(part, lines_of(features.matrix, reduction).tobytes())

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
        text = json.dumps(manifest, indent=1, ensure_ascii=False)
        self._archive.writestr(zipfile.ZipInfo("manifest.json", _DATE), text.encode())
        self._archive.close()

    def _write(self, name: str, content: bytes) -> None:
        self._archive.writestr(zipfile.ZipInfo(name, _DATE), content)
        self._parts[name] = {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }


def _npy(matrix: Matrix | Packed) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(matrix), allow_pickle=False)
    return buffer.getvalue()
