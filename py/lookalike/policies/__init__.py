"""The strategies that steer a search, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from lookalike.policies.greedy import Greedy
from lookalike.policy import Policy


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy as it is offered.

    Attributes:
        make: makes a new one, for one search.
        title: its name for people.
        description: what it does, in one line.
    """

    make: Callable[[], Policy]
    title: str
    description: str


POLICIES: dict[str, Entry] = {
    "greedy": Entry(
        Greedy,
        "CLEAR's greedy",
        "Asks for the ten tags with the best mean score, and looks at one photo of each answer.",
    ),
}

DEFAULT = "greedy"
