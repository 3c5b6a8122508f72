"""What the engine asks of the collections that the page lends it is what the page lends."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.native

ROOT = Path(__file__).parents[2]
SHELF = ROOT / "py" / "lookalike" / "browser" / "shelf.py"
LENT = ROOT / "site" / "js" / "shelf" / "lent.js"


def test_every_method_that_python_calls_is_lent_and_no_other():
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(SHELF.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "self._shelf"
    }
    lent = set(re.findall(r'^  (\w+): "(?:read|work|make)",$', LENT.read_text(), re.MULTILINE))
    assert {"picked", "add", "create"} <= called
    assert lent == called
