import asyncio

import pytest

from lookalike.errors import ClosedError, RateLimited, SourceError, Unavailable, Unreachable
from lookalike.search.circuit_breaker import CircuitBreaker
from small_world import Clock


class Service:
    """Answers or fails as its script says, one entry per request; then it answers."""

    def __init__(self, *script):
        self.script = list(script)
        self.requests = 0
        self.under_way = self.peak = 0

    async def __call__(self):
        self.requests += 1
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        error = self.script.pop(0) if self.script else None
        for _ in range(20):  # longer than it takes the others to begin
            await asyncio.sleep(0)
        self.under_way -= 1
        if error:
            raise error
        return "answer"


class Gate:
    def __init__(self, tolerance=1, attempts=3, patience=60.0):
        self.clock, self.told = Clock(), []
        self.breaker = CircuitBreaker(
            self.told.append,
            tolerance=tolerance,
            attempts=attempts,
            patience=patience,
            sleep=self.clock.sleep,
            clock=self.clock,
        )

    def run(self, service, requests=1):
        async def together():
            attempts = [self.breaker.attempt(service) for _ in range(requests)]
            return await asyncio.gather(*attempts, return_exceptions=True)

        return asyncio.run(together())


DOWN = Unreachable("down")


def test_an_answer_passes_through_untold():
    gate, service = Gate(), Service()
    assert gate.run(service, 5) == ["answer"] * 5
    assert (gate.told, gate.clock.slept, service.peak) == ([], [], 5)


def test_a_failed_request_is_tried_again_after_a_growing_pause():
    gate, service = Gate(), Service(DOWN, DOWN)
    assert gate.run(service) == ["answer"]
    assert gate.clock.slept == [2.0, 4.0]
    assert gate.told == [DOWN.problem, None]


def test_a_pause_grows_to_eight_seconds_at_most():
    gate = Gate(attempts=7)
    gate.run(Service(*[DOWN] * 6))
    assert gate.clock.slept == [2.0, 4.0, 8.0, 8.0, 8.0, 8.0]


def test_a_request_gives_up_after_its_attempts_and_the_next_takes_over():
    gate, service = Gate(attempts=3), Service(*[DOWN] * 3)
    assert gate.run(service) == [DOWN]
    assert service.requests == 3
    assert gate.told == [DOWN.problem]
    assert gate.run(service) == ["answer"]
    assert gate.told == [DOWN.problem, None]


def test_nobody_tries_before_the_service_takes_requests_again():
    busy = Unavailable("busy", wait=40)
    for tolerance in (1, 3):
        gate, service = Gate(tolerance, attempts=2), Service(*[busy] * 5)
        assert gate.run(service, 5) == ["answer"] * 5
        assert service.requests == 10
        assert gate.clock.slept == [40]
        assert gate.told == [busy.problem, None]


def test_one_that_wants_nothing_for_longer_than_is_waited_for_is_given_up():
    gate = Gate(attempts=9, patience=60)
    (error,) = gate.run(Service(*[Unavailable("busy", wait=50)] * 9))
    assert isinstance(error, ClosedError)
    assert gate.clock.slept == [50, 50]


def test_fewer_failures_than_are_tolerated_do_not_shut_it():
    gate, service = Gate(tolerance=3, attempts=3), Service(DOWN, DOWN)
    assert gate.run(service) == ["answer"]
    assert (gate.told, gate.clock.slept) == ([], [])


def test_only_failures_in_a_row_count():
    gate = Gate(tolerance=2, attempts=2)
    for _ in range(5):
        assert gate.run(Service(DOWN)) == ["answer"]
    assert gate.told == []


def test_while_it_is_shut_one_request_tries_and_the_others_wait():
    gate, service = Gate(attempts=9), Service(*[DOWN] * 10)
    assert gate.run(service, 5) == ["answer"] * 5
    # The first five failed at once; then each further failure is one request by itself.
    assert service.requests == 15
    assert len(gate.clock.slept) == 6


def test_all_who_waited_go_at_once_when_it_opens():
    gate, service = Gate(), Service(*[DOWN] * 6)
    gate.run(service)
    service.script, service.peak = [], 0
    assert gate.run(service, 6) == ["answer"] * 6
    assert service.peak == 5  # the one that opened it was alone


def test_a_problem_is_told_once_until_it_is_over():
    gate = Gate(attempts=9)
    gate.run(Service(*[DOWN] * 12), 6)
    assert gate.told == [DOWN.problem, None]


def test_without_an_answer_for_too_long_the_service_is_given_up():
    gate = Gate(attempts=100, patience=20.0)
    (error,) = gate.run(Service(*[DOWN] * 100))
    assert isinstance(error, ClosedError)
    assert str(error) == "down"
    assert "What was found stays here" in error.advice
    assert 20 < gate.clock.seconds < 40


def test_an_answer_in_between_starts_the_waiting_again():
    gate = Gate(attempts=3, patience=20.0)
    for _ in range(10):
        assert gate.run(Service(DOWN, DOWN)) == ["answer"]
    assert gate.clock.seconds > 40


@pytest.mark.parametrize("error", [SourceError("no"), RateLimited("no"), KeyError("bug")])
def test_what_does_not_pass_is_not_tried_again(error):
    gate, service = Gate(), Service(error)
    assert gate.run(service) == [error]
    assert (service.requests, gate.told) == (1, [])


def test_a_cancelled_wait_lets_the_next_in_line_try():
    async def scenario():
        gate = Gate()
        forever = asyncio.Event()

        async def blocked():
            raise Unavailable("down") if gate.told == [] else await forever.wait()

        first = asyncio.ensure_future(gate.breaker.attempt(blocked))
        second = asyncio.ensure_future(gate.breaker.attempt(Service()))
        for _ in range(60):
            await asyncio.sleep(0)
        first.cancel()
        return await asyncio.wait_for(second, 5)

    assert asyncio.run(scenario()) == "answer"
