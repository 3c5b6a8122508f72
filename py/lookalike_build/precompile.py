"""Compiles Python to bytecode: wheels, the standard library, the engine; runs in Pyodide itself.

Bytecode is of one CPython's making, so no other can write it. In a browser, numpy and Pillow are
imported in half the time when their files need not be compiled there first, the engine in a third,
and Pyodide starts with less than half the work.
"""

import importlib
import py_compile
import sys
import sysconfig
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory

from lookalike_build.archive import pack, unpack
from lookalike_build.bare import bare
from lookalike_build.left_out import EMPTIED, FOLDERS_OF_WHEELS, beginnings, ends

# Sources are smaller than bytecode, and numpy loads these only when they are asked for.
# numpy.ma asserts what docstrings say, which are not there: so it goes without its assertions, too.
_KEPT_AS_SOURCES = ("numpy/polynomial/", "numpy/testing/")
# Modules of the standard library that the engine and the wheels import, besides Pyodide's own.
_IMPORTED = (
    *("calendar", "concurrent.futures", "ctypes", "datetime", "difflib", "email.message"),
    *("encodings.cp437", "fractions", "graphlib", "hashlib", "hmac", "html.parser", "http.client"),
    *("importlib.metadata", "ipaddress", "pickle", "platform", "secrets", "statistics"),
    *("sysconfig", "tarfile", "urllib.request", "zipfile"),
)

# Where js/engine/python.js unpacks the engine.
_ENGINE_HOME = "/home/lookalike"


def main(folder: str) -> None:
    """Replace the archives of a folder by compiled ones: wheels, python_stdlib.zip, py.zip."""
    for path in sorted(Path(folder).glob("*.whl")):
        path.write_bytes(pack(with_record(shipped(unpack(path.read_bytes())))))
    library = Path(folder) / "python_stdlib.zip"
    if library.is_file():
        library.write_bytes(pack(of_library(unpack(library.read_bytes()))))
    engine = Path(folder) / "py.zip"
    if engine.is_file():
        engine.write_bytes(pack(of_engine(unpack(engine.read_bytes()))))


def of_engine(files: dict[str, bytes]) -> dict[str, bytes]:
    """The engine's modules as bytecode: the sources are in the repository."""
    return {f"{name}c": bytecode(f"{_ENGINE_HOME}/{name}", files[name]) for name in files}


def of_library(files: dict[str, bytes]) -> dict[str, bytes]:
    """The standard library with bytecode of what is imported at the start.

    The rest stays source, without comments and docstrings, which is smaller: it is compiled when a
    score.py imports it.
    """
    for module in _IMPORTED:
        importlib.import_module(module)
    paths = [module.replace(".", "/") for module in sys.modules]
    imported = {path + end for path in paths for end in (".py", "/__init__.py")}
    place = next(path for path in sys.path if path.endswith(".zip"))
    return {
        name + "c" * (name in imported): bytecode(f"{place}/{name}", content)
        if name in imported
        else bare(content)
        if name.endswith(".py")
        else content
        for name, content in files.items()
        if not name.startswith(beginnings())
    }


def shipped(files: dict[str, bytes]) -> dict[str, bytes]:
    """What is needed of a wheel's files, with bytecode in place of the sources used at start."""
    kept = {}
    for name, content in files.items():
        if name in EMPTIED:
            kept[name] = b""
        elif name.endswith(ends()) or any(part in name for part in FOLDERS_OF_WHEELS):
            continue
        elif not name.endswith(".py"):
            kept[name] = content
        elif name.startswith(_KEPT_AS_SOURCES):
            kept[name] = bare(content)
        else:
            kept[name + "c"] = bytecode(f"{sysconfig.get_path('purelib')}/{name}", content)
    return kept


def bytecode(path: str, source: bytes) -> bytes:
    """A module's `.pyc` file, to be used in place of the source.

    It lacks docstrings, which make up a third of it, assertions, and columns (see precompile.mjs).

    Args:
        path: of the module where it is going to be: tracebacks show it.
        source: its content.
    """
    with TemporaryDirectory() as folder:
        paths = Path(folder) / "source.py", Path(folder) / "bytecode.pyc"
        paths[0].write_bytes(source)
        py_compile.compile(
            str(paths[0]),
            str(paths[1]),
            dfile=path,
            doraise=True,
            optimize=2,
            # By date, as is usual, two builds would differ.
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
        return paths[1].read_bytes()


def with_record(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a wheel with their list, RECORD, made again (packaging.python.org's format)."""
    record = next(name for name in files if name.endswith(".dist-info/RECORD"))
    lines = [f"{record},,"]
    for name in sorted(files.keys() - {record}):
        digest = urlsafe_b64encode(sha256(files[name]).digest()).decode().rstrip("=")
        lines.append(f"{name},sha256={digest},{len(files[name])}")
    return {**files, record: "\n".join([*lines, ""]).encode()}
