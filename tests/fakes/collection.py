"""The photos that the fake Flickr holds, with what Flickr would know about each.

A row is one line of a `photos.jsonl`: `id`, `width`, `height` (pixels), `tags`, and where known
`title`, `group`, `license`, and `file` (relative to the folder) or `bytes`. Everything else that
Flickr's answers carry (owner, secret, upload date, ...) is drawn from a hash of the row's id, so
that it is the same in every run.
"""

import functools
import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")

THREE_YEARS = 3 * 365 * 24 * 3600
ONE_OUTING = 6 * 3600
OWNERS = 400

LICENSE_IDS = {
    "Attribution-NonCommercial-ShareAlike License": "1",
    "Attribution-NonCommercial License": "2",
    "Attribution-NonCommercial-NoDerivs License": "3",
    "Attribution License": "4",
    "Attribution-ShareAlike License": "5",
    "Attribution-NoDerivs License": "6",
    "No known copyright restrictions": "7",
    "United States Government Work": "8",
}
# About 92 % of Flickr's public photos are All Rights Reserved.
LICENSE_WEIGHTS = [("0", 0.92), ("4", 0.03), ("2", 0.02), ("5", 0.01), ("11", 0.01), ("9", 0.01)]

FIRST_NAMES = ["Ada", "Bela", "Dario", "Elif", "Hana", "Ivo", "Lena", "Milo", "Nadia", "Yuki"]
SURNAMES = ["Berg", "Dahl", "Falk", "Holm", "Keller", "Moser", "Novak", "Rossi", "Thorn", "Weiss"]
NAME_STYLES = ["{0} {1}", "{0} {1}", "{0} {1} Photography", "{0}.{1}", "{0} {2}", "{1}{2}"]

_WORD = re.compile(r"[^\W_]+")
_MACHINE_TAG = re.compile(r"[a-z][a-z0-9_]*:[a-z][a-z0-9_]*=.+", re.IGNORECASE)


@dataclass(frozen=True)
class FakePhoto:
    """One photo: the row that it comes from, and what the API says about it.

    `uploaded` is in seconds since 1970; `width` and `height` are those of the picture served.
    """

    id: str
    row_id: str
    title: str
    raw_tags: tuple[str, ...]
    owner: str
    owner_name: str
    secret: str
    server: str
    license: str
    uploaded: int
    width: int
    height: int
    read: Callable[[], bytes] = field(repr=False, compare=False)

    @functools.cached_property
    def tags(self) -> tuple[str, ...]:
        """The tags as the API gives them: normalised, each once."""
        return tuple(dict.fromkeys(tag for raw in self.raw_tags if (tag := normalise_tag(raw))))

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """What a text search finds this photo by."""
        texts = (self.title, *self.raw_tags, *self.tags)
        return frozenset(word for text in texts for word in words_of(text))

    @property
    def path(self) -> str:
        """The picture's path on the image host, 320 pixels class (`_n`)."""
        return f"/{self.server}/{self.id}_{self.secret}_n.jpg"


class Collection:
    """All the photos, newest first."""

    def __init__(self, photos: Iterable[FakePhoto]):
        self.photos = sorted(photos, key=lambda p: (p.uploaded, int(p.id)), reverse=True)
        self._by_id = {photo.id: photo for photo in self.photos}
        self._by_word: defaultdict[str, set[int]] = defaultdict(set)
        for position, photo in enumerate(self.photos):
            for word in photo.words:
                self._by_word[word].add(position)

    @classmethod
    def from_rows(
        cls, rows: Iterable[Mapping[str, Any]], now: int, folder: Path | None = None
    ) -> "Collection":
        """Take the rows that have a picture; `now` (seconds since 1970) ends the three years."""
        photos: list[FakePhoto] = []
        taken: set[int] = set()
        for row in rows:
            if row.get("file") or row.get("bytes"):
                number = _free_number(str(row["id"]), taken)
                photos.append(_photo_of_row(row, str(number), now, folder))
        return cls(photos)

    @classmethod
    def from_folder(cls, folder: Path, now: int) -> "Collection":
        """Read `photos.jsonl` of a folder.

        Raises:
            FileNotFoundError: there is no such file.
        """
        with (folder / "photos.jsonl").open(encoding="utf-8") as lines:
            return cls.from_rows(map(json.loads, lines), now, folder)

    def photo_of(self, photo_id: str) -> FakePhoto:
        """Give the photo with an id of the API.

        Raises:
            KeyError: no photo has it.
        """
        return self._by_id[photo_id]

    def having(self, words: Set[str]) -> list[FakePhoto]:
        """List the photos that have every one of these words, newest first."""
        if not words:
            return list(self.photos)
        positions = set.intersection(*(self._by_word.get(word, set()) for word in words))
        return [self.photos[position] for position in sorted(positions)]


def normalise_tag(raw: str) -> str:
    """Write a tag as Flickr does: "Dining Table" is "diningtable"; machine tags stay whole."""
    if _MACHINE_TAG.fullmatch(raw):
        return raw.lower().replace(" ", "")
    return "".join(_WORD.findall(raw.lower()))


def words_of(text: str) -> list[str]:
    """Split a text into words, without case and accents, as Flickr's text search compares them."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in spread if not unicodedata.combining(c)))


def chance(key: str, salt: str) -> float:
    """Draw a number in [0, 1) that depends on nothing but the two strings."""
    digest = hashlib.sha256(f"{salt}:{key}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _free_number(row_id: str, taken: set[int]) -> int:
    number = 50_000_000_000 + int(chance(row_id, "id") * 4_900_000_000)
    while number in taken:
        number += 1
    taken.add(number)
    return number


def _photo_of_row(
    row: Mapping[str, Any], photo_id: str, now: int, folder: Path | None
) -> FakePhoto:
    row_id = str(row["id"])
    owner, owner_name = _owner_of(row.get("group") or _pick(range(OWNERS), row_id, "owner"))
    return FakePhoto(
        id=photo_id,
        row_id=row_id,
        title=row.get("title") or _camera_title(row_id),
        raw_tags=tuple(row["tags"]),
        owner=owner,
        owner_name=owner_name,
        secret=f"{int(chance(row_id, 'secret') * 16**10):010x}",
        server=_pick(["65535"] * 9 + ["4835", "7890", "2826"], row_id, "server"),
        license=LICENSE_IDS.get(row.get("license", "")) or _some_license(row_id),
        uploaded=_upload_time(row_id, row.get("group"), now),
        width=int(row["width"]),
        height=int(row["height"]),
        read=_reader(row, folder),
    )


def _reader(row: Mapping[str, Any], folder: Path | None) -> Callable[[], bytes]:
    data: bytes | None = row.get("bytes")
    if data is not None:
        return lambda: data
    return ((folder or Path()) / row["file"]).read_bytes


def _pick(items: Sequence[Item], key: str, salt: str) -> Item:
    return items[int(chance(key, salt) * len(items))]


def _owner_of(owner_key: object) -> tuple[str, str]:
    key = str(owner_key)
    number = 10_000_000 + int(chance(key, "nsid") * 189_000_000)
    name = _pick(NAME_STYLES, key, "style").format(
        _pick(FIRST_NAMES, key, "first name"),
        _pick(SURNAMES, key, "surname"),
        10 + int(chance(key, "year") * 90),
    )
    return f"{number}@N{int(chance(key, 'shard') * 9):02d}", name


def _camera_title(row_id: str) -> str:
    """Many photos on Flickr have no title, or the one that the camera gave the file."""
    number = int(chance(row_id, "title") * 10_000)
    return _pick(["", f"IMG_{number:04d}", f"DSC_{number:04d}"], row_id, "title kind")


def _some_license(row_id: str) -> str:
    left = chance(row_id, "license")
    for license_id, weight in LICENSE_WEIGHTS:
        if left < weight:
            return license_id
        left -= weight
    return "0"


def _upload_time(row_id: str, group: str | None, now: int) -> int:
    """Photos of one group were uploaded on one outing, others at any time in three years."""
    span = THREE_YEARS - ONE_OUTING
    back = ONE_OUTING + chance(group or row_id, "uploaded") * span
    return int(now - back + chance(row_id, "minute") * (ONE_OUTING if group else 0))
