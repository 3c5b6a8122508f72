"""The evaluation on ../shared, as docs/evaluation.md tells it, in small."""

import json
from pathlib import Path

import pytest

from lookalike.evaluate.command import main
from lookalike.policies import DEFAULT
from lookalike_build.model import model_files
from lookalike_build.paths import Checkout

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"

pytestmark = [
    pytest.mark.native,
    pytest.mark.skipif(
        not all((SHARED / name).is_dir() for name in ("photos", "queries", "labelled")),
        reason="needs ../shared, which is not beside this checkout",
    ),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Both networks, by the path of one."""
    checkout = Checkout(ROOT)
    folder = tmp_path_factory.mktemp("model")
    for name in ("mobilenet_v2", "efficientnet_lite0"):
        for file, content in model_files(checkout, name, checkout.asset_folders([])).items():
            (folder / file).write_bytes(content)
    return folder / "mobilenet_v2.onnx"


@pytest.fixture(scope="module")
def options(model):
    """Where the collection, the queries and the network are."""
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


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    """Every sixth of the labelled photos."""
    folder = tmp_path_factory.mktemp("labelled")
    lines = (SHARED / "labelled" / "labelled.jsonl").read_text().splitlines()[::6]
    (folder / "labelled.jsonl").write_text("\n".join(lines))
    (folder / "img").symlink_to((SHARED / "labelled" / "img").resolve())
    return folder


def test_networks_find_photos_of_a_class_and_colours_hardly(part, model, capsys):
    command = ["--labelled", str(part), "--model", str(model), "--json", "--seeds", "5"]
    assert main([*command, "--jobs", "2"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    best = {(row["source"], row["layer"], row["similarity"]): row["precision"][-1] for row in rows}
    networks = [value for (source, *_), value in best.items() if source != "colours"]
    colours = [value for (source, *_), value in best.items() if source == "colours"]
    assert len(networks) == 8
    assert min(networks) > 3 * max(colours)
    for name in ("mobilenet_v2", "efficientnet_lite0"):
        assert best[name, "conv_16_project", "cosine"] > best[name, "avg_pool", "cosine"]
