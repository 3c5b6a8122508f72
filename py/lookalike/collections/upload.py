"""Files that a person gives to a collection, wherever they come from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to add.

    Attributes:
        path: within the folder that was chosen, parted by "/".
        size: in bytes.
        modified: Unix time in whole seconds.
        read: gives its content; raises OSError or BadPhoto where it cannot be read.
        open: gives it as a seekable file, so that a zip file need not be in memory at once;
            without it, `read` does.
        origin: digest of the place that it lies in, where a path leads to one file at a time: a
            file of the same origin and path is the same one, changed perhaps. "" where there is
            no such place, as in a browser: files of one path may then have nothing in common.
    """

    path: str
    size: int
    modified: int
    read: Callable[[], Awaitable[bytes]]
    open: Callable[[], BinaryIO] | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be added, and why, as a sentence for the person."""

    path: str
    reason: str
