"""A photo in, similar photos out: what a person does with the page."""

import json
import re

import pytest
from conftest import START_UP, opened
from playwright.sync_api import expect

ANIMALS = {"animal", "mammal", "cat", "feline", "bigcat", "carnivore", "wildcat"}


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


def test_a_photo_finds_photos(look, query, flickr):
    look.open(photos=110)
    look.search(query)
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
def test_shared_queries_find_photos_of_their_kind(look, shared_queries, flickr, query_name, alike):
    look.open(photos=110, seed=3)
    look.search(shared_queries / query_name)
    ids = [re.search(r"/(\d+)$", href)[1] for href in look.pages()][:10]
    tags = [set(flickr.photo_of(id_).tags) for id_ in ids]
    assert sum(bool(found & alike) for found in tags) >= 5, tags


def test_a_photo_can_be_chosen_before_the_engine_is_ready(look, query):
    look.open(photos=12)
    look.choose(query)  # the engine has hardly begun to load
    look.wait_until_done()
    expect(look.items.first).to_be_visible()


def test_without_a_key_the_page_asks_for_one_and_then_searches(look, query, flickr):
    look.open(key=None, photos=12, sources=["flickr"])
    expect(look.key_field).to_be_visible()
    look.choose(query)
    assert look.alert.count() == 0
    assert not flickr.requests()
    look.key_field.fill("0123456789abcdef0123456789abcdef")
    look.key_field.press("Enter")
    look.wait_until_done()
    expect(look.items.first).to_be_visible()


def test_a_search_follows_another_without_a_reload(look, query, flickr):
    look.open(photos=20)
    look.search(query)
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


def test_the_same_seed_asks_the_same_in_another_visit(browser, site, query, flickr):
    asked = []
    for latency in (0.02, 0.05):
        with opened(browser, site) as look:
            look.open(photos=40, seed=7)
            flickr.call_latency, flickr.image_latency = latency, 0.02
            look.search(query)
            # Those asked at once may arrive in any order.
            asked.append(sorted(request.query["text"] for request in flickr.requests("api")))
        flickr.forget()
    assert asked[0] == asked[1]


def settled_count(look):
    """How many results there are, once none has been added for half a second."""
    count = -1
    while count != look.items.count():
        count = look.items.count()
        look.page.wait_for_timeout(500)
    return count


def test_cancel_keeps_what_was_found(look, query, flickr):
    look.open(photos=500, calls=400)
    flickr.call_latency = 0.2
    look.choose(query)
    expect(look.items.nth(3)).to_be_visible(timeout=START_UP)
    look.button("Cancel").click()
    expect(look.status).to_contain_text("Cancelled", timeout=2_000)
    found = settled_count(look)  # what had been scored is still drawn
    assert found > 3
    asked = len(flickr.requests("api"))
    look.page.wait_for_timeout(1_000)
    assert len(flickr.requests("api")) == asked
    assert look.items.count() == found


def test_cancel_acts_while_flickr_does_not_answer(look, query, flickr):
    look.open()
    flickr.fail("hang", seconds=60)
    look.choose(query)
    look.page.wait_for_timeout(500)
    expect(look.button("Cancel")).to_be_enabled(timeout=START_UP)
    look.button("Cancel").click()
    expect(look.status).to_contain_text("Cancelled", timeout=3_000)


def test_a_photo_can_be_pasted(look, query):
    look.open(photos=12)
    look.page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "pasted.jpg", { type: "image/jpeg" }));
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
            document.body.dispatchEvent(event);
        }""",
        list(query[1]),
    )
    look.wait_until_done()


def test_the_page_works_by_keyboard_alone(look, query):
    look.open(key=None, photos=12, sources=["flickr"])
    look.key_field.focus()
    look.page.keyboard.type("0123456789abcdef0123456789abcdef")
    look.page.keyboard.press("Enter")
    with look.page.expect_file_chooser() as chooser:
        look.page.get_by_label("Drop a photo here").focus()
        look.page.keyboard.press("Enter")
    chooser.value.set_files({"name": query[0], "mimeType": "image/jpeg", "buffer": query[1]})
    look.wait_until_done()
