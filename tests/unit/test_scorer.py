import asyncio
import re
import types
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import score
from lookalike.errors import ModelError, ScoreError
from lookalike.images import open_image
from lookalike.scorer.scorer import CheckedScorer
from small_world import COLOURS, ColourModel, picture

SCORE_PY = Path(score.__file__).read_text(encoding="utf-8")


def module(source):
    """A score.py of this text."""
    made = types.ModuleType("score")
    exec(compile(source, "/somewhere/score.py", "exec"), made.__dict__)
    return made


def feature_of(scorer, image=None):
    image = image or Image.new("RGB", (8, 8))
    return asyncio.run(CheckedScorer(scorer).get_feature(ColourModel(), image))


def feature_error(body):
    with pytest.raises(ScoreError) as caught:
        feature_of(
            module(f"import numpy as np\nasync def get_feature(model, image):\n    {body}\n")
        )
    assert "score.py" in caught.value.advice
    return str(caught.value)


def score_of(body):
    scorer = module(f"import math\ndef embs2score(source, candidate):\n    {body}\n")
    vector = np.array([1, 2], np.float32)
    return CheckedScorer(scorer).embs2score(vector, vector)


def score_error(body):
    with pytest.raises(ScoreError) as caught:
        score_of(body)
    assert "score.py" in caught.value.advice
    return str(caught.value)


# -- What goes wrong is told -----------------------------------------------------------------------


def test_an_exception_is_told_with_its_line_and_words():
    told = "embs2score in score.py failed (line 3): ZeroDivisionError: division by zero"
    assert score_error("return 1 / 0") == told
    told = "get_feature in score.py failed (line 3): KeyError: 'nose'"
    assert feature_error("return {}['nose']") == told


def test_the_line_is_the_last_one_inside_score_py_and_not_one_of_a_library():
    assert "(line 3): ValueError" in feature_error("return np.ones(3).reshape(7)")
    told = score_error("return inner(source)\ndef inner(x):\n    return x.nothing")
    assert "(line 5): AttributeError" in told


def test_a_function_that_is_missing_or_is_not_async_is_told():
    with pytest.raises(ScoreError, match=r"get_feature in score\.py failed: AttributeError"):
        feature_of(module(""))
    with pytest.raises(ScoreError, match=r"get_feature in score\.py failed: TypeError"):
        feature_of(module("def get_feature(model, image):\n    return [1.0]\n"))


@pytest.mark.parametrize(
    "value", ["[]", "[float('nan')]", "[1.0, float('inf')]", "np.zeros((0, 7))"]
)
def test_a_feature_without_finite_numbers_is_told(value):
    assert "returned no numbers, NaN or infinity" in feature_error(f"return {value}")


@pytest.mark.parametrize("value", ["None", "'red'", "[[1], [2, 3]]", "{}"])
def test_a_feature_that_is_no_array_is_told(value):
    feature_error(f"return {value}")


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_score_that_is_not_finite_is_told(value):
    told = f"embs2score in score.py returned {value}, which is not a score."
    assert score_error(f"return float('{value}')") == told


@pytest.mark.parametrize("value", ["None", "'high'", "source", "1j", "[1.0]"])
def test_a_score_that_is_no_number_is_told(value):
    assert "embs2score in score.py failed: " in score_error(f"return {value}")


def test_an_overflow_is_told():
    assert "OverflowError" in score_error("return math.exp(1000)")


# -- What is right passes --------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["3", "3.0", "source[0] + candidate[1]", "source.sum()"])
def test_a_score_may_be_any_number(value):
    found = score_of(f"return {value}")
    assert (type(found), found) == (float, 3.0)


@pytest.mark.parametrize("value", ["[1, 2.5]", "np.array([1, 2.5])", "(True, 2.5)"])
def test_a_feature_may_be_anything_that_numpy_reads(value):
    found = feature_of(
        module(f"import numpy as np\nasync def get_feature(m, i):\n    return {value}")
    )
    assert (found.dtype, found.tolist()) == (np.float32, [1, 2.5])


def test_errors_of_the_model_stay_what_they_are():
    class Broken:
        async def get_feature(self, model, image):
            raise ModelError("The network could not be run.")

    with pytest.raises(ModelError):
        feature_of(Broken())


def test_cancelling_is_not_taken_for_an_error():
    class Slow:
        async def get_feature(self, model, image):
            await asyncio.sleep(60)

    async def cancelled():
        task = asyncio.ensure_future(CheckedScorer(Slow()).get_feature(None, None))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())


def test_the_layer_is_the_one_that_score_py_names_or_none():
    assert CheckedScorer(module('LAYER = "avg_pool"')).layer == "avg_pool"
    assert CheckedScorer(module("")).layer == ""
    assert CheckedScorer(module("LAYER = None")).layer == ""


def test_a_layer_that_is_an_array_is_as_good_as_any():
    """It is the scorer's own what it makes of it; here it only tells scorers apart."""
    text = "import numpy as np\nLAYER = np.array(['avg_pool', 'logits'])"
    scorer = CheckedScorer(module(text))
    assert scorer.layer == "['avg_pool' 'logits']"
    assert hash(scorer.key) == hash(CheckedScorer(module(text)).key)


# -- The score.py that is shipped ------------------------------------------------------------------


def variants():
    """score.py as it is, and with each alternative in its comments taken instead."""
    layers = re.findall(r'"(\w+)"', next(li for li in SCORE_PY.splitlines() if "LAYER =" in li))
    head, body = SCORE_PY.split("def embs2score")
    returns = re.findall(r"^    (?:# )?(return .+)$", body, re.MULTILINE)
    scorer = re.sub(r"^    (# .*|return .*)$", "", body, flags=re.MULTILINE).rstrip()
    for layer in layers:
        chosen = re.sub(r"^LAYER = .*$", f'LAYER = "{layer}"', head, flags=re.MULTILINE)
        for line in returns:
            yield pytest.param(
                f"{chosen}def embs2score{scorer}\n    {line}\n", layer, id=f"{layer}, {line}"
            )


VARIANTS = list(variants())


def test_all_alternatives_of_score_py_are_found():
    assert len(VARIANTS) == 3 * 3
    assert len({param.values[0] for param in VARIANTS}) == 9


@pytest.mark.parametrize(("source", "layer"), VARIANTS)
def test_score_py_and_each_of_its_alternatives_tell_a_like_colour_from_another(source, layer):
    scorer = CheckedScorer(module(source))
    assert scorer.layer == layer
    files = [picture(COLOURS[name], seed=i) for i, name in enumerate(["red", "red", "blue"])]

    async def features():
        return [await scorer.get_feature(ColourModel(), open_image(file)) for file in files]

    query, like, other = asyncio.run(features())
    assert scorer.embs2score(query, like) > scorer.embs2score(query, other)


def test_score_py_is_the_cosine_unless_it_is_edited():
    assert score.LAYER == "conv_16_project"
    a, b = np.array([10, 20, 5], np.float32), np.array([3, 1, 4], np.float32)
    assert score.embs2score(a, b) == pytest.approx(70 / np.sqrt(525 * 26))
