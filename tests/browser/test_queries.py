"""A part of the query photo, and several photos with weights."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def choosing(desk, query):
    """The dialog, opened after a search."""
    desk.open(photos=5)
    desk.look.search(query)
    desk.look.button("Part of it, or more photos").click()
    return desk.page.get_by_role("dialog", name="What to search from")


def sent(desk):
    """The weights and crops of the last search."""
    expect(desk.page.get_by_role("dialog")).to_be_hidden()
    desk.look.wait_until_done()
    found = desk.told("search")
    assert len(found) == 2
    return [(weight, crop) for _, weight, crop in found[-1]["queries"]]


def test_a_part_is_chosen_by_keyboard(desk, choosing):
    left = choosing.get_by_role("slider", name="Left")
    left.focus()
    for _ in range(20):
        desk.page.keyboard.press("ArrowRight")
    choosing.get_by_role("slider", name="Bottom").fill("60")
    choosing.get_by_role("slider", name="Right").fill("3")  # stops short of the left edge
    choosing.get_by_role("button", name="Search from these").click()
    ((weight, crop),) = sent(desk)
    assert weight == 1
    assert crop == pytest.approx([0.2, 0, 0.05, 0.6])
    expect(desk.page.get_by_text("query.jpg, in part")).to_be_visible()


def test_a_part_is_drawn_with_a_pointer_and_the_whole_comes_back(desk, choosing):
    image = choosing.get_by_role("img", name="query.jpg")
    box = image.bounding_box()

    def draw():
        desk.page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
        desk.page.mouse.down()
        desk.page.mouse.move(box["x"] + box["width"] * 3 / 4, box["y"] + box["height"] + 50)
        desk.page.mouse.up()

    draw()
    whole = choosing.get_by_role("button", name="Whole photo")
    whole.click()
    expect(choosing.get_by_role("slider", name="Left")).to_have_value("0")
    draw()
    choosing.get_by_role("button", name="Search from these").click()
    ((_, crop),) = sent(desk)
    assert crop == pytest.approx([0.25, 0.5, 0.5, 0.5], abs=0.02)


def test_several_photos_each_with_a_weight_are_searched_again_too(desk, choosing, query):
    photos = [
        {"name": name, "mimeType": "", "buffer": query[1]} for name in ("not.jpg", "gone.jpg")
    ]
    choosing.locator("input[type=file]").set_input_files(photos)
    row = choosing.get_by_role("listitem", name="not.jpg")
    row.get_by_role("textbox", name="Weight").fill("-0,5")
    choosing.get_by_role("listitem", name="gone.jpg").get_by_role("button", name="Remove").click()
    choosing.get_by_role("button", name="Search from these").click()
    assert sent(desk) == [(1, None), (-0.5, None)]
    expect(desk.page.get_by_text("query.jpg + not.jpg, × \u22120.5")).to_be_visible()
    desk.look.button("Part of it, or more photos").click()
    expect(choosing.get_by_role("listitem", name="not.jpg")).to_be_visible()
    desk.page.keyboard.press("Escape")
    desk.look.forget()
    desk.look.button("Search again").click()
    desk.look.wait_until_done()
    assert [weight for _, weight, _ in desk.told("search")[-1]["queries"]] == [1, -0.5]
