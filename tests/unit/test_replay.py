import asyncio

import pytest

from lookalike.browser.replay import MOST_RUNS, NotYet, Replay
from lookalike.errors import SourceError


class Network:
    """Answers each URL by itself in capitals, in the order in which it was told to."""

    def __init__(self):
        self.asked = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self, url):
        self.asked.append(url)
        await self.gate.wait()
        return url.upper()


def replayed(make, *args):
    """Run `make(replay)(*args)`; give what came of it, and what was asked."""

    async def main():
        network = Network()
        replay = Replay(network.fetch)
        try:
            return await replay.run(make(replay), *args), network.asked
        except SourceError as error:
            return error, network.asked
        finally:
            assert not replay.running

    return asyncio.run(main())


def test_a_function_gets_its_answers_and_asks_for_each_once():
    def make(replay):
        return lambda *urls: [replay.answer(url) for url in urls]

    assert replayed(make, "a", "b", "a") == (["A", "B", "A"], ["a", "b"])
    assert replayed(make) == ([], [])


def test_one_request_may_follow_from_another():
    def make(replay):
        return lambda: replay.answer(replay.answer("a") + "b")

    assert replayed(make) == ("AB", ["a", "Ab"])


def test_what_a_function_raises_is_raised():
    def make(replay):
        def function():
            raise SourceError(f"not {replay.answer('a')}")

        return function

    error, asked = replayed(make)
    assert str(error) == "not A"
    assert asked == ["a"]


def test_no_handler_of_a_source_holds_it_up():
    def make(replay):
        def function():
            try:
                return replay.answer("a")
            except Exception:  # noqa: BLE001
                return "swallowed"

        return function

    assert issubclass(NotYet, BaseException)
    assert not issubclass(NotYet, Exception)
    assert replayed(make) == ("A", ["a"])


def test_even_a_bare_handler_does_not():
    def make(replay):
        def careful(url):
            try:
                return replay.answer(url)
            except:  # noqa: E722
                raise ValueError("no answer") from None

        def forgiving(url):
            try:
                return careful(url)
            except ValueError:
                return None

        return lambda *urls: [forgiving(url) for url in urls]

    # What can be asked for at once then is.
    assert replayed(make, "a", "b", "b") == (["A", "B", "B"], ["a", "b"])


def test_a_function_that_always_wants_something_new_is_given_up():
    def make(replay):
        count = iter(range(10**6))
        return lambda: replay.answer(f"page {next(count)}")

    error, asked = replayed(make)
    assert isinstance(error, SourceError)
    assert f"{MOST_RUNS} runs" in str(error)
    assert "JSPI" in error.advice
    assert len(asked) == MOST_RUNS


def test_several_overlap_and_each_has_answers_of_its_own():
    async def main():
        network = Network()
        network.gate.clear()
        replay = Replay(network.fetch)
        runs = [asyncio.ensure_future(replay.run(replay.answer, url)) for url in "aab"]
        await asyncio.sleep(0.01)
        assert network.asked == ["a", "a", "b"]
        network.gate.set()
        return await asyncio.gather(*runs)

    assert asyncio.run(main()) == ["A", "A", "B"]


def test_a_run_can_be_cancelled_while_it_waits():
    async def main():
        network = Network()
        network.gate.clear()
        replay = Replay(network.fetch)
        run = asyncio.ensure_future(replay.run(replay.answer, "a"))
        await asyncio.sleep(0.01)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert not replay.running

    asyncio.run(main())


def test_nothing_is_answered_outside_of_a_run():
    with pytest.raises(RuntimeError):
        Replay(Network().fetch).answer("a")
