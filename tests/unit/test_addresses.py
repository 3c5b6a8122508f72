import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.sources import commons, openverse
from lookalike.sources.addresses import normalised


@pytest.mark.parametrize(
    ("sent", "used"),
    [
        ("https://host/a?b#c", "https://host/a?b#c"),
        (" \n HTTPS://WWW.Host.COM/A b ", "https://www.host.com/A%20b"),
        ("//host.org/x", "https://host.org/x"),
        ("www.flickr.com", "https://www.flickr.com/"),
        ("flickr.com/photos/1", "https://flickr.com/photos/1"),
        ("http://host:80/", "http://host/"),
        ("https://host:8443/x", "https://host:8443/x"),
        ("https:\\\\host\\x", "https://host/x"),
        ("https:/host/x", "https://host/x"),
        ("https://host?q", "https://host/?q"),
        ("https://ho\nst/a\tb", "https://host/ab"),
        ("https://münchen.de/ä?ü#ß", "https://xn--mnchen-3ya.de/%C3%A4?%C3%BC#%C3%9F"),
        ("https://host/%zz%41<>", "https://host/%25zz%41%3C%3E"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("https://host/\ud800x", "https://host/x"),
    ],
)
def test_an_address_is_what_a_browser_makes_of_it(sent, used):
    assert normalised(sent) == used
    assert normalised(used) == used


@pytest.mark.parametrize(
    "sent",
    [
        *(
            "javascript:alert(1)",
            "JAVASCRIPT:0",
            "java\nscript:0",
            "data:text/html,x",
            "vbscript:x",
        ),
        *("blob:https://h/", "ftp://h/", "file:///etc/passwd", "mailto:a@b.c", "about:blank"),
        *("/path", "cat.jpg", "words", "https://", "https://[::1", "http://h:99999/", ""),
        *("https://flickr.com@evil.example/", "https://user:word@host/", "https://a b/"),
        *("https://a..b/", "https://%68ost/"),
    ],
)
def test_what_is_none_of_the_web_is_none(sent):
    assert normalised(sent) == ""


def test_an_endless_address_is_none():
    assert normalised("https://host/" + "x" * 5000) == ""


@given(st.text() | st.text(alphabet="htps:/\\.@%?#[]:80 \n\ud800aé").map("http".__add__))
def test_any_text_gives_an_address_that_can_be_fetched_or_none(text):
    url = normalised(text)
    if url:
        parts = urlsplit(url)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert parts.username is None
        assert url.isascii()
        assert url.isprintable()
        assert " " not in url
        assert normalised(url) == url


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", None, 3, [], "", "x" * 9000])
def test_without_a_page_to_link_to_a_photo_is_kept_without_a_link(wrong):
    (photo,) = openverse.parse(_openverse(wrong))
    assert (photo.page_url, photo.id) == ("", "1")
    (photo,) = commons.parse(_commons(wrong))
    assert (photo.page_url, photo.id) == ("", "1")


def _openverse(url):
    return json.dumps({"results": [{"id": "1", "foreign_landing_url": url}]}).encode()


def _commons(url):
    info = {"url": "https://upload.wikimedia.org/a.jpg", "descriptionurl": url}
    return json.dumps({"query": {"pages": [{"pageid": 1, "imageinfo": [info]}]}}).encode()
