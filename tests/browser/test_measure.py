"""The measure, edited in the page: what the page does with what the engine says."""

import re

import pytest
from conftest import START_UP
from desk import QUERY
from playwright.sync_api import expect
from test_accessibility import violations

BACKWARDS = "LAYER = 'x'\n# backwards\n"
BROKEN = "LAYER = 'x'\ndef embs2score(a, b):\n    return 1 / 0\n"
HANGS = "while True:\n    pass\n"


def test_the_editor_opens_with_score_py_and_is_fetched_only_then(measuring):
    # score.py itself is fetched for the engine, which has no network.
    fetched = []
    measuring.page.on("request", lambda request: fetched.append(request.url))
    measuring.open()
    measuring.page.wait_for_timeout(300)
    assert not [url for url in fetched if "code-editor" in url]
    measuring.begin()
    assert [url for url in fetched if "code-editor" in url]
    assert 'LAYER = "conv_16_project"' in measuring.text
    expect(measuring.code).to_be_focused()


def test_a_run_by_keyboard_ranks_anew_what_is_on_screen(measuring):
    measuring.search().begin()
    measuring.expect_order(0, 1, 2)
    measuring.run(BACKWARDS)
    expect(measuring.said).to_contain_text("40 photos ranked anew by py/score.py, changed")
    measuring.expect_order(39, 38, 37)
    (sent,) = measuring.told("measure")
    assert sent["code"] == BACKWARDS


def test_five_hundred_photos_are_put_in_a_new_order(measuring):
    measuring.search(photos=500).begin()
    measuring.run(BACKWARDS)
    expect(measuring.said).to_contain_text("500 photos ranked anew")
    measuring.expect_order(499, 498)
    expect(measuring.look.items).to_have_count(30)


def test_what_was_not_run_outlasts_a_reload(measuring):
    measuring.open().begin()
    measuring.write(BACKWARDS)
    measuring.page.reload()
    measuring.page.reload()  # and one before which the editor was not opened
    measuring.look.button("Measure").click()
    expect(measuring.said).to_contain_text("before the page was reloaded")
    assert measuring.text == BACKWARDS
    measuring.button("Reset to the site’s").click()
    expect(measuring.said).to_contain_text("Opened py/score.py")
    measuring.page.reload()
    measuring.begin()
    assert "backwards" not in measuring.text


def test_what_ranks_is_named_over_the_results_and_another_acts_at_once(measuring):
    page = measuring.search().page
    ranked = page.locator("#ranked summary")
    expect(ranked).to_have_text("Ranked by: Likeness")
    ranked.click()
    menu = page.get_by_role("list", name="Rank by")
    menu.get_by_role("button", name=re.compile("^Colours")).click()
    expect(ranked).to_have_text("Ranked by: Colours and composition")
    expect(ranked).to_be_focused()
    # The editor has it, when it is opened; what is changed there is somebody's own.
    assert measuring.begin().text == measuring.told("measure")[0]["code"]
    measuring.run(BACKWARDS)
    measuring.expect_order(39, 38)
    expect(ranked).to_have_text("Ranked by: your own code")
    ranked.click()
    menu.get_by_role("button", name=re.compile("^Likeness")).click()
    measuring.expect_order(0, 1)
    expect(ranked).to_have_text("Ranked by: Likeness")
    assert "async def get_feature" in measuring.text


def test_on_a_phone_one_sees_code_or_photos(measuring):
    page = measuring.search().page
    page.set_viewport_size({"width": 1024, "height": 768})
    measuring.begin()
    first, second = (measuring.look.items.nth(place).bounding_box() for place in (0, 1))
    assert abs(first["y"] - second["y"]) < 1, "two columns of photos beside the editor"
    measuring.look.button("Details").click()
    page.set_viewport_size({"width": 390, "height": 844})
    code, photos = (page.get_by_role("tab", name=name) for name in ("Code", "Photos"))
    expect(code).to_have_attribute("aria-selected", "true")
    size = measuring.panel.bounding_box()
    assert (size["width"], size["height"]) == (390, 844)
    assert violations(measuring.look) == []
    code.focus()
    page.keyboard.press("ArrowRight")
    expect(photos).to_be_focused()
    expect(measuring.code).to_be_hidden()
    assert measuring.panel.bounding_box()["height"] < 170
    assert violations(measuring.look) == []
    page.keyboard.press("Home")
    expect(measuring.code).to_be_visible()
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(code).to_be_hidden()


def test_an_order_of_the_measures_own_is_kept(measuring):
    measuring.search().begin()
    measuring.run("def rank(results): ...")
    expect(measuring.said).to_contain_text("ranked anew")
    measuring.expect_order(0, 7, 14, 21, 28, 35)


def test_what_is_wrong_is_underlined_and_said_and_the_last_good_one_comes_back(measuring):
    measuring.search().begin()
    measuring.run(BACKWARDS)
    expect(measuring.said).to_contain_text("ranked anew")
    measuring.run(BROKEN)
    expect(measuring.said).to_contain_text("Line 3: embs2score failed: ZeroDivisionError")
    expect(measuring.code.locator(".cm-lintRange-error")).to_have_text("return 1 / 0")
    measuring.expect_order(39, 38)
    measuring.button("Undo to the last that worked").click()
    expect(measuring.code.locator(".cm-lintRange-error")).to_have_count(0)
    assert measuring.text == BACKWARDS
    measuring.button("Reset to the site’s").click()
    expect(measuring.said).to_contain_text("Opened py/score.py")
    assert "async def get_feature" in measuring.text
    measuring.page.keyboard.press("Control+z")
    assert measuring.text == BACKWARDS


def test_progress_is_told_while_features_are_made_anew(measuring):
    measuring.search().begin()
    measuring.run('LAYER = "logits"\n')
    expect(measuring.said).to_contain_text("is looked at anew")
    expect(measuring.said).to_contain_text("3 of 40 photos")
    expect(measuring.said).to_contain_text("ranked anew")


def test_what_it_prints_is_shown_until_the_next_run(measuring):
    measuring.open().begin()
    measuring.run("print('x')")
    expect(measuring.panel.get_by_role("region", name="Printed")).to_contain_text("printed by the")
    measuring.run("x = 1")
    expect(measuring.panel.get_by_role("region", name="Printed")).to_be_hidden()


@pytest.mark.parametrize("loop", [HANGS, "# hangs later\n"])
def test_one_that_never_returns_is_stopped_and_the_last_good_one_is_sent_again(measuring, loop):
    measuring.search().begin()
    measuring.run(BACKWARDS)
    expect(measuring.said).to_contain_text("ranked anew")
    measuring.run(loop)
    expect(measuring.said).to_contain_text("did not return in time", timeout=8_000)
    expect(measuring.said).to_contain_text("“py/score.py, changed”. What was found stays")
    expect(measuring.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    measuring.page.wait_for_timeout(500)
    assert [sent["code"] for sent in measuring.told("measure")] == [BACKWARDS, loop, BACKWARDS]
    (restored,) = measuring.told("restore")
    assert len(restored["results"]) == 40
    assert restored["results"][0] == ["39", "cat", "none"]
    assert [crop for _, _, crop in restored["queries"]] == [None]
    assert measuring.look.items.count() == 30
    assert measuring.look.alert.count() == 0
    measuring.run("def rank(results): ...")
    expect(measuring.said).to_contain_text("40 photos ranked anew")


def test_without_a_good_one_before_it_the_published_one_is_in_charge(measuring):
    measuring.open().begin()
    measuring.run(HANGS)
    expect(measuring.said).to_contain_text("py/score.py as published", timeout=8_000)
    expect(measuring.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    measuring.page.wait_for_timeout(500)
    assert [sent["code"] for sent in measuring.told("measure")] == [HANGS]


def test_the_keys_of_the_page_do_not_act_on_what_is_typed_and_tab_can_leave(measuring):
    measuring.search(photos=70).begin()
    measuring.write("")
    measuring.page.keyboard.type("snopm,")
    assert measuring.text == "snopm,"
    expect(measuring.page.get_by_text("Page 1 of 3")).to_be_visible()
    measuring.page.keyboard.press("Tab")
    expect(measuring.code).to_be_focused()
    measuring.page.keyboard.press("Escape")
    measuring.page.keyboard.press("Tab")
    expect(measuring.code).not_to_be_focused()
    measuring.button("Close").focus()
    measuring.page.keyboard.press("m")
    expect(measuring.panel).to_be_hidden()
    expect(measuring.look.button("Measure")).to_be_focused()


def test_find_and_line_numbers(measuring):
    measuring.open().begin()
    expect(measuring.panel.locator(".cm-lineNumbers")).to_contain_text("10")
    measuring.code.focus()
    measuring.page.keyboard.press("Control+f")
    expect(measuring.panel.get_by_role("textbox", name="Find")).to_be_focused()
    measuring.page.keyboard.type("embs2score")
    expect(measuring.code.locator(".cm-searchMatch").first).to_be_visible()


def test_a_measure_to_start_from_is_opened_and_not_run(measuring):
    measuring.open().begin()
    measuring.menu("Start from")
    measuring.panel.get_by_role("button", name=re.compile("What is in it")).click()
    expect(measuring.said).to_contain_text("Opened “What is in it”. Run puts it")
    assert 'LAYER = "avg_pool"' in measuring.text
    assert measuring.told("measure") == []
    measuring.button("Run").click()
    expect(measuring.said).to_contain_text("“What is in it” is in charge")


def test_measures_are_saved_opened_renamed_and_deleted(measuring):
    measuring.open().begin()
    measuring.write(BACKWARDS)
    measuring.menu("File")
    name = measuring.panel.get_by_role("textbox", name="Save in this browser as")
    name.fill("Mine")
    measuring.button("Save as").click()
    expect(measuring.said).to_contain_text("Saved as “Mine”")
    measuring.page.reload()
    measuring.begin()
    assert measuring.text != BACKWARDS
    measuring.menu("File")
    measuring.button("Rename Mine").click()
    measuring.panel.get_by_role("textbox", name="New name of Mine").fill("Ours")
    measuring.page.keyboard.press("Enter")
    measuring.button("Open Ours").click()
    expect(measuring.said).to_contain_text("Opened “Ours”")
    assert measuring.text == BACKWARDS
    measuring.menu("File")
    measuring.button("Delete Ours").click()
    expect(measuring.button("Open Ours")).to_have_count(0)
    measuring.page.keyboard.press("Escape")
    expect(measuring.button("Save as")).to_be_hidden()


def test_save_in_the_open_replaces_what_it_has_saved_and_nothing_else(measuring):
    measuring.open().begin()
    measuring.write(BACKWARDS)
    measuring.button("Save").click()
    expect(measuring.said).to_contain_text("Saved as “My measure”")
    measuring.write("# later\n" + BACKWARDS)
    measuring.button("Save").click()
    expect(measuring.said).to_contain_text("Saved anew as “My measure”")
    measuring.button("Reset to the site’s").click()
    expect(measuring.said).to_contain_text("Opened py/score.py")
    measuring.button("Save").click()
    expect(measuring.said).to_contain_text("Saved as “My measure 2”")
    measuring.menu("File")
    measuring.button("Open My measure").click()
    expect(measuring.said).to_contain_text("Opened “My measure”")
    assert measuring.text == "# later\n" + BACKWARDS
    measuring.button("Save").click()
    expect(measuring.said).to_contain_text("Saved anew as “My measure”")


def test_files_are_exported_and_imported(measuring, tmp_path):
    measuring.open().begin()
    measuring.write(BACKWARDS)
    measuring.menu("File")
    with measuring.page.expect_download() as download:
        measuring.button("Export as a file").click()
    assert download.value.suggested_filename == "score.py"
    download.value.save_as(tmp_path / "mine.py")
    assert (tmp_path / "mine.py").read_text() == BACKWARDS
    measuring.write("")
    choose = measuring.panel.locator("input[type=file]")
    choose.set_input_files(tmp_path / "mine.py")
    expect(measuring.said).to_contain_text("Opened “mine.py”")
    assert measuring.text == BACKWARDS
    choose.set_input_files({"name": "b.py", "mimeType": "", "buffer": b"\xff\xfe\x00"})
    expect(measuring.said).to_contain_text("b.py cannot be read as text")


def test_an_earlier_search_is_given_to_the_engine_before_it_is_ranked_anew(measuring):
    measuring.search(photos=5)
    measuring.look.begin(QUERY)
    measuring.look.wait_until_done()
    measuring.page.get_by_role("navigation", name="Earlier searches").get_by_role("button").click()
    measuring.begin()
    measuring.run(BACKWARDS)
    expect(measuring.said).to_contain_text("5 photos ranked anew")
    assert len(measuring.told("restore")) == 1
    measuring.expect_order(4, 3)
