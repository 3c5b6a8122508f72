"""The strategies that steer a search, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from lookalike.policies.active_search import ActiveSearch
from lookalike.policies.epsilon_greedy import EpsilonGreedy
from lookalike.policies.greedy import Greedy
from lookalike.policies.linucb import LinUCB, TiaraS
from lookalike.policies.policy import Policy
from lookalike.policies.random_query import RandomQuery
from lookalike.policies.ucb import UCB


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy as it is offered.

    Attributes:
        make: makes a new one, for one search.
        title: its name for people.
        description: what it does, in one line.
        estimate: what the means and margins of its estimates are.
    """

    make: Callable[[], Policy]
    title: str
    description: str
    estimate: str


POLICIES: dict[str, Entry] = {
    "active_search": Entry(
        ActiveSearch,
        "Active search",
        "Predicts scores from tags and titles, looks at the most promising photos of all answers, "
        "and asks where more of them are.",
        "What photos with each tag are predicted to score, give or take a standard deviation",
    ),
    "greedy": Entry(
        Greedy,
        "CLEAR's greedy",
        "Asks for the ten tags with the best mean score, and looks at one photo of each answer.",
        "The mean score of the best photos with each tag",
    ),
    "linucb": Entry(
        LinUCB,
        "Tiara's LinUCB",
        "Learns which words go with high scores, and tries uncertain ones, one photo at a time.",
        "What the regression expects of each tag, and its bonus for doubt",
    ),
    "tiara_s": Entry(
        TiaraS,
        "Tiara-S",
        "As LinUCB, but learns only from the tags it asked for.",
        "What the regression expects of each tag, and its bonus for doubt",
    ),
    "ucb": Entry(
        UCB,
        "UCB",
        "Pulls the first tags by their mean score and how seldom they were tried.",
        "The mean score of each tag's photos, and the bonus for few of them",
    ),
    "epsilon_greedy": Entry(
        EpsilonGreedy,
        "Epsilon-greedy",
        "Keeps to the first tag with the best mean score, and now and then tries another.",
        "The mean score of each tag's photos",
    ),
    "random_query": Entry(
        RandomQuery,
        "Random",
        "Looks at photos of the first tags at random.",
        "Nothing is estimated of any tag",
    ),
}

DEFAULT = "active_search"
