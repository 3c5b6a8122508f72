"""The policies that can be evaluated: those of the page, and Tiara's with real word vectors."""

from collections.abc import Callable

from lookalike.evaluate import sentence_model
from lookalike.policies import DEFAULT, POLICIES
from lookalike.policies.linucb import LinUCB, TiaraS
from lookalike.policies.policy import Policy

WITH_WORD_VECTORS: dict[str, Callable[[], Policy]] = {
    "linucb_minilm": lambda: LinUCB(sentence_model.TagVectors()),
    "tiara_s_minilm": lambda: TiaraS(sentence_model.TagVectors()),
}
"""Tiara's policies with a sentence model's word vectors, which stand in for GloVe's."""


def policy_names() -> list[str]:
    """List the policies that can be run here, the default one first."""
    names = sorted(POLICIES, key=lambda name: name != DEFAULT)
    return names + (list(WITH_WORD_VECTORS) if sentence_model.is_installed() else [])


def canonical_name(name: str) -> str:
    """Find a policy by its name or class name, in any case; "default" is the default one.

    Raises:
        ValueError: there is no such policy.
    """
    wanted = name.strip().lower().replace("-", "_")
    if wanted == "default":
        return DEFAULT
    for known in policy_names():
        if wanted.replace("_", "") == known.replace("_", ""):
            return known
    raise ValueError(f"there is no policy “{name}”; there are {', '.join(policy_names())}")


def make_policy(name: str) -> Policy:
    """Make a new policy by its canonical name."""
    return POLICIES[name].make() if name in POLICIES else WITH_WORD_VECTORS[name]()
