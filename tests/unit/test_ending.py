"""Why a leg of a search has ended, as a table."""

import pytest

from lookalike.errors import Problem
from lookalike.search.circuit_breaker import GIVEN_UP
from lookalike.search.ending import SCORER, ending
from lookalike.search.events import Reason

CLOSED, LOST, ODD, BAD = (
    Problem(code, code, "advice") for code in ("closed", "lost", "odd", "bad")
)
CALLS, ANSWER, SCORE, PHOTOS = ("calls", LOST), ("an answer", ODD), (SCORER, BAD), ("x", LOST)


def given_up(problem):
    return Problem(problem.code, problem.message, GIVEN_UP)


@pytest.mark.parametrize(
    ("given", "reason", "problem"),
    [
        ({}, Reason.EXHAUSTED, None),
        ({"left": 0}, Reason.BUDGET, None),
        ({"left": 0, "closed": CLOSED, "settled": True}, Reason.BUDGET, None),
        ({"closed": CLOSED}, Reason.FAILED, CLOSED),
        ({"closed": CLOSED, "settled": True, "problems": [CALLS]}, Reason.FAILED, CLOSED),
        ({"settled": True, "problems": [CALLS]}, Reason.SETTLED, None),
        ({"calls_spent": True}, Reason.BUDGET, None),
        ({"problems": [CALLS]}, Reason.FAILED, given_up(LOST)),
        ({"problems": [CALLS], "looks_made": 3}, Reason.FAILED, given_up(LOST)),
        ({"problems": [CALLS], "calls_spent": True}, Reason.FAILED, given_up(LOST)),
        ({"problems": [CALLS], "calls_spent": True, "looks_made": 3}, Reason.BUDGET, None),
        ({"problems": [ANSWER, CALLS]}, Reason.FAILED, given_up(LOST)),
        ({"problems": [ANSWER, SCORE]}, Reason.FAILED, given_up(ODD)),
        ({"problems": [SCORE]}, Reason.FAILED, BAD),
        ({"problems": [SCORE], "looks_made": 3}, Reason.EXHAUSTED, None),
        ({"problems": [PHOTOS, SCORE]}, Reason.FAILED, BAD),
        ({"problems": [PHOTOS, SCORE], "looks_made": 3}, Reason.FAILED, LOST),
    ],
)
def test_what_is_left_and_what_is_wrong_say_why_it_ended(given, reason, problem):
    standing = {
        "left": 5,
        "closed": None,
        "settled": False,
        "calls_spent": False,
        "looks_made": 0,
        "problems": [],
    }
    assert ending(**standing | given) == (reason, problem)
