"""The scorers that the page's editor opens: score.py, and those to start from."""

import ast
from pathlib import Path

from lookalike_build.steps import BuildError


def scorer_files(folder: Path) -> dict[str, bytes]:
    """`score.py` and `scorers/*.py` as they are, by their names in the site.

    Args:
        folder: `py/`.
    """
    paths = sorted((folder / "scorers").glob("*.py"))
    files = {f"scorers/{path.name}": path.read_bytes() for path in paths}
    return {"score.py": (folder / "score.py").read_bytes(), **files}


def index(folder: Path) -> list[dict[str, str]]:
    """What the menu of scorers shows: of each its file, its title and a line on it.

    The title is the first line of the file's docstring; the line is the paragraph after it.

    Raises:
        BuildError: a scorer is not Python, or has no docstring.
    """
    return [_entry(path) for path in sorted((folder / "scorers").glob("*.py"))]


def _entry(path: Path) -> dict[str, str]:
    try:
        said = ast.get_docstring(ast.parse(path.read_bytes())) or ""
    except SyntaxError as error:
        raise BuildError(f"{path} is not Python: {error}") from error
    if not said:
        raise BuildError(f"{path} has no docstring, whose first line is its title")
    title, _, rest = said.partition("\n")
    line = " ".join(rest.strip().split("\n\n")[0].split())
    return {"file": path.name, "title": title.rstrip("."), "line": line}
