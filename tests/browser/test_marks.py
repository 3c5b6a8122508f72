"""Results that are liked or not."""

from conftest import START_UP
from playwright.sync_api import expect


def marks(measuring):
    return [(sent["photo"], sent["mark"]) for sent in measuring.told("mark")]


def test_a_result_is_liked_or_not_or_neither(measuring):
    measuring.search(photos=6)
    # Wherever it goes: the engine of these tests puts what was marked first.
    card = measuring.look.items.filter(has=measuring.page.locator("a[href$='/2']"))
    like = card.get_by_role("button", name="Like", exact=True)
    less = card.get_by_role("button", name="Less like this")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    less.focus()
    measuring.page.keyboard.press("Enter")
    expect(less).to_have_attribute("aria-pressed", "true")
    expect(like).to_have_attribute("aria-pressed", "false")
    expect(less).to_be_focused()
    less.press("Enter")
    expect(less).to_have_attribute("aria-pressed", "false")
    assert marks(measuring) == [("2", "liked"), ("2", "disliked"), ("2", "none")]
    # Nothing moves while the keyboard is at the photos, until the person asks for it.
    measuring.page.mouse.move(0, 0)
    measuring.look.button("Show the new order").click()
    measuring.expect_order(2, 0, 1)


def test_a_new_engine_is_told_of_them(measuring):
    measuring.search(photos=6)
    like = measuring.look.items.nth(1).get_by_role("button", name="Like", exact=True)
    like.click()
    measuring.begin()
    measuring.run("while True: pass")
    expect(measuring.said).to_contain_text("did not return in time", timeout=8_000)
    expect(measuring.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    measuring.page.wait_for_timeout(500)
    (restored,) = measuring.told("restore")
    assert ["1", "cat", "liked"] in restored["results"]
