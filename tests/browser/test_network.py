"""The network that describes photos, chosen in the settings."""

import re

import pytest
from conftest import START_UP
from playwright.sync_api import expect
from test_share import link

FIRST, OTHER = "MobileNetV2", "EfficientNet-Lite0"


def radio(page, title):
    return page.get_by_role("radio", name=re.compile(f"^{title}"))


@pytest.fixture
def started(measuring):
    """The names of the networks that engines were started with."""
    return lambda: [message["model"] for message in measuring.told("start")]


def choose(measuring, title):
    switch(measuring.look, title)


def test_the_settings_name_each_network_with_what_it_costs(measuring):
    measuring.search(photos=3)
    measuring.look.button("Settings").click()
    page = measuring.page
    expect(page.get_by_role("group", name="The network that describes photos")).to_be_visible()
    expect(radio(page, FIRST)).to_be_checked()
    expect(radio(page, FIRST)).to_have_accessible_description(re.compile(r"3\.7 MB, which come"))
    expect(radio(page, OTHER)).not_to_be_checked()
    expect(radio(page, OTHER)).to_have_accessible_description(re.compile(r"5\.0 MB more to down"))


def test_another_network_starts_another_engine_and_what_was_found_is_ranked_anew(
    measuring, started
):
    measuring.search(photos=12)
    choose(measuring, OTHER)
    expect(measuring.page.locator("#status")).to_contain_text("Done")
    measuring.until_told("measure")
    assert started() == ["mobilenet_v2", "efficientnet_lite0"]
    [restored] = measuring.until_told("restore")
    assert len(restored["results"]) == 12
    [measure] = measuring.told("measure")
    assert "async def get_feature" in measure["code"]
    expect(measuring.look.items).to_have_count(12)
    measuring.look.button("Settings").click()
    expect(radio(measuring.page, OTHER)).to_be_checked()


def test_the_measure_in_charge_stays_in_charge(measuring):
    measuring.search(photos=12).begin()
    measuring.run("# backwards\n")
    measuring.expect_order(11, 10)
    choose(measuring, OTHER)
    measuring.until_told("restore", 1)
    expect(measuring.said).to_contain_text("12 photos ranked anew")
    assert {sent["code"] for sent in measuring.told("measure")} == {"# backwards\n"}
    measuring.expect_order(11, 10)


def test_the_choice_outlives_the_visit_and_a_reset_takes_it_back(measuring, started):
    measuring.search(photos=3)
    choose(measuring, OTHER)
    measuring.until_told("start", 2)
    measuring.page.reload()
    measuring.look.button("Settings").click()
    expect(radio(measuring.page, OTHER)).to_be_checked()
    assert started() == ["efficientnet_lite0"]
    measuring.look.button("Reset to defaults").click()
    expect(radio(measuring.page, FIRST)).to_be_checked()
    assert started() == ["efficientnet_lite0", "mobilenet_v2"]


def test_a_network_that_is_gone_gives_way_to_the_default(measuring, started):
    measuring.search(photos=3)
    measuring.page.evaluate("localStorage['lookalike.model'] = 'gone'")
    measuring.page.reload()
    expect(measuring.page.get_by_text("Ready in")).to_be_attached()
    assert started() == ["mobilenet_v2"]
    measuring.look.button("Settings").click()
    expect(radio(measuring.page, FIRST)).to_be_checked()


def test_a_search_under_way_ends_and_what_it_found_stays(measuring, started):
    page = measuring.page
    page.route("**/js/engine/worker.js", slowed)
    measuring.search(photos=3)
    measuring.look.button("Search again").click()
    choose(measuring, OTHER)
    expect(measuring.look.status).to_contain_text(re.compile("Cancelled|Done"))
    measuring.until_told("start", 2)
    measuring.look.button("Search again").click()
    measuring.look.wait_until_done()


def slowed(route):
    """Let the fake engine say of a second search only that it has begun."""
    text = route.fetch().text()
    slow = "  if (search === 2) return;\n  seen.clear();"
    route.fulfill(body=text.replace("  seen.clear();", slow, 1), content_type="text/javascript")


@pytest.mark.parametrize(
    ("name", "expected"), [("efficientnet_lite0", "efficientnet_lite0"), ("resnet", "mobilenet_v2")]
)
def test_a_link_may_bring_a_network_that_the_site_has(measuring, started, name, expected):
    measuring.open(at=link(model=name))
    dialog = measuring.page.get_by_role("dialog", name="This link brings a measure")
    expect(dialog.get_by_role("listitem").last).to_have_text(f"Network: {name}")
    expect(measuring.page.get_by_text("Ready in")).to_be_attached()
    dialog.get_by_role("button", name="Run this code").click()
    expect(measuring.said).to_contain_text("“Theirs” is in charge")
    measuring.look.button("Settings").click()
    title = OTHER if expected != "mobilenet_v2" else FIRST
    expect(radio(measuring.page, title)).to_be_checked()
    assert started()[-1] == expected


def test_a_link_with_nonsense_for_a_network_is_a_link_without_one(measuring):
    measuring.open(at=link(photos=33, model="../../evil"))
    dialog = measuring.page.get_by_role("dialog", name="This link brings a measure")
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
    # The photos that were found are looked at anew, by the other network.
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
