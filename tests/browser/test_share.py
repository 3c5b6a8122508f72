"""A link that holds a scorer: made here, shown before it runs, and never run unasked."""

import base64
import json
import re
import zlib

import pytest
from desk import desk_page
from playwright.sync_api import expect

from fake_flickr import VALID_KEY

CODE = "# backwards\nx = 1\n"


def packed(data):
    squeezed = zlib.compressobj(9, wbits=-15)
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    raw = squeezed.compress(data) + squeezed.flush()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def link(code=CODE, name="Theirs", **settings):
    return f"#m1={packed({'name': name, 'code': code, 'settings': settings})}"


@pytest.fixture
def dialog(desk):
    return desk.page.get_by_role("dialog", name="This link brings a score function")


def visit(desk, fragment):
    desk.open(at=fragment)


def test_a_link_is_made_of_the_scorer_and_the_settings_and_nothing_secret(desk):
    desk.look.allow_clipboard()
    desk.open(photos=77, seed=5).begin()
    desk.write(CODE)
    desk.button("Share").click()
    expect(desk.said).to_contain_text("The link is copied")
    made = desk.page.evaluate("navigator.clipboard.readText()")
    base, _, held = made.partition("#m1=")
    assert base == desk.look.site.url
    assert desk.panel.get_by_label("A link to this score function").input_value() == made
    raw = zlib.decompress(base64.urlsafe_b64decode(held + "=" * (-len(held) % 4)), wbits=-15)
    read = json.loads(raw)
    assert read["code"] == CODE
    assert set(read) == {"name", "code", "settings"}
    numbers = {"photos", "calls", "seconds", "parallel"}
    assert set(read["settings"]) == numbers | {"policy", "model", "sources", "filters"}
    assert read["settings"]["photos"] == 77
    assert read["settings"]["sources"] == ["flickr"]
    assert VALID_KEY not in raw.decode()


def test_a_link_is_shown_and_runs_only_when_the_person_says_so(desk, dialog):
    visit(desk, link(photos=33, calls=1e9, seed=3))
    expect(dialog).to_contain_text("proves nothing about who made it")
    expect(dialog.get_by_role("group", name="Code of the link")).to_have_text(CODE)
    expect(dialog.get_by_role("listitem").last).to_have_text("Photos to look at: 33")
    expect(dialog.get_by_role("heading", name="This link brings a score function")).to_be_focused()
    expect(desk.page.get_by_text("Ready in")).to_be_attached()
    assert desk.told("try-scorer") == []
    assert desk.page.url == desk.look.site.url
    dialog.get_by_role("button", name="Run this code").click()
    expect(desk.said).to_contain_text("“Theirs” is in charge")
    assert [sent["code"] for sent in desk.told("try-scorer")] == [CODE]
    desk.expect_text(CODE)
    kept = json.loads(desk.page.evaluate("localStorage['lookalike.settings']"))
    assert (kept["photos"], kept["calls"], kept["seed"]) == (33, 30, None)


@pytest.mark.parametrize("height", [844, 568])
def test_on_a_phone_the_buttons_are_in_sight_with_all_that_is_to_be_read(desk, dialog, height):
    desk.page.set_viewport_size({"width": 390, "height": height})
    visit(desk, link(code="# A line of code.\n" * 80, photos=33))
    for name in ("Discard", "Run this code"):
        expect(dialog.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("way", ["Discard", "Escape"])
def test_a_discarded_link_leaves_nothing(desk, dialog, way):
    visit(desk, link(photos=33))
    expect(dialog).to_be_visible()
    if way == "Escape":
        desk.page.keyboard.press("Escape")
    else:
        dialog.get_by_role("button", name="Discard").click()
    expect(dialog).to_be_hidden()
    desk.begin()
    assert "embs2score" in desk.text
    assert desk.told("try-scorer") == []
    assert desk.page.evaluate("localStorage['lookalike.settings']") == '{"photos": 40}'


def test_a_link_that_comes_while_the_page_is_open_is_shown_too(desk, dialog):
    desk.open()
    desk.page.evaluate("(hash) => { location.hash = hash; }", link())
    expect(dialog).to_be_visible()
    assert desk.page.url == desk.look.site.url


def test_a_link_names_no_words_that_were_searched_for(desk):
    desk.open(at="?q=sea", photos=5)
    expect(desk.look.items).to_have_count(5)
    desk.begin()
    desk.button("Share").click()
    made = desk.panel.get_by_label("A link to this score function")
    expect(made).to_have_value(re.compile(re.escape(desk.look.site.url) + "#m1="))


def test_a_link_beside_words_leaves_their_search_its_place_in_the_history(desk, dialog):
    words = desk.page.locator("#query-words")
    desk.open(at="?q=sea" + link(), photos=5)
    dialog.get_by_role("button", name="Discard").click()
    expect(words).to_have_text("sea")
    expect(desk.look.items).to_have_count(5)
    desk.page.locator("#words").fill("land")
    desk.page.keyboard.press("Enter")
    expect(words).to_have_text("land")
    desk.page.go_back()
    expect(words).to_have_text("sea")


@pytest.mark.parametrize(
    ("fragment", "message"),
    [
        pytest.param(link()[:-9], "broken", id="cut off"),
        pytest.param("#m1=%%%", "broken", id="not base64"),
        pytest.param("#m1=", "holds nothing", id="empty"),
        pytest.param(f"#m1={packed(b'not JSON')}", "no score function", id="no JSON"),
        pytest.param(f"#m1={packed([1])}", "no score function", id="no record"),
        pytest.param(link(code=7), "no score function", id="code is no text"),
        pytest.param("#m2=abc", "another version", id="of another version"),
        pytest.param("#m1=" + "A" * 70_000, "too long", id="long"),
        pytest.param(f"#m1={packed(b'0' * 20_000_000)}", "holds too much", id="a bomb"),
        pytest.param(f"#m1={packed(bytes([0xFF, 0xFE]))}", "broken", id="no text"),
    ],
)
def test_a_link_that_cannot_be_read_is_said_to_be_so(desk, dialog, fragment, message):
    visit(desk, fragment)
    expect(desk.look.alert).to_contain_text(message)
    expect(desk.look.alert).to_contain_text("Nothing of it was run")
    expect(dialog).to_be_hidden()
    assert desk.page.url == desk.look.site.url


HOSTILE = "<script>alert(1)</script>\u202e\u200b\n\x1b'\"</pre><img src=x onerror=alert(1)>"


def test_what_a_link_shows_is_text_and_hides_nothing(desk, dialog):
    visit(desk, link(code=HOSTILE, name="<b>\u202eevil</b>"))
    shown = dialog.get_by_role("group", name="Code of the link")
    expect(shown).to_contain_text("<script>alert(1)</script>⟨U+202E⟩⟨U+200B⟩")
    expect(shown).to_contain_text("⟨U+001B⟩")
    expect(dialog).to_contain_text("characters that cannot be seen")
    expect(dialog).to_contain_text("“<b>evil</b>”")
    assert dialog.locator("script, img, b").count() == 0


def test_an_unrun_link_is_not_what_a_new_engine_gets(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        visit(desk, link(code="while True: pass"))
        dialog = desk.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Run this code").click()
        expect(desk.said).to_contain_text("did not return in time", timeout=8_000)
        expect(desk.page.get_by_text("Ready in")).to_be_attached()
        # The next that it gets is the next that is run.
        desk.run("# mine")
        expect(desk.said).to_contain_text("is in charge")
        sent = [each["code"] for each in desk.told("try-scorer")]
        assert sent == ["while True: pass", "# mine"]
