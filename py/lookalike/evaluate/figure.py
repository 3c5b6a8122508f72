"""The share as a search goes on, drawn as the paper's figure 3."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lookalike.evaluate.metrics import BEST
from lookalike.evaluate.runner import Outcome

Array = NDArray[np.float64]


def curves(
    outcomes: Sequence[Outcome], by_calls: bool, best: int = BEST
) -> tuple[Array, Array, Array]:
    """Average the share over searches, after each photo or each call.

    Args:
        outcomes: of one policy and budget.
        by_calls: whether the share is told after each call instead of each photo.
        best: how many photos count.

    Returns:
        The numbers of photos or calls, the mean share, and the standard error of the mean; NaN
        until every search has seen as many photos as count, before which luck decides.
    """
    last = max(outcome.calls if by_calls else outcome.photos for outcome in outcomes)
    steps = np.arange(1.0, last + 1)
    rows = []
    for outcome in outcomes:
        curve = outcome.curve if len(outcome.curve) else np.zeros(1)
        # After so many calls, all photos count that were chosen before the next.
        chosen = np.searchsorted(outcome.calls_before, steps, "right")
        ends = chosen if by_calls else steps.astype(int)
        enough = ends >= min(best, len(curve))
        rows.append(np.where(enough, curve[np.clip(ends, 1, len(curve)) - 1], np.nan))
    values = np.array(rows)
    return steps, values.mean(0), values.std(0) / np.sqrt(len(values))


def draw(outcomes: Sequence[Outcome], path: Path, what: str, best: int = BEST) -> None:
    """Draw the largest budget of each policy to a .png or .svg file.

    Args:
        outcomes: of all cases.
        path: the file; its suffix says which kind.
        what: is searched for, for the title.
        best: how many photos count.
    """
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "lookalike"  # the same file for the same numbers
    from matplotlib import pyplot

    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.case.policy, []).append(outcome)
    figure, axes = pyplot.subplots(1, 2, figsize=(10, 4), sharey=True)
    for policy, group in groups.items():
        budget = max({o.case.budget for o in group}, key=lambda b: (b.photos, b.calls))
        chosen = [o for o in group if o.case.budget == budget]
        for axis, by_calls in zip(axes, (False, True), strict=True):
            steps, mean, error = curves(chosen, by_calls, best)
            axis.plot(steps, mean, label=policy, linewidth=1.5)
            axis.fill_between(steps, mean - 1.96 * error, mean + 1.96 * error, alpha=0.15)
    for axis, name in zip(axes, ("photos looked at", "API calls"), strict=True):
        axis.set_xlabel(name)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("share of the possible gain")
    axes[0].set_ylim(-0.05, 1.02)
    axes[0].legend(fontsize=8, loc="best")
    figure.suptitle(what)
    figure.tight_layout()
    figure.savefig(path, dpi=120, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)
