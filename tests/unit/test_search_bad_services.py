"""What goes wrong with the service, and what becomes of the search."""

import itertools
from dataclasses import replace

import pytest

from lookalike.budget import Budget
from lookalike.errors import (
    KeyRejected,
    RateLimited,
    SourceError,
    TimedOut,
    Unavailable,
    Unreachable,
)
from lookalike.filters import Filters
from lookalike.policies import POLICIES
from lookalike.policies.greedy import Greedy
from lookalike.search.context import Limits
from lookalike.search.events import Reason, Scored, Skipped, Troubled
from small_world import Clock, World, failing, run_search, world
from told_events import of, problem_log


@pytest.mark.parametrize("error", [KeyRejected("bad key"), RateLimited("too many")])
def test_a_service_that_closes_mid_search_keeps_the_results_and_is_told(error):
    source = world(fail=failing(error, at=lambda n: n > 12))
    events = run_search(source, Greedy(), budget=Budget(photos=60))
    finished = events[-1]
    assert (finished.reason, finished.problem) == (Reason.FAILED, error.problem)
    assert len(of(Scored, events)) >= 10
    assert problem_log(events) == [error.code]
    # Those under way may have gone out; nothing more is asked after the first refusal.
    assert len(source.queries) <= 12 + Limits().calls


def test_a_key_that_is_rejected_at_the_first_call_ends_the_search():
    source = world(fail=failing(KeyRejected("bad key")))
    events = run_search(source, Greedy())
    assert events[-1].reason is Reason.FAILED
    assert events[-1].problem.code == "key-rejected"
    assert of(Scored, events) == []
    assert len(source.queries) <= Limits().calls


def test_calls_that_wait_to_try_again_are_not_made_once_the_service_has_closed():
    def fail(kind, n):
        if kind == "call":
            raise Unavailable("down") if n <= 6 else KeyRejected("bad key")

    source = world(fail=fail)
    events = run_search(source, Greedy(), clock=Clock())
    assert events[-1].problem.code == "key-rejected"
    assert len(source.queries) == 7


@pytest.mark.parametrize("on", ["call", "thumbnail"])
@pytest.mark.parametrize("error", [Unreachable("no network"), TimedOut("slow"), Unavailable("503")])
def test_a_network_that_is_lost_and_found_again_is_waited_out(error, on):
    clock = Clock()
    source = world(fail=failing(error, on, at=lambda n: 5 < n <= 25))
    events = run_search(source, Greedy(), clock=clock, budget=Budget(photos=40))
    assert problem_log(events) == [error.code, None]
    assert clock.slept
    assert events[-1].reason is Reason.BUDGET
    assert events[-1].photos == 40


@pytest.mark.parametrize("on", ["call", "thumbnail"])
def test_a_network_that_is_lost_for_good_is_given_up_and_told(on):
    clock = Clock()
    error = Unreachable("no network")
    source = world(fail=failing(error, on, at=lambda n: n > 8))
    events = run_search(source, Greedy(), clock=clock, budget=Budget(photos=60))
    finished = events[-1]
    assert finished.reason is Reason.FAILED
    assert finished.problem.message == "no network"
    assert "What was found stays here" in finished.problem.advice
    assert len(of(Scored, events)) >= 6
    assert clock.seconds >= Limits().breaker


def test_a_lost_network_costs_few_requests():
    source = world(fail=failing(Unreachable("no network"), at=lambda n: n > 10))
    run_search(source, Greedy(), clock=Clock(), budget=Budget(photos=60))
    assert len(source.queries) < 50


def test_trouble_with_the_one_service_is_still_told_when_the_other_is_well_again():
    def fail(kind, n):
        if kind == "call" and 10 < n <= 22:
            raise Unavailable("no answers")
        if kind == "thumbnail" and 9 < n <= 60:
            raise Unreachable("no pictures")

    limits = Limits(breaker=1000.0)
    events = run_search(world(fail=fail), Greedy(), clock=Clock(), limits=limits)
    told = [event.problem and event.problem.message for event in of(Troubled, events)]
    assert set(told) == {"no answers", "no pictures", None}
    assert told[-1] is None
    assert all(a != b for a, b in itertools.pairwise(told))
    scored = [i for i, event in enumerate(events) if isinstance(event, Scored)]
    assert events[-1].photos > 9
    assert scored[-1] > events.index(of(Troubled, events)[-1])


def test_an_answer_that_cannot_be_read_is_told_until_one_can():
    source = world(fail=failing(SourceError("not JSON"), at=lambda n: n == 3))
    events = run_search(source, Greedy(), budget=Budget(photos=40))
    assert problem_log(events) == ["source", None]
    assert events[-1].photos == 40


def test_answers_that_can_never_be_read_are_why_the_search_fails():
    source = world(fail=failing(SourceError("not JSON")))
    finished = run_search(source, Greedy())[-1]
    assert (finished.reason, finished.problem.message) == (Reason.FAILED, "not JSON")


@pytest.mark.parametrize("error", [Unavailable("503"), SourceError("not JSON")])
def test_a_service_on_which_all_calls_were_spent_in_vain_is_why_the_search_fails(error):
    source = world(fail=failing(error))
    finished = run_search(source, Greedy(), clock=Clock(), budget=Budget(calls=3))[-1]
    assert (finished.reason, finished.problem.message) == (Reason.FAILED, str(error))
    assert "goes on" not in finished.problem.advice


def test_a_tag_that_the_service_refuses_does_not_stop_the_others():
    source = world()
    answer = source.search

    def refuse(query, limit, before):
        if query == "photo":
            source.queries.append(query)
            raise SourceError("refused")
        return answer(query, limit, before)

    source.search = refuse
    events = run_search(source, Greedy(), budget=Budget(photos=60, calls=200))
    assert source.queries.count("photo") == 1
    assert events[-1].photos == 60


@pytest.mark.parametrize("kind", ["call", "thumbnail"])
def test_a_source_with_a_bug_costs_the_one_answer_and_is_told(kind):
    source = world(fail=failing(KeyError("photos"), on=kind, at=lambda n: n == 3))
    events = run_search(source, Greedy(), budget=Budget(photos=40))
    problems = [event.problem for event in of(Troubled, events) + of(Skipped, events)]
    assert "KeyError: 'photos'" in problems[0].message
    assert (events[-1].reason, events[-1].photos) == (Reason.BUDGET, 40)


def test_an_answer_that_the_filters_cannot_read_costs_this_one():
    source = world()
    odd = [replace(photo, id="odd", full_width="wide") for photo in source.photos.values()][:1]
    answer, turn = source.search, itertools.count()
    source.search = lambda *given: odd if next(turn) == 2 else answer(*given)
    given = {"filters": Filters(orientation="landscape"), "budget": Budget(photos=40)}
    events = run_search(source, Greedy(), **given)
    assert problem_log(events) == ["source", None]


def test_a_source_whose_every_answer_has_a_bug_is_why_the_search_fails():
    finished = run_search(world(fail=failing(KeyError("photos"))), Greedy())[-1]
    assert finished.reason is Reason.FAILED
    assert "KeyError: 'photos'" in finished.problem.message


@pytest.mark.parametrize("policy", ["active_search", "greedy"])
@pytest.mark.parametrize("seconds", [6, 12, 20])
def test_what_was_asked_while_the_network_was_away_is_asked_when_it_is_there_again(policy, seconds):
    """Who has woken their computer drops a photo before it is connected."""
    clock = Clock()

    def fail(kind, number):
        if kind == "call" and clock() < seconds:
            lost.append(number)
            raise Unreachable("No network.")

    source, lost = world(fail=fail), []
    events = run_search(
        source, POLICIES[policy].make(), budget=Budget(60, 60), clock=clock, limits=Limits(calls=2)
    )
    assert source.queries[0] == "red"
    answered = source.queries[len(lost) :]
    assert set(source.queries[: len(lost)]) <= set(answered)
    assert [event.problem for event in events if isinstance(event, Troubled)][-1] is None


def test_a_question_that_never_gets_an_answer_is_asked_twice_where_others_are_answered():
    class Odd(World):
        def search(self, query, limit, before):
            found = super().search(query, limit, before)
            if query == "red":
                raise Unavailable("The database is busy.")
            return found

    plain, clock = world(), Clock()
    source = Odd([(photo, plain.files[name]) for name, photo in plain.photos.items()])
    events = run_search(
        source, POLICIES["active_search"].make(), budget=Budget(60, 60), clock=clock
    )
    assert source.queries.count("red") == 2 * 3  # each time it is tried three times
    assert events[-1].problem is None
    assert events[-1].photos == 60
