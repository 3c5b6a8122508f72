"""What a person has set for their searches."""

from dataclasses import dataclass

from lookalike.filters import Filters


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
