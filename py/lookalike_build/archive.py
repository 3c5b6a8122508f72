"""Zip archives that depend on their content alone: sorted, and all of one date."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

PACKED = ".gzip"
"""Ends the names of archives that are packed as a whole.

It is not `.gz`: some hosts send files of that name as what is in them.
"""

_DATE = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """Make a zip of the files; the same files give the same bytes on every machine.

    They are stored as they are, those of a kind beside each other: packed as a whole, they are
    smaller than in a zip that packs each by itself.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files, key=lambda name: (PurePosixPath(name).suffix, name)):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3  # else Windows and Unix write different bytes
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unpack(archive: bytes) -> dict[str, bytes]:
    """The files of a zip by their names.

    Raises:
        zipfile.BadZipFile: it is none.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.endswith("/")}


def sources(folder: Path, *parts: str, without: Sequence[str] = ()) -> dict[str, bytes]:
    """The Python files of a folder, by their relative paths.

    Args:
        folder: where they are.
        parts: the modules and packages to take.
        without: relative paths of modules and packages within these to leave out.
    """
    paths = [
        path
        for part in parts
        for path in ([folder / part] if part.endswith(".py") else (folder / part).rglob("*.py"))
    ]
    left_out = [folder / part for part in without]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in paths
        if not any(path.is_relative_to(part) for part in left_out)
    }
