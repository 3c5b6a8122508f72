"""The files of a folder, as what is added to a collection."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import BinaryIO

from lookalike.collections.paths import clean_path, is_hidden
from lookalike.collections.upload import Failure, Upload
from lookalike.collections.zips import is_zip, unzipped


async def files_in(folder: Path) -> tuple[dict[str, Upload], list[Failure]]:
    """List the files of a folder and its folders, and those in zip files, by their paths.

    Links to other folders are not followed.

    Args:
        folder: or a zip file.

    Returns:
        The files in the order of their paths, and zip files that cannot be opened.

    Raises:
        FileNotFoundError: there is no such folder.
    """
    if not folder.exists():
        raise FileNotFoundError(f"there is no folder {folder}")
    paths = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
    base = folder if folder.is_dir() else folder.parent
    found: dict[str, Upload] = {}
    failed: list[Failure] = []
    for path in paths:
        name = path.relative_to(base).as_posix()
        if is_hidden(name) or not path.is_file():
            continue
        some = [_upload(path, name)]
        if is_zip(name):
            some, broken = await unzipped(some[0])
            failed += broken
        found |= {clean_path(each.path) or each.path: each for each in some}
    return found, failed


def _upload(path: Path, name: str) -> Upload:
    status = path.stat()
    return Upload(name, status.st_size, int(status.st_mtime), _reader(path), _opener(path))


def _reader(path: Path) -> Callable[[], Awaitable[bytes]]:
    return lambda: asyncio.to_thread(path.read_bytes)


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")
