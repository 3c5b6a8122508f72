"""The first screen beside a search that goes on, or has ended, with the engine of fake_engine."""

from desk import QUERY
from playwright.sync_api import expect

UNDER_WAY = 41
"""The seed at which a search stays under way."""


def go_home(page):
    page.locator("#home").click()
    expect(page.locator("#landing")).to_be_visible()
    page.locator("h1").first.click()


def test_keys_of_a_search_do_nothing_to_one_that_is_not_on_show(desk):
    page = desk.page
    desk.open(photos=12, seed=UNDER_WAY)
    desk.look.choose(QUERY)
    expect(desk.look.items).not_to_have_count(0)
    go_home(page)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.go_back()
    desk.look.button("Cancel").click()
    expect(desk.look.status).to_contain_text("Cancelled")
    assert len(desk.told("cancel")) == 1
    go_home(page)
    page.keyboard.press("s")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    expect(page.locator("#landing")).to_be_visible()
    assert len(desk.told("search")) == 1


def test_a_refused_file_is_not_followed_by_how_an_earlier_search_ended(desk):
    desk.search(photos=12)
    go_home(desk.page)
    desk.look.choose(("broken.jpg", b"\xff\xd8\xffbroken"))
    expect(desk.look.alert).to_contain_text("broken or incomplete")
    expect(desk.look.status).not_to_contain_text("Done")
