"""The files of a folder, as what is added to a collection, and what of it could not be seen."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from lookalike.collections.reasons import reason_of
from lookalike.collections.upload import Failure, Upload
from lookalike.collections.zips import OpenZips, is_zip, unzipped
from lookalike.file_kinds import is_hidden_in
from lookalike.text.path_words import clean_path, is_collection

Place = tuple[str, str]
"""The origin of photos (`origin_of`), and the folder there; of a zip file only the origin."""


@dataclass(slots=True)
class Listing:
    """What was found in a folder, or in a zip file.

    Attributes:
        origin: of the folder or zip file itself; those of zip files in it begin with it and ":".
        uploads: the files, in the order of their paths.
        failed: what could not be seen: folders, zip files, files.
        read: the places that were read to their end.
        unread: the paths of what could not be seen.
        links: the paths of linked folders that were left out.
        complete: whether it was not stopped.
    """

    origin: str
    uploads: list[Upload] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    read: set[Place] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    complete: bool = True

    def fail(self, path: str, reason: str) -> None:
        """Take down what could not be seen."""
        self.failed.append(Failure(path, reason))
        self.unread.add(path)


async def files_in(
    folder: Path,
    leave_out: Collection[Path] = (),
    follow: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Listing:
    """List the files of a folder and its folders, and those in zip files.

    Whatever cannot be read is taken down with the reason, and the rest is listed.

    Args:
        folder: or a zip file.
        leave_out: files that are passed over, such as the one that is being written.
        follow: whether links to folders are followed; each folder is read once, so loops end.
        stopped: asked between two folders whether to end.

    Raises:
        FileNotFoundError: there is no such folder.
    """
    if not os.path.lexists(folder):
        raise FileNotFoundError(f"there is no folder {folder}")
    if is_zip(folder.name) and folder.is_file():
        name = as_text(folder.name)
        listing = Listing(f"{origin_of(folder.parent)}:{_digest(name)}")
        listing.uploads.append(_upload(folder, name, folder.stat(), listing.origin))
    else:
        listing = Listing(origin_of(folder))
        walk = _Walk(listing, folder, {*map(_real, leave_out)}, follow, stopped)
        await asyncio.to_thread(walk.run)
    await _open_zips(listing, stopped)
    listing.uploads.sort(key=lambda upload: upload.path)
    return listing


def origin_of(folder: Path) -> str:
    """Name a folder without saying where it is: 16 hexadecimal digits."""
    return _digest(as_text(_real(folder)))


def as_text(name: str) -> str:
    """Write a name of the file system as text, the same whatever the system's language.

    Bytes that are no UTF-8 become lone surrogates, as `os.fsdecode` makes them.
    """
    return os.fsencode(name).decode("utf-8", "surrogateescape")


class _Walk:
    """Goes through a folder and the folders in it."""

    def __init__(
        self,
        listing: Listing,
        base: Path,
        leave_out: set[str],
        follow: bool,
        stopped: Callable[[], bool],
    ) -> None:
        self._listing, self._base = listing, base
        self._name = as_text(os.path.basename(_real(base)))
        self._leave_out, self._follow, self._stopped = leave_out, follow, stopped
        self._names = {os.path.basename(path) for path in leave_out}
        self._waiting: list[tuple[str, str]] = []  # names within the base, and paths
        self._seen: set[tuple[int, int]] = set()

    def run(self) -> None:
        self._waiting.append(("", str(self._base)))
        while self._waiting:
            if self._stopped():
                self._listing.complete = False
                return
            self._read(*self._waiting.pop())

    def _read(self, name: str, path: str) -> None:
        try:
            if self._follow and self._was_here(path):
                return
            with os.scandir(path) as entries:
                # One by one: what was read before a disk failed is of use.
                for entry in entries:
                    inner = as_text(entry.name)
                    self._take(f"{name}/{inner}" if name else inner, entry)
        except OSError as error:
            chosen = not name and isinstance(error, NotADirectoryError)
            said = "It is a file: give a folder, or a zip file." if chosen else reason_of(error)
            self._listing.fail(name, said)
        else:
            self._listing.read.add((self._listing.origin, name))

    def _was_here(self, path: str) -> bool:
        status = os.stat(path)
        # Some systems have no such numbers.
        key = (status.st_dev, status.st_ino)
        if status.st_ino and key in self._seen:
            return True
        self._seen.add(key)
        return False

    def _take(self, name: str, entry: "os.DirEntry[str]") -> None:
        if is_hidden_in(self._name, name):
            return
        listing = self._listing
        try:
            if entry.is_dir():
                if entry.is_symlink() and not self._follow:
                    listing.links.append(name)
                    listing.unread.add(name)
                else:
                    self._waiting.append((name, entry.path))
            elif entry.is_file():
                if not (is_collection(name) or self._left_out(entry)):
                    listing.uploads.append(
                        _upload(Path(entry.path), name, entry.stat(), listing.origin)
                    )
            elif entry.is_symlink():
                listing.fail(name, "It is a link to something that is not there.")
            else:
                listing.fail(name, "It is no file, but a pipe, a socket or a device.")
        except OSError as error:
            listing.fail(name, reason_of(error))

    def _left_out(self, entry: "os.DirEntry[str]") -> bool:
        return entry.name in self._names and _real(entry.path) in self._leave_out


async def _open_zips(listing: Listing, stopped: Callable[[], bool]) -> None:
    """Put what is in zip files in their place."""
    uploads, listing.uploads = listing.uploads, []
    archives = OpenZips()
    for upload in uploads:
        if not is_zip(upload.path):
            listing.uploads.append(upload)
            continue
        if stopped():
            listing.complete = False
            return
        origin = (
            upload.origin if ":" in upload.origin else f"{upload.origin}:{_digest(upload.path)}"
        )
        inner, failed = await unzipped(upload, archives)
        listing.uploads += [replace(each, origin=origin) for each in inner]
        listing.failed += failed
        listing.unread |= {failure.path for failure in failed}
        if any(failure.path == upload.path for failure in failed):
            listing.unread.add(os.path.splitext(upload.path)[0])
        else:
            listing.read.add((origin, ""))


def listed(listing: Listing) -> set[tuple[str, str]]:
    """Give the origins and paths of all files that were found, whether they can be read or not."""
    return {(upload.origin, clean_path(upload.path) or upload.path) for upload in listing.uploads}


def _upload(path: Path, name: str, status: os.stat_result, origin: str) -> Upload:
    modified = int(status.st_mtime)
    return Upload(name, status.st_size, modified, _reader(path), _opener(path), origin)


def _reader(path: Path) -> Callable[[], Awaitable[bytes]]:
    return lambda: asyncio.to_thread(path.read_bytes)


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _digest(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _real(path: Path | str) -> str:
    with contextlib.suppress(OSError):
        return os.path.realpath(path)
    return os.path.abspath(path)
