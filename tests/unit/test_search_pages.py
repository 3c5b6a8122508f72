"""How a search asks a service that answers in pages."""

from dataclasses import replace

import pytest

from lookalike.budget import Budget
from lookalike.errors import Unreachable
from lookalike.photo import Photo
from lookalike.policies import POLICIES
from lookalike.ranking.cache import Cache
from lookalike.search.context import Limits
from lookalike.search.events import Scored
from lookalike.search.pool import Pool
from lookalike.sources.named import Named
from lookalike.sources.source import Capabilities, Page
from small_world import Clock, World, picture, run_search, world
from told_events import of


class Paged(World):
    """Answers in pages of ten, and reads words as services do: in any case."""

    def __init__(self, photos, **options):
        super().__init__(photos, can=Capabilities("p", "P", pages=6, per_call=10), **options)
        self.asked = []

    def search(self, query, limit, before, page=1):
        self.asked.append((query.casefold(), page))
        self.fail("call", len(self.asked))
        found = [
            photo
            for photo in self.photos.values()
            if query.casefold() in {tag.casefold() for tag in photo.tags}
        ]
        return found[limit * (page - 1) : limit * page]


def paged(spelled=str, **options):
    plain = world(60)
    return Paged(
        [
            (replace(photo, tags=tuple(map(spelled, photo.tags))), plain.files[name])
            for name, photo in plain.photos.items()
        ],
        **options,
    )


@pytest.mark.parametrize("policy", ["active_search", "greedy", "linucb"])
@pytest.mark.parametrize("spelled", [str, str.capitalize, str.upper])
def test_a_service_is_not_asked_for_a_page_again_because_a_tag_is_spelled_otherwise(
    policy, spelled
):
    """Categories of Commons begin with a capital, as names of some classes do."""
    source = paged(spelled)
    events = run_search(source, POLICIES[policy].make(), budget=Budget(60, 16))
    assert len(set(source.asked)) == len(source.asked) == 16
    plain = paged()
    same = run_search(plain, POLICIES[policy].make(), budget=Budget(60, 16))
    red, fresh = ([e.photo.id for e in of(Scored, each)] for each in (events, same))
    if policy == "active_search":
        assert sum(each.startswith("red") for each in red) >= 40
        assert red == fresh


def test_a_page_that_was_not_answered_is_the_next_to_be_asked():
    clock = Clock()

    def fail(kind, number):
        if kind == "call" and clock() < 12:
            raise Unreachable("No network.")

    source = paged(fail=fail)
    policy = POLICIES["active_search"].make()
    run_search(source, policy, budget=Budget(60, 40), clock=clock, limits=Limits(calls=2))
    asked = [page for query, page in source.asked if query == "red"]
    assert asked[:4] == [1, 1, 1, 1]
    assert asked[3:] == sorted(set(asked))


class Telling:
    """Says whether it has more, and leaves photos out of its pages, as services do: some are gone.

    Args:
        pages: how many it has of "red"; of other tags it has a few photos.
    """

    can = Capabilities("telling", "Telling", pages=6, per_call=20)

    def __init__(self, pages):
        self.pages, self.asked = pages, []

    def search(self, query, limit, before, page=1):
        if query != "red":
            return Page([], more=False)
        self.asked.append(page)
        missing = 0 if page == 1 else 3
        found = [Photo(f"{page}-{i}", tags=("red",)) for i in range(limit - missing)]
        return Page(found, more=page < self.pages)

    def thumbnail(self, photo):
        return picture((200, 0, 0), seed=sum(map(ord, photo.id)))


@pytest.mark.parametrize("policy", ["active_search", "ucb"])
@pytest.mark.parametrize("pages", [1, 4])
def test_a_page_is_the_last_where_the_service_says_so_and_not_where_it_is_short(policy, pages):
    source, cache, pool = Telling(pages), Cache(), Pool()
    for photos in (30, 200):
        make = POLICIES[policy].make
        run_search(source, make(), budget=Budget(photos, 40), cache=cache, pool=pool)
    # The second search knows of the first one's answers whether they were the last.
    assert source.asked == list(range(1, pages + 1))


def test_what_a_service_says_is_kept_where_its_photos_are_named():
    named = Named(Telling(2))
    assert [named.search("red", 20, None, page).more for page in (1, 2)] == [True, False]
    assert Named(world()).search("red", 20, None).more is None
