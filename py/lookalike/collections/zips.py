"""Photos in zip files, read one by one."""

import asyncio
import calendar
import io
import posixpath
import zipfile
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from importlib.util import find_spec

from lookalike.collections.reasons import reason_of
from lookalike.collections.upload import Failure, Upload
from lookalike.collections.zip_names import names_in
from lookalike.errors import BadPhoto
from lookalike.file_kinds import is_hidden_in, is_other

MAX_FILE = 200_000_000
"""Bytes of one file; a camera's largest photos are a tenth of that."""

MAX_RATIO = 200
"""A file that grows more than that when it is unpacked is no photo but a bomb."""

SMALL = 1_000_000
"""Bytes below which the ratio does not matter: a plain drawing may be packed well."""

MAX_FILES = 500_000
"""Files in one zip file."""


_UNPACKED = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    | ({zipfile.ZIP_BZIP2} if find_spec("_bz2") else set())
    | ({zipfile.ZIP_LZMA} if find_spec("_lzma") else set())
)
_PACKINGS = {
    1: "Shrink", 2: "Reduce", 3: "Reduce", 4: "Reduce", 5: "Reduce", 6: "Implode", 9: "Deflate64",
    10: "Implode", 12: "bzip2", 14: "LZMA", 16: "CMPSC", 18: "Terse", 19: "LZ77", 20: "Zstandard",
    93: "Zstandard", 94: "MP3", 95: "XZ", 96: "JPEG", 97: "WavPack", 98: "PPMd", 99: "AES",
}  # fmt: skip
"""What programs call the ways of packing, by their numbers in zip files."""


def is_zip(path: str) -> bool:
    """Say whether a file is to be opened as a zip file, by its name."""
    return path.lower().endswith(".zip")


class OpenZips:
    """Zip files that are open, the last few of however many: a system allows so many and no more.

    Args:
        most: how many.
    """

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._archives: OrderedDict[int, tuple[Upload, zipfile.ZipFile]] = OrderedDict()

    async def get(self, upload: Upload) -> zipfile.ZipFile:
        """Open a zip file, if it is not open still.

        Raises:
            OSError, BadPhoto: it cannot be read.
            zipfile.BadZipFile, NotImplementedError, ValueError: it is none.
        """
        key = id(upload)
        if key not in self._archives:
            file = upload.open() if upload.open else io.BytesIO(await upload.read())
            try:
                archive = zipfile.ZipFile(file)
            except BaseException:
                file.close()
                raise
            while len(self._archives) >= self._most:
                _, (_, old) = self._archives.popitem(last=False)
                _close(old)
            self._archives[key] = upload, archive
        self._archives.move_to_end(key)
        return self._archives[key][1]


def _close(archive: zipfile.ZipFile) -> None:
    file = archive.fp
    archive.close()  # it leaves open what was opened by others
    if file:
        file.close()


async def unzipped(
    upload: Upload, archives: OpenZips | None = None
) -> tuple[list[Upload], list[Failure]]:
    """List the files in a zip file, as uploads that unpack one each when they are read.

    Their paths are the zip file's own without ".zip", and theirs within it.

    Args:
        upload: the zip file.
        archives: keeps it open, with others.

    Returns:
        The uploads, and what cannot be used, with the reason.
    """
    archives = archives or OpenZips()
    try:
        archive = await archives.get(upload)
        members = [each for each in archive.infolist() if not each.is_dir()]
    except BadPhoto as error:
        return [], [Failure(upload.path, f"{error} {error.own_advice}".rstrip())]
    except OSError as error:
        return [], [Failure(upload.path, reason_of(error))]
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return [], [Failure(upload.path, "The zip file is broken, incomplete or none at all.")]
    if len(members) > MAX_FILES:
        return [], [Failure(upload.path, f"The zip file holds more than {MAX_FILES:,} files.")]
    folder = posixpath.splitext(upload.path)[0]
    uploads, failed = [], []
    for member, name in zip(members, names_in(members), strict=True):
        if is_hidden_in(posixpath.basename(folder), name):
            continue
        path = f"{folder}/{name}"
        if reason := None if is_other(name) else _refused(member):
            failed.append(Failure(path, reason))
            continue
        read = _reader(archives, upload, member)
        uploads.append(Upload(path, member.file_size, _modified(member), read))
    return uploads, failed


def _refused(member: zipfile.ZipInfo) -> str | None:
    if member.compress_type not in _UNPACKED:
        how = _PACKINGS.get(member.compress_type, f"method {member.compress_type}")
        return f"It is packed by {how}, which is not unpacked here; unpack the zip file first."
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


def _reader(
    archives: OpenZips, upload: Upload, member: zipfile.ZipInfo
) -> Callable[[], Awaitable[bytes]]:
    async def read() -> bytes:
        await asyncio.sleep(0)
        try:
            archive = await archives.get(upload)
            # No more than was announced is unpacked, whatever is in it.
            with archive.open(member) as file:
                return file.read(member.file_size)
        except OSError:
            raise  # of the zip file itself, which may be gone
        # What is raised depends on how it was packed, and has no base class of its own.
        except Exception:  # noqa: BLE001
            raise BadPhoto("It is broken within the zip file.") from None

    return read
