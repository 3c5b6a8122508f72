"""Durations, in units that people use; site/js/ui/format.js has the same for the page."""

import math

_UNITS = (("day", 86_400, 2), ("hour", 3600, 2), ("minute", 60, 1), ("second", 1, 1))
"""With the seconds that each has, and how many there are to be at least: "90 minutes" says more
than "2 hours"."""


def duration(seconds: float) -> str:
    """Write a duration that somebody has to wait: "24 hours", "2 minutes", rounded up."""
    whole = max(1, math.ceil(seconds))
    for unit, length, least in _UNITS:
        if whole >= least * length or whole == length:
            count = math.ceil(whole / length)
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    raise AssertionError("unreachable: every number has seconds")
