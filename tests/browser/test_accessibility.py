"""axe finds nothing, in any state of the page."""

import json

import pytest
from conftest import ROOT, START_UP, opened
from playwright.sync_api import expect

AXE = ROOT / "site" / "node_modules" / "axe-core" / "axe.min.js"


def violations(look):
    """What axe-core reports, a line each: the rule and where it is broken."""
    look.page.evaluate(AXE.read_text())
    report = look.page.evaluate("() => axe.run()")
    return [
        f"{rule['id']}: {json.dumps([node['target'] for node in rule['nodes']])}"
        for rule in report["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_state_of_a_visit(browser, site, flickr, query, scheme, width):
    # Cards fade in; what axe measures is how they stay.
    options = {"color_scheme": scheme, "reduced_motion": "reduce"}
    with opened(browser, site, **options) as look:
        look.page.set_viewport_size({"width": width, "height": 900})
        look.open(key=None, photos=60)
        found = {"first visit": violations(look)}
        flickr.call_latency = 0.5
        look.choose(query)
        look.key_field.fill("0123456789abcdef0123456789abcdef")
        look.key_field.press("Enter")
        expect(look.items.nth(2)).to_be_visible(timeout=START_UP)
        found["searching"] = violations(look)
        flickr.call_latency = 0.0
        look.wait_until_done()
        found["done"] = violations(look)
        look.button("Settings").click()
        expect(look.page.get_by_role("dialog")).to_be_visible()
        found["settings"] = violations(look)
        look.page.keyboard.press("Escape")
        flickr.fail("key")
        look.button("Search again").click()
        expect(look.alert.first).to_be_visible()
        found["an error"] = violations(look)
        assert found == {key: [] for key in found}
