"""Where the store is damaged, what can be deleted is named, and goes; nothing else does."""

from own_photos import OwnPhotos
from playwright.sync_api import expect
from test_accessibility import violations

BROKEN = """
const { open } = IDBFactory.prototype;
IDBFactory.prototype.open = function (name, ...rest) {
  if (name === "lookalike" && !sessionStorage.mended) throw new DOMException("", "UnknownError");
  return open.call(this, name, ...rest);
};
"""

KEPT = """
async () => ({
  databases: (await indexedDB.databases()).map(({ name }) => name),
  values: Object.keys(localStorage),
})
"""

WHAT = (
    "all collections, the shortlist, the searches that a reload brings back "
    "and the saved answers of photo services"
)


def test_what_is_deleted_is_named_before_and_afterwards_and_the_rest_stays(desk):
    desk.page.add_init_script(BROKEN)
    page = desk.search(photos=3).page
    desk.look.items.first.locator(".card-link").focus()
    page.keyboard.press("k")
    expect(page.locator("#open-shortlist")).to_contain_text("1")
    own = OwnPhotos(desk.look).open()
    delete = own.button("Delete collections, shortlist, kept searches and saved answers")
    delete.click()
    keep = own.button("Keep them")
    expect(keep).to_be_focused()
    asked = own.dialog.get_by_role("group", name=f"This deletes {WHAT}.")
    expect(asked).to_contain_text("Your Flickr key, settings, saved score functions")
    assert violations(desk.look) == []
    keep.click()
    expect(delete).to_be_focused()
    expect(asked).to_be_hidden()
    before = page.evaluate(KEPT)
    assert "lookalike.shortlist" in before["values"]
    assert "lookalike-reload" in before["databases"]
    delete.click()
    page.evaluate("sessionStorage.mended = 'yes'")
    own.button("Delete them").click()
    expect(own.dialog.locator("#collections-said")).to_have_text(f"Deleted: {WHAT}.")
    expect(delete).to_be_hidden()
    expect(own.button("Choose a folder")).to_be_focused()
    after = page.evaluate(KEPT)
    assert set(before["values"]) - set(after["values"]) == {"lookalike.shortlist"}
    assert "lookalike-reload" not in after["databases"]
    page.reload()
    expect(page.locator("#landing")).to_be_visible()
    expect(desk.look.items).to_have_count(0)
