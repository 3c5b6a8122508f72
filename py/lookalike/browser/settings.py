"""What a person has set for their searches."""

from dataclasses import dataclass

from lookalike.budget import CALLS_AT_ONCE
from lookalike.filters import Filters


@dataclass(frozen=True, slots=True)
class Number:
    """What a number of the settings may be, and what it is at first: None for none."""

    lowest: int
    highest: int
    initial: int | None


NUMBERS = {
    "photos": Number(1, 2000, 440),
    "calls": Number(1, 3600, 30),
    "seconds": Number(1, 3600, 300),
    "parallel": Number(1, 20, CALLS_AT_ONCE),
    "neighbours": Number(1, 1000, 50),
    "seed": Number(0, 2**32 - 1, None),
}
"""By their names in `Settings`, in the order in which the page shows them."""


@dataclass(frozen=True, slots=True)
class Thorough:
    """How thorough a search may be: so many photos, and calls to each service."""

    name: str
    photos: int
    calls: int


THOROUGH = (
    Thorough("quick", 110, 30),
    Thorough("normal", 440, 30),
    Thorough("long", 1000, 60),
)

FIRST = "openverse"
"""What a first visit searches."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a search may spend, and how it goes about it.

    Attributes:
        photos, calls, seconds: the budget.
        parallel: tags asked at once.
        seed: None for a random one.
        policy: a name from `lookalike.policies`.
        sources: what is searched, by names in the order shown: of services, as in `Ready`, and
            "collection:ID".
        filters: which photos are wanted.
        neighbours: how many photos of a collection are given.
    """

    photos: int
    calls: int
    seconds: float
    parallel: int
    seed: int | None
    policy: str
    sources: list[str]
    filters: Filters
    neighbours: int
