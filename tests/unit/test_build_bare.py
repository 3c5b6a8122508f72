"""What the build leaves out of Python sources, and of which files."""

import ast
import inspect
from pathlib import Path

import pytest

from lookalike_build import left_out, precompile
from lookalike_build.bare import bare

SOURCE = '''#!/usr/bin/env python
"""A module.

With lines.
"""
from __future__ import annotations  # first

class A:
    """A class."""

    # A comment.
    x = "# none"  # one


def f(x):
    """Only this,
    of two lines."""


def g():
    text = """no docstring
    # nor a comment  
    """
    return text, f"{x!r}"  # größer
'''  # noqa: W291


def test_comments_and_docstrings_go_and_lines_stay():
    found = bare(SOURCE.encode()).decode()
    for gone in ("A module", "lines", "class.", "comment.", "first", "one\n\n\n", "Only", "größer"):
        assert gone not in found
    assert "nor a comment  \n" in found
    before, after = ast.parse(SOURCE), ast.parse(found)
    assert [n.lineno for n in before.body[1:]] == [n.lineno for n in after.body[1:]]
    assert found.count("\n") == SOURCE.count("\n")
    space = {}
    exec(compile(found, "bare", "exec"), space)
    assert space["A"].x == "# none"
    assert space["f"](1) is None


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_sources_of_any_encoding_become_utf_8(encoding):
    source = f"# -*- coding: {encoding} -*-\nx = 'ä'  # ö\n".encode(encoding)
    assert bare(source).decode() == "\nx = 'ä'\n"


@pytest.mark.parametrize("module", [ast, inspect, pytest])
def test_a_module_does_what_it_did(module):
    source = Path(module.__file__).read_bytes()
    found = bare(source)
    assert len(found) < len(source)
    assert found.count(b"\n") == source.count(b"\n")


def test_of_wheels_what_no_score_py_imports_is_left_out():
    names = {
        "numpy/f2py/__init__.py": False,
        "numpy/f2py/crackfortran.py": None,
        "numpy/linalg/tests/test_linalg.py": None,
        "numpy/polynomial/chebyshev.py": False,
        "numpy/random/mtrand.pyi": None,
        "PIL/Image.py": True,
        "PIL/ImageTk.py": None,
    }
    found = precompile.shipped(dict.fromkeys(names, b"x = 1\n"))
    compiled = {name + "c" for name, is_compiled in names.items() if is_compiled}
    kept = {name for name, is_compiled in names.items() if is_compiled is False}
    assert found.keys() == compiled | kept
    assert found["numpy/f2py/__init__.py"] == b""


def test_what_is_left_out_of_the_library_is_no_part_of_what_stays():
    stays = [
        "random.py",
        "json/decoder.py",
        "email/mime/text.py",
        "unittest/mock.py",
        "http/client.py",
    ]
    assert not [name for name in stays if name.startswith(left_out.beginnings())]
