"""How much a search may spend, and what it has spent."""

from dataclasses import dataclass

CALLS_AT_ONCE = 2
"""Calls under way at once, where nobody says another number: the fewer, the more each is chosen by;
docs/evaluation.md has what that is worth."""

LOOKS_AT_ONCE = (6, 10)
"""The same for photos, the fewest and the most: see `looks_at_once`."""

PHOTOS_A_LOOK = 44
"""So many photos of a budget are worth another look at once."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one search; the first one reached ends it.

    Attributes:
        photos: how many photos may be looked at (downloaded and scored), at all services that are
            searched together. CLEAR's 110 by default; the page allows more.
        calls: how many API calls may be made to each service; see
            `lookalike.search.tag_queries.frugal`.
        seconds: how long the search may take.

    Raises:
        ValueError: a limit is not positive.
    """

    photos: int = 110
    calls: int = 110
    seconds: float = 300.0

    def __post_init__(self) -> None:
        for name in ("photos", "calls", "seconds"):
            if not getattr(self, name) > 0:
                raise ValueError(f"a budget's {name} must be more than 0")


def looks_at_once(photos: int) -> int:
    """Say how many photos are under way at once in a search, where nobody says another number.

    The fewer, the more each is chosen by, which matters where few are looked at in all; the more,
    the less a search waits for calls and pictures that take long. docs/evaluation.md has what that
    is worth.

    Args:
        photos: how many may be looked at.
    """
    fewest, most = LOOKS_AT_ONCE
    return min(most, max(fewest, photos // PHOTOS_A_LOOK))
