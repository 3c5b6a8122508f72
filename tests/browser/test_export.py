"""The results as files."""

import codecs
import csv
import io
import json
import re

import pytest
from desk import QUERY
from playwright.sync_api import expect

COLUMNS = (
    "url,page,title,owner,licence,licence_url,credit,source,"
    "score,tags,query,policy,scorer,mark,date"
)


@pytest.fixture
def exported(desk, tmp_path):
    """Search, and save one kind of export."""

    def export(kind, photos=40):
        desk.search(photos=photos)
        desk.page.locator("#export-results summary").click()
        with desk.page.expect_download() as download:
            desk.page.get_by_role("button", name=re.compile(f"^{kind}")).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    return export


def test_json(exported):
    path = exported("JSON")
    records = json.loads(path.read_text())
    assert re.fullmatch(r"lookalike-\d{4}-\d\d-\d\d-40\.json", path.name)
    assert len(records) == 40
    assert list(records[0]) == COLUMNS.split(",")
    assert records[2] | {"date": ""} == {
        "url": "https://live.staticflickr.com/1/2_q.jpg",
        "page": "https://www.flickr.com/photos/o/2",
        "title": "Photo 2",
        "owner": "Owner 2",
        "licence": "CC BY 4.0",
        "licence_url": "",
        "credit": "“Photo 2” by Owner 2, CC BY 4.0",
        "source": "Flickr",
        "score": 0.998,
        "tags": ["cat", "t2"],
        "query": "cat",
        "policy": "greedy",
        "scorer": "py/score.py",
        "mark": "",
        "date": "",
    }


def test_csv_is_a_table_in_which_nothing_is_a_formula(exported):
    content = exported("CSV").read_bytes()
    assert content.startswith(codecs.BOM_UTF8), "Excel would read it in another encoding"
    text = content.decode("utf-8-sig")
    assert text.startswith(COLUMNS + "\r\n")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 40
    assert rows[1]["title"] == '\'=HYPERLINK("http://evil.example")'
    assert rows[3]["tags"] == "cat t3"
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_contact_sheet_needs_no_other_file_and_runs_nothing(exported, browser):
    path = exported("Contact sheet")
    context = browser.new_context()
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.on("dialog", lambda dialog: errors.append(dialog.message))
    page.goto(path.as_uri())
    expect(page.get_by_role("heading")).to_have_text("40 photos found by Lookalike")
    expect(page.get_by_text("by <img src=x onerror=alert(1)>", exact=True)).to_be_visible()
    assert page.locator("li").count() == 40
    # The API's terms: thirty at once.
    assert page.locator("li:visible").count() == 30
    first = page.locator("li").first
    expect(first.get_by_role("link")).to_have_attribute("href", "https://www.flickr.com/photos/o/0")
    expect(first).to_contain_text("by Owner 0")
    expect(first).to_contain_text("CC BY 4.0")
    drawn = "images => images.filter((image) => image.naturalWidth >= 100).length"
    assert page.locator("img").evaluate_all(drawn) >= 30
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert errors == []
    context.close()


def test_credit_goes_along_in_each_kind(browser, desk, tmp_path):
    desk.open(photos=30, sources=["openverse", "commons"])
    desk.look.search(QUERY)
    licence = "https://creativecommons.org/licenses/by-sa/2.0/"
    credit = (
        '"Photo 0" by Owner 0 is licensed under CC BY-SA 2.0. '
        f"To view a copy of this license, visit {licence}?ref=openverse."
    )
    saved = {}
    for kind in ("JSON", "CSV", "Contact sheet"):
        desk.page.locator("#export-results summary").click()
        with desk.page.expect_download() as download:
            desk.page.get_by_role("button", name=re.compile(f"^{kind}")).click()
        saved[kind] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[kind])
    records = json.loads(saved["JSON"].read_text())
    rows = list(csv.DictReader(io.StringIO(saved["CSV"].read_text("utf-8-sig"), newline="")))
    for first in (records[0], rows[0]):
        assert (first["licence_url"], first["credit"], first["source"]) == (
            licence,
            credit,
            "Openverse",
        )
    assert records[1]["source"] == "Wikimedia Commons"
    page = browser.new_context().new_page()
    page.goto(saved["Contact sheet"].as_uri())
    first = page.locator("li").first
    expect(first.get_by_role("link", name="CC BY-SA 2.0")).to_have_attribute("href", licence)
    expect(first).to_contain_text(credit)
    expect(first).to_contain_text("found by “cat” on Openverse")
    # An address that is none of the web is no link.
    assert page.locator("li").nth(2).get_by_role("link").count() == 1
    page.context.close()


def test_there_is_nothing_to_export_before_there_are_results(desk):
    desk.open()
    expect(desk.page.locator("#export-results summary")).to_be_hidden()


def test_the_menu_works_by_keyboard(desk):
    desk.search()
    menu = desk.page.locator("#export-results summary")
    menu.focus()
    desk.page.keyboard.press("Enter")
    json_ = desk.page.get_by_role("button", name=re.compile("^JSON"))
    expect(json_).to_be_visible()
    desk.page.keyboard.press("Tab")
    expect(json_).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(json_).to_be_hidden()
    expect(menu).to_be_focused()
