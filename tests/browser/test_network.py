"""The network that describes photos, chosen in the settings."""

import re

import pytest
from conftest import START_UP
from own_photos import OwnPhotos
from playwright.sync_api import expect
from test_share import link

pytestmark = pytest.mark.real_network

FIRST, OTHER = "MobileNetV2", "EfficientNet-Lite0"

PUT = """
(database) => Promise.all(["mobilenet_v2", "efficientnet_lite0"].map((name) =>
  fetch(`models/${name}.json`).then((file) => file.json()))).then((models) => {
  const writing = database.transaction("collections", "readwrite");
  for (const { name, sha256, title } of models) {
    writing.objectStore("collections").put({ id: name, name: `By ${title.split(/[ ,]/)[0]}`,
      created: 1, expires: null, count: 3, model: { name, hash: sha256 }, measure: "", bytes: 9,
      pending: 0 });
  }
  return new Promise((resolve) => (writing.oncomplete = () => resolve(true)));
})
"""
"""Puts a collection of each network into the browser, as if it had been made here."""


def radio(page, title):
    return page.get_by_role("radio", name=re.compile(f"^{title}"))


@pytest.fixture
def started(desk):
    """The names of the networks that engines were started with."""
    return lambda: [message["model"] for message in desk.told("start")]


def choose(desk, title):
    switch(desk.look, title)


def test_the_settings_name_each_network_with_what_it_costs(desk):
    desk.search(photos=3)
    desk.look.button("Settings").click()
    page = desk.page
    expect(page.get_by_role("group", name="The network that describes photos")).to_be_visible()
    expect(radio(page, FIRST)).to_be_checked()
    expect(radio(page, FIRST)).to_have_accessible_description(re.compile(r"3\.7 MB, which come"))
    expect(radio(page, OTHER)).not_to_be_checked()
    expect(radio(page, OTHER)).to_have_accessible_description(re.compile(r"5\.0 MB more to down"))


def test_another_network_starts_another_engine_and_what_was_found_is_ranked_again(desk, started):
    desk.search(photos=12)
    choose(desk, OTHER)
    expect(desk.page.locator("#status")).to_contain_text("Done")
    desk.until_told("try-scorer")
    assert started() == ["mobilenet_v2", "efficientnet_lite0"]
    [restored] = desk.until_told("restore")
    assert len(restored["results"]) == 12
    [scorer] = desk.told("try-scorer")
    assert "async def get_feature" in scorer["code"]
    expect(desk.look.items).to_have_count(12)
    desk.look.button("Settings").click()
    expect(radio(desk.page, OTHER)).to_be_checked()


def test_collections_of_the_network_in_charge_can_be_searched_and_no_others(desk):
    desk.open(key=None, sources=["openverse"])
    own = OwnPhotos(desk.look).open()
    expect(own.button("Choose a folder")).to_be_visible()
    assert own.kept(PUT)
    desk.page.reload()
    own.open()
    for chosen, other in [(FIRST, OTHER), (OTHER, FIRST)]:
        expect(own.card(f"By {chosen}")).to_contain_text(f"3 photos, 0 kB · {chosen}")
        expect(searched(own, chosen)).to_be_visible()
        expect(searched(own, other)).to_be_hidden()
        expect(own.card(f"By {other}")).to_contain_text(f"made with another network ({other})")
        own.close()
        if chosen == FIRST:
            choose(desk, OTHER)
            desk.until_told("start", 2)
            own.open()


def searched(own, network):
    return own.card(f"By {network}").get_by_role("button", name="Search these")


def test_how_a_search_has_ended_stays_said_where_an_engine_fails_after_it(desk, started):
    desk.look.expect_errors("ERR_FAILED", "Failed to load resource")
    desk.search(photos=12)
    desk.page.route("**/models/efficientnet_lite0.json", lambda route: route.abort())
    choose(desk, OTHER)
    alert = desk.look.alert.filter(has_text="could not be fetched")
    expect(alert).to_be_visible()
    expect(desk.look.status).to_contain_text("Done: 12 photos compared")
    desk.page.unroute("**/models/efficientnet_lite0.json")
    alert.get_by_role("button", name="Try again").click()
    desk.until_told("try-scorer")
    expect(desk.look.status).to_contain_text("Done: 12 photos compared")


def test_the_scorer_in_charge_stays_in_charge(desk):
    desk.search(photos=12).begin()
    desk.run("# backwards\n")
    desk.expect_order(11, 10)
    choose(desk, OTHER)
    desk.until_told("restore", 1)
    expect(desk.said).to_contain_text("12 photos ranked again")
    assert {sent["code"] for sent in desk.told("try-scorer")} == {"# backwards\n"}
    desk.expect_order(11, 10)


def test_the_choice_outlives_the_visit_and_a_reset_takes_it_back(desk, started):
    desk.search(photos=3)
    choose(desk, OTHER)
    desk.until_told("start", 2)
    desk.page.reload()
    desk.look.button("Settings").click()
    expect(radio(desk.page, OTHER)).to_be_checked()
    assert started() == ["efficientnet_lite0"]
    desk.look.button("Reset to defaults").click()
    expect(radio(desk.page, FIRST)).to_be_checked()
    assert started() == ["efficientnet_lite0", "mobilenet_v2"]


def test_a_network_that_is_gone_gives_way_to_the_default(desk, started):
    desk.search(photos=3)
    desk.page.evaluate("localStorage['lookalike.model'] = 'gone'")
    desk.page.reload()
    expect(desk.page.get_by_text("Ready in")).to_be_attached()
    assert started() == ["mobilenet_v2"]
    desk.look.button("Settings").click()
    expect(radio(desk.page, FIRST)).to_be_checked()


def test_a_search_under_way_ends_and_what_it_found_stays(desk, started):
    page = desk.page
    page.route("**/js/engine/worker.js", slowed)
    desk.search(photos=3)
    desk.look.button("Search again").click()
    choose(desk, OTHER)
    expect(desk.look.status).to_contain_text(re.compile("Cancelled|Done"))
    desk.until_told("start", 2)
    desk.look.button("Search again").click()
    desk.look.wait_until_done()


def slowed(route):
    """Let the fake engine say of a second search only that it has begun."""
    text = route.fetch().text()
    slow = "  if (search === 2) return;\n  seen.clear();"
    route.fulfill(body=text.replace("  seen.clear();", slow, 1), content_type="text/javascript")


@pytest.mark.parametrize(
    ("name", "expected"), [("efficientnet_lite0", "efficientnet_lite0"), ("resnet", "mobilenet_v2")]
)
def test_a_link_may_bring_a_network_that_the_site_has(desk, started, name, expected):
    desk.open(at=link(model=name))
    dialog = desk.page.get_by_role("dialog", name="This link brings a score function")
    expect(dialog.get_by_role("listitem").last).to_have_text(f"Network: {name}")
    expect(desk.page.get_by_text("Ready in")).to_be_attached()
    dialog.get_by_role("button", name="Run this code").click()
    expect(desk.said).to_contain_text("“Theirs” is in charge")
    desk.look.button("Settings").click()
    title = OTHER if expected != "mobilenet_v2" else FIRST
    expect(radio(desk.page, title)).to_be_checked()
    assert started()[-1] == expected


def test_a_link_with_nonsense_for_a_network_is_a_link_without_one(desk):
    desk.open(at=link(photos=33, model="../../evil"))
    dialog = desk.page.get_by_role("dialog", name="This link brings a score function")
    expect(dialog.get_by_role("listitem").last).to_have_text("Photos to look at: 33")


def test_the_file_is_downloaded_only_when_it_is_chosen_and_searches_go_on(look, query):
    fetched = []
    look.page.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[-1]))
    look.open(photos=8, calls=10)
    look.search(query)
    expect(look.items).to_have_count(8)
    assert "mobilenet_v2.onnx" in fetched
    assert not [name for name in fetched if "efficientnet" in name]
    before = scores(look)
    switch(look, OTHER)
    # The photos that were found are looked at again, by the other network.
    expect(look.items.first.locator(".score")).not_to_have_text(before[0], timeout=START_UP)
    assert {"efficientnet_lite0.onnx", "efficientnet_lite0.json"} <= set(fetched)
    expect(look.items).to_have_count(8)
    look.forget()
    look.button("Search again").click()
    look.wait_until_done()
    expect(look.items).to_have_count(8)
    found = scores(look)
    switch(look, FIRST)
    expect(look.items.first.locator(".score")).not_to_have_text(found[0], timeout=START_UP)
    expect(look.items).to_have_count(8)


def switch(look, title):
    look.button("Settings").click()
    radio(look.page, title).check()
    look.page.keyboard.press("Escape")


def scores(look):
    return look.items.locator(".score").all_inner_texts()
