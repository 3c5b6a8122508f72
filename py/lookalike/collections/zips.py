"""Photos in zip files, read one by one."""

import asyncio
import calendar
import io
import posixpath
import zipfile
from collections.abc import Awaitable, Callable

from lookalike.collections.paths import is_hidden
from lookalike.collections.upload import Failure, Upload
from lookalike.errors import BadPhoto

MAX_FILE = 200_000_000
"""Bytes of one file; a camera's largest photos are a tenth of that."""

MAX_RATIO = 200
"""A file that grows more than that when it is unpacked is no photo but a bomb."""

SMALL = 1_000_000
"""Bytes below which the ratio does not matter: a plain drawing may be packed well."""

MAX_FILES = 500_000
"""Files in one zip file."""


def is_zip(path: str) -> bool:
    """Say whether a file is to be opened as a zip file, by its name."""
    return path.lower().endswith(".zip")


async def unzipped(upload: Upload) -> tuple[list[Upload], list[Failure]]:
    """List the files in a zip file, as uploads that unpack one each when they are read.

    Their paths are the zip file's own without ".zip", and theirs within it.

    Returns:
        The uploads, and what cannot be used, with the reason.
    """
    try:
        file = upload.open() if upload.open else io.BytesIO(await upload.read())
        archive = zipfile.ZipFile(file)
        members = [each for each in archive.infolist() if not each.is_dir()]
    except (OSError, zipfile.BadZipFile, BadPhoto, NotImplementedError, ValueError):
        return [], [Failure(upload.path, "The zip file is broken, incomplete or none at all.")]
    if len(members) > MAX_FILES:
        return [], [Failure(upload.path, f"The zip file holds more than {MAX_FILES:,} files.")]
    folder = posixpath.splitext(upload.path)[0]
    uploads, failed = [], []
    for member in members:
        if is_hidden(member.filename):
            continue
        path = f"{folder}/{member.filename}"
        if reason := _refused(member):
            failed.append(Failure(path, reason))
            continue
        read = _reader(archive, member)
        uploads.append(Upload(path, member.file_size, _modified(member), read))
    return uploads, failed


def _refused(member: zipfile.ZipInfo) -> str | None:
    if is_zip(member.filename):
        return "A zip file within a zip file is not opened; unpack it first."
    if member.flag_bits & 1:
        return "It is locked with a password; unpack the zip file first."
    if member.file_size > MAX_FILE:
        return f"It is larger than {MAX_FILE // 1_000_000} MB when it is unpacked."
    if member.file_size > SMALL and member.file_size > MAX_RATIO * max(1, member.compress_size):
        return "It would grow too much when it is unpacked to be a photo."
    return None


def _modified(member: zipfile.ZipInfo) -> int:
    try:
        return calendar.timegm((*member.date_time, 0, 0, 0))
    except ValueError:  # the month is 0 in files of some programs
        return 0


def _reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], Awaitable[bytes]]:
    async def read() -> bytes:
        await asyncio.sleep(0)
        try:
            # No more than was announced is unpacked, whatever is in it.
            with archive.open(member) as file:
                return file.read(member.file_size)
        # What is raised depends on how it was packed, and has no base class of its own.
        except Exception:  # noqa: BLE001
            raise BadPhoto("It is broken within the zip file.") from None

    return read
