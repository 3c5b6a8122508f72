"""How far a long piece of work on a collection is, and how it is stopped."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lookalike.awake import AwakeClock
from lookalike.collections.upload import Failure

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class IndexingProgress:
    """How far it is.

    Attributes:
        done: photos dealt with: `added`, `unchanged` and failed ones.
        total: photos in all.
        added: photos described, again or for the first time.
        stored: those of them that are in the store for good.
        unchanged: photos that were in already and needed nothing.
        rate: photos dealt with in a second, without pauses and those skipped unread; 0: unknown.
        seconds_left: None while unknown.
        failed: what could not be added; one list that grows, the same in each report.
        notes: photos of which a part could not be used, and what; a list as `failed`.
        others: files that are no photos, which were counted and left out.
        cancelled: whether this is the last report because the person stopped it.
        renamed: those of `added` whose path another photo has, so that they go by another name.
    """

    done: int
    total: int
    added: int
    stored: int
    unchanged: int
    rate: float
    seconds_left: float | None
    failed: Sequence[Failure]
    cancelled: bool = False
    renamed: int = 0
    notes: Sequence[Failure] = ()
    others: int = 0


class Control:
    """Pauses, resumes and cancels, between one photo and the next.

    Args:
        clock: gives seconds; without one, those awake.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or AwakeClock()
        self._going = asyncio.Event()
        self._going.set()
        self._rested, self._resting_since = 0.0, 0.0
        self.cancelled = False

    @property
    def paused(self) -> bool:
        """Whether no further photo is begun for now."""
        return not self._going.is_set()

    def worked(self) -> float:
        """Give a time in seconds that stands still while paused."""
        now = self._resting_since if self.paused else self._clock()
        return now - self._rested

    def pause(self) -> None:
        """Begin no further photo; those begun are finished."""
        if not self.paused:
            self._resting_since = self._clock()
            self._going.clear()

    def resume(self) -> None:
        """Go on."""
        if self.paused:
            self._rested += self._clock() - self._resting_since
            self._going.set()

    def cancel(self) -> None:
        """Begin no further photo, and end; what is done is kept."""
        self.cancelled = True
        self.resume()

    async def may_go_on(self) -> bool:
        """Wait while paused; say whether to begin another photo."""
        await self._going.wait()
        return not self.cancelled


class Tally:
    """Counts what is done, and how fast.

    Args:
        total: photos to be dealt with in all.
        unchanged: those of them that need nothing.
        failed: those that have failed already.
        control: knows how long is being worked.
        others: files that are no photos, known as such already.
    """

    def __init__(
        self, total: int, unchanged: int, failed: list[Failure], control: Control, others: int = 0
    ) -> None:
        self._total, self._unchanged, self._failed = total, unchanged, failed
        self._control = control
        self._added = self._stored = self._renamed = 0
        self._notes: list[Failure] = []
        self._others = others
        self._done_before = unchanged + len(failed)
        self._since = control.worked()

    def added(self, renamed: bool = False) -> None:
        """Count a photo that was described."""
        self._added += 1
        self._renamed += renamed

    def unchanged(self) -> None:
        """Count a photo that turned out to need nothing."""
        self._unchanged += 1

    def failed(self, failure: Failure) -> None:
        """Count a photo that could not be."""
        self._failed.append(failure)

    def noted(self, note: Failure) -> None:
        """Take down what could not be used of a photo that was described."""
        self._notes.append(note)

    def other(self) -> None:
        """Count a file that turned out to be no photo; it is no longer one of the photos."""
        self._others += 1
        self._total -= 1

    def stored(self, count: int) -> None:
        """Count photos that are in the store now."""
        self._stored += count

    def report(self, cancelled: bool = False) -> IndexingProgress:
        """Say how far it is."""
        done = self._added + self._unchanged + len(self._failed)
        worked = self._control.worked() - self._since
        rate = (done - self._done_before) / worked if worked > 0 else 0.0
        left = (self._total - done) / rate if rate else None
        return IndexingProgress(
            done, self._total, self._added, self._stored, self._unchanged,
            rate, left, self._failed, cancelled, self._renamed, self._notes, self._others,
        )  # fmt: skip
