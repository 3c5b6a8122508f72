"""The policies in the page: chosen in the settings, and explaining what they do."""

import re

import pytest
from conftest import ROOT, borrowed, opened
from playwright.sync_api import expect

from lookalike.policies import DEFAULT, POLICIES


@pytest.fixture(scope="module")
def visit(browser, site, flickr_server, query):
    """One page for all of them, on which a search is done."""
    flickr_server.clear()
    flickr_server.forget()
    with opened(browser, site) as look:
        look.open(photos=10, calls=12)
        look.search(query)
        yield look


@pytest.fixture
def look(visit, flickr):
    with borrowed(visit):
        yield visit


def test_the_settings_offer_every_policy_with_a_line_on_each(look):
    look.open_numbers()
    policies = look.page.get_by_role("group", name="How it decides what to ask and look at")
    chosen = policies.get_by_role("radio", checked=True)
    expect(chosen).to_have_accessible_name(POLICIES[DEFAULT].title)
    for entry in POLICIES.values():
        radio = look.page.get_by_role("radio", name=entry.title, exact=True)
        expect(radio).to_have_accessible_description(entry.description)
    look.page.keyboard.press("Escape")


@pytest.mark.parametrize("name", [DEFAULT, "linucb", "random_query"])
def test_a_search_by_each_policy_says_what_it_estimates_and_left_out(look, name):
    look.forget_found()
    look.open_numbers()
    look.page.get_by_role("radio", name=POLICIES[name].title, exact=True).check()
    look.page.keyboard.press("Escape")
    look.forget()
    look.button("Search again").click()
    look.wait_until_done()
    expect(look.items.first).to_be_visible()
    expect(look.page.get_by_text(f"Policy: {POLICIES[name].title}.")).to_be_visible()
    table = look.page.get_by_role("table", name=POLICIES[name].estimate)
    scores = table.get_by_role("row").locator(".mean").all_inner_texts()
    assert bool(scores) == (name != "random_query")
    assert all("±" in score for score in scores)
    unseen = look.page.get_by_role("region", name=re.compile("^Not looked at: "))
    expect(unseen.get_by_role("listitem").first).to_have_text(re.compile(r"^[\d,]+ × .+\."))


def test_a_fork_offers_a_policy_of_its_own(fork, query):
    """The one of docs/policies.md."""
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/policies.md").read_text(), re.DOTALL)
    code = code.replace("from lookalike.policies import POLICIES, Entry\n", "")
    registry = (ROOT / "py/lookalike/policies/__init__.py").read_text()
    fork.site.edit_python("lookalike/policies/__init__.py", f"{registry}\n\n{code}")
    fork.open(photos=10, calls=12)
    fork.search(query)
    fork.open_numbers()
    fork.page.get_by_role("radio", name="Best tags", exact=True).check()
    fork.page.keyboard.press("Escape")
    fork.forget()
    fork.button("Search again").click()
    fork.wait_until_done()
    expect(fork.items.first).to_be_visible()
    expect(fork.page.get_by_text("Policy: Best tags.")).to_be_visible()
