"""What a page offers to fingers; the engine is the fake one of fake_engine.js."""

from desk import QUERY, desk_page
from playwright.sync_api import expect
from test_accessibility import violations

PHONE = {"is_mobile": True, "has_touch": True}


def test_a_phone_offers_its_camera_and_a_desk_does_not(browser, desk_site):
    with desk_page(browser, desk_site, **PHONE) as desk:
        page = desk.page
        page.set_viewport_size({"width": 390, "height": 844})
        desk.open(key=None, photos=3)
        expect(page.get_by_label("Choose a photo")).to_be_visible()
        camera = page.get_by_label("Take a photo")
        expect(camera).to_have_attribute("capture", "environment")
        assert violations(desk.look) == []
        with page.expect_file_chooser() as chooser:
            camera.tap()
        name, data = QUERY
        chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": data})
        expect(desk.look.items).to_have_count(3)
        desk.look.tools()
        expect(camera).to_be_visible()
        expect(page.get_by_label("Another photo")).to_be_visible()
    with desk_page(browser, desk_site) as desk:
        desk.open(key=None, photos=3, details=False)
        expect(desk.page.get_by_label("Drop a photo here")).to_be_visible()
        expect(desk.page.locator("#camera")).to_be_hidden()
        desk.look.search(QUERY)
        desk.page.set_viewport_size({"width": 390, "height": 844})
        expect(desk.page.locator("#open-query")).to_be_visible()
        desk.look.tools()
        expect(desk.page.get_by_label("Another photo")).to_be_visible()
        expect(desk.page.locator("#camera")).to_be_hidden()
