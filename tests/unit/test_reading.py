import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.errors import SourceError
from lookalike.sources.credit import credit, license_url
from lookalike.sources.reading import (
    LARGEST,
    address,
    inner,
    json_object,
    number,
    objects,
    plain,
    size,
    text,
)


@pytest.mark.parametrize("body", [b"", b"<html>", b"null", b"[]", b"3", b'{"a": ', b"\xff\xfe\xfa"])
def test_what_is_no_json_object_is_an_error_that_names_the_service(body):
    with pytest.raises(SourceError, match="Openverse"):
        json_object(body, "Openverse")


def test_text_is_one_line_that_can_be_sent():
    assert text("  two\n lines\t") == "two lines"
    assert text("a\ud800b") == "ab"
    assert text(7) == "7"
    assert [text(value) for value in (None, True, 0.5, [], {})] == [""] * 5


def test_numbers_may_be_strings():
    assert [number(value) for value in (3, "3", "x", None, [], "9" * 5000)] == [
        3,
        3,
        -1,
        -1,
        -1,
        -1,
    ]
    assert [size(value) for value in (3, "3", -3, None)] == [3, 3, 0, 0]


def test_numbers_that_javascript_cannot_count_to_are_not_known():
    assert LARGEST == 2**53 - 1
    assert number(LARGEST) == size(str(LARGEST)) == LARGEST
    for absurd in (LARGEST + 1, 10**400, -(10**400)):
        assert number(absurd) == number(str(absurd)) == -1
        assert size(absurd) == 0


def test_objects_are_those_in_a_list_or_an_objects_values():
    assert objects([{"a": 1}, 2, {"b": 3}]) == objects({"1": {"a": 1}, "2": 2, "3": {"b": 3}})
    assert inner({"a": 1}) == {"a": 1}
    assert inner([]) == inner(None) == inner("{}") == {}
    assert objects("[{}]") == objects(None) == []


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "/path", "data:,", 3, None])
def test_an_address_is_one_of_the_web(wrong):
    assert address(wrong) == ""
    assert address("https://host/a?b") == "https://host/a?b"


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ('<a href="//commons.wikimedia.org/wiki/User:X" title="y">Ada &amp; Bo</a>', "Ada & Bo"),
        ("<p>one</p><p>two<br>three</p>", "one two three"),
        ("un<b>broken</b>", "unbroken"),
        ("<script>alert('x')</script>text<style>p {}</style>", "text"),
        ("5 < 6 &lt;i&gt;", "5 < 6 <i>"),
        (None, ""),
        ("</script></script>a", "a"),
    ],
)
def test_of_html_the_text_is_left(html, seen):
    assert plain(html) == seen


def test_long_text_is_cut():
    assert plain("<p>" + "word " * 100, 20) == "word word word word…"
    assert len(plain("x" * 300)) == 200


@given(st.text() | st.text(alphabet="<>/&!-a =\"';#x\n"))
def test_any_html_gives_one_line_of_text(html):
    line = plain(html)
    assert line == text(line)
    assert len(line) <= 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(json_values)
def test_any_json_can_be_read(value):
    value = json.loads(json.dumps(value))
    assert isinstance(number(value), int)
    assert size(value) >= 0
    assert all(isinstance(item, dict) for item in objects(value))
    for read in (text(value), address(value), plain(value)):
        assert isinstance(read.encode(), bytes)


def test_credit_names_title_author_licence_and_source():
    assert credit("Cat", "Ada", "CC BY 2.0", "Flickr") == '"Cat" by Ada, CC BY 2.0, via Flickr'
    assert credit("", "Ada", "", "Flickr") == "Photo by Ada, via Flickr"
    assert credit("", "", "", "Flickr") == "Photo, via Flickr"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("CC BY 2.0", "licenses/by/2.0/"),
        ("CC BY-NC-SA 4.0", "licenses/by-nc-sa/4.0/"),
        ("CC0 1.0", "publicdomain/zero/1.0/"),
        ("Public domain mark", "publicdomain/mark/1.0/"),
    ],
)
def test_a_licence_of_creative_commons_has_its_page(name, path):
    assert license_url(name) == "https://creativecommons.org/" + path
    assert license_url("All rights reserved") == ""
