"""How good the answers are, in one table, for people and for machines."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from lookalike.evaluate.descriptors import Descriptor
from lookalike.evaluate.metrics import bootstrap_interval
from lookalike.evaluate.retrieval import DEPTH, Quality
from lookalike.evaluate.retrieval_metrics import Array

COLUMNS = (1, 5, DEPTH)
"""The depths that the table shows."""


@dataclass(frozen=True, slots=True)
class Row:
    """The results of one way to describe and compare photos.

    Attributes:
        source, layer, similarity: which; see `Descriptor`.
        numbers: that describe a photo.
        precision: mAP@1 … mAP@25.
        recall: mAR@1 … mAR@25.
        low, high: a 95 % bootstrap interval of mAP@25, over query photos.
        behind: by how much mAP@25 is below that of the first row.
        behind_low, behind_high: its 95 % interval, of the differences of each query photo.
        queries: how many photos were queries.
    """

    source: str
    layer: str
    similarity: str
    numbers: int
    precision: Sequence[float]
    recall: Sequence[float]
    low: float
    high: float
    behind: float
    behind_low: float
    behind_high: float
    queries: int


def summarise(found: Mapping[Descriptor, Quality], numbers: Mapping[Descriptor, int]) -> list[Row]:
    """Make a row of each, best first."""
    names = sorted(found, key=lambda name: -found[name].precision[:, -1].mean())
    best = found[names[0]].precision[:, -1]
    return [_row(name, found[name], numbers[name], best) for name in names]


def _row(name: Descriptor, quality: Quality, numbers: int, best: Array) -> Row:
    last = quality.precision[:, -1]
    low, high = _interval(last)
    behind_low, behind_high = _interval(best - last)
    return Row(
        source=name.source,
        layer=name.layer,
        similarity=name.similarity,
        numbers=numbers,
        precision=quality.precision.mean(0).tolist(),
        recall=quality.recall.mean(0).tolist(),
        low=low,
        high=high,
        behind=float((best - last).mean()),
        behind_low=behind_low,
        behind_high=behind_high,
        queries=len(last),
    )


def _interval(values: Array) -> tuple[float, float]:
    return bootstrap_interval(values, range(len(values)), np.random.default_rng(0))


def as_json(rows: Sequence[Row], possible: Quality) -> str:
    """Write the rows, and the highest mAR@k that there can be, as a JSON object."""
    limit = possible.recall.mean(0).tolist()
    return json.dumps({"rows": list(map(asdict, rows)), "possible_recall": limit}, indent=1)


def as_table(rows: Sequence[Row], possible: Quality) -> str:
    """Write the rows, and the highest mAR@k that there can be, as a Markdown table."""
    depths = [f"mAP@{k}" for k in COLUMNS]
    heads = ["source", "layer", "similarity", "numbers", *depths, "95 %", f"mAR@{DEPTH}", "behind"]
    lines = [heads, [*["---"] * 3, *["---:"] * (len(heads) - 3)]]
    for row in rows:
        behind = f"{row.behind:.3f} ({row.behind_low:.3f}–{row.behind_high:.3f})"
        lines.append(
            [
                row.source,
                row.layer,
                row.similarity,
                f"{row.numbers:,}",
                *(f"{row.precision[k - 1]:.3f}" for k in COLUMNS),
                f"{row.low:.3f}–{row.high:.3f}",
                f"{row.recall[-1]:.3f}",
                "" if row is rows[0] else behind,
            ]
        )
    limit = f"{possible.recall[:, -1].mean():.3f}"
    lines.append(["the best there can be", "", "", "", *["1.000"] * len(COLUMNS), "", limit, ""])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
