"""The results in one table, for people and for machines."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from lookalike.evaluate.metrics import bootstrap_interval
from lookalike.evaluate.runner import Outcome

UNLIMITED = 10**6
"""Stands for any number of calls."""

LATE = 0.25
"""A search's last quarter is late."""


WRONG = 0.05
"""A search that settled was wrong to, if the rest of its budget would have added more than this."""


@dataclass(frozen=True, slots=True)
class Row:
    """The results of one policy with one budget.

    Attributes:
        policy: its name.
        photos, calls: the budget; None for any number of calls.
        per_page: photos in an answer.
        found: the mean score of the best photos.
        share, share_low, share_high: of the possible gain, with a 95 % bootstrap interval.
        share_p10: its 10th percentile over queries and seeds.
        photos_used, calls_used: on average.
        ms_per_decision, ms_per_decision_late: on average, and in the last quarter of a search.
        queries, seeds: how many.
    """

    policy: str
    photos: int
    calls: int | None
    per_page: int
    found: float
    share: float
    share_low: float
    share_high: float
    share_p10: float
    photos_used: float
    calls_used: float
    ms_per_decision: float
    ms_per_decision_late: float
    queries: int
    seeds: int


def summarise(outcomes: Sequence[Outcome]) -> list[Row]:
    """Make a row for each policy and budget, in the order of the outcomes."""
    return [_row(group) for group in _grouped(outcomes).values()]


def _grouped(outcomes: Sequence[Outcome]) -> dict[tuple[str, int, int, int], list[Outcome]]:
    groups: dict[tuple[str, int, int, int], list[Outcome]] = {}
    for outcome in outcomes:
        case = outcome.case
        key = case.policy, case.budget.photos, case.budget.calls, case.per_page
        groups.setdefault(key, []).append(outcome)
    return groups


def _row(group: Sequence[Outcome]) -> Row:
    case = group[0].case
    shares = np.array([outcome.share for outcome in group])
    queries = [outcome.case.query for outcome in group]
    low, high = bootstrap_interval(shares, queries, np.random.default_rng(0))
    late = [o.milliseconds[int((1 - LATE) * len(o.milliseconds)) :].mean() for o in group]
    return Row(
        policy=case.policy,
        photos=case.budget.photos,
        calls=None if case.budget.calls >= UNLIMITED else case.budget.calls,
        per_page=case.per_page,
        found=float(np.nanmean([outcome.found for outcome in group])),
        share=float(shares.mean()),
        share_low=low,
        share_high=high,
        share_p10=float(np.quantile(shares, 0.1)),
        photos_used=float(np.mean([outcome.photos for outcome in group])),
        calls_used=float(np.mean([outcome.calls for outcome in group])),
        ms_per_decision=float(np.mean([outcome.milliseconds.mean() for outcome in group])),
        ms_per_decision_late=float(np.mean(late)),
        queries=len(set(queries)),
        seeds=len({outcome.case.seed for outcome in group}),
    )


def as_json(rows: Sequence[Row]) -> str:
    """Write the rows as a JSON list."""
    return json.dumps([asdict(row) for row in rows], indent=1)


def as_table(rows: Sequence[Row]) -> str:
    """Write the rows as a Markdown table."""
    heads = ["policy", "photos", "calls", "an answer", "share", "95 %", "p10", "ten best",
             "photos used", "calls used", "ms a decision"]  # fmt: skip
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    lines += [
        [
            row.policy,
            str(row.photos),
            "any" if row.calls is None else str(row.calls),
            str(row.per_page),
            f"{row.share:.3f}",
            f"{row.share_low:.2f}–{row.share_high:.2f}",
            f"{row.share_p10:.2f}",
            f"{row.found:.4g}",
            f"{row.photos_used:.0f}",
            f"{row.calls_used:.0f}",
            f"{row.ms_per_decision:.2f}",
        ]
        for row in rows
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def settling_table(outcomes: Sequence[Outcome]) -> str:
    """Say in a Markdown table how many searches settled, when, and what that would have cost.

    *Wrong* are those of the settled that still gained more than `WRONG` by the rest of the budget.
    """
    heads = [
        "policy",
        "photos",
        "calls",
        "an answer",
        "settled",
        "after",
        "share then",
        "at the end",
        "wrong",
    ]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for (policy, photos, calls, per_page), group in _grouped(outcomes).items():
        early = [o for o in group if o.settled is not None and o.settled < len(o.curve)]
        then = [o.curve[o.settled - 1] if o.settled else o.share for o in group]
        wrong = [o.share - o.curve[(o.settled or 0) - 1] > WRONG for o in early]
        lines.append(
            [
                policy,
                str(photos),
                "any" if calls >= UNLIMITED else str(calls),
                str(per_page),
                f"{len(early) / len(group):.2f}",
                f"{np.mean([o.settled for o in early]):.0f}" if early else "",
                f"{np.mean(then):.3f}",
                f"{np.mean([o.share for o in group]):.3f}",
                f"{np.mean(wrong):.2f}" if wrong else "",
            ]
        )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
