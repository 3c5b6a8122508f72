"""What has been asked, and how much more each query can bring."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lookalike.policies.steering import key_of
from lookalike.words import words

STALE = 10
"""So many photos in a row, none of them new, say that a query finds no others."""

GROWTH = 4.0
"""A tag is taken to be on this many unknown photos for each known one."""


@dataclass(slots=True)
class Queries:
    """Keeps track of the queries of one search.

    Those of the same words are one to a service, however they are spelled.

    Attributes:
        page: the most photos that one answer has brought: a full page.
        under_way: what is being asked.
    """

    page: int = 1
    under_way: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)
    _found: dict[str, tuple[int, int]] = field(default_factory=dict)  # photos, new ones of them
    _stale: dict[str, int] = field(default_factory=dict)  # photos since the last new one
    _used_up: list[frozenset[str]] = field(default_factory=list)
    _refused: dict[str, frozenset[str]] = field(default_factory=dict)  # as a person bans them

    def ask(self, query: str) -> None:
        """Note that `query` is asked now."""
        self.under_way.add(query)
        self._asked.add(key_of(query))

    def answered(self, query: str, found: int, new: int, more: bool | None = None) -> None:
        """Note how many photos an answer brought, and how many of them are new to look at.

        Photos that filters keep out are found and not new, so that they lower `expected`.
        Where the service does not say whether there are `more`, an answer shorter than a page is
        all there is. What is true of a query is of any that narrows it.
        """
        self.under_way.discard(query)
        self.page = max(self.page, found)
        key = key_of(query)
        total, total_new = self._found.get(key, (0, 0))
        self._found[key] = total + found, total_new + new
        self._stale[key] = 0 if new else self._stale.get(key, 0) + found
        ends = found < self.page if more is None else not (more and found)
        if ends or self._stale[key] >= STALE:
            self._used_up.append(frozenset(words(query)))

    def refuse(self, query: str) -> None:
        """Expect nothing of `query` and any that narrows it, until it is admitted again."""
        self._refused[key_of(query)] = frozenset(words(query))

    def admit(self, query: str) -> None:
        """Take back that `query` was refused."""
        self._refused.pop(key_of(query), None)

    def give_up(self, query: str) -> None:
        """Note that `query`, which was asked, will not be answered."""
        self.under_way.discard(query)
        if not self.was_answered(query):
            self._asked.discard(key_of(query))

    def was_answered(self, query: str) -> bool:
        """Say whether there was an answer to `query`, by an earlier search or in this one."""
        return key_of(query) in self._found

    def was_asked(self, query: str) -> bool:
        """Say whether `query` was asked in this search, answered or not; or is refused."""
        key = key_of(query)
        return key in self._asked or key in self._refused

    def is_under_way(self, query: str) -> bool:
        """Say whether `query` was asked and not answered yet."""
        return query in self.under_way

    def expected(self, query: str, known: int) -> float:
        """Estimate how many photos not known yet another question would bring.

        Args:
            query: what would be asked.
            known: how many known photos it matches.
        """
        return 0.0 if query in self.under_way else self.brings(query, known)

    def brings(self, query: str, known: int) -> float:
        """Estimate the same of a question that may have been asked, and not answered yet."""
        if self.is_used_up(query):
            return 0.0
        if not self.was_answered(query):
            return self.most(known)
        found, new = self._found[key_of(query)]
        return min(self.page * (new + 1) / (found + 1), self.most(known))

    def most(self, known: int) -> float:
        """Give what `expected` is at most, for a query that matches `known` photos."""
        return min(float(self.page), GROWTH * known)

    def most_of_each(self, known: NDArray[np.intp]) -> NDArray[np.float64]:
        """Give `most` for many queries at once."""
        return (GROWTH * known).clip(max=float(self.page))

    def is_used_up(self, query: str) -> bool:
        """Say whether all that `query` can find is known, or is refused."""
        asked = frozenset(words(query))
        done = itertools.chain(self._used_up, self._refused.values())
        return not asked or any(some <= asked for some in done)


def distinct(tags: Sequence[str]) -> list[str]:
    """Keep the first of the tags that ask for the same words."""
    seen: dict[frozenset[str], str] = {}
    for tag in tags:
        seen.setdefault(frozenset(words(tag)), tag)
    return list(seen.values())
