"""Compiles the Python files of wheels to bytecode; runs in Pyodide's own interpreter.

Bytecode is of one CPython's making, so no other can write it. In a browser numpy and Pillow are
imported in half the time when their files need not be compiled there first.
"""

import py_compile
import sysconfig
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory

from lookalike_build.archive import pack, unpack

# For compilers and type checkers, not for programs that run.
_LEFT_OUT = (".pyi", ".pxd", ".h", ".a", ".c")
# Sources are smaller than bytecode, and numpy loads these only when they are asked for.
_KEPT_AS_SOURCES = ("numpy/f2py/", "numpy/ma/", "numpy/polynomial/", "numpy/testing/")


def main(folder: str) -> None:
    """Replace every wheel of a folder by a compiled one."""
    for path in sorted(Path(folder).glob("*.whl")):
        path.write_bytes(pack(with_record(shipped(unpack(path.read_bytes())))))


def shipped(files: dict[str, bytes]) -> dict[str, bytes]:
    """What is needed of a wheel's files, with bytecode in place of the sources used at start."""
    kept = {}
    for name, content in files.items():
        if name.endswith(_LEFT_OUT) or "/tests/" in name:
            continue
        if name.endswith(".py") and not name.startswith(_KEPT_AS_SOURCES):
            kept[name + "c"] = bytecode(name, content)
        else:
            kept[name] = content
    return kept


def bytecode(name: str, source: bytes) -> bytes:
    """A module's `.pyc` file, to be used in place of the source.

    Args:
        name: the module's file, relative to where packages are installed: tracebacks show it.
        source: its content.
    """
    with TemporaryDirectory() as folder:
        paths = Path(folder) / "source.py", Path(folder) / "bytecode.pyc"
        paths[0].write_bytes(source)
        py_compile.compile(
            str(paths[0]),
            str(paths[1]),
            dfile=f"{sysconfig.get_path('purelib')}/{name}",
            doraise=True,
            # By date, as is usual, two builds would differ.
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
        return paths[1].read_bytes()


def with_record(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a wheel with their list, RECORD, made anew (packaging.python.org's format)."""
    record = next(name for name in files if name.endswith(".dist-info/RECORD"))
    lines = [f"{record},,"]
    for name in sorted(files.keys() - {record}):
        digest = urlsafe_b64encode(sha256(files[name]).digest()).decode().rstrip("=")
        lines.append(f"{name},sha256={digest},{len(files[name])}")
    return {**files, record: "\n".join([*lines, ""]).encode()}
