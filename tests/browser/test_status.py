"""What the bar says of a search, at any width; the engine is the fake one of fake_engine.js."""

from playwright.sync_api import expect

WHOLE = "Done: 40 photos compared in 1 s. That is as many as Settings allow."
CUT = "(line) => line.scrollWidth > line.clientWidth || line.scrollHeight > line.clientHeight + 2"


def test_nothing_that_is_said_is_cut_off(desk):
    page, look = desk.page, desk.look
    desk.search(photos=40)
    brief = page.locator("#status-brief")
    for width in (320, 390, 768, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        expect(brief).to_be_visible()
        expect(brief).to_have_text("Done: 40 photos")
        assert not brief.evaluate(CUT), width
        # Screen readers have the sentence.
        expect(look.status).to_have_text(WHOLE)
    expect(page.locator("#details-said")).to_have_text(WHOLE)
    page.set_viewport_size({"width": 1920, "height": 1080})
    expect(brief).to_be_hidden()
    assert not look.status.evaluate(CUT)
    # Beside the editor the sentence has no room.
    desk.begin()
    expect(brief).to_be_visible()
    assert not brief.evaluate(CUT)
