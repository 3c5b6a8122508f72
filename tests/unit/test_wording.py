import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.sources import commons, flickr, openverse
from lookalike.sources.reading import LONGEST, LONGEST_CREDIT, LONGEST_TAG, MOST_TAGS, plain, tags
from lookalike.sources.wording import MARKS_IN_A_ROW, cleaned, shown

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
HINDI = "\u0915\u094d\u200d\u0937"
FAMILY = "👩\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("Rock &amp; roll", "Rock & roll"),
        ("&#39;n&#x27; &eacute; &copy;2020", "'n' é ©2020"),
        # Once: what is left may be what somebody has written.
        ("&amp;amp; &amp;lt;b&amp;gt;", "&amp; &lt;b&gt;"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        # Without a semicolon, as attributes are read.
        ("Rock &amp roll", "Rock & roll"),
        ("giorno&notte R&D AT&T &nosuch; &copy2020", "giorno&notte R&D AT&T &nosuch; &copy2020"),
        ("&#0;&#xD800;&#99999999;", "\ufffd" * 3),
        ("&nbsp;a&nbsp;&nbsp;b", "a b"),
    ],
)
def test_entities_are_decoded_once(sent, seen):
    assert cleaned(sent, 100) == seen


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("arapu00e7a", "arapça"),
        ("Mu00fcnchen", "München"),
        ("u00c5ngstru00F6m", "Ångström"),
        ("wrocu0142aw", "wrocław"),
        ("u6771u4eac", "東京"),
        ("u043cu043eu0441u043au0432u0430", "москва"),
        ("ud83dude00", "😀"),
        ("donu0027t", "don't"),
        ("\\u00e7 \\ud83d\\ude00 rock \\u0026 roll", "ç 😀 rock & roll"),
        # What may be a word, a name of a file, or a year stays as it is.
        ("menu0142", "menu0142"),
        ("menu2019", "menu2019"),
        ("menu2019summer", "menu2019summer"),
        ("ubeef subfacade ucafe", "ubeef subfacade ucafe"),
        ("u00d7", "u00d7"),
        ("ud83d", "ud83d"),
        ("U00E7", "U00E7"),
    ],
)
def test_escapes_without_their_backslash_are_decoded_where_it_is_certain(sent, seen):
    assert cleaned(sent, 100) == seen


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("a\u202egpj.exe\u202c b\u2066c\u2069 \u200fd\u061c", "agpj.exe bc d"),
        ("c\u200ba\ufefft\u00ad \u2060dog\u200d", "cat dog"),
        ("a\x00\x07\x1bb\x7f\x9fc", "abc"),
        ("two\n\r\t\x0b\x1c\u2028\u2029\u0085lines\u3000", "two lines"),
        ("a\ud800b\udc00 \ud83d\ude00", "ab 😀"),
        ("\ufffea\uffff\ufdd0\U0010ffffb", "ab"),
        ("\u3164\u115f\u1160\uffa0\u2800\u034f", ""),
        ("flag\U000e0067\U000e007f\ufffa", "flag"),
        (f"{PERSIAN} {FAMILY} {HINDI}", f"{PERSIAN} {FAMILY} {HINDI}"),
        ("z" + "\u0300" * 50 + "o", "z" + "\u0300" * MARKS_IN_A_ROW + "o"),
        ("\u0600\u0661", "\u0600\u0661"),
    ],
)
def test_what_nobody_sees_is_left_out(sent, seen):
    assert cleaned(sent, 100) == seen
    assert shown(sent, 100) == seen


def test_what_is_long_ends_in_dots():
    assert cleaned("x" * 300, 10) == "x" * 9 + "…"
    assert cleaned("x" * 10, 10) == "x" * 10
    assert len(cleaned("&amp;" * 1_000_000, 200)) == 200


hostile = st.text() | st.text(
    alphabet="&#x;ampltgu0123456789abcdef\\ \n\x00\u202e\u200b\u200d\ud800\udc00\u0300😀é"
)


@given(hostile)
def test_any_text_becomes_one_line_of_what_is_seen(text):
    line = cleaned(text, 50)
    assert len(line) <= 50
    assert line.encode() or not line
    assert line == " ".join(line.split())
    kinds = {unicodedata.category(letter) for letter in line if letter not in "\u200c\u200d"}
    assert kinds.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert not set(line) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\ufeff\u200b")
    assert shown(line, 50) == line


@given(st.lists(hostile | st.none() | st.integers() | st.booleans()))
def test_tags_are_each_once_and_none_is_empty(values):
    found = tags(values)
    assert all(found)
    assert len(set(found)) == len(found) <= MOST_TAGS
    assert all(len(tag) <= LONGEST_TAG for tag in found)


def test_a_long_tag_is_cut_after_a_whole_word():
    assert tags(["word " * 50]) == (("word " * 20).strip(),)
    assert tags(["x" * 500]) == ("x" * LONGEST_TAG,)
    assert len(tags(map(str, range(500)))) == MOST_TAGS


def test_of_html_entities_are_decoded_once_too():
    assert plain("<b>Rock</b> &amp;amp; roll\u202e") == "Rock &amp; roll"


# -- Every source ----------------------------------------------------------------------------------

BAD = "&lt;Rock &amp; roll&gt;\u202e\x07 arapu00e7a\ud800 " + "long " * 500
GOOD = "<Rock & roll> arapça"


def of_openverse():
    row = {"id": "1", "title": BAD, "creator": BAD, "attribution": BAD, "license": BAD}
    return openverse.parse(json.dumps({"results": [{**row, "tags": [{"name": BAD}]}]}).encode())


def of_commons():
    fields = {"ObjectName": BAD, "Artist": BAD, "LicenseShortName": BAD, "Categories": f"{BAD}|b"}
    metadata = {name: {"value": value} for name, value in fields.items()}
    info = {"url": "https://upload.wikimedia.org/a.jpg", "extmetadata": metadata}
    page = {"pageid": 1, "title": f"File:{BAD}", "imageinfo": [info]}
    return commons.parse(json.dumps({"query": {"pages": [page]}}).encode())


def of_flickr():
    row = {"id": "1", "owner": "2", "server": "3", "secret": "4", "title": BAD, "ownername": BAD}
    row["tags"] = "arapu00e7a &lt;&amp; x\u202ey"
    return flickr.parse(json.dumps({"stat": "ok", "photos": {"photo": [row]}}).encode())


@pytest.mark.parametrize("photos", [of_openverse, of_commons, of_flickr])
def test_every_source_gives_text_for_people(photos):
    (photo,) = photos()
    shown_texts = [photo.title, photo.owner, photo.license, photo.attribution, *photo.tags]
    for text in shown_texts:
        # A line of credit that is made here holds a title, a name and a licence.
        assert len(text) <= max(LONGEST_CREDIT, 3 * LONGEST + 50)
        assert not set(text) & set("\u202e\x07\ud800")
        assert "&amp;" not in text
        assert "u00e7" not in text
    if photos is of_commons:  # its texts are HTML, in which a "<" is one
        assert photo.title.startswith("<Rock & roll>")
    else:
        assert photo.title.startswith(GOOD)
    assert photo.tags
