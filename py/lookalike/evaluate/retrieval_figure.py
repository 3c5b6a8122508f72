"""mAP@k and mAR@k against k, drawn."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lookalike.evaluate.retrieval import DEPTH, Quality
from lookalike.evaluate.retrieval_report import Row

STYLES = ["-", "--", "-.", ":"]


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

    sources = list(dict.fromkeys(row.source for row in rows))
    drawn: dict[str, int] = {}
    ranks = np.arange(1, DEPTH + 1)
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.6))
    for row in rows:
        number = drawn[row.source] = drawn.get(row.source, -1) + 1
        name = f"{row.source} {row.layer}, {row.measure}"
        for axis, values in zip(axes, (row.precision, row.recall), strict=True):
            axis.plot(
                ranks,
                values,
                STYLES[number % len(STYLES)],
                color=f"C{sources.index(row.source)}",
                linewidth=1.4,
                label=name,
            )
    axes[1].plot(ranks, possible.recall.mean(0), color="0.6", label="the best there can be")
    for axis, name in zip(axes, ("mAP@k", "mAR@k"), strict=True):
        axis.set(xlabel="k", ylabel=name, xlim=(1, DEPTH), ylim=(0, None))
        axis.grid(alpha=0.3)
    axes[1].legend(fontsize=6.5, loc="upper left")
    figure.suptitle(what, fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=100, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)
