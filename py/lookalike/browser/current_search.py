"""The search that the page shows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lookalike.browser.members import Cores
from lookalike.ranking.ranker import Ranker
from lookalike.search.events import PhotoScore, Rescored


@dataclass(slots=True)
class CurrentSearch:
    """The search that the page shows: it waits, runs, has ended, or was restored.

    Attributes:
        id: the page's number for it.
        ranker: what its photos are compared by; None before it has begun.
        cores: what decides in it.
        running: whether photos still come.
        shown: the photos that the page knows of, by their ids.
        waiting: what is to be done as soon as there is a scorer.
        stale: whether scores have changed since it ended, of which its policies know nothing.
    """

    id: int = -1
    ranker: Ranker | None = None
    cores: Cores = field(default_factory=Cores)
    running: bool = False
    shown: set[str] = field(default_factory=set)
    waiting: Callable[[], None] | None = None
    stale: bool = False

    def known(self, order: Iterable[str]) -> tuple[str, ...]:
        """Keep those ids of an order that the page knows."""
        return tuple(photo for photo in order if photo in self.shown)

    def rescored(self, order: Iterable[str] | None) -> Rescored:
        """Say how all photos that the page knows score now.

        Args:
            order: the ids of all photos seen, best first, where the scorer has its own order.
        """
        ranking = self.ranker.ranking if self.ranker else None
        scores = [
            PhotoScore(photo, scored.score)
            for photo, scored in (ranking.photos.items() if ranking else ())
            if scored.score is not None and photo in self.shown
        ]
        itself = ranking.itself if ranking else None
        return Rescored(tuple(scores), None if order is None else self.known(order), itself)
