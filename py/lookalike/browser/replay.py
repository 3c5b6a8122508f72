"""Plain, synchronous functions that wait for the network, where nothing can be suspended.

Without JSPI, a browser cannot halt Python until an answer is there. But a source's function does
nothing but GET, so it can be broken off at a request, and run again once that is answered.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from lookalike.errors import SourceError

T = TypeVar("T")

MOST_RUNS = 20


class NotYet(BaseException):
    """The answer is not there yet; no `except Exception` of a source is to hold it up."""


class Replay:
    """Runs functions again until all that they ask for has been answered.

    Args:
        fetch: gets a URL; raises nothing.
    """

    def __init__(self, fetch: Callable[[str], Awaitable[Any]]) -> None:
        self._fetch = fetch
        self._answers: dict[str, Any] | None = None
        self._missing: list[str] = []

    @property
    def running(self) -> bool:
        """Whether `answer` can be called: a function is being run."""
        return self._answers is not None

    def answer(self, url: str) -> Any:  # noqa: ANN401 - what `fetch` gives
        """Give the answer for `url`, to the function that is being run.

        Raises:
            NotYet: it is not there yet.
        """
        if self._answers is None:
            raise RuntimeError("no function is being run")
        if url not in self._answers:
            self._missing.append(url)
            raise NotYet(url)
        return self._answers[url]

    async def run(self, function: Callable[..., T], /, *args: object) -> T:
        """See `lookalike.sources.source.Runner`.

        All requests of one call for one URL get one answer.

        Raises:
            SourceError: the function asks for something new, however often it is run.
        """
        answers: dict[str, Any] = {}
        for _ in range(MOST_RUNS):
            missing = self._missing = []
            self._answers = answers
            try:
                result = function(*args)
                # A bare `except` may have swallowed NotYet, or made another exception of it: what
                # comes of a run counts where it lacked nothing.
                if not missing:
                    return result
            except (NotYet, Exception):
                if not missing:
                    raise
            finally:
                self._answers = None
            urls = list(dict.fromkeys(missing))
            answers.update(zip(urls, await asyncio.gather(*map(self._fetch, urls)), strict=True))
        raise SourceError(
            f"The photo source asked for something new in each of {MOST_RUNS} runs.",
            "This browser has no JSPI, and so runs a source's function again for each answer: "
            "see that it asks for the same addresses each time, and for few.",
        )
