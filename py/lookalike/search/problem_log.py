"""What is wrong at the moment, of several things that may be."""

from collections.abc import Callable, ItemsView

from lookalike.errors import Problem


class ProblemLog:
    """Tells of the latest trouble, and when that is over, of what else is wrong.

    Args:
        emit: called with a problem when another one is to be shown, with None when all are over.

    Attributes:
        told: the problem that is shown.
    """

    def __init__(self, emit: Callable[[Problem | None], None]) -> None:
        self._emit = emit
        self._problems: dict[str, Problem] = {}
        self.told: Problem | None = None

    def report(self, what: str, problem: Problem | None) -> None:
        """Take in what is wrong with `what`; None where nothing is any more."""
        self._problems.pop(what, None)
        if problem:
            self._problems[what] = problem
        latest = next(reversed(self._problems.values()), None)
        if latest != self.told:
            self.told = latest
            self._emit(latest)

    def get(self, what: str) -> Problem | None:
        """Give what is wrong with `what`."""
        return self._problems.get(what)

    def items(self) -> ItemsView[str, Problem]:
        """Give all that is wrong and with what, the latest last."""
        return self._problems.items()
