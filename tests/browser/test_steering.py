"""A person overrules the policy while a search runs."""

import re

import pytest
from conftest import START_UP, wait_until
from playwright.sync_api import expect

from lookalike.policies import DEFAULT


def first_tag(look, label):
    """The button of that label in the first row of tags, and its tag."""
    button = look.page.get_by_role("button", name=re.compile(f"^{label} ")).first
    expect(button).to_be_visible(timeout=START_UP)
    return button.get_attribute("aria-label").removeprefix(f"{label} ")


def press(look, label, tag):
    button = look.button(f"{label} {tag}")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def pin_another(look, banned):
    """Pin a tag as a person does: the pointer is there first, and keeps the rows from moving."""
    look.page.locator("#tags").hover()
    name = re.compile(f"^Ask more about (?!{re.escape(banned)}$)")
    button = look.page.get_by_role("button", name=name).nth(2)
    tag = button.get_attribute("aria-label").removeprefix("Ask more about ")
    press(look, "Ask more about", tag)
    return tag


def heard(flickr):
    """Wait until the engine has heard of what was pressed, and what it had asked is answered.

    It hears of it between two of its decisions, on a busy machine some calls later.
    """
    calls = len(flickr.requests("api"))
    wait_until(lambda: len(flickr.requests("api")) >= calls + 10)
    asked = [request for request in flickr.requests() if request.ended is None]
    wait_until(lambda: all(request.ended is not None for request in asked))


@pytest.mark.parametrize("policy", [DEFAULT, "greedy"])
def test_a_banned_tag_is_never_asked_and_a_pinned_one_is(look, query, flickr, policy):
    look.open(photos=400, calls=200, seed=5, policy=policy)
    flickr.call_latency = 0.4
    look.choose(query)
    banned = first_tag(look, "Never ask")
    press(look, "Never ask", banned)
    heard(flickr)
    flickr.forget()
    pinned = pin_another(look, banned)

    def asked_on():
        asked = [request.query["text"] for request in flickr.requests("api")]
        return pinned in asked and len(asked) > 30

    wait_until(asked_on)
    look.button("Cancel").click()
    expect(look.status).to_contain_text("Cancelled", timeout=5_000)
    asked = [request.query["text"] for request in flickr.requests("api")]
    assert pinned in asked
    assert banned not in asked
    seen = {request.path.split("/")[-1].split("_")[0] for request in flickr.requests("image")}
    with_banned = [id_ for id_ in seen if banned in flickr.photo_of(id_).tags]
    assert with_banned == []


def test_what_is_steered_after_the_end_counts_when_the_search_goes_on(look, query, flickr):
    look.open(photos=30, calls=10, seed=5)
    look.search(query)
    banned = first_tag(look, "Never ask")
    press(look, "Never ask", banned)
    asked = {request.query["text"] for request in flickr.requests("api")}
    pinned = pin_another(look, banned)
    flickr.forget()
    look.button("Keep looking").click()
    expect(look.status).to_contain_text("60 photos compared in", timeout=START_UP)
    later = [request.query["text"] for request in flickr.requests("api")]
    assert pinned in later, asked
    assert banned not in later
    seen = {request.path.split("/")[-1].split("_")[0] for request in flickr.requests("image")}
    assert [id_ for id_ in seen if banned in flickr.photo_of(id_).tags] == []


def test_what_was_banned_is_not_asked_by_the_next_search_from_its_beginning(look, query, flickr):
    look.open(photos=30, calls=10, seed=5)
    look.search(query)
    first = [request.query["text"] for request in flickr.requests("api")][:3]
    for tag in first:
        look.page.locator("#chips li", has_text=tag).get_by_role("button", name="Without").click()
    look.forget_found()
    flickr.forget()
    look.forget()
    look.button("Search again").click()
    look.wait_until_done()
    asked = [request.query["text"] for request in flickr.requests("api")]
    assert asked
    assert not set(first) & set(asked)
