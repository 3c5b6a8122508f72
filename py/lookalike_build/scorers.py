"""The scorers that the page's editor opens: score.py, and those to start from."""

import ast
from pathlib import Path

from lookalike_build.steps import BuildError


def scorer_files(folder: Path) -> dict[str, bytes]:
    """`score.py` and `scorers/*.py` as they are, by their names in the site.

    Args:
        folder: `py/`.

    Raises:
        BuildError: one is not Python: else a slip would take the place of a site that works.
    """
    score = folder / "score.py"
    paths = sorted((folder / "scorers").glob("*.py"))
    for path in (score, *paths):
        _parsed(path)
    files = {f"scorers/{path.name}": path.read_bytes() for path in paths}
    return {score.name: score.read_bytes(), **files}


def index(folder: Path) -> list[dict[str, str]]:
    """What the menu of scorers shows: of each its file, its title and a line on it.

    The title is the first line of the file's docstring; the line is the paragraph after it.

    Raises:
        BuildError: a scorer is not Python, or has no docstring.
    """
    return [_entry(path) for path in sorted((folder / "scorers").glob("*.py"))]


def _entry(path: Path) -> dict[str, str]:
    said = ast.get_docstring(_parsed(path)) or ""
    if not said:
        raise BuildError(f"{path} has no docstring, whose first line is its title")
    title, _, rest = said.partition("\n")
    line = " ".join(rest.strip().split("\n\n")[0].split())
    return {"file": path.name, "title": title.rstrip("."), "line": line}


def _parsed(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_bytes(), path.name)
    # ValueError: it holds a NUL.
    except (SyntaxError, ValueError) as error:
        raise BuildError(f"{path} is not Python: {error}") from error
