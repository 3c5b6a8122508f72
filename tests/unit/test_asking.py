from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.sources import commons, flickr, openverse, wellcome
from lookalike.sources.asking import WORDS, Syntax
from lookalike.sources.commons import Commons
from lookalike.sources.flickr import Flickr
from lookalike.sources.openverse import Openverse
from lookalike.sources.source import capabilities
from lookalike.sources.wellcome import Wellcome

EMPTY = {
    openverse: b'{"results": []}',
    commons: b'{"batchcomplete": true}',
    flickr: b'{"stat": "ok", "photos": {"photo": []}}',
    wellcome: b'{"results": []}',
}
FIELD = {openverse: "q", commons: "gsrsearch", flickr: "text", wellcome: "query"}
SOURCES = [
    *((openverse, Openverse()), (commons, Commons())),
    *((flickr, Flickr(api_key="k" * 32)), (wellcome, Wellcome())),
]


def asked(monkeypatch, module, source, tag):
    """What a source asks its service for, without what it adds itself; None where it does not."""
    urls = []

    def get(url, limit):
        urls.append(url)
        return EMPTY[module]

    monkeypatch.setattr(module, "get", get)
    if module is openverse:
        monkeypatch.setattr(module, "fetch", lambda url, limit: (200, get(url, limit)))
    assert source.search(tag, 20, None) == []
    if not urls:
        return None
    query = dict(parse_qsl(urlsplit(urls[0]).query))[FIELD[module]]
    return query.removeprefix("filetype:bitmap ")


TAGS = [
    ("-cat", "cat"),
    ("black-and-white", "black and white"),
    ('"red panda"', "red panda"),
    ("“red panda”", "red panda"),
    ("cat|dog", "cat dog"),
    ("+cat", "cat"),
    ("(cat)", "cat"),
    ("cat~2", "cat 2"),
    ("cat*", "cat"),
    ("intitle:cat", "intitle cat"),
    ("ns:cat", "ns cat"),
    ("cat\\", "cat"),
    ("l'été 猫", "l'été 猫"),
    ("\uff0dcat", "cat"),
    ("ns\uff1acat", "ns cat"),
    ("a\ud800b\udfff", "a b"),  # halves of a letter: no address can hold them
]


@pytest.mark.parametrize(("module", "source"), SOURCES)
@pytest.mark.parametrize(("tag", "words"), TAGS)
def test_a_tag_is_asked_for_as_words(monkeypatch, module, source, tag, words):
    assert asked(monkeypatch, module, source, tag) == words


@pytest.mark.parametrize(
    ("module", "source", "tag", "words"),
    [
        (commons, Commons(), 'incategory:"Cats of X"', "incategory Cats of X"),
        (commons, Commons(), "insource:/a.b+/", "insource a.b"),
        (commons, Commons(), "!cat c?t", "cat c t"),
        (commons, Commons(), "File:Cat.jpg", "File Cat.jpg"),
        (commons, Commons(), "cat OR NOT dog AND bee", "cat or not dog and bee"),
        (commons, Commons(), "fileres:>99 filetype:video", "fileres 99 filetype video"),
        (flickr, Flickr(), "geo:lat=48.2", "geo lat 48.2"),
        (flickr, Flickr(), "cat,dog", "cat dog"),
        (flickr, Flickr(), "cat OR dog", "cat or dog"),
        (openverse, Openverse(), "cat OR dog", "cat OR dog"),
    ],
)
def test_each_source_knows_what_means_something_to_its_service(
    monkeypatch, module, source, tag, words
):
    assert asked(monkeypatch, module, source, tag) == words


@pytest.mark.parametrize(("module", "source"), SOURCES)
@pytest.mark.parametrize(
    "tag", ["", " ", "-", '""', "-()|*", "!!!", "♥", "_", "\\", "\uff5e", "\ud800"]
)
def test_a_tag_with_nothing_left_is_not_asked(monkeypatch, module, source, tag):
    assert asked(monkeypatch, module, source, tag) is None


def test_a_long_tag_is_cut_after_a_whole_word():
    for _, source in SOURCES:
        words = capabilities(source).syntax.words("word " * 90)
        assert len(words) <= 200
        assert set(words.split()) == {"word"}


@given(
    st.text() | st.text(alphabet='-+|"()*~:!?/\\,=&<>AND OR\ud800\u200b\uff1a\uff0d“'),
    st.sampled_from([*(capabilities(source).syntax for _, source in SOURCES), WORDS]),
)
def test_no_tag_says_anything_but_words(tag, syntax):
    words = syntax.words(tag)
    assert not set(words) & set(syntax.special)
    assert not set(words.split()) & syntax.operators
    assert len(words) <= syntax.longest
    assert syntax.words(words) == words
    assert words.encode().decode() == words
    assert words == "" or any(letter.isalnum() for letter in words)


def test_operators_are_words_in_capitals_alone():
    assert Syntax(operators=frozenset({"OR"})).words("OR Oregon or ORE") == "or Oregon or ORE"
