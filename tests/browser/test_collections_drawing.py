"""What a search that goes on does to "Your photos", which tells nothing of it: nothing."""

import pytest
from desk import QUERY
from own_photos import OwnPhotos
from playwright.sync_api import expect
from test_only import put

WATCH = """
(how) => {
  window.changes = [];
  const note = (records) => window.changes.push(...records.map(({ target }) => target.outerHTML));
  const list = document.querySelector("#collection-list");
  new MutationObserver(note).observe(list, { subtree: true, ...how });
}
"""


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "open"])
def test_a_search_draws_nothing_in_the_dialog_whether_it_is_open_or_not(desk, opened):
    own = OwnPhotos(desk.look)
    desk.open(key=None, sources=["openverse"], photos=30, seed=43)  # which takes its time
    own.open()
    expect(own.button("Choose a folder")).to_be_visible()
    put(own, ab="Holiday")
    own.open()
    expect(own.card("Holiday")).to_contain_text("MobileNetV2")
    own.managed("Holiday")
    own.close()
    desk.look.choose(QUERY)
    expect(desk.look.items.first).to_be_visible()
    if opened:
        own.open()
        expect(own.card("Holiday").get_by_label("Name")).to_be_visible()
    # An attribute that is set to what it is counts as a change, too, but nobody notices.
    desk.page.evaluate(WATCH, {"childList": True, "attributes": not opened})
    expect(desk.look.items).to_have_count(30)
    desk.look.wait_until_done()
    assert desk.page.evaluate("window.changes") == []
