"""Thumbnails and query photos that cannot be opened."""

import pytest

from fakes.replies import bomb_png
from lookalike.budget import Budget
from lookalike.policies.greedy import Greedy
from lookalike.ranking.cache import Cache
from lookalike.search.events import Finished, Reason, Skipped
from small_world import picture, run_search, world
from told_events import ids, of, problem_log

JPEG = picture((9, 99, 199), encoding="JPEG")


@pytest.mark.parametrize(
    ("file", "code"),
    [
        pytest.param(None, "source", id="missing"),
        pytest.param(b"", "bad-photo", id="empty"),
        pytest.param(JPEG[:300], "bad-photo", id="truncated"),
        pytest.param(b"<html>404</html>", "bad-photo", id="html"),
        pytest.param(bomb_png(), "photo-size", id="bomb"),
    ],
)
def test_a_thumbnail_that_cannot_be_opened_is_skipped_and_does_not_count(file, code):
    source = world()
    bad = {name for i, name in enumerate(source.files) if i % 3 == 0}
    source.files.update(dict.fromkeys(bad, file))
    events = run_search(source, Greedy(), budget=Budget(photos=40, calls=500))
    skipped = of(Skipped, events)
    assert skipped
    assert {event.photo.id for event in skipped} <= bad
    assert {event.problem.code for event in skipped} == {code}
    assert bad.isdisjoint(ids(events))
    assert events[-1].photos == len(ids(events)) == 40
    assert problem_log(events) == []


def test_a_world_of_bad_thumbnails_alone_comes_to_an_end():
    source = world(5)
    source.files = dict.fromkeys(source.files, b"")
    events = run_search(source, Greedy(), budget=Budget(calls=1000))
    assert (events[-1].reason, events[-1].photos) == (Reason.EXHAUSTED, 0)
    assert len(of(Skipped, events)) == len(source.files)


def test_a_thumbnail_that_came_broken_is_fetched_again_by_the_next_search():
    source, cache = world(5), Cache()
    good, source.files["red-0"] = source.files["red-0"], b"\x89PNG cut"
    first = run_search(source, Greedy(), cache=cache, budget=Budget(1000, 1000))
    assert "red-0" not in ids(first)
    source.files["red-0"] = good
    second = run_search(source, Greedy(), cache=cache, budget=Budget(1000, 1000))
    assert "red-0" in ids(second)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad-photo"),
        (b"no image", "bad-photo"),
        (JPEG[:200], "bad-photo"),
        (bomb_png(), "photo-size"),
    ],
)
def test_a_query_that_is_no_image_fails_at_once(data, code):
    source = world()
    events = run_search(source, Greedy(), image=data)
    assert [type(event) for event in events] == [Finished]
    assert (events[0].reason, events[0].problem.code) == (Reason.FAILED, code)
    assert source.queries == []
