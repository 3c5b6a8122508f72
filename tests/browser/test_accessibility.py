"""axe finds nothing, in any state of the page."""

import re

import pytest
from conftest import ROOT
from desk import QUERY, desk_page
from playwright.sync_api import expect
from test_problems import troubled
from test_share import link

AXE = ROOT / "site" / "node_modules" / "axe-core" / "axe.min.js"


COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that ask for colours."""

# All else that axe tells, of each element that is as it should be, takes long to write down.
FOUND = """async (rules) => {
  const all = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const { violations } = await axe.run({ resultTypes: ["violations"], ...all });
  return violations.map(({ id, nodes }) =>
    `${id}: ${JSON.stringify(nodes.map(({ target }) => target))}`);
}"""


def violations(look, scheme="light"):
    """What axe-core reports, a line each: the rule and where it is broken.

    Where the same page is looked at in the light, and has the `scheme` "dark", only its colours are
    different.
    """
    if look.page.evaluate("typeof axe") == "undefined":
        look.page.evaluate(AXE.read_text())
    return look.page.evaluate(FOUND, list(COLOURS) if scheme == "dark" else None)


# What the other two pairs would look at more is how it looks, as in the test below.
@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280)])
def test_every_state_of_a_visit(browser, desk_site, scheme, width):
    # Cards fade in; what axe judges is how they stay.
    options = {"color_scheme": scheme, "reduced_motion": "reduce"}
    with desk_page(browser, desk_site, **options) as desk:
        look = desk.look
        look.page.set_viewport_size({"width": width, "height": 900})
        # By this seed, a search stays under way.
        desk.open(key=None, photos=12, sources=["flickr"], seed=41)
        found = {"first visit": violations(look)}
        look.choose(QUERY)
        look.key_field.fill("0123456789abcdef0123456789abcdef")
        found["a key is asked for"] = violations(look)
        look.key_field.press("Enter")
        expect(look.items.nth(2)).to_be_visible()
        expect(look.status).to_contain_text("Looking")
        found["searching"] = violations(look)
        look.tools().button("Cancel").click()
        expect(look.status).to_contain_text("Cancelled")
        look.set_numbers(seed=1)
        look.begin(QUERY)
        look.wait_until_done()
        found["done"] = violations(look)
        look.open_numbers()
        expect(look.page.get_by_role("dialog")).to_be_visible()
        found["settings"] = violations(look)
        look.page.keyboard.press("Escape")
        look.choose(troubled("end", "unavailable"))
        expect(look.alert.first).to_be_visible()
        found["an error"] = violations(look)
        look.choose(troubled("end", "key-rejected"))
        expect(look.page.locator("#key-hint")).to_contain_class("warning")
        found["a refused key"] = violations(look)
        assert found == {key: [] for key in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_scorer_its_menus_and_a_link(browser, desk_site, scheme, width):
    with desk_page(browser, desk_site, color_scheme=scheme, reduced_motion="reduce") as desk:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.open(photos=12, at="#m9=x")
        found = {}
        found["a broken link"] = violations(desk.look, scheme)
        desk.page.evaluate("(hash) => { location.hash = hash; }", link(photos=33))
        expect(desk.page.get_by_role("dialog")).to_be_visible()
        found["a link"] = violations(desk.look, scheme)
        desk.page.keyboard.press("Escape")
        desk.look.search(QUERY)
        expect(desk.look.items.first).to_be_visible()
        desk.look.tools().page.locator("#export-results summary").click()
        found["export"] = violations(desk.look, scheme)
        desk.page.keyboard.press("Escape")
        desk.page.keyboard.press("Escape")
        desk.look.items.nth(1).get_by_role("button", name="Less like this").click()
        desk.look.items.first.get_by_role("button", name="Like", exact=True).click()
        found["marks"] = violations(desk.look, scheme)
        desk.look.tools().button("Part of it, or more photos").click()
        desk.page.get_by_role("slider", name="Left").fill("20")
        found["queries"] = violations(desk.look, scheme)
        desk.page.keyboard.press("Escape")
        desk.begin()
        found["the editor"] = violations(desk.look, scheme)
        desk.run("print(1)\n1 / 0\n")
        expect(desk.said).to_contain_text("Line 2")
        found["a problem"] = violations(desk.look, scheme)
        desk.menu("Start from")
        expect(desk.panel.get_by_role("button", name=re.compile("CLEAR"))).to_be_visible()
        found["starts"] = violations(desk.look, scheme)
        desk.menu("File")
        desk.button("Save as").click()
        expect(desk.button("Open My score function")).to_be_visible()
        found["files"] = violations(desk.look, scheme)
        desk.page.keyboard.press("Escape")
        desk.button("Share").click()
        expect(desk.page.locator("#link-made")).to_be_visible()
        found["a link"] = violations(desk.look, scheme)
        desk.code.focus()
        desk.page.keyboard.press("Control+f")
        found["find"] = violations(desk.look, scheme)
        assert found == {key: [] for key in found}
