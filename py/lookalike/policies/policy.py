"""What a policy is: a strategy over the state of a search."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from lookalike.photo import Photo
from lookalike.policies.state import SEED_TAGS as SEED_TAGS
from lookalike.policies.state import LogEntry, SearchState


@dataclass(frozen=True, slots=True)
class TagEstimate:
    """What a policy thinks of one tag: shown to the person, so that the search explains itself.

    Attributes:
        tag: the tag.
        mean: the mean score of the photos that it led to, or the policy's estimate of it.
        count: how many scores stand behind the mean.
        margin: how far off it may be, by the policy's own measure of doubt, in units of the score:
            a standard deviation, or a bandit's bonus for it; None where the policy has none.
    """

    tag: str
    mean: float
    count: int
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Photos that answers brought and that were not looked at, and why: shown to the person.

    Attributes:
        why: the reason, as a sentence of its own.
        count: how many photos.
        tags: what is typical of them, most typical first; may be empty.
    """

    why: str
    count: int
    tags: tuple[str, ...] = ()


class Policy(ABC):
    """Decides which tags to ask for and which photos to look at, by what is known of a search.

    The state has all that was asked, answered, chosen and scored, so a policy keeps no book of it.
    It does no I/O, and takes randomness from `state.rng` alone: the same answers in the same order
    lead to the same decisions. A search ends when it suggests nothing while nothing is under way.

    What is suggested counts as begun: the next call of either function comes after that, and finds
    it in the state. Tags that are banned, and photos that were looked at or carry a banned tag, are
    passed over (see `lookalike.policies.deciding`).
    """

    @abstractmethod
    def suggest_tags(self, state: SearchState, n: int) -> Sequence[str]:
        """Name the tags to ask the source for now: distinct, at most `n`, none to wait."""

    @abstractmethod
    def suggest_photos(self, state: SearchState, n: int) -> Sequence[Photo]:
        """Choose photos to look at now: never one twice, at most `n`, none to wait."""

    def update(self, state: SearchState, most: int | None = None) -> bool:
        """Learn from what has been added to the state since the last time.

        Only a policy that keeps a model of its own has something to do here.

        Args:
            state: the state.
            most: entries of the log to read at most; None for all.

        Returns:
            Whether there is more to read.
        """
        del state, most
        return False

    def estimates(self, state: SearchState, limit: int) -> list[TagEstimate]:
        """Say what is thought of the `limit` most promising tags, best first."""
        del state, limit
        return []

    def outlook(self, state: SearchState) -> float | None:
        """Say what is still to be expected; see `lookalike.policies.settling.outlook`.

        Returns:
            What the most promising photos and question that are left may add to the mean of the
            ten best, as a part of how far these stand out; None where there is no model to say so.
        """
        del state
        return None

    def unseen(self, state: SearchState) -> list[Unseen]:
        """Say which photos of the answers have not been looked at, and why; most first."""
        count = len(state.candidates())
        return [Unseen("They have not had their turn.", count)] if count else []


class LearningPolicy(Policy):
    """A policy that keeps a model, which it makes by reading the log once, entry by entry.

    Where the photos' scores have changed, the model is made from the beginning. So it is by the
    fresh policy that follows when a ban was lifted: what was refused is then no longer read.
    """

    _model_of: object = None  # the scores that the model was made from
    _read = 0

    @abstractmethod
    def begin(self, state: SearchState) -> None:
        """Make an empty model, whatever the log holds already."""

    @abstractmethod
    def learn(self, state: SearchState, entry: LogEntry) -> None:
        """Take the next entry of the log into the model.

        The state may know more by then; what `entry` stands for is what is to be learnt.
        """

    def update(self, state: SearchState, most: int | None = None) -> bool:
        if self._model_of is not state.scores:
            self._model_of, self._read = state.scores, 0
            self.begin(state)
        end = len(state.log) if most is None else min(len(state.log), self._read + most)
        while self._read < end:
            self._read += 1
            if (entry := state.entry(self._read - 1)) is not None:
                self.learn(state, entry)
        return self._read < len(state.log)
