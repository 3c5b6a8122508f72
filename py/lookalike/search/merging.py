"""From where several searches stand to where the search of all of them stands."""

import itertools
import math
from collections.abc import Iterable, Sequence

from lookalike.errors import LookalikeError, Problem
from lookalike.policies.policy import TagEstimate, Unseen
from lookalike.search.events import Filtered, Finished, Progress, Reason
from lookalike.words import wording

ORDER = (
    Reason.CANCELLED,
    Reason.BUDGET,
    Reason.SETTLED,
    Reason.EXHAUSTED,
    Reason.COMPLETE,
    Reason.FAILED,
)
"""Of several reasons, the first tells why the whole has ended."""


def merged_progress(parts: Sequence[Progress], estimates_shown: int) -> Progress:
    """Merge where each of several searches stands.

    Args:
        parts: of searches that began together; one alone is told as it is.
        estimates_shown: how many estimates to keep.
    """
    if len(parts) == 1:
        return parts[0]
    return Progress(
        calls=sum(part.calls for part in parts),
        photos=sum(part.photos for part in parts),
        seconds=max((part.seconds for part in parts), default=0.0),
        asking=tuple(dict.fromkeys(tag for part in parts for tag in part.asking)),
        estimates=merged_estimates([part.estimates for part in parts])[:estimates_shown],
        unseen=_merged_unseen(unseen for part in parts for unseen in part.unseen),
        services=tuple(service for part in parts for service in part.services),
        filtered=_merged_filtered(kept_out for part in parts for kept_out in part.filtered),
    )


def merged_estimates(parts: Sequence[Sequence[TagEstimate]]) -> tuple[TagEstimate, ...]:
    """Merge what several policies think of tags, each most promising first.

    The promise itself is not told, so each policy's first comes before any one's second. A tag that
    several have an opinion on is told once: its mean is that of all scores behind theirs, its
    margin that of such a mean where their errors are independent.
    """
    by_tag: dict[str, list[TagEstimate]] = {}
    for estimate in itertools.chain.from_iterable(itertools.zip_longest(*parts)):
        if estimate:
            # Services spell as they like, and a person who bans one spelling bans all.
            by_tag.setdefault(wording(estimate.tag) or estimate.tag, []).append(estimate)
    return tuple(_pooled(found) for found in by_tag.values())


def _pooled(estimates: Sequence[TagEstimate]) -> TagEstimate:
    if len(estimates) == 1:
        return estimates[0]
    count = sum(estimate.count for estimate in estimates)
    weights = [estimate.count / count if count else 1 / len(estimates) for estimate in estimates]
    mean = sum(weight * each.mean for weight, each in zip(weights, estimates, strict=True))
    margins = [each.margin for each in estimates if each.margin is not None]
    margin = None
    if len(margins) == len(estimates):
        margin = math.hypot(*(w * m for w, m in zip(weights, margins, strict=True)))
    return TagEstimate(estimates[0].tag, mean, count, margin)


def _merged_unseen(parts: Iterable[Unseen]) -> tuple[Unseen, ...]:
    merged: dict[str, Unseen] = {}
    for each in parts:
        before = merged.get(each.why, Unseen(each.why, 0))
        tags = tuple(dict.fromkeys((*before.tags, *each.tags)))
        merged[each.why] = Unseen(each.why, before.count + each.count, tags)
    return tuple(sorted(merged.values(), key=lambda each: -each.count))


def _merged_filtered(parts: Iterable[Filtered]) -> tuple[Filtered, ...]:
    counts: dict[str, int] = {}
    for each in parts:
        counts[each.why] = counts.get(each.why, 0) + each.count
    merged = [Filtered(why, count) for why, count in counts.items()]
    return tuple(sorted(merged, key=lambda each: -each.count))


def merged_end(ends: Sequence[Finished]) -> Finished:
    """Merge the ends of searches that began together; it has failed where all of them have.

    Args:
        ends: at least one.
    """
    reasons = {end.reason for end in ends}
    calls, photos = sum(end.calls for end in ends), sum(end.photos for end in ends)
    seconds = max(end.seconds for end in ends)
    reason = next(reason for reason in ORDER if reason in reasons)
    problems = list(dict.fromkeys(end.problem for end in ends if end.problem))
    failed = reason is Reason.FAILED and problems
    return Finished(reason, calls, photos, seconds, _one(problems) if failed else None)


def _one(problems: Sequence[Problem]) -> Problem:
    if len(problems) == 1:
        return problems[0]
    codes = {problem.code for problem in problems}
    advice = dict.fromkeys(problem.advice for problem in problems)
    return Problem(
        codes.pop() if len(codes) == 1 else LookalikeError.code,
        " ".join(problem.message for problem in problems),
        " ".join(advice),
    )
