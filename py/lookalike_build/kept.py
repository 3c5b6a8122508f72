"""Files that the build makes once, and keeps as long as what they are made of stays the same."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from lookalike_build.fetch import sha256
from lookalike_build.steps import step


def kept_files(
    cache: Path,
    parts: Iterable[bytes],
    names: Sequence[str],
    steps: tuple[str, str],
    make: Callable[[list[Path]], None],
) -> dict[str, bytes]:
    """Take files from the cache, or make them.

    Args:
        cache: a folder.
        parts: contents of all that decides what the files are.
        names: of the files.
        steps: what they are, and what is done to make them, for the terminal.
        make: writes them at these paths, each as a whole.

    Returns:
        Their contents by their names.
    """
    folder = cache / sha256("".join(map(sha256, parts)).encode())
    paths = [folder / name for name in names]
    what, doing = steps
    if all(path.is_file() for path in paths):
        step(what, "cached")
    else:
        step(f"{what}: {doing}")
        make(paths)
    return {path.name: path.read_bytes() for path in paths}
