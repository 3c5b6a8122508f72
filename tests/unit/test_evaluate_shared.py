"""The evaluation on ../shared, as docs/evaluation.md tells it, in small."""

import json
import tomllib
from pathlib import Path

import pytest

from convert import convert
from lookalike.evaluate.command import main
from lookalike.policies import DEFAULT

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SOURCE = SHARED / "models" / "tf2_mobilenet_v2_1.0_224_ptq.tflite"

pytestmark = [
    pytest.mark.native,
    pytest.mark.skipif(
        not all((SHARED / name).is_dir() for name in ("models", "photos", "queries")),
        reason="needs ../shared, which is not beside this checkout",
    ),
]


@pytest.fixture(scope="module")
def options(tmp_path_factory):
    """Where the collection, the queries and the network are."""
    recipe = tomllib.loads((ROOT / "models" / "mobilenet_v2.toml").read_text())
    labels = (SHARED / "models" / "imagenet_labels.txt").read_text()
    content, values = convert(recipe, SOURCE.read_bytes(), labels)
    model = tmp_path_factory.mktemp("model") / "mobilenet_v2.onnx"
    model.write_bytes(content)
    model.with_suffix(".json").write_text(json.dumps(values))
    paths = {"photos": SHARED / "photos", "queries": SHARED / "queries", "model": model}
    named = [text for name, path in paths.items() for text in (f"--{name}", str(path))]
    return [*named, "--json", "--jobs", "2", "--seeds", "1"]


def told(capsys, *command):
    assert main(list(command)) == 0
    return {row["policy"]: row for row in json.loads(capsys.readouterr().out)}


def test_the_default_policy_finds_clearly_more_than_clear_and_tiara(options, capsys):
    policies = ["--policies", "default", "greedy", "linucb"]
    rows = told(capsys, *options, *policies, "--budgets", "110:30")
    others = [row for name, row in rows.items() if name != DEFAULT]
    assert rows[DEFAULT]["calls_used"] <= 30
    assert rows[DEFAULT]["share_low"] > max(row["share_high"] for row in others)
    assert rows[DEFAULT]["share_p10"] > max(row["share_p10"] for row in others)


def test_the_papers_experiment_ranks_it_first_too(options, capsys):
    policies = ["--policies", "default", "random_query"]
    rows = told(capsys, *options, *policies, "--task", "class", "--budgets", "200")
    assert rows[DEFAULT]["queries"] == 10
    assert rows[DEFAULT]["share"] > rows["random_query"]["share"]
