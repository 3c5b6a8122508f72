"""Puts `dist/` together: plain files for any static host, in a sub-path too."""

import hashlib
import json
import shutil
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from tempfile import mkdtemp

from lookalike_build.fetch import sha256
from lookalike_build.services import Service, offered, origins
from lookalike_build.steps import BuildError, megabytes, step

CONNECT = "@CONNECT@"
"""Stands in site/courier.html where its Content-Security-Policy lists the services' origins."""

FRAME, FRAME_HASH = "@ENGINE_FRAME@", "@ENGINE_FRAME_HASH@"
"""Stand in site/index.html for the script of the engine's frame, and for its hash in the policy."""

SERVICES = "@SERVICES@"
"""Stands there, too, for what the page says of the services until it has read config.json."""

_FRAME_SCRIPT = "js/engine/frame.js"

MANIFEST = "manifest.json"
"""Lists the files of a build, in its folder."""

STANDARD_LIBRARY = "python_stdlib.zip"
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", STANDARD_LIBRARY)
# The CPU build: no WebGPU, no WebGL; it works with one thread where there is no SharedArrayBuffer.
ORT_FILES = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
_BUNDLED = {"js", "css"}
"""The folders of site/ of which lookalike_build.bundle makes a few files."""
_NOT_SHIPPED = {"package.json", "package-lock.json", "jsconfig.json", "node_modules"} | _BUNDLED

Files = dict[str, bytes]


def page_files(site: Path, services: Iterable[Service]) -> Files:
    """The files of `site/` that are shipped as they are, but for what the build knows.

    The courier's policy lists the services' origins. The page's allows the script of the engine's
    frame, which is inside the page: a frame without an origin can load none from a static host. The
    page also holds what it says of the services, so that it can do so when it is first drawn.

    Raises:
        BuildError: there is no page, or no place in it for one of these.
    """
    files = {
        path.relative_to(site).as_posix(): path.read_bytes()
        for top in sorted(site.iterdir())
        if top.name not in _NOT_SHIPPED and not top.name.startswith(".")
        for path in ([top] if top.is_file() else sorted(top.rglob("*")))
        if path.is_file()
    }
    services = list(services)
    script = (site / _FRAME_SCRIPT).read_text()
    hashed = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    places = {
        "courier.html": {CONNECT: origins(services)},
        "index.html": {
            FRAME_HASH: f"sha256-{hashed}",
            FRAME: script,
            # Nothing in it may end the element that it is in.
            SERVICES: json.dumps(list(map(offered, services))).replace("<", r"\u003c"),
        },
    }
    for name, values in places.items():
        page = files.get(name, b"").decode()
        for place, value in values.items():
            if place not in page:
                raise BuildError(f"{site / name} is missing or lacks {place}")
            page = page.replace(place, value)
        files[name] = page.encode()
    return files


def runtime_files(node_modules: Path) -> Files:
    """Pyodide's core, onnxruntime-web's and libheif, as their Node packages have them.

    Raises:
        BuildError: one is not there.
    """
    pyodide, ort = node_modules / "pyodide", node_modules / "onnxruntime-web" / "dist"
    heif = node_modules / "libheif-js" / "libheif-wasm"
    try:
        files = {f"pyodide/{name}": (pyodide / name).read_bytes() for name in PYODIDE_FILES}
        # HEIC: one module with its WebAssembly in it, as it was published, so that anybody may put
        # another build of it in its place, as its licence (LGPL) has it.
        files["heif/libheif-bundle.mjs"] = (heif / "libheif-bundle.mjs").read_bytes()
        files["heif/LICENSE.txt"] = (heif / "LICENSE").read_bytes()
        return files | {f"ort/{name}": (ort / name).read_bytes() for name in ORT_FILES}
    except OSError as error:
        raise BuildError(f"{error}: remove site/node_modules and build again") from error


def to_json(value: object) -> bytes:
    """JSON that is the same for the same value."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def listed(files: Mapping[str, bytes]) -> dict[str, dict[str, str | int]]:
    """The size in bytes and the sha256 of every file."""
    return {name: {"size": len(files[name]), "sha256": sha256(files[name])} for name in files}


def manifest(files: Mapping[str, bytes]) -> bytes:
    """What `listed` gives, as JSON."""
    return to_json({"files": listed(files), "total": sum(map(len, files.values()))})


def earlier(out: Path) -> set[str]:
    """List the files that an earlier build has written to a folder, by their paths in it.

    Raises:
        BuildError: it is no folder, or no build has written what is in it.
    """
    if not out.exists():
        return set()
    if not out.is_dir():
        raise BuildError(f"{out} is no folder: give another --out")
    names = _written(out / MANIFEST)
    if not names and any(out.iterdir()):
        raise BuildError(f"{out} holds other things than an earlier build: give another --out")
    return names


def _written(path: Path) -> set[str]:
    """List what a manifest does, and itself; nothing where it is none, or another program's."""
    try:
        listed = json.loads(path.read_bytes())["files"]
        if all(each["sha256"] for each in listed.values()):
            return {*listed, MANIFEST}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass
    return set()


def write(files: Files, out: Path) -> int:
    """Write the files and `manifest.json` to a folder, in place of those of an earlier build.

    What else lies there stays: a host's own files, or a repository that the site is pushed from.

    Returns:
        How many bytes were written.

    Raises:
        BuildError: `earlier` refuses the folder, or it cannot be written.
    """
    there = earlier(out)
    files = {**files, MANIFEST: manifest(files)}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            _fill(fresh, files)
        except BaseException:  # Ctrl+C, too
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        # Only a whole build takes the place of an earlier one.
        if out.exists():
            for path in list(_others(out, {*there, *files})):
                place = fresh / path.relative_to(out)
                place.parent.mkdir(parents=True, exist_ok=True)
                path.rename(place)
            shutil.rmtree(out)
        fresh.rename(out)
    except OSError as error:
        raise BuildError(f"{out} cannot be written ({error}): give another --out") from error
    return sum(map(len, files.values()))


def _fill(folder: Path, files: Files) -> None:
    folder.chmod(0o755)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _others(out: Path, names: Set[str], inner: str = "") -> Iterator[Path]:
    """Give what lies in a folder beside files of these names, folders without any as a whole."""
    for path in sorted((out / inner).iterdir()):
        name = path.relative_to(out).as_posix()
        if any(each.startswith(f"{name}/") for each in names):
            if path.is_dir() and not path.is_symlink():
                yield from _others(out, names, name)
        elif name not in names:
            yield path


def report(files: Mapping[str, bytes], out: Path, total: int) -> None:
    """Print the bytes of each top folder, and of all."""
    sizes: dict[str, int] = {}
    for name, content in files.items():
        part = name.split("/")[0] + ("/" if "/" in name else "")
        sizes[part] = sizes.get(part, 0) + len(content)
    for part in sorted(sizes):
        print(f"    {part:<14}{megabytes(sizes[part]):>10}")
    step(f"{out}: {len(files) + 1} files, {total:,} bytes", megabytes(total))
