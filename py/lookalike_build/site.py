"""Puts `dist/` together: plain files for any static host, in a sub-path too."""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import mkdtemp

from lookalike_build.fetch import sha256
from lookalike_build.services import Service, origins
from lookalike_build.steps import BuildError, megabytes, step

CONNECT = "@CONNECT@"
"""Stands in site/index.html where its Content-Security-Policy lists the photo services' origins."""

PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# The CPU build: no WebGPU, no WebGL; it works with one thread where there is no SharedArrayBuffer.
ORT_FILES = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
_BUNDLED = {"js", "css"}
"""The folders of site/ of which lookalike_build.bundle makes a few files."""
_NOT_SHIPPED = {"package.json", "package-lock.json", "jsconfig.json", "node_modules"} | _BUNDLED

Files = dict[str, bytes]


def page_files(site: Path, services: Iterable[Service]) -> Files:
    """The files of `site/` that are shipped as they are, but for the policy's services' origins.

    Raises:
        BuildError: there is no page, or no place for the origins in it.
    """
    files = {
        path.relative_to(site).as_posix(): path.read_bytes()
        for top in sorted(site.iterdir())
        if top.name not in _NOT_SHIPPED and not top.name.startswith(".")
        for path in ([top] if top.is_file() else sorted(top.rglob("*")))
        if path.is_file()
    }
    page = files.get("index.html", b"").decode()
    if CONNECT not in page:
        raise BuildError(f"{site / 'index.html'} is missing or lacks {CONNECT} in its policy")
    files["index.html"] = page.replace(CONNECT, origins(services)).encode()
    return files


def runtime_files(node_modules: Path) -> Files:
    """Pyodide's core and onnxruntime-web's, as their Node packages have them.

    Raises:
        BuildError: one is not there.
    """
    pyodide, ort = node_modules / "pyodide", node_modules / "onnxruntime-web" / "dist"
    try:
        files = {f"pyodide/{name}": (pyodide / name).read_bytes() for name in PYODIDE_FILES}
        return files | {f"ort/{name}": (ort / name).read_bytes() for name in ORT_FILES}
    except OSError as error:
        raise BuildError(f"{error}: remove site/node_modules and build again") from error


def to_json(value: object) -> bytes:
    """JSON that is the same for the same value."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def manifest(files: Mapping[str, bytes]) -> bytes:
    """The size in bytes and the sha256 of every file, as JSON."""
    listed = {name: {"size": len(files[name]), "sha256": sha256(files[name])} for name in files}
    return to_json({"files": listed, "total": sum(map(len, files.values()))})


def write(files: Files, out: Path) -> int:
    """Write the files and `manifest.json` to a folder, in place of an earlier build.

    Returns:
        How many bytes were written.

    Raises:
        BuildError: the folder holds something that no build has written.
    """
    if out.exists() and not (out / "manifest.json").is_file() and any(out.iterdir()):
        raise BuildError(f"{out} holds other things than an earlier build: give another --out")
    files = {**files, "manifest.json": manifest(files)}
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    fresh.chmod(0o755)
    for name, content in files.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    # Only a whole build takes the place of an earlier one.
    if out.exists():
        shutil.rmtree(out)
    fresh.rename(out)
    return sum(map(len, files.values()))


def report(files: Mapping[str, bytes], out: Path, total: int) -> None:
    """Print the bytes of each top folder, and of all."""
    sizes: dict[str, int] = {}
    for name, content in files.items():
        part = name.split("/")[0] + ("/" if "/" in name else "")
        sizes[part] = sizes.get(part, 0) + len(content)
    for part in sorted(sizes):
        print(f"    {part:<14}{megabytes(sizes[part]):>10}")
    step(f"{out}: {len(files) + 1} files, {total:,} bytes", megabytes(total))
