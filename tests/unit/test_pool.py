"""What a search takes from those before it, and what it does without them."""

from copy import copy
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.errors import SourceError
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.policies import POLICIES
from lookalike.ranking.cache import Cache
from lookalike.search.events import Queried, Scored
from lookalike.search.pool import Glimpse, Pool
from lookalike.sources.source import Capabilities
from small_world import CAN, COLOURS, Clock, CosineScorer, World, picture, run_search, world

BITS, PIXELS = np.zeros(64, bool), b""
FEW = Budget(photos=30, calls=8)


class Visit:
    """Searches of one world, one after another."""

    def __init__(self, source=None, pool=None):
        self.source = source or world()
        self.cache, self.pool = Cache(), Pool() if pool is None else pool

    def search(self, colour="red", policy="active_search", budget=FEW, **options):
        """Search; keep the photos shown from before, the new ones, and the tags asked."""
        image = picture(COLOURS[colour], seed=99)
        self.events = run_search(
            self.source,
            POLICIES[policy].make(),
            image=image,
            budget=budget,
            cache=self.cache,
            pool=self.pool,
            **options,
        )
        scored = [event for event in self.events if isinstance(event, Scored)]
        self.before = [event for event in scored if event.before]
        self.new = [event.photo.id for event in scored if not event.before]
        return self


def ids(events):
    return [event.photo.id for event in events]


# -- One search after another ----------------------------------------------------------------------


@pytest.mark.native  # as often as there are policies, which is slow in a browser
@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_an_empty_pool_changes_no_decision(policy):
    source, other = world(), world()
    # How often `Progress` is told hangs on the clock.
    with_pool = Visit(source).search(policy=policy, clock=Clock()).events
    without = run_search(
        other,
        POLICIES[policy].make(),
        image=picture(COLOURS["red"], seed=99),
        budget=FEW,
        clock=Clock(),
    )
    assert with_pool == without
    assert (source.queries, source.befores) == (other.queries, other.befores)


@pytest.mark.native  # as often as there are policies, which is slow in a browser
@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_what_was_looked_at_is_shown_at_once_and_never_looked_at_again(policy):
    visit = Visit()
    first = visit.search("red", policy).new
    fetched, asked = list(visit.source.fetched), len(visit.source.queries)
    visit.search("orange", policy)
    assert sorted(ids(visit.before)) == sorted(first)
    assert [e.score for e in visit.before] == sorted((e.score for e in visit.before), reverse=True)
    assert all(event.tag in visit.source.queries[:asked] for event in visit.before)
    assert set(visit.new).isdisjoint(first)
    assert visit.source.fetched[len(fetched) :] == sorted(
        set(visit.source.fetched) - set(fetched), key=visit.source.fetched.index
    )
    end = visit.events[-1]
    assert end.photos == len(visit.new) <= FEW.photos
    kinds = [type(event) for event in visit.events]
    assert kinds.index(Scored) < kinds.index(Queried)


def test_the_scores_are_those_of_this_search():
    visit = Visit()
    visit.search("red").search("blue")
    fresh = Visit(visit.source)
    fresh.search("blue", budget=Budget(500, 500))
    scores = {event.photo.id: event.score for event in fresh.events if isinstance(event, Scored)}
    assert {e.photo.id: e.score for e in visit.before} == pytest.approx(
        {e.photo.id: scores[e.photo.id] for e in visit.before}
    )


def test_a_search_without_calls_to_make_lives_on_what_is_known():
    def no_calls(kind, n):
        if kind == "call" and n > asked:
            raise SourceError("no more")

    asked = 1000
    visit = Visit(world(fail=no_calls)).search("red")
    asked = len(visit.source.queries)
    known = len({photo.id for answer in visit.pool.answers(CAN) for photo in answer.photos})
    visit.search("orange", budget=Budget(500, 500))
    assert len(visit.before) == 30
    assert len(visit.before) + len(visit.new) == known


@pytest.mark.parametrize("policy", ["active_search", "greedy"])
def test_the_same_visit_makes_the_same_decisions(policy):
    def visit():
        made = Visit()
        for colour in ("red", "orange", "red"):
            made.search(colour, policy, seed=5)
        return made.source.queries, made.source.befores, made.source.fetched, ids(made.before)

    assert visit() == visit()


def test_a_service_with_pages_is_asked_for_the_next_one():
    class Paged(type(world())):
        def search(self, query, limit, before, page):
            self.queries.append((query, page))
            found = [photo for photo in self.photos.values() if query in photo.tags]
            return found[10 * (page - 1) : 10 * page]

    source = world()
    paged = Paged([], can=Capabilities("world", "World", pages=5, per_call=10))
    paged.photos, paged.files = source.photos, source.files
    visit = Visit(paged)
    visit.search("red").search("orange").search("red")
    assert len(set(paged.queries)) == len(paged.queries)
    assert any(page > 1 for _, page in paged.queries)


def test_more_is_known_than_shown_where_a_search_may_look_at_few():
    visit = Visit()
    visit.search("red", budget=Budget(40, 10)).search("red", budget=Budget(5, 2))
    assert len(visit.before) == 5
    assert len(visit.new) <= 5


# -- Filters, services and scorers ---------------------------------------------------------------


def licensed(photo):
    return replace(photo, license="CC BY 2.0" if photo.id.endswith(("1", "3")) else "CC BY-NC 2.0")


def test_what_filters_drop_is_not_shown():
    source = world()
    source.photos = {name: licensed(photo) for name, photo in source.photos.items()}
    visit = Visit(source)
    first = set(visit.search("red").new)
    visit.search("red", filters=Filters(license="commercial"))
    wanted = {photo for photo in source.photos if photo.endswith(("1", "3"))}
    assert set(ids(visit.before)) == first & wanted
    assert set(visit.new) <= wanted


class Licensed(World):
    """Pages of ten, of which the service itself keeps out what has no licence."""

    license = "any"

    @classmethod
    def made(cls):
        plain = world()
        photos = [(photo, plain.files[name]) for name, photo in plain.photos.items()]
        for place in range(0, len(photos), 5):
            photo, file = photos[place]
            photos[place] = replace(photo, license="CC0 1.0"), file
        can = Capabilities("world", "World", pages=6, per_call=10, filters=frozenset({"license"}))
        return cls(photos, can=can)

    def filtered(self, filters):
        made = copy(self)
        made.license = filters.license
        return made

    def search(self, query, limit, before, page=1):
        self.queries.append((query, self.license))
        found = [
            photo
            for photo in self.photos.values()
            if query in photo.tags and (self.license == "any" or photo.license)
        ]
        return found[limit * (page - 1) : limit * page]


@pytest.mark.parametrize("policy", ["active_search", "greedy", "ucb"])
def test_what_a_filter_left_of_an_answer_does_not_tell_what_there_is_without_it(policy):
    """A filter may leave so little that nobody goes on; they take it away, and search again."""
    visit, budget = Visit(Licensed.made()), Budget(photos=40, calls=30)
    fresh = Visit(Licensed.made()).search("red", policy, budget)
    visit.search("red", policy, budget, filters=Filters(license="reuse"))
    assert ("red", "reuse") in visit.source.queries
    visit.search("red", policy, budget)
    asked = [query for query, license_ in visit.source.queries if license_ == "any"]
    assert "red" in asked
    red = {photo for photo in fresh.new if photo.startswith("red")}
    assert len([photo for photo in visit.new if photo.startswith("red")]) >= len(red) // 2 > 0


def test_a_filter_by_pixels_holds_for_what_is_known():
    visit = Visit()
    visit.search("grey", budget=Budget(60, 20))
    grey = {photo for photo in visit.new if photo.startswith("grey")}
    visit.search("grey", filters=Filters(colour="black-and-white"))
    assert set(ids(visit.before)) <= grey
    assert not any(photo.startswith("red") for photo in ids(visit.before))


def test_only_the_service_that_is_searched_counts():
    visit = Visit()
    visit.search("red")
    other = world()
    other.can = Capabilities("other", "Other", dates=True)
    fresh = Visit(other, visit.pool)
    fresh.cache = visit.cache
    assert fresh.search("red").before == []


def test_photos_of_another_scorer_are_candidates_without_a_download():
    class Other(CosineScorer):
        LAYER = "logits"

    visit = Visit()
    visit.search("red")
    fetched = len(visit.source.fetched)
    visit.search("red", scorer=Other(), budget=Budget(30, 1))
    assert visit.before == []
    again = set(visit.new) & set(visit.source.fetched[:fetched])
    assert again
    assert again.isdisjoint(visit.source.fetched[fetched:])


def test_a_placeholder_of_an_earlier_search_is_known_for_one():
    source = world()
    for number in (2, 5, 8, 11):
        source.files[f"red-{number}"] = source.files["red-2"]
    visit = Visit(source).search("red", budget=Budget(8, 3))
    shown = {f"red-{number}" for number in (2, 5, 8, 11)} & set(visit.new)
    visit.search("red", budget=Budget(100, 100))
    again = [photo for photo in visit.new if source.files[photo] == source.files["red-2"]]
    assert len(again) + len(shown) == 1


# -- Bounds ----------------------------------------------------------------------------------------


def photos(*names):
    return [Photo(str(name)) for name in names]


def test_the_words_asked_longest_ago_are_forgotten_first_with_all_their_pages():
    pool = Pool(named=5)
    for words, page in (("cat", 1), ("dog", 1), ("cat", 3)):
        pool.answered(CAN, Filters(), words, words, photos(1, 2), page)
    assert pool.pages(CAN, Filters()) == {"cat": {1, 3}}
    pool.answered(CAN, Filters(), "lynx", "lynx", photos(*range(9)))
    assert [answer.tag for answer in pool.answers(CAN)] == ["lynx"]


def test_answers_are_told_apart_by_the_filters_that_the_service_applies():
    pool = Pool()
    can = replace(CAN, filters=frozenset({"license"}))
    pool.answered(can, Filters(license="modify"), "cat", "a cat", photos(1))
    assert pool.pages(can, Filters(license="modify", colour="colour")) == {"cat": {1}}
    assert pool.pages(can, Filters()) == {}
    assert [answer.tag for answer in pool.answers(can)] == ["a cat"]
    assert pool.answers(replace(can, name="other")) == []


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.lists(st.tuples(st.sampled_from("abcd"), st.lists(st.integers(0, 20), max_size=6))),
)
@settings(deadline=None)
def test_bounds_hold_and_the_newest_stays(named, looked, steps):
    pool = Pool(named, looked)
    for words, found in steps:
        pool.answered(CAN, Filters(), words, words, photos(*found))
        for photo in photos(*found):
            pool.looked(CAN, Glimpse(photo, words, BITS, PIXELS))
        answers = pool.answers(CAN)
        assert answers[-1].photos == photos(*found)
        kept = sum(len(answer.photos) for answer in answers)
        assert kept <= named or len({answer.tag for answer in answers}) == 1
        assert pool.pages(CAN, Filters()).keys() == {answer.tag for answer in answers}
        glimpses = pool.glimpses(CAN)
        assert len(glimpses) <= looked
        newest = list(dict.fromkeys(reversed(found)))[:looked]
        assert {str(name) for name in newest} <= {glimpse.photo.id for glimpse in glimpses}


def test_photos_are_given_in_the_order_of_the_answers_whenever_they_were_looked_at():
    pool = Pool()
    pool.answered(CAN, Filters(), "cat", "cat", photos(3, 1, 2))
    for photo in photos(2, 9, 1, 3, 8):
        pool.looked(CAN, Glimpse(photo, "cat", BITS, PIXELS))
    assert [glimpse.photo.id for glimpse in pool.glimpses(CAN)] == ["3", "1", "2", "8", "9"]
