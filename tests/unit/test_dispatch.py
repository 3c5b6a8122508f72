"""What becomes of messages that cannot be read: whoever waits for an end of them gets one."""

import asyncio
import dataclasses
import logging

import pytest

from in_loop import in_loop
from lookalike.browser.collection_jobs import CollectionJobs
from lookalike.browser.dispatch import Dispatcher
from lookalike.browser.protocol import Collecting, Pong
from lookalike.browser.services import Services
from lookalike.browser.session import Session
from lookalike.collections.memory import MemoryStore
from lookalike.filters import Filters
from lookalike.scorer.compile import shipped
from lookalike.search.events import Finished, Reason, Scored
from small_world import COLOURS, ColourModel, at_once, picture, world

SETTINGS = {
    "photos": 20,
    "calls": 20,
    "seconds": 60,
    "parallel": 10,
    "seed": 0,
    "policy": "greedy",
    "sources": ["world"],
    "filters": dataclasses.asdict(Filters()),
    "neighbours": 50,
}
SEARCH = {
    "type": "search",
    "id": 1,
    "queries": [{"image": picture(COLOURS["red"]), "weight": 1, "crop": None}],
    "settings": SETTINGS,
    "made": {},
    "text": "",
    "pinned": [],
    "banned": [],
}
WORK = {
    "type": "collect",
    "id": 3,
    "action": "add",
    "collection": "c1",
    "name": "",
    "expires": None,
    "uploads": [],
}


class Desk:
    """An engine, but for the browser around it."""

    def __init__(self):
        self.heard = []
        services = Services([world()], run=at_once, now=lambda: 1e9)
        session = Session(lambda m, i: self.heard.append((m, i)), services, ColourModel())
        session.load(shipped())
        works = CollectionJobs(lambda m: self.heard.append((m, m.id)), MemoryStore(), None, None)
        self.inbox = Dispatcher(session, works)

    def of(self, kind, number):
        return [message for message, i in self.heard if isinstance(message, kind) and i == number]

    async def ended(self, number):
        for _ in range(60_000):
            if ended := self.of(Finished, number):
                return ended[-1]
            await asyncio.sleep(0.0005)
        raise AssertionError(f"search {number} never ended")


def without(message, field):
    return {name: value for name, value in message.items() if name != field}


def with_settings(**changes):
    return {**SEARCH, "settings": {**SETTINGS, **changes}}


def with_filters(**changes):
    return with_settings(filters={**SETTINGS["filters"], **changes})


UNREADABLE = {
    "a filter that there is none of": (with_filters(license="stolen"), "license is one of"),
    "a size that is none": (with_filters(min_size="big"), "not supported"),
    "a filter missing": (with_settings(filters=without(SETTINGS["filters"], "safe")), "safe"),
    "no filters": (with_settings(filters=None), "None"),
    "a setting missing": ({**SEARCH, "settings": without(SETTINGS, "sources")}, "sources"),
    "a field missing": (without(SEARCH, "made"), "made"),
    "a crop that is none": (
        {**SEARCH, "queries": [{**SEARCH["queries"][0], "crop": [0, 0, 1]}]},
        "expected 4",
    ),
}
UNUSABLE = {
    "calls that are none": with_settings(calls="many"),
    "photos below one": with_settings(photos=0),
    "sources that are none": with_settings(sources=5),
    "a text that is none": {**SEARCH, "text": 5},
}


@pytest.mark.parametrize("name", UNREADABLE)
@in_loop
async def test_a_search_that_cannot_be_read_fails_in_words_and_the_next_one_runs(name):
    sent, word = UNREADABLE[name]
    desk = Desk()
    desk.inbox.take(sent)
    (end,) = desk.of(Finished, 1)
    assert (end.reason, end.problem.code) == (Reason.FAILED, "unreadable")
    assert "search again" in end.problem.advice
    assert word in end.problem.message
    desk.inbox.take({**SEARCH, "id": 2})
    assert (await desk.ended(2)).problem is None
    assert len(desk.of(Scored, 2)) == 20


@pytest.mark.parametrize("name", UNUSABLE)
@in_loop
async def test_a_search_with_values_of_no_use_ends_too(name):
    desk = Desk()
    desk.inbox.take(UNUSABLE[name])
    end = await desk.ended(1)
    assert (end.reason, end.photos) == (Reason.FAILED, 0)
    assert end.problem.message
    desk.inbox.take({**SEARCH, "id": 2})
    assert (await desk.ended(2)).problem is None


@in_loop
async def test_a_search_that_cannot_be_read_gives_up_the_one_before():
    desk = Desk()
    desk.inbox.take(SEARCH)
    desk.inbox.take({**without(SEARCH, "text"), "id": 2})
    assert (await desk.ended(1)).reason is Reason.CANCELLED
    assert len(desk.of(Finished, 2)) == 1


@in_loop
async def test_work_that_cannot_be_read_fails():
    desk = Desk()
    desk.inbox.take(without(WORK, "uploads"))
    (told,) = desk.of(Collecting, 3)
    assert (told.state, told.problem.code) == ("failed", "unreadable")
    assert "uploads" in told.problem.message


@in_loop
async def test_what_nobody_waits_for_is_logged_and_the_search_goes_on(caplog):
    desk = Desk()
    desk.inbox.take(SEARCH)
    with caplog.at_level(logging.WARNING):
        desk.inbox.take({"type": "steer", "id": 1, "stance": "pin"})
        desk.inbox.take({"type": "key", "id": 1})
        desk.inbox.take({"id": 1})
        desk.inbox.take(without(SEARCH, "id"))
    assert len(caplog.records) == 4
    desk.inbox.take({"type": "ping", "id": 9})
    assert desk.of(Pong, None) == [Pong(9)]
    assert (await desk.ended(1)).problem is None
