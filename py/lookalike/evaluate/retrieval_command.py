"""`python -m lookalike evaluate --labelled DIR`."""

import argparse
import json
from pathlib import Path

from lookalike.evaluate.descriptors import ImageDescriber, describe_all, descriptors
from lookalike.evaluate.labelled import load_labelled
from lookalike.evaluate.progress_bar import progress
from lookalike.evaluate.retrieval import judge
from lookalike.evaluate.retrieval_figure import draw
from lookalike.evaluate.retrieval_report import as_json, as_table, summarise

SEEDS = 20
"""Splits: each photo is a query once, on average."""


def networks(model: Path) -> list[Path]:
    """List a network and the others in its folder that searches go by.

    Text encoders and the classifier of unsafe pictures lie there, too.


    Raises:
        FileNotFoundError: it is not there.
    """
    if not model.exists():
        raise FileNotFoundError(f"{model} is not there; run python3 build_site.py first")
    others = [path for path in sorted(model.parent.glob("*.onnx")) if path != model]
    return [model, *filter(_searches_go_by, others)]


def _searches_go_by(path: Path) -> bool:
    spec = path.with_suffix(".json")
    return spec.exists() and "unsafe" not in json.loads(spec.read_text("utf-8"))


def run(options: argparse.Namespace) -> str:
    """Search labelled photos by every layer of every network, and by colours; give the report.

    Raises:
        OSError: a file is missing.
        ValueError: the folder is not as `load_labelled` needs it.
        lookalike.errors.LookalikeError: a photo or a network is broken.
    """
    photos = load_labelled(options.labelled)
    paths = networks(options.model)
    seeds = options.seeds or SEEDS
    ways = descriptors(ImageDescriber(paths).models)
    features = describe_all(paths, photos.files, options.jobs, options.json)
    found = {
        way: judge(features[way.source, way.layer], way.similarity, photos.labels, seeds)
        for way in progress(ways, "similarities", options.json)
    }
    possible = judge(None, "", photos.labels, seeds)
    rows = summarise(found, {way: features[way.source, way.layer].shape[1] for way in ways})
    if options.figure:
        classes = len(set(photos.labels))
        title = f"{len(photos.files):,} photos of {classes} classes, {seeds} splits 95/5"
        draw(rows, possible, options.figure, title)
    return as_json(rows, possible) if options.json else as_table(rows, possible)
