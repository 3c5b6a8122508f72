"""Why a leg of a search ends that was neither stopped nor out of time."""

from collections.abc import Sequence
from dataclasses import replace

from lookalike.errors import Problem
from lookalike.search.circuit_breaker import GIVEN_UP
from lookalike.search.events import Reason

SCORER = "the score function"
"""With what something is wrong where a scorer fails."""


def ending(
    *,
    left: int,
    closed: Problem | None,
    settled: bool,
    calls_spent: bool,
    looks_made: int,
    problems: Sequence[tuple[str, Problem]],
) -> tuple[Reason, Problem | None]:
    """Say why nothing is under way any more, and what was wrong, if that is why.

    Args:
        left: how many photos may still be looked at.
        closed: why the service takes no more calls; None while it does.
        settled: whether little is to be expected of what is left.
        calls_spent: whether no more calls may be made.
        looks_made: how many photos were looked at.
        problems: with what something is still wrong, and what; the latest last.
    """
    if left <= 0:
        return Reason.BUDGET, None
    if closed:
        return Reason.FAILED, closed
    if settled:
        return Reason.SETTLED, None
    # Where calls were all spent on what there was to look at, nothing else is the cause.
    if not (calls_spent and looks_made) and (problem := _cause(looks_made, problems)):
        return Reason.FAILED, problem
    return (Reason.BUDGET if calls_spent else Reason.EXHAUSTED), None


def _cause(looks_made: int, problems: Sequence[tuple[str, Problem]]) -> Problem | None:
    """Find what is still wrong, and so is why there was nothing more to look at."""
    wrong = dict(problems)
    for what in ("calls", "an answer"):
        if what in wrong:
            return replace(wrong[what], advice=GIVEN_UP)
    # A scorer that fails at times is not the cause.
    causes = [problem for what, problem in problems if what != SCORER or not looks_made]
    return causes[-1] if causes else None
