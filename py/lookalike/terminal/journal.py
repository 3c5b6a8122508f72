"""What an interrupted run has left: the parts of a `.lookalike` file that has no end yet.

A zip file has its list of contents at its end, so that one which was cut off cannot be opened. But
each part has its name, size and checksum before it, and can be found from the beginning.
"""

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lookalike.collections.collection import Collection
from lookalike.collections.json_records import collection_from_json
from lookalike.collections.lookalike_file import Blocks, is_packed
from lookalike.collections.opened_file import MAX_PART

BEGUN = "begun.json"
"""The first part: what the collection is."""

TAKEN_OVER = "taken-over.json"
"""From here on, parts are copies of what is in the older file."""

_HEADER = struct.Struct("<4s5H3L2H")


@dataclass(slots=True)
class Journal:
    """What was written for good.

    Attributes:
        collection: that it is of.
        parts: those that are whole, with their SHA-256; up to the end of a block of photos.
        ids: of the photos in them.
        end: where in the file they end.
        blocks: what they make up.
    """

    collection: Collection
    parts: list[tuple[zipfile.ZipInfo, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    end: int = 0
    blocks: Blocks = field(default_factory=lambda: Blocks(0, 0, {}))


def read_journal(file: BinaryIO) -> Journal | None:
    """Find what an interrupted run has written for good.

    Returns:
        None where that is nothing.

    Raises:
        OSError: the file cannot be read.
    """
    name, content = next(((info.filename, part) for info, part in _parts(file)), ("", b""))
    try:
        journal = Journal(collection_from_json(json.loads(content))) if name == BEGUN else None
    except (KeyError, TypeError, ValueError):
        journal = None
    if journal is None:
        return None
    block = _Block(journal)
    for info, part in _parts(file):
        if info.filename == TAKEN_OVER or not block.take(info, part):
            break
    return journal if journal.ids else None


class _Block:
    """The parts since the last whole block of photos, and what all of them tell of features.

    Args:
        journal: takes each block that is whole.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._parts: list[tuple[zipfile.ZipInfo, str]] = []
        self._kinds: dict[str, str] = {}  # by place
        self._rows: dict[str, int] = {}
        self._tags: dict[str, str] = {}
        self._packed = False

    def take(self, info: zipfile.ZipInfo, content: bytes) -> bool:
        """Take in the next part; false where it cannot be read, so that nothing follows."""
        self._parts.append((info, hashlib.sha256(content).hexdigest()))
        try:
            return self._read(info, content)
        except (KeyError, TypeError, ValueError):
            return False

    def _read(self, info: zipfile.ZipInfo, content: bytes) -> bool:
        folder, _, rest = info.filename.partition("/")
        place, _, _ = rest.partition("/")
        if rest.endswith("/kind.json"):
            self._kinds[place] = str(json.loads(content))
        elif rest.endswith("/tag.json"):
            self._tags[self._kinds[place]] = str(json.loads(content))
        elif folder == "features" and rest.endswith(".npy"):
            self._packed = self._packed or is_packed(content)
            kind = self._kinds[place]
            self._rows[kind] = self._rows.get(kind, 0) + 1
        elif folder == "entries":
            # It comes last: with it, the block is whole.
            return self._close([json.loads(line)["id"] for line in content.splitlines()], info)
        return True

    def _close(self, ids: list[str], last: zipfile.ZipInfo) -> bool:
        if not ids:
            return False
        journal = self._journal
        journal.ids.update(ids)
        journal.parts += self._parts
        self._parts.clear()
        journal.end = last.header_offset + _length(last)
        count = journal.blocks.count + 1
        rows, tags = dict(self._rows), dict(self._tags)
        journal.blocks = Blocks(len(journal.ids), count, rows, tags, self._packed)
        return True


def _parts(file: BinaryIO) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Give the parts of a file, from its beginning to the first one that is not whole."""
    start = 0
    while True:
        file.seek(start)
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return
        mark, _, flags, packed, _, _, checksum, stored, size, length, extra = _HEADER.unpack(header)
        if mark != b"PK\x03\x04" or flags & ~0x800 or packed or extra or stored != size:
            return
        name, content = file.read(length), b""
        if size <= MAX_PART:
            content = file.read(size)
        if len(name) < length or len(content) < size or zlib.crc32(content) != checksum:
            return
        info = zipfile.ZipInfo(name.decode("utf-8", "replace"), (1980, 1, 1, 0, 0, 0))
        info.header_offset, info.CRC = start, checksum
        info.file_size = info.compress_size = size
        info.external_attr = 0o600 << 16
        yield info, content
        start += _length(info)


def _length(info: zipfile.ZipInfo) -> int:
    return _HEADER.size + len(info.filename.encode()) + info.file_size
