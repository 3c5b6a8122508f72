"""Handing on what the page sends; what cannot be read is answered where an answer is awaited.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

import logging
from typing import Any

from lookalike.browser.collection_jobs import CollectionJobs
from lookalike.browser.protocol import Collect, Conduct
from lookalike.browser.serialization import read
from lookalike.browser.session import Session
from lookalike.errors import LookalikeError, Problem


class Unreadable(LookalikeError):
    """The page and the engine do not understand each other."""

    code = "unreadable"
    default_advice = "Set settings and filters again, or reload the page; then search again."


class Dispatcher:
    """Takes messages as plain values.

    Args:
        session: takes those of searches and scorers.
        works: takes those of work on collections.
    """

    def __init__(self, session: Session, works: CollectionJobs) -> None:
        self._session, self._works = session, works

    def take(self, data: dict[str, Any]) -> None:
        """Take a message.

        A search or work that cannot be read fails at once; of anything else that cannot, a line
        in the log of the browser is all.
        """
        try:
            message = read(data)
        except (KeyError, TypeError, ValueError) as error:
            self._refuse(data.get("type"), data.get("id"), _problem(error))
            return
        if isinstance(message, Collect):
            self._works.begin(message)
        elif isinstance(message, Conduct):
            self._works.conduct(message)
        else:
            self._session.take(message)

    def _refuse(self, kind: object, number: object, problem: Problem) -> None:
        if kind == "search" and isinstance(number, int):
            self._session.refuse(number, problem)
        elif kind == "continue" and isinstance(number, int):
            self._session.fail(number, problem)
        elif kind == "collect" and isinstance(number, int):
            self._works.refuse(number, problem)
        else:
            logging.getLogger(__name__).warning("The page sent %r: %s", kind, problem.message)


def _problem(error: Exception) -> Problem:
    why = f"{error} is missing" if isinstance(error, KeyError) else str(error)
    return Unreadable(f"The engine could not make sense of what it was asked for: {why}.").problem
