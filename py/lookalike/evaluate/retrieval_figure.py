"""mAP@k and mAR@k against k, drawn."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lookalike.evaluate.retrieval import DEPTH, Quality
from lookalike.evaluate.retrieval_report import Row

STYLES = ["-", "--", "-.", ":"]

UPPER = 0.5
"""The first panel shows, closer, the rows whose mAP@25 is at least this share of the best's."""


def draw(rows: Sequence[Row], possible: Quality, path: Path, what: str) -> None:
    """Draw the rows to a .png or .svg file: a colour for each source, a dash for each layer.

    Args:
        rows: what is drawn, best first.
        possible: the answers as good as can be.
        path: the file; its suffix says which kind.
        what: the title.
    """
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "lookalike"  # the same file for the same numbers
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(11, 3.3), layout="constrained")
    best = rows[0].precision[-1]
    close = [row for row in rows if row.precision[-1] >= UPPER * best]
    for axis, shown, name in zip(
        axes, (close, rows, rows), ("mAP@k, the best", "mAP@k", "mAR@k"), strict=True
    ):
        for row in shown:
            values = row.recall if name == "mAR@k" else row.precision
            axis.plot(_ranks(), values, label=_label(row), linewidth=1.3, **_style(row, rows))
        axis.set(title=name, xlabel="k", xlim=(1, DEPTH))
        axis.title.set_fontsize(10)
        axis.grid(alpha=0.3)
    axes[1].set_ylim(0, 1)
    axes[2].plot(_ranks(), possible.recall.mean(0), color="0.6", label="the best there can be")
    axes[2].set_ylim(0)
    handles, labels = axes[2].get_legend_handles_labels()
    figure.legend(handles, labels, fontsize=7, loc="outside right center")
    figure.suptitle(what, fontsize=10)
    figure.savefig(path, dpi=90, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)


def _ranks() -> NDArray[np.int_]:
    """The depths at which answers are judged: 1 … 25."""
    return np.arange(1, DEPTH + 1)


def _label(row: Row) -> str:
    """What a row is called in the legend."""
    return f"{row.source} {row.layer}, {row.similarity}"


def _style(row: Row, rows: Sequence[Row]) -> dict[str, str]:
    """A colour for its source, and a dash that the same layer has in every source."""
    sources = sorted({other.source for other in rows})
    ways = sorted({(o.layer, o.similarity) for o in rows if o.source == row.source})
    dash = STYLES[ways.index((row.layer, row.similarity)) % len(STYLES)]
    return {"color": f"C{sources.index(row.source)}", "linestyle": dash}
