"""Python sources without what only people read: comments and docstrings, line by line."""

import ast
import io
import tokenize

_WITH_DOCSTRINGS = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

_Cut = tuple[tuple[int, int], tuple[int, int], bytes]
"""Where it begins and ends, by line (from 1) and byte; what takes its place."""


def bare(source: bytes) -> bytes:
    """Leave out comments and docstrings, so that every line keeps its number.

    Returns:
        UTF-8; the source itself where that would change what it does.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    text = source.decode(encoding).replace("\r\n", "\n")
    tree = ast.parse(text)
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    for begin, end, instead in sorted([*_docstrings(tree), *_comments(text)], reverse=True):
        _cut(lines, begin, end, instead)
    result = b"".join(lines)
    same = ast.dump(_undocumented(tree)) == ast.dump(ast.parse(result))
    return result if same else source


def _cut(lines: list[bytes], begin: tuple[int, int], end: tuple[int, int], instead: bytes) -> None:
    first, last = begin[0] - 1, end[0] - 1
    rest = lines[last][end[1] :]
    if first == last:
        line = lines[first][: begin[1]] + instead
        lines[first] = (line if instead else line.rstrip()) + rest
        return
    lines[first] = lines[first][: begin[1]] + instead + b"\n"
    lines[first + 1 : last] = [b"\n"] * (last - first - 1)
    lines[last] = rest


def _docstrings(tree: ast.Module) -> list[_Cut]:
    found: list[_Cut] = []
    for value in _docstring_nodes(tree):
        begin, end = (value.lineno, value.col_offset), (value.end_lineno, value.end_col_offset)
        if end[0] is not None and end[1] is not None:
            found.append((begin, (end[0], end[1]), b'""'))
    return found


def _comments(text: str) -> list[_Cut]:
    lines = text.splitlines(keepends=True)
    found: list[_Cut] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            begin = len(lines[row - 1][:column].encode())
            found.append(((row, begin), (row, begin + len(token.string.encode())), b""))
    return found


def _docstring_nodes(tree: ast.Module) -> list[ast.Constant]:
    firsts = [
        node.body[0] for node in ast.walk(tree) if isinstance(node, _WITH_DOCSTRINGS) and node.body
    ]
    values = [first.value for first in firsts if isinstance(first, ast.Expr)]
    constants = [value for value in values if isinstance(value, ast.Constant)]
    return [value for value in constants if isinstance(value.value, str)]


def _undocumented(tree: ast.Module) -> ast.Module:
    for value in _docstring_nodes(tree):
        value.value = ""
    return tree
