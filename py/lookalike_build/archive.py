"""Zip archives that depend on their content alone: sorted, and all of one date."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """Make a zip of the files; the same files give the same bytes on every machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3  # else Windows and Unix write different bytes
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
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
