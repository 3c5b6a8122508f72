"""What a collection of own photos is made of."""

import posixpath
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

AVG_POOL = "avg_pool"
"""The kind of features that each photo has, whatever the scorer: what the network sees in it."""

TOP = 10
"""So many of the most probable classes are kept of each photo."""

CLASSES = np.dtype([("index", "<u2"), ("probability", "<f2")])
"""How `PhotoEntry.classes` is packed: 4 bytes a class."""

Matrix = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class ModelId:
    """Which network made a feature. Only features of one network can be compared.

    Attributes:
        name: the recipe's, such as "mobilenet_v2".
        hash: SHA-256 of the `.onnx` file, in hexadecimal.
    """

    name: str
    hash: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of photos that is searched by itself.

    Attributes:
        id: 16 hexadecimal digits, never used again (`new_id`).
        name: what the person calls it; two collections may have one name.
        created: Unix time in seconds.
        model: the network of its photos. A single photo's may differ while they are re-embedded.
        kind: of features (`feature_kind`) that it was made for; stored as "measure", as ever.
        expires: Unix time in seconds from which it is to be deleted; None: it is kept.
    """

    id: str
    name: str
    created: int
    model: ModelId
    kind: str
    expires: int | None = None

    @property
    def source_name(self) -> str:
        """What it is called among the sources of a search, and in `Photo.source`."""
        return f"collection:{self.id}"

    def expired(self, now: float) -> bool:
        """Say whether it is to be deleted at Unix time `now`."""
        return self.expires is not None and self.expires <= now


@dataclass(frozen=True, slots=True)
class PhotoEntry:
    """One photo of a collection, without its thumbnail and features.

    Attributes:
        id: its path within the folder or zip file that it came from, parted by "/", or a name made
            of it where another photo has that path already. It is a name: never to be used as a
            path of any file system. It may hold whatever a file system allows: control characters,
            and bytes that are no text (as `os.fsdecode` gives them).
        size: of the file, in bytes.
        modified: Unix time in whole seconds at which the file was changed, as its folder says.
        digest: SHA-256 of the file, in hexadecimal.
        width, height: of the original in pixels, upright.
        tags: the words of its name and folders, lower case, without repeats.
        classes: the most probable classes, packed (`pack_classes`, `top_classes`); empty where the
            network has none.
        model: the network that its features and classes come from.
        given: the path that it came under, where that is not its id; else "".
        origin: digest of the place that it came from (`lookalike.terminal.folder`); "" where it is
            not known.
        sample: of its content (`lookalike.collections.sample`); "" where it is not known.
    """

    id: str
    size: int
    modified: int
    digest: str
    width: int
    height: int
    tags: tuple[str, ...]
    classes: bytes
    model: ModelId
    given: str = ""
    origin: str = ""
    sample: str = ""

    @property
    def path(self) -> str:
        """The path that it came under."""
        return self.given or self.id

    @property
    def name(self) -> str:
        """The file's name, such as "cat.jpg"."""
        return posixpath.basename(self.id)

    @property
    def folder(self) -> str:
        """The folders that it lies in, such as "2024/Holiday"; may be empty."""
        return posixpath.dirname(self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """One kind of features of some photos.

    Attributes:
        kind: `AVG_POOL`, or what `feature_kind` gives for a scorer.
        ids: of the photos, without repeats.
        matrix: (n, d) float16, a row for each id.

    Raises:
        ValueError: the parts do not fit one another.
    """

    kind: str
    ids: Sequence[str]
    matrix: Matrix

    def __post_init__(self) -> None:
        if self.matrix.dtype != np.float16 or self.matrix.ndim != 2:
            raise ValueError("features are a float16 matrix")
        if len(self.matrix) != len(self.ids) or len(set(self.ids)) != len(self.ids):
            raise ValueError("features have one row for each of their ids")


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines of a sketch of some photos' features.

    Attributes:
        ids: of the photos, without repeats.
        matrix: (n, bytes) uint8, a line for each id; of no bytes where these photos' lines, as
            they were given before, are no longer valid.
    """

    ids: Sequence[str]
    matrix: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Photos that are added together: all of them, or none.

    Attributes:
        entries: of different ids.
        thumbnails: for each entry a JPEG file of `thumbnail.SIDE` pixels at most.
        features: by kind, for each entry a row, in the same order.

    Raises:
        ValueError: the parts do not fit one another.
    """

    entries: Sequence[PhotoEntry]
    thumbnails: Sequence[bytes]
    features: Mapping[str, Matrix] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.entries) != len(self.thumbnails):
            raise ValueError("a batch has one thumbnail for each entry")
        for kind in self.features:
            self.of(kind)

    @property
    def ids(self) -> list[str]:
        """The photos' ids."""
        return [entry.id for entry in self.entries]

    def of(self, kind: str) -> Features:
        """Give one kind of features of the batch."""
        return Features(kind, self.ids, self.features[kind])


@dataclass(frozen=True, slots=True)
class Usage:
    """What a collection takes.

    Attributes:
        photos: how many entries.
        bytes: of thumbnails, features and the rest together; an estimate will do.
        features: how many entries have features of each kind.
    """

    photos: int
    bytes: int
    features: Mapping[str, int]


def new_id() -> str:
    """Make an id for a collection: 16 random hexadecimal digits."""
    return secrets.token_hex(8)


def feature_kind(key: tuple[str, str]) -> str:
    """Name the features of a scorer, for a store.

    Args:
        key: `CheckedScorer.key`: the digest of what `get_feature` depends on, and its layer.
    """
    digest, layer = key
    return f"{layer}@{digest}"


def pack_classes(classes: Sequence[tuple[int, float]]) -> bytes:
    """Pack numbers of classes (0..65535) with probabilities (0..1), for `PhotoEntry.classes`."""
    return np.array(list(classes), CLASSES).tobytes()


def top_classes(packed: bytes) -> list[tuple[int, float]]:
    """Unpack `PhotoEntry.classes`: numbers in `ModelSpec.labels` with probabilities, best first.

    Raises:
        ValueError: it is not what `pack_classes` makes.
    """
    return [(int(index), float(share)) for index, share in np.frombuffer(packed, CLASSES)]


def stacked(rows: Sequence[Matrix]) -> Matrix:
    """Lay rows under one another; of none, a matrix without columns."""
    return np.stack(rows) if rows else np.empty((0, 0), np.float16)
