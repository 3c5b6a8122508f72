"""A photo in, similar photos out: what a person does with the page."""

import json
import re

import pytest
from conftest import borrowed, opened
from desk import QUERY
from playwright.sync_api import expect

pytestmark = pytest.mark.real_network

ANIMALS = {"animal", "mammal", "cat", "feline", "bigcat", "carnivore", "wildcat"}


PHOTOS = 110


@pytest.fixture(scope="module")
def page(browser, site, flickr_server):
    flickr_server.clear()
    with opened(browser, site) as look:
        yield look.open(photos=PHOTOS)


@pytest.fixture
def visit(page, flickr):
    """A page that has been in use before, and has forgotten what it found then."""
    with borrowed(page) as look:
        look.forget_found()
        yield look
        look.set_numbers(photos=PHOTOS, calls=30, seed="")


def search(look, photo):
    """Search on a page that has searched before."""
    look.begin(photo)
    look.wait_until_done()


def scores(look):
    """What the results show: 0.93, 12.4, 108k, 3.1e7."""
    return [
        float(text.replace("k", "e3")) for text in look.items.locator(".score").all_inner_texts()
    ]


def search_again(look, flickr):
    """Press "Search again" and wait until that search is done."""
    flickr.call_latency = 0.6  # so that it can be seen running
    look.button("Search again").click()
    expect(look.status).not_to_contain_text("Done")
    look.wait_until_done()


def test_a_photo_finds_photos(visit, query, flickr):
    look = visit
    search(look, query)
    expect(look.status).to_contain_text("110 photos")
    assert 0 < look.items.count() <= 30  # the API's terms
    first = look.items.first
    page = first.get_by_role("link").first.get_attribute("href")
    assert re.match(r"https://www\.flickr\.com/photos/[^/]+/\d+", page)
    assert first.get_by_role("img").get_attribute("alt")
    assert len(flickr.requests("image")) == 110
    calls = flickr.requests("api")
    assert 0 < len(calls) <= 30
    assert {call.query["per_page"] for call in calls} == {"100"}
    found = scores(look)
    assert len(found) > 10
    assert found == sorted(found, reverse=True)
    look.button("Next").click()
    expect(look.items.first.get_by_role("link").first).not_to_have_attribute("href", page)
    assert 0 < look.items.count() <= 30


@pytest.mark.parametrize(
    ("query_name", "alike"),
    [
        ("in1k-n02127052.jpg", ANIMALS),
        ("in1k-n02091032.jpg", {"dog", "hound", "canine", "animal"}),
        ("coco-000000177977.jpg", {"kitchen", "sink", "stove", "oven", "appliance"}),
    ],
)
def test_shared_queries_find_photos_of_their_kind(visit, shared_queries, flickr, query_name, alike):
    visit.set_numbers(seed=3)
    search(visit, shared_queries / query_name)
    ids = [re.search(r"/(\d+)$", href)[1] for href in visit.pages()][:10]
    tags = [set(flickr.photo_of(id_).tags) for id_ in ids]
    assert sum(bool(found & alike) for found in tags) >= 5, tags


def test_a_search_follows_another_without_a_reload(visit, query, flickr):
    look = visit
    look.set_numbers(photos=20)
    search(look, query)
    expect(look.status).to_contain_text("20 photos")
    assert json.loads(look.page.evaluate("localStorage['lookalike.settings']"))["photos"] == 20
    assert "0123456789abcdef" not in look.page.url
    fetched = [request.path for request in flickr.requests("image")]
    first = [request.query["max_upload_date"] for request in flickr.requests("api")]
    flickr.forget()
    search_again(look, flickr)
    second = [request.query["max_upload_date"] for request in flickr.requests("api")]
    assert second
    assert first != second
    fetched += [request.path for request in flickr.requests("image")]
    assert len(fetched) == len(set(fetched)), "a thumbnail is fetched once"
    flickr.forget()
    look.items.nth(2).get_by_role("button", name=re.compile("More like this")).click()
    expect(look.status).not_to_contain_text("Done")
    look.wait_until_done()
    assert flickr.requests("api")


def test_the_same_seed_asks_the_same_in_another_visit(visit, browser, site, query, flickr):
    def asked(look):
        search(look, query)
        # Those asked at once may arrive in any order.
        return sorted(request.query["text"] for request in flickr.requests("api"))

    visit.set_numbers(photos=40, seed=7)
    flickr.call_latency, flickr.image_latency = 0.02, 0.02
    here = asked(visit)
    flickr.forget()
    flickr.call_latency = 0.05
    with opened(browser, site) as look:
        look.open(photos=40, seed=7)
        # The photo is chosen before the engine is ready: it has hardly begun to load.
        assert asked(look) == here


def test_cancel_keeps_what_was_found(visit, query, flickr):
    visit.set_numbers(photos=500, calls=400)
    flickr.call_latency = 0.2
    visit.begin(query)
    # Photos of the search before stay until there are new ones: so it is asked what this one says.
    expect(visit.status).to_contain_text(re.compile(r"^Looking: ([4-9]|\d\d+) photos"))
    visit.button("Cancel").click()
    expect(visit.status).to_contain_text("Cancelled", timeout=2_000)
    found = int(re.search(r"(\d+) photos? compared", visit.status.inner_text())[1])
    expect(visit.page.locator("#count")).to_have_text(re.compile(rf"^{found}\b"))
    asked = len(flickr.requests("api"))
    # The engine does something else meanwhile, and asks nothing more.
    visit.items.nth(2).get_by_role("button", name="Like", exact=True).click()
    visit.page.wait_for_function("() => performance.getEntriesByName('rescored').length > 0")
    assert len(flickr.requests("api")) == asked
    expect(visit.page.locator("#count")).to_have_text(re.compile(rf"^{found}\b"))


def test_cancel_acts_while_flickr_does_not_answer(visit, query, flickr):
    flickr.fail("hang", seconds=60)
    visit.begin(query)
    expect(visit.page.get_by_text("Asking for")).to_be_visible()
    visit.button("Cancel").click()
    expect(visit.status).to_contain_text("Cancelled", timeout=3_000)


def test_the_page_works_by_keyboard_alone(desk):
    look = desk.look
    look.open(key=None, sources=["flickr"])
    look.key_field.focus()
    look.page.keyboard.type("0123456789abcdef0123456789abcdef")
    look.page.keyboard.press("Enter")
    with look.page.expect_file_chooser() as chooser:
        look.page.get_by_label("Drop a photo here").focus()
        look.page.keyboard.press("Enter")
    chooser.value.set_files({"name": QUERY[0], "mimeType": "image/png", "buffer": QUERY[1]})
    look.wait_until_done()
