"""docs/score.md: each example in it is run, and each scorer named."""

import ast
import asyncio
import re
from pathlib import Path

import pytest
from PIL import Image

import tiny_model
from lookalike.model.onnxruntime_native import NativeModel
from lookalike.photo import Photo
from lookalike.scorer.compile import compile_scorer
from lookalike.scorer.scorer import OPTIONAL, Example, Result

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "score.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.native


def whole(example):
    """A file by itself, or what is added to score.py."""
    if "def get_feature" in example:
        return example
    return (ROOT / "py" / "score.py").read_text() + "\nimport numpy as np\n\n" + example


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_works(example, tmp_path):
    tiny_model.make(tmp_path)
    model = NativeModel(tmp_path / "tiny.onnx")
    scorer = compile_scorer(whole(example))
    images = [
        Image.new("RGB", size, colour) for size, colour in [((90, 60), "red"), ((60, 90), "navy")]
    ]
    features = [asyncio.run(scorer.get_feature(model, image)) for image in images]
    source = scorer.source(
        [Example(features[0], 1.0, "query"), Example(features[1], -1.0, "disliked")]
    )
    scores = scorer.scores(source, features)
    assert None not in scores
    if scorer.has("rank"):
        results = [Result(Photo(str(i)), score, features[i]) for i, score in enumerate(scores)]
        assert sorted(scorer.rank(results)) == ["0", "1"]


def test_the_first_example_is_the_default():
    default = (ROOT / "py" / "score.py").read_text()
    assert ast.dump(_Bare().visit(ast.parse(EXAMPLES[0]))) == ast.dump(
        _Bare().visit(ast.parse(default))
    )


class _Bare(ast.NodeTransformer):
    """Takes out docstrings."""

    def visit_Expr(self, node):
        return None if isinstance(node.value, ast.Constant) else node


@pytest.mark.parametrize("name", OPTIONAL)
def test_all_that_a_file_may_define_is_told_and_shown(name):
    assert f"**`{name}" in PAGE
    assert any(name in example for example in EXAMPLES)


def test_every_scorer_is_listed():
    files = {path.name for path in (ROOT / "py" / "scorers").glob("*.py")}
    assert set(re.findall(r"^\| `(\w+\.py)`", PAGE, re.MULTILINE)) == files
