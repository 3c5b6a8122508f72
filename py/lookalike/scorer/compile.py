"""From the text of a score.py to a scorer that can be used."""

import ast
import builtins
import hashlib
import importlib.util
import linecache
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from lookalike.errors import ScoreError
from lookalike.scorer.scorer import CheckedScorer, Scorer
from lookalike.scorer.user_code import FILE, UserCode

NEEDED = ("get_feature", "embs2score")

SCORING = ("embs2score", "embs2scores", "get_source", "rank", "START")
"""What decides how features are compared, not what they are."""


def shipped() -> bytes:
    """Read the score.py that lies beside the package.

    Raises:
        ScoreError: there is none.
    """
    found = importlib.util.find_spec("score")
    if found is None or found.origin is None:
        raise ScoreError("score.py is missing.", "Put a score.py beside the package lookalike.")
    return Path(found.origin).read_bytes()


def compile_scorer(text: str | bytes, code: UserCode | None = None) -> CheckedScorer:
    """Make a scorer of what score.py says.

    Its module is its own: nothing is left in `sys.modules`, and builtins that it redefines are
    redefined for itself alone.

    Args:
        text: of the file; as bytes, in UTF-8 or whatever it declares (PEP 263).
        code: how it is run.

    Raises:
        ScoreError: it is no text or no Python, raises when it is loaded, or lacks a function.
    """
    code = code or UserCode()
    source = _decoded(text, code)
    tree, digest = code.call(f"{FILE} could not be read", _parsed, source)
    module = ModuleType("score")
    module.__file__ = FILE
    module.__dict__["__builtins__"] = {**vars(builtins)}
    # So that tracebacks show its lines.
    lines = [f"{line}\n" for line in source.split("\n")]
    linecache.cache[FILE] = (len(source), None, lines, FILE)
    code.call(f"{FILE} could not be loaded", _load, tree, module)
    for name in NEEDED:
        if not callable(module.__dict__.get(name)):
            raise ScoreError(f"{FILE} has no function {name}.")
    return CheckedScorer(cast("Scorer", module), code, digest)


def _decoded(text: str | bytes, code: UserCode) -> str:
    if isinstance(text, bytes):
        text = code.call(f"{FILE} could not be read", importlib.util.decode_source, text)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _parsed(source: str) -> tuple[ast.Module, str]:
    tree = ast.parse(source, FILE)
    try:
        told = features_part(source)
    except RecursionError:  # it is nested too deep for that, though perhaps not for Python
        told = source
    return tree, hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()


def _load(tree: ast.Module, module: ModuleType) -> None:
    # Some libraries look for a class's module while they make it: dataclasses do.
    before = sys.modules.get("score")
    sys.modules["score"] = module
    try:
        exec(compile(tree, FILE, "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    finally:
        if before is None:
            sys.modules.pop("score", None)
        else:
            sys.modules["score"] = before


def features_part(source: str) -> str:
    """Write down what of a file can matter to `get_feature`.

    Two files of which this is the same make the same features. Left out are the definitions of
    `SCORING`, comments, layout and docstrings; but what is left out is not what the rest names.
    Every version of Python writes the same, as the page and a terminal exchange features.
    """
    tree = ast.parse(source, FILE)
    scoring = [node for node in tree.body if _defines_scoring(node)]
    rest = [node for node in tree.body if node not in scoring]
    while named := [node for node in scoring if _names(rest) & _defined(node)]:
        rest += named
        scoring = [node for node in scoring if node not in named]
    kept = [node for node in tree.body if node in rest]
    return "\n".join(_written(_Bare().visit(node)) for node in kept if not _is_text(node))


def _written(value: object) -> str:
    """Write down a syntax tree; `ast.dump` writes other things in other versions of Python."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if not isinstance(value, ast.AST):
        return repr(value)
    # Empty fields are those that versions add. A `ctx` says no more than its place.
    told = [
        f"{name}={_written(field)}"
        for name, field in ast.iter_fields(value)
        if name != "ctx" and field is not None and field != []
    ]
    return f"{type(value).__name__}({', '.join(told)})"


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    targets: list[Any] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    return names if len(names) == len(targets) else set()


def _defines_scoring(node: ast.stmt) -> bool:
    names = _defined(node)
    return bool(names) and names <= set(SCORING)


def _names(nodes: list[ast.stmt]) -> set[str]:
    return {inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


class _Bare(ast.NodeTransformer):
    """Takes out docstrings, and any other text that stands alone."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if _is_text(node) else node
