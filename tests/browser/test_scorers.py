"""Each scorer of py/scorers, opened from the menu and run by the real engine."""

import json
import re
from collections import Counter

import pytest
from conftest import ROOT, START_UP, borrowed
from desk import desk_page
from playwright.sync_api import expect

TITLES = {
    path.name: path.read_text().split('"""')[1].split("\n")[0].rstrip(".")
    for path in sorted((ROOT / "py/scorers").glob("*.py"))
}
PHOTOS = 20


@pytest.fixture(scope="module")
def visit(browser, site, flickr_server, query):
    """One page for all of them, on which a search is done."""
    flickr_server.clear()
    flickr_server.forget()
    with desk_page(browser, site) as desk:
        desk.open(photos=PHOTOS, seed=1)
        desk.look.search(query)
        desk.begin()
        yield desk


@pytest.fixture
def desk(visit, flickr):
    with borrowed(visit.look):
        yield visit
        assert visit.look.alert.count() == 0


def run(desk, file):
    """Open a scorer from the menu, and run it on what was found."""
    desk.menu("Start from")
    desk.panel.get_by_role("button", name=re.compile(f"^{re.escape(TITLES[file])}")).click()
    expect(desk.said).to_contain_text(f"Opened “{TITLES[file]}”")
    desk.button("Run").click()
    expect(desk.said).to_contain_text(f"ranked again by “{TITLES[file]}”", timeout=START_UP)


def again(desk):
    """Search once more, by the scorer in charge."""
    desk.look.forget()
    desk.look.button("Search again").click()
    desk.look.wait_until_done()


def mark(desk, place, name):
    """Mark a result, by its place among those without a mark; wait until it is ranked again."""
    before = desk.page.evaluate("performance.getEntriesByName('rescored').length")
    # A card with a mark, which may now be the best, shows its other buttons only when pointed at.
    unmarked = desk.page.locator("#results > li:not([data-mark=liked], [data-mark=disliked])")
    unmarked.nth(place).get_by_role("button", name=name, exact=True).click()
    desk.page.wait_for_function(
        "(before) => performance.getEntriesByName('rescored').length > before", arg=before
    )


def records(desk):
    """Give all results, best first, as they are exported."""
    with desk.page.expect_download() as download:
        desk.page.locator("#export-results summary").click()
        desk.page.get_by_role("button", name="JSON").click()
    found = json.loads(download.value.path().read_text())
    assert len(found) >= PHOTOS // 2
    return found


def order(desk):
    return [record["page"] for record in records(desk)]


def assert_best_first(desk, scorer):
    found = records(desk)
    scores = [record["score"] for record in found]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > len(scores) // 2
    assert {record["scorer"] for record in found} == {TITLES[scorer]}


@pytest.mark.parametrize("file", [file for file in TITLES if file not in ("fair.py", "neuron.py")])
def test_what_was_found_is_ranked_again_and_a_search_goes_by_it(desk, file):
    run(desk, file)
    assert_best_first(desk, file)
    again(desk)
    assert_best_first(desk, file)


def test_a_part_finds_the_part(desk):
    run(desk, "part.py")
    desk.look.button("Part of it, or more photos").click()
    dialog = desk.page.get_by_role("dialog", name="What to search from")
    dialog.get_by_role("slider", name="Right").fill("60")
    desk.look.forget()
    dialog.get_by_role("button", name="Search from these").click()
    desk.look.wait_until_done()
    assert_best_first(desk, "part.py")
    # The same photo, all of it, is not ranked the same.
    parted = order(desk)
    desk.look.button("Part of it, or more photos").click()
    dialog.get_by_role("button", name="Whole photo").click()
    desk.look.forget()
    dialog.get_by_role("button", name="Search from these").click()
    desk.look.wait_until_done()
    assert order(desk) != parted


@pytest.mark.parametrize("file", ["taste.py", "this_not_that.py"])
def test_marks_change_the_order(desk, file):
    run(desk, file)
    before = order(desk)
    mark(desk, 9, "Like")
    mark(desk, 0, "Less like this")
    after = order(desk)
    assert sorted(after) == sorted(before)
    assert after != before
    assert_best_first(desk, file)
    (disliked,) = [each["page"] for each in records(desk) if each["mark"] == "disliked"]
    assert after.index(disliked) > before.index(disliked)
    again(desk)


def test_no_owner_has_two_results_before_every_other_has_one(desk):
    def assert_fair():
        owners = [record["page"].split("/")[-2] for record in records(desk)]
        count = len(set(owners))
        assert 1 < count < len(owners)
        assert set(Counter(owners[:count]).values()) == {1}

    desk.look.set_numbers(photos=200)  # of so many, some are of one owner
    again(desk)
    run(desk, "fair.py")
    assert_fair()
    again(desk)
    assert_fair()


def test_a_neuron_needs_no_photo(desk):
    run(desk, "neuron.py")
    assert_best_first(desk, "neuron.py")
    desk.look.forget()
    desk.button("Search without a photo").click()
    desk.look.wait_until_done()
    assert_best_first(desk, "neuron.py")
    expect(desk.page.locator("#guesses")).to_contain_text("lynx")
    expect(desk.page.locator("#query-image")).to_be_hidden()
    again(desk)
    # A scorer that compares with a photo says that there is none, and does not take over.
    desk.menu("Start from")
    desk.panel.get_by_role("button", name=re.compile("^What is in it")).click()
    expect(desk.said).to_contain_text("Opened “What is in it”")
    desk.button("Run").click()
    expect(desk.said).to_contain_text("has no photo that this score function could compare with")
    assert_best_first(desk, "neuron.py")
    desk.page.get_by_role("navigation", name="Earlier searches").get_by_role(
        "button", name=re.compile("query.jpg")
    ).first.click()
    run(desk, "avg_pool.py")
    assert_best_first(desk, "avg_pool.py")
