"""Answers of earlier visits, and of engines that were replaced: nothing of them is asked again."""

import asyncio
import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from in_loop import in_loop
from lookalike.browser.kept_answers import KeptAnswers, StoredAnswer
from lookalike.browser.services import Services
from lookalike.budget import Budget
from lookalike.errors import SourceError
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.policies.greedy import Greedy
from lookalike.policies.policy import SEED_TAGS
from lookalike.search.events import Reason
from lookalike.search.pool import RECALLED, Pool
from lookalike.search.rate_limiter import DAY
from lookalike.sources import commons, flickr, openverse, wellcome
from lookalike.sources.commons import Commons
from lookalike.sources.flickr import Flickr
from lookalike.sources.named import Named
from lookalike.sources.openverse import Openverse
from lookalike.sources.source import Capabilities, address_of, asks_alike, read_by
from lookalike.sources.wellcome import Wellcome
from small_world import World, run_search, world

NOW = 1e9
BASE = "https://book.test/search"


class Book(World):
    """A world in pages of ten, which tells its addresses and reads its answers."""

    def __init__(self, pages=3):
        made = world()
        photos = [(photo, made.files[id_]) for id_, photo in made.photos.items()]
        super().__init__(photos, can=Capabilities("book", "Book", pages=pages, per_call=10))
        self.asked = []

    def search(self, query, limit, before, page=1):
        self.asked.append((query, page))
        return self.read(self.answer(query, page))

    def address(self, query, limit, before, page=1):
        return f"{BASE}?{urlencode({'q': query, 'n': limit, 'page': page})}"

    def answer(self, query, page):
        found = [id_ for id_, photo in self.photos.items() if query in photo.tags]
        return json.dumps(found[10 * (page - 1) : 10 * page]).encode()

    def read(self, body):
        found = json.loads(body)
        if not isinstance(found, list):
            raise SourceError("the book is closed")
        return [self.photos[id_] for id_ in found]


def kept(book, query, page=1, at=NOW, body=None):
    url = book.address(query, 10, None, page)
    return StoredAnswer("book", url, query, book.answer(query, page) if body is None else body, at)


def services(book, **options):
    return Services([book], now=lambda: NOW, **options)


def recall(them, *answers):
    return [them.recall(a.source, a.url, a.words, a.body, a.at) for a in answers]


def pool_of(them):
    return them.get("book").pool


def tags(them, book):
    return [answer.tag for answer in pool_of(them).answers(book.can)]


# -- What each source tells ------------------------------------------------------------------------

ANSWERS = {
    Openverse: {"results": [{"id": "a1", "title": "A cat"}]},
    Commons: {"query": {"pages": [{"pageid": 7, "imageinfo": [{"url": "https://u.test/a.jpg"}]}]}},
    Flickr: {
        "stat": "ok",
        "photos": {"photo": [{"id": "5", "owner": "7@N01", "server": "1", "secret": "ab"}]},
    },
    Wellcome: {"results": [{"id": "w1", "locations": [{"url": "https://i.test/image/x"}]}]},
}


@pytest.mark.parametrize("source", ANSWERS, ids=lambda source: source.__name__)
def test_a_source_reads_later_what_it_would_read_now_at_the_address_that_it_asks(
    source, monkeypatch
):
    body, asked = json.dumps(ANSWERS[source]).encode(), []

    def get(url, *_):
        asked.append(url)
        return body

    for module in (commons, flickr, wellcome):
        monkeypatch.setattr(module, "get", get)
    monkeypatch.setattr(openverse, "fetch", lambda url, limit: (200, get(url)))
    filters = Filters(license="commercial", min_size=1000)
    mine = Named(source().filtered(filters))
    question = ("a cat", 20, None, *((2,) if mine.can.pages > 1 else ()))
    found = mine.search(*question)
    assert [photo.source for photo in found] == [mine.can.name]
    assert asked == [mine.address(*question)]
    assert mine.read(body) == found
    # What nobody would be asked has no address.
    assert mine.address("-", 20, None) == ""


def test_an_address_that_a_source_cannot_tell_costs_nothing():
    class Broken(Book):
        def address(self, *_):
            raise UnicodeError("surrogates")

    book = Broken()
    events = run_search(book, Greedy(), pool=Pool(), budget=Budget(photos=20))
    assert book.asked
    assert events[-1].reason is Reason.BUDGET


def test_a_source_need_not_tell_its_addresses():
    assert address_of(world(), "red", 10, None) == ""
    assert read_by(world(), b"[]") == ()
    assert Named(world()).read(b"[]") == []


# -- A search that knows them ----------------------------------------------------------------------


def test_a_search_asks_for_the_next_page_and_knows_the_photos():
    book = Book()
    them = services(book)
    assert recall(them, kept(book, "red", 2), kept(book, "red", 1)) == [True, True]
    named = Named(book)
    events = run_search(named, Greedy(), budget=Budget(photos=40, calls=30), pool=pool_of(them))
    assert ("red", 1) not in book.asked
    assert ("red", 2) not in book.asked
    # What was known was a candidate like any other.
    known = {f"book:{photo.id}" for photo in book.read(book.answer("red", 1))}
    assert known & {event.photo.id for event in events if hasattr(event, "photo")}


def test_a_page_that_followed_a_known_one_is_not_asked_for_again_by_the_next_search():
    book = Book()
    them = services(book)
    recall(them, *(kept(book, query) for query in ("red", "orange", "photo")))
    for _ in range(3):
        budget = Budget(photos=40, calls=12)
        run_search(Named(book), Greedy(), budget=budget, pool=pool_of(them))
    assert ("red", 2) in book.asked
    assert len(set(book.asked)) == len(book.asked)


def test_where_all_is_known_nothing_is_asked():
    book = Book(pages=1)
    first = Book(pages=1)
    budget = Budget(photos=10, calls=10)
    run_search(Named(first), Greedy(), budget=budget)
    them = services(book)
    words = {tag for photo in book.photos.values() for tag in photo.tags}
    words |= {*SEED_TAGS, *(query for query, _ in first.asked)}
    recall(them, *(kept(book, query) for query in words))
    run_search(Named(book), Greedy(), budget=budget, pool=pool_of(them))
    assert first.asked
    assert book.asked == []


def test_an_answer_that_was_filtered_otherwise_is_known_and_asked_for_again():
    openverse_ = Openverse()
    them = Services([openverse_], now=lambda: NOW)
    url = openverse_.address("cat", 20)
    body = json.dumps(ANSWERS[Openverse]).encode()
    assert them.recall("openverse", url, "cat", body, NOW)
    pool = them.get("openverse").pool
    assert [answer.tag for answer in pool.answers(openverse_.can)] == ["cat"]
    other = openverse_.filtered(Filters(license="commercial"))
    assert pool.has(openverse_.can, openverse_.address("cat", 20))
    assert not pool.has(openverse_.can, other.address("cat", 20))


@pytest.mark.parametrize("source", ANSWERS, ids=lambda source: source.__name__)
def test_an_address_tells_whether_the_service_filtered_as_it_would_now(source):
    plain, strict = source(), source().filtered(Filters(license="commercial", min_size=2000))
    for number in (1, 3):
        where = (10**9 + number if source.can.dates else None,)
        where += (number,) if source.can.pages > 1 else ()
        url = strict.address("a cat", source.can.per_call, *where)
        assert asks_alike(strict, "a cat", url)
        assert not asks_alike(plain, "a cat", url)
        assert not asks_alike(strict, "a dog", url)
        assert not asks_alike(strict, "a cat", f"{url}&more=1")
    assert not asks_alike(plain, "a cat", "https://elsewhere.test/?q=a+cat")
    assert not asks_alike(world(), "red", "https://elsewhere.test/?q=red")


# -- What is taken in ------------------------------------------------------------------------------


def test_the_newest_come_first_and_older_ones_while_there_is_room():
    book = Book()
    them = services(book)
    assert recall(them, kept(book, "red"), kept(book, "blue", at=NOW - 1)) == [True, True]
    assert tags(them, book) == ["blue", "red"]
    pool = Pool(named=15, now=lambda: NOW)
    photos = [Photo(str(number)) for number in range(10)]
    assert pool.recall(book.can, "1", "red", photos, NOW)
    assert not pool.recall(book.can, "2", "blue", photos, NOW)
    many = [Photo(str(number)) for number in range(RECALLED)]
    assert Pool().recall(book.can, "1", "red", many, NOW)
    assert not Pool().recall(book.can, "1", "red", [*many, Photo("x")], NOW)
    # What a search of this engine hears pushes them out.
    pool.answered(book.can, Filters(), "owl", "owl", photos)
    assert [answer.tag for answer in pool.answers(book.can)] == ["owl"]
    assert not pool.has(book.can, "1")


def test_nothing_is_known_any_more_after_a_day():
    now = [NOW]
    pool = Pool(now=lambda: now[0])
    can = Capabilities("book", "Book")
    pool.recall(can, "1", "red", [Photo("1")], NOW - DAY + 10)
    pool.answered(can, Filters(), "owl", "owl", [Photo("2")])
    now[0] += 11
    assert [answer.tag for answer in pool.answers(can)] == ["owl"]
    assert not pool.has(can, "1")
    now[0] += DAY
    assert pool.pages(can, Filters()) == {}
    assert pool.answers(can) == []


def test_what_a_search_has_asked_meanwhile_is_not_known_twice():
    book = Book()
    them = services(book)
    found = Named(book).read(book.answer("red", 1))
    pool_of(them).answered(book.can, Filters(), "red", "Red", found)
    assert recall(them, kept(book, "red", 1), kept(book, "red", 2)) == [True, True]
    assert tags(them, book) == ["red", "Red"]


def test_answers_that_say_that_something_was_wrong_are_asked_for_again():
    book = Book()
    them = services(book)
    # The book has no words for what is no JSON.
    for body in (b"{}", b"not JSON"):
        assert recall(them, kept(book, "red", body=body)) == [True]
    other = replace(kept(book, "red"), source="of another version")
    assert recall(them, other) == [True]
    assert tags(them, book) == []
    assert not pool_of(them).has(book.can, kept(book, "red").url)


# -- When they are taken in ------------------------------------------------------------------------


class Shelf:
    """Gives a few at a time, when a test lets it."""

    def __init__(self, *few):
        self.few = list(few)
        self.open = asyncio.Event()
        self.open.set()

    async def more(self):
        await self.open.wait()
        return self.few.pop(0) if self.few else ()


@in_loop
async def test_a_search_waits_until_all_are_there():
    book = Book()
    them = services(book)
    shelf = Shelf([kept(book, "red"), kept(book, "blue")], [kept(book, "green")])
    answers = KeptAnswers(them, shelf.more)
    await answers.head_start()  # nothing has begun
    assert tags(them, book) == []
    answers.begin()
    await answers.head_start()
    assert tags(them, book) == ["green", "blue", "red"]


@in_loop
async def test_it_does_not_wait_long_and_what_comes_later_waits_for_its_end():
    book = Book()
    them = services(book)
    shelf = Shelf([kept(book, "red")])
    shelf.open.clear()
    answers = KeptAnswers(them, shelf.more)
    answers.begin()
    await answers.head_start()
    with answers.resting():
        with answers.resting():  # one search ends while another has begun
            shelf.open.set()
        for _ in range(20):
            await asyncio.sleep(0)
        assert tags(them, book) == []
    await answers.head_start()
    assert tags(them, book) == ["red"]


@in_loop
async def test_what_is_forgotten_on_its_way_stays_forgotten():
    book = Book()
    them = services(book)
    shelf = Shelf([kept(book, "red")])
    shelf.open.clear()
    answers = KeptAnswers(them, shelf.more)
    answers.begin()
    await asyncio.sleep(0)
    answers.end()
    shelf.open.set()
    await answers.head_start()
    assert tags(them, book) == []


@in_loop
async def test_no_more_are_asked_for_than_there_is_room_for(monkeypatch):
    book = Book()
    them = services(book)
    monkeypatch.setattr(pool_of(them), "_most_named", 15)
    shelf = Shelf([kept(book, "red"), kept(book, "blue"), kept(book, "green")], [kept(book, "red")])
    answers = KeptAnswers(them, shelf.more)
    answers.begin()
    await answers.head_start()
    assert tags(them, book) == ["red"]
    assert len(shelf.few) == 1
