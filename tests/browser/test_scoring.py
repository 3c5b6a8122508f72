"""The scorer, edited in the page: what the page does with what the engine says."""

import re

import pytest
from conftest import START_UP
from desk import QUERY
from playwright.sync_api import expect
from test_accessibility import violations

BACKWARDS = "LAYER = 'x'\n# backwards\n"
BROKEN = "LAYER = 'x'\ndef embs2score(a, b):\n    return 1 / 0\n"
HANGS = "while True:\n    pass\n"


def test_the_editor_opens_with_score_py_and_is_fetched_only_then(desk):
    # score.py itself is fetched for the engine, which has no network.
    fetched = []
    desk.page.on("request", lambda request: fetched.append(request.url))
    desk.open()
    expect(desk.look.status).to_contain_text("Ready for your photo")
    assert not [url for url in fetched if "code-editor" in url]
    desk.begin()
    assert [url for url in fetched if "code-editor" in url]
    assert 'LAYER = "conv_16_project"' in desk.text
    expect(desk.code).to_be_focused()


def test_a_run_by_keyboard_ranks_again_what_is_on_screen(desk):
    desk.search().begin()
    desk.expect_order(0, 1, 2)
    desk.run(BACKWARDS)
    expect(desk.said).to_contain_text("40 photos ranked again by py/score.py, changed")
    desk.expect_order(39, 38, 37)
    (sent,) = desk.told("try-scorer")
    assert sent["code"] == BACKWARDS


def test_five_hundred_photos_are_put_in_a_new_order(desk):
    desk.search(photos=500).begin()
    desk.run(BACKWARDS)
    expect(desk.said).to_contain_text("500 photos ranked again")
    desk.expect_order(499, 498)
    expect(desk.look.items).to_have_count(30)


def test_what_was_not_run_outlasts_a_reload(desk):
    desk.open().begin()
    desk.write(BACKWARDS)
    desk.page.reload()
    desk.page.reload()  # and one before which the editor was not opened
    desk.look.button("Scoring").click()
    expect(desk.said).to_contain_text("before the page was reloaded")
    desk.expect_text(BACKWARDS)
    desk.button("Reset to the site’s").click()
    expect(desk.said).to_contain_text("Opened py/score.py")
    desk.page.reload()
    desk.begin()
    assert "backwards" not in desk.text


def test_what_ranks_is_named_over_the_results_and_another_acts_at_once(desk):
    page = desk.search().page
    ranked = page.locator("#ranked summary")
    expect(ranked).to_have_text("Ranked by: Likeness")
    ranked.click()
    menu = page.get_by_role("list", name="Rank by")
    menu.get_by_role("button", name=re.compile("^Colours")).click()
    expect(ranked).to_have_text("Ranked by: Colours and composition")
    expect(ranked).to_be_focused()
    # The editor has it, when it is opened; what is changed there is somebody's own.
    desk.begin().expect_text(desk.told("try-scorer")[0]["code"])
    desk.run(BACKWARDS)
    desk.expect_order(39, 38)
    expect(ranked).to_have_text("Ranked by: your own code")
    ranked.click()
    menu.get_by_role("button", name=re.compile("^Likeness")).click()
    desk.expect_order(0, 1)
    expect(ranked).to_have_text("Ranked by: Likeness")
    assert "async def get_feature" in desk.text


def test_why_another_does_not_act_is_read_when_the_editor_is_opened(desk):
    page = desk.search().page
    page.route("**/scorers/*.py", lambda route: route.fulfill(body="# mine\nreturn 1 / 0\n"))
    page.locator("#ranked summary").click()
    menu = page.get_by_role("list", name="Rank by")
    menu.get_by_role("button", name=re.compile("^Colours")).click()
    expect(desk.look.alert).to_contain_text("ZeroDivisionError")
    desk.look.button("Scoring").click()
    desk.expect_text("# mine\nreturn 1 / 0\n")
    expect(desk.said).to_have_text(
        "Line 2: embs2score failed: ZeroDivisionError: division by zero. Mend that line."
    )
    expect(desk.code.locator(".cm-lintRange-error")).to_have_text("return 1 / 0")


def test_on_a_phone_one_sees_code_or_photos(desk):
    page = desk.search().page
    page.set_viewport_size({"width": 1024, "height": 768})
    desk.begin()
    first, second = (desk.look.items.nth(place).bounding_box() for place in (0, 1))
    assert abs(first["y"] - second["y"]) < 1, "two columns of photos beside the editor"
    desk.look.button("Details").click()
    page.set_viewport_size({"width": 390, "height": 844})
    code, photos = (page.get_by_role("tab", name=name) for name in ("Code", "Photos"))
    expect(code).to_have_attribute("aria-selected", "true")
    size = desk.panel.bounding_box()
    assert (size["width"], size["height"]) == (390, 844)
    assert violations(desk.look) == []
    code.focus()
    page.keyboard.press("ArrowRight")
    expect(photos).to_be_focused()
    expect(desk.code).to_be_hidden()
    assert desk.panel.bounding_box()["height"] < 170
    assert violations(desk.look) == []
    page.keyboard.press("Home")
    expect(desk.code).to_be_visible()
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(code).to_be_hidden()


def test_an_order_of_the_scorers_own_is_kept(desk):
    desk.search().begin()
    desk.run("def rank(results): ...")
    expect(desk.said).to_contain_text("ranked again")
    desk.expect_order(0, 7, 14, 21, 28, 35)


def test_what_is_wrong_is_underlined_and_said_and_the_last_good_one_comes_back(desk):
    desk.search().begin()
    desk.run(BACKWARDS)
    expect(desk.said).to_contain_text("ranked again")
    desk.run(BROKEN)
    expect(desk.said).to_contain_text("Line 3: embs2score failed: ZeroDivisionError")
    expect(desk.code.locator(".cm-lintRange-error")).to_have_text("return 1 / 0")
    desk.expect_order(39, 38)
    desk.button("Go back to the last version that worked").click()
    expect(desk.code.locator(".cm-lintRange-error")).to_have_count(0)
    desk.expect_text(BACKWARDS)
    desk.button("Reset to the site’s").click()
    expect(desk.said).to_contain_text("Opened py/score.py")
    assert "async def get_feature" in desk.text
    desk.page.keyboard.press("Control+z")
    desk.expect_text(BACKWARDS)


# What is on show for a moment only may come and go between two looks.
NOTE_SAID = """() => {
  window.said = [];
  const line = document.querySelector("#scoring-said");
  new MutationObserver(() => window.said.push(line.textContent)).observe(line, { childList: true });
}"""


def test_progress_is_told_while_features_are_made_again(desk):
    desk.search().begin()
    desk.page.evaluate(NOTE_SAID)
    desk.run('LAYER = "logits"\n')
    expect(desk.said).to_contain_text("ranked again")
    parts = ["is looked at again", "3 of 40 photos", "ranked again"]
    said = desk.page.evaluate("window.said")
    assert [part for text in said for part in parts if part in text] == parts


def test_what_it_prints_is_shown_until_the_next_run(desk):
    desk.open().begin()
    desk.run("print('x')")
    expect(desk.panel.get_by_role("region", name="Printed")).to_contain_text("printed by the")
    desk.run("x = 1")
    expect(desk.panel.get_by_role("region", name="Printed")).to_be_hidden()


@pytest.mark.parametrize("loop", [HANGS, "# hangs later\n"])
def test_one_that_never_returns_is_stopped_and_the_last_good_one_is_sent_again(desk, loop):
    desk.search().begin()
    desk.run(BACKWARDS)
    expect(desk.said).to_contain_text("ranked again")
    desk.run(loop)
    expect(desk.said).to_contain_text("did not return in time", timeout=8_000)
    expect(desk.said).to_contain_text("“py/score.py, changed”. What was found stays")
    expect(desk.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    (restored,) = desk.until_told("restore")
    sent = desk.until_told("try-scorer", 3)
    assert [each["code"] for each in sent] == [BACKWARDS, loop, BACKWARDS]
    assert len(restored["results"]) == 40
    assert restored["results"][0] == ["39", "cat", "none"]
    assert [crop for _, _, crop in restored["queries"]] == [None]
    assert desk.look.items.count() == 30
    assert desk.look.alert.count() == 0
    desk.run("def rank(results): ...")
    expect(desk.said).to_contain_text("40 photos ranked again")


def test_without_a_good_one_before_it_the_published_one_is_in_charge(desk):
    desk.open().begin()
    desk.run(HANGS)
    expect(desk.said).to_contain_text("py/score.py as published", timeout=8_000)
    expect(desk.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    # The next that it gets is the next that is run.
    desk.run(BACKWARDS)
    expect(desk.said).to_contain_text("is in charge")
    assert [sent["code"] for sent in desk.told("try-scorer")] == [HANGS, BACKWARDS]


def test_the_keys_of_the_page_do_not_act_on_what_is_typed_and_tab_can_leave(desk):
    desk.search(photos=70).begin()
    desk.write("")
    desk.page.keyboard.type("snopm,")
    desk.expect_text("snopm,")
    expect(desk.page.get_by_text("Page 1 of 3")).to_be_visible()
    desk.page.keyboard.press("Tab")
    expect(desk.code).to_be_focused()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Tab")
    expect(desk.code).not_to_be_focused()
    desk.button("Close").focus()
    desk.page.keyboard.press("m")
    expect(desk.panel).to_be_hidden()
    expect(desk.look.button("Scoring")).to_be_focused()


def test_find_and_line_numbers(desk):
    desk.open().begin()
    expect(desk.panel.locator(".cm-lineNumbers")).to_contain_text("10")
    desk.code.focus()
    desk.page.keyboard.press("Control+f")
    expect(desk.panel.get_by_role("textbox", name="Find")).to_be_focused()
    desk.page.keyboard.type("embs2score")
    expect(desk.code.locator(".cm-searchMatch").first).to_be_visible()


def test_a_scorer_to_start_from_is_opened_and_not_run(desk):
    desk.open().begin()
    desk.menu("Start from")
    desk.panel.get_by_role("button", name=re.compile("What is in it")).click()
    expect(desk.said).to_contain_text("Opened “What is in it”. Run puts it")
    assert 'LAYER = "avg_pool"' in desk.text
    assert desk.told("try-scorer") == []
    desk.button("Run").click()
    expect(desk.said).to_contain_text("“What is in it” is in charge")


def test_scorers_are_saved_opened_renamed_and_deleted(desk):
    desk.open().begin()
    desk.write(BACKWARDS)
    desk.menu("File")
    name = desk.panel.get_by_role("textbox", name="Save in this browser as")
    name.fill("Mine")
    desk.button("Save as").click()
    expect(desk.said).to_contain_text("Saved as “Mine”")
    desk.page.reload()
    desk.begin()
    assert desk.text != BACKWARDS
    desk.menu("File")
    desk.button("Rename Mine").click()
    desk.panel.get_by_role("textbox", name="New name of Mine").fill("Ours")
    desk.page.keyboard.press("Enter")
    desk.button("Open Ours").click()
    expect(desk.said).to_contain_text("Opened “Ours”")
    desk.expect_text(BACKWARDS)
    desk.menu("File")
    desk.button("Delete Ours").click()
    expect(desk.button("Open Ours")).to_have_count(0)
    desk.page.keyboard.press("Escape")
    expect(desk.button("Save as")).to_be_hidden()


DELETED_ELSEWHERE = """() => {
  const key = "lookalike.measures";
  localStorage.removeItem(key);
  dispatchEvent(new StorageEvent("storage", { key }));
}"""


def test_what_another_tab_has_deleted_meanwhile_does_not_empty_the_editor(desk):
    desk.search(5)
    desk.begin()
    desk.write("# mine")
    for name in ("Open", "Rename"):
        desk.button("Save").click()
        desk.menu("File")
        desk.page.evaluate(DELETED_ELSEWHERE)
        desk.button(f"{name} My score function").click()
        expect(desk.said).to_contain_text("is not saved any more")
        expect(desk.button(f"{name} My score function")).to_have_count(0)
        desk.page.keyboard.press("Escape")
        desk.expect_text("# mine")


def test_save_in_the_open_replaces_what_it_has_saved_and_nothing_else(desk):
    desk.open().begin()
    desk.write(BACKWARDS)
    desk.button("Save").click()
    expect(desk.said).to_contain_text("Saved as “My score function”")
    desk.write("# later\n" + BACKWARDS)
    desk.button("Save").click()
    expect(desk.said).to_contain_text("Saved again as “My score function”")
    desk.button("Reset to the site’s").click()
    expect(desk.said).to_contain_text("Opened py/score.py")
    desk.button("Save").click()
    expect(desk.said).to_contain_text("Saved as “My score function 2”")
    desk.menu("File")
    desk.button("Open My score function").click()
    expect(desk.said).to_contain_text("Opened “My score function”")
    desk.expect_text("# later\n" + BACKWARDS)
    desk.button("Save").click()
    expect(desk.said).to_contain_text("Saved again as “My score function”")


def test_that_a_file_was_opened_is_said_until_it_is_run(desk):
    desk.search().begin()
    file = {"name": "mine.py", "mimeType": "text/x-python", "buffer": b"x = 1\n"}
    desk.page.locator("#import-file").set_input_files(file)
    expect(desk.said).to_contain_text("Opened “mine.py”")
    # A like has the engine tell what it ranks again.
    desk.look.items.nth(1).get_by_role("button", name="Like", exact=True).click()
    desk.expect_order(1)
    expect(desk.said).to_contain_text("Opened “mine.py”")
    desk.button("Run").click()
    expect(desk.said).to_contain_text("ranked again by “mine.py”")


def test_files_are_exported_and_imported(desk, tmp_path):
    desk.open().begin()
    desk.write(BACKWARDS)
    desk.menu("File")
    with desk.page.expect_download() as download:
        desk.button("Export as a file").click()
    assert download.value.suggested_filename == "score.py"
    download.value.save_as(tmp_path / "mine.py")
    assert (tmp_path / "mine.py").read_text() == BACKWARDS
    desk.write("")
    choose = desk.panel.locator("input[type=file]")
    choose.set_input_files(tmp_path / "mine.py")
    expect(desk.said).to_contain_text("Opened “mine.py”")
    desk.expect_text(BACKWARDS)
    choose.set_input_files({"name": "b.py", "mimeType": "", "buffer": b"\xff\xfe\x00"})
    expect(desk.said).to_contain_text("b.py cannot be read as text")


def test_an_earlier_search_is_given_to_the_engine_before_it_is_ranked_again(desk):
    desk.search(photos=5)
    desk.look.begin(QUERY)
    desk.look.wait_until_done()
    desk.page.get_by_role("navigation", name="Earlier searches").get_by_role("button").click()
    desk.begin()
    desk.run(BACKWARDS)
    expect(desk.said).to_contain_text("5 photos ranked again")
    assert len(desk.told("restore")) == 1
    desk.expect_order(4, 3)
