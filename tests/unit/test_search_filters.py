"""What becomes of photos that a person's filters keep out."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.policies import POLICIES
from lookalike.policies.greedy import Greedy
from lookalike.policies.queries import Queries
from lookalike.policies.state import Looked
from lookalike.ranking.seen import SeenPhoto
from lookalike.search.events import Filtered, Progress, Queried, Reason, Scored, Skipped
from lookalike.search.filter_tally import FilterTally
from lookalike.sources.source import Capabilities
from play import FEATURE, Player, guesses, photo
from small_world import picture, ranker, run_search, world
from told_events import of

every_policy = pytest.mark.parametrize("name", POLICIES)
FREE, CLOSED = "CC BY 2.0", "All rights reserved"


def licensed(free, per_colour=20):
    """A world whose photos may be reused where `free(photo)`."""
    made = world(per_colour)
    for name, each in made.photos.items():
        made.photos[name] = replace(each, license=FREE if free(each) else CLOSED)
    return made


# -- By what the service says ----------------------------------------------------------------------


def test_what_the_service_says_enough_of_is_never_fetched():
    source = licensed(lambda each: int(each.id.split("-")[1]) % 3 == 0)
    events = run_search(
        source, Greedy(), budget=Budget(photos=30, calls=300), filters=Filters(license="reuse")
    )
    assert {source.photos[name].license for name in source.fetched} == {FREE}
    assert events[-1].photos == 30
    for event in of(Queried, events):
        answer = [each for each in source.photos.values() if event.tag in each.tags][:30]
        assert event.found == len(answer)
        assert event.dropped == sum(each.license == CLOSED for each in answer)
    (kept_out,) = of(Progress, events)[-1].filtered
    assert kept_out == Filtered("licence", len(_known(events, source, CLOSED)))


def _known(events, source, license_):
    asked = {event.tag for event in of(Queried, events)}
    return {
        each.id
        for tag in asked
        for each in [each for each in source.photos.values() if tag in each.tags][:30]
        if each.license == license_
    }


@every_policy
def test_filters_that_let_nothing_pass_end_the_search_soon(name):
    source = licensed(lambda each: False)
    events = run_search(
        source,
        POLICIES[name].make(),
        budget=Budget(photos=50, calls=500),
        filters=Filters(license="reuse"),
    )
    assert events[-1].reason is Reason.EXHAUSTED
    assert source.fetched == []
    assert max(Counter(source.queries).values()) <= 2
    assert len(source.queries) <= 40


def test_a_source_that_can_filter_is_asked_to():
    source = licensed(lambda each: True)
    asked = []

    def filtered(filters):
        asked.append(filters)
        return source

    source.filtered = filtered
    filters = Filters(license="modify")
    run_search(source, Greedy(), budget=Budget(photos=5), filters=filters)
    assert asked == [filters]


# -- By its pixels ---------------------------------------------------------------------------------


def grey(per_colour=20, share=2):
    """A world in which every `share`-th photo is black-and-white."""
    made = world(per_colour)
    for i, name in enumerate(made.files):
        if i % share == 0:
            made.files[name] = picture((120 + i % 50,) * 3, noise=0, seed=i)
    return made


def test_what_only_pixels_tell_is_fetched_not_shown_and_does_not_count():
    source = grey(share=3)
    events = run_search(
        source, Greedy(), budget=Budget(photos=30, calls=300), filters=Filters(colour="colour")
    )
    out = {name for i, name in enumerate(source.files) if i % 3 == 0}
    shown = {event.photo.id for event in of(Scored, events)}
    assert shown.isdisjoint(out)
    assert events[-1].photos == len(shown) == 30
    assert out & set(source.fetched)
    assert of(Skipped, events) == []
    assert of(Progress, events)[-1].filtered == (
        Filtered("colour", len(out & set(source.fetched))),
    )


@every_policy
def test_there_is_an_end_where_all_that_is_looked_at_is_kept_out(name):
    source = grey(40, share=1)
    events = run_search(
        source,
        POLICIES[name].make(),
        budget=Budget(photos=15, calls=500),
        filters=Filters(colour="colour"),
    )
    assert events[-1].reason in (Reason.BUDGET, Reason.EXHAUSTED)
    assert events[-1].photos == 0
    # As many as the budget has are free; the next as many are the budget.
    assert len(source.fetched) <= 30


def test_a_photo_that_is_kept_out_counts_as_the_worst_so_far():
    told = []

    class Told(Greedy):
        def learn(self, state, entry):
            if isinstance(entry, Looked) and (score := state.score(entry.photo)) is not None:
                told.append((entry.photo.id, score))
            super().learn(state, entry)

    source = grey()
    events = run_search(
        source, Told(), budget=Budget(photos=30, calls=300), filters=Filters(colour="colour")
    )
    shown = {event.photo.id: event.score for event in of(Scored, events)}
    worst = min(shown.values())
    kept_out = [(name, score) for name, score in told if name not in shown]
    assert kept_out
    for name, score in kept_out:
        before = [s for n, s in told[: told.index((name, score))] if n in shown]
        assert score in shown.values()
        assert worst <= score <= min(before, default=score)


def test_the_outcome_of_what_was_kept_out_is_the_worst_and_nothing_before_there_is_one():
    found = ranker()
    found.seen.keep_out("grey")
    assert found.outcome("grey") is None
    for name, score in (("a", 0.5), ("b", 0.2), ("c", 0.9)):
        found.compared(SeenPhoto(Photo(name), b""), np.full(3, score, np.float32), score)
    score, feature = found.outcome("grey")
    assert (score, feature[0]) == (0.2, np.float32(0.2))


# -- The tally -------------------------------------------------------------------------------------


def test_each_filter_is_told_by_its_name_and_a_photo_once():
    filters = Filters(license="reuse", since=100, orientation="square", min_size=500, safe=True)
    filter_tally = FilterTally(filters)
    good = Photo("good", license=FREE, uploaded=200, full_width=600, full_height=600)
    photos = [
        good,
        replace(good, id="closed", license=CLOSED),
        replace(good, id="unknown", license=""),
        replace(good, id="old", uploaded=50),
        replace(good, id="wide", full_width=2000),
        replace(good, id="small", full_width=300, full_height=300),
        replace(good, id="rude", sensitive=True),
    ]
    passed, dropped = filter_tally.sift(photos)
    assert passed == [good]
    assert [each.id for each in dropped] == ["closed", "unknown", "old", "wide", "small", "rude"]
    filter_tally.sift(photos)  # again, by another tag
    assert filter_tally.tally() == (
        Filtered("licence", 2),
        Filtered("upload date", 1),
        Filtered("orientation", 1),
        Filtered("size", 1),
        Filtered("safety", 1),
    )


def test_without_filters_everything_passes():
    filter_tally = FilterTally(Filters())
    photos = [Photo(str(i)) for i in range(5)]
    assert filter_tally.sift(photos) == (photos, [])
    assert filter_tally.tally() == ()


# -- What policies make of it ----------------------------------------------------------------------


@every_policy
@settings(max_examples=25, deadline=None)
@given(
    pages=st.lists(st.lists(st.integers(0, 3), min_size=0, max_size=6), min_size=1, max_size=8),
)
def test_a_tag_whose_photos_are_all_dropped_is_not_asked_again_and_again(name, pages):
    """`pages` are answers; of each only how many photos it holds matters: all are dropped."""
    policy = Player(POLICIES[name].make, guesses("cat", "dog"))
    asked, number = Counter(), 0
    for _ in range(200):
        tags = policy.ask(10)
        if not tags:
            break
        for tag in tags:
            size = len(pages[asked[tag] % len(pages)]) + 1
            asked[tag] += 1
            dropped = [photo(f"{number + i}", tag, "grey") for i in range(size)]
            number += size
            policy.answered(tag, [], dropped)
    assert policy.look(10) == []
    # A query is used up by ten photos in a row that bring nothing.
    assert max(asked.values(), default=0) <= 10


def test_an_answer_of_which_some_were_dropped_is_a_full_page_all_the_same():
    book = Queries()
    book.answered("sky", 30, 30)
    book.answered("polar bear", 30, 3)  # of which 27 were dropped
    assert not book.is_used_up("polar bear")
    assert 0 < book.expected("polar bear", 100) < book.expected("sky", 100)


def test_a_page_with_sensitive_photos_is_not_taken_for_the_last():
    """Openverse sends 20 at a time; a page that seems shorter would be all there is."""
    asked = []

    class Pages:
        can = Capabilities("pages", "Pages", pages=5, per_call=20)

        def search(self, query, limit, before, page=1):
            if query != "red":
                return []
            asked.append(page)
            return [Photo(f"{page}-{i}", tags=("red",), sensitive=i == 7) for i in range(limit)]

        def thumbnail(self, photo):
            return picture((200, 0, 0), seed=sum(map(ord, photo.id)))

    events = run_search(Pages(), POLICIES["active_search"].make(), budget=Budget(90, 30, 60))
    assert asked == [1, 2, 3, 4, 5]
    assert not [event for event in of(Scored, events) if event.photo.sensitive]
    assert of(Progress, events)[-1].filtered == (Filtered("safety", 5),)


@pytest.mark.parametrize("name", ["active_search", "ucb"])
def test_a_tag_whose_answers_are_mostly_dropped_is_still_asked_for_more(name):
    policy = Player(POLICIES[name].make, guesses("cat"))
    asked = 0
    for _ in range(60):
        for tag in policy.ask(10):
            asked += tag == "cat"
            kept = [photo(f"k{asked}", "cat")] if tag == "cat" else []
            gone = [photo(f"d{asked}-{i}", "cat") for i in range(29)] if tag == "cat" else []
            policy.answered(tag, kept, gone)
        for found in policy.look(10):
            policy.scored(found, 1.0, FEATURE)
    assert asked > 2
