"""Results that are liked or not."""

from conftest import START_UP
from playwright.sync_api import expect


def marks(desk):
    return [(sent["photo"], sent["mark"]) for sent in desk.told("mark")]


def test_a_result_is_liked_or_not_or_neither(desk):
    desk.search(photos=6)
    # Wherever it goes: the engine of these tests puts what was marked first.
    card = desk.look.items.filter(has=desk.page.locator("a[href$='/2']"))
    like = card.get_by_role("button", name="Like", exact=True)
    less = card.get_by_role("button", name="Less like this")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    less.focus()
    desk.page.keyboard.press("Enter")
    expect(less).to_have_attribute("aria-pressed", "true")
    expect(like).to_have_attribute("aria-pressed", "false")
    expect(less).to_be_focused()
    less.press("Enter")
    expect(less).to_have_attribute("aria-pressed", "false")
    assert marks(desk) == [("2", "liked"), ("2", "disliked"), ("2", "none")]
    # Nothing moves while the keyboard is at the photos, until the person asks for it.
    desk.page.mouse.move(0, 0)
    desk.look.button("Show the new order").click()
    desk.expect_order(2, 0, 1)


def test_a_new_engine_is_told_of_them(desk):
    desk.search(photos=6)
    like = desk.look.items.nth(1).get_by_role("button", name="Like", exact=True)
    like.click()
    desk.begin()
    desk.run("while True: pass")
    expect(desk.said).to_contain_text("did not return in time", timeout=8_000)
    expect(desk.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    (restored,) = desk.until_told("restore")
    assert ["1", "cat", "liked"] in restored["results"]


def test_undo_of_the_last_like_leaves_the_person_at_the_photos(desk):
    desk.search(photos=6)
    desk.page.mouse.move(0, 0)
    desk.look.items.nth(1).locator(".card-link").focus()
    desk.page.keyboard.press("l")
    undo = desk.page.locator("#marked-undo")
    undo.focus()
    desk.page.keyboard.press("Enter")
    expect(undo).to_be_hidden()
    expect(desk.look.results).to_be_focused()
