"""Which requests the courier signs, and what it lets through of the answers."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

SIGNING = Path(__file__).resolve().parents[2] / "site" / "js" / "courier" / "signing.js"
API = "https://api.flickr.com/services/rest/"
KEY = "0123456789abcdef0123456789abcdef"
SEARCH = f"{API}?method=flickr.photos.search"

pytestmark = pytest.mark.native

PROGRAM = """
const { signed, scrub } = await import(process.argv[1]);
const answers = JSON.parse(process.argv[2]).map(({ name, url, key, text }) => {
  try {
    if (name === "signed") return { url: signed(url, "%s", key) };
    const body = new TextEncoder().encode(text);
    scrub(body, key);
    return { text: new TextDecoder().decode(body) };
  } catch (error) {
    return { refused: `${error.name}: ${error.message}` };
  }
});
console.log(JSON.stringify(answers));
"""


def run(cases):
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, to run site/js/courier/signing.js")
    command = [node, "--input-type=module", "-e", PROGRAM % API, SIGNING.as_uri()]
    command.append(json.dumps(cases))
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def signed(*urls, key=KEY):
    return run([{"name": "signed", "url": url, "key": key} for url in urls])


def scrubbed(text, key=KEY):
    return run([{"name": "scrub", "text": text, "key": key}])[0]["text"]


def test_a_search_is_signed_and_otherwise_as_it_was():
    words = {"method": "flickr.photos.search", "text": "a & b=c #é ~+", "format": "json"}
    answer = signed(f"{API}?{urlencode(words)}")[0]["url"]
    assert answer.startswith(f"{API}?")
    assert parse_qsl(urlsplit(answer).query) == [*words.items(), ("api_key", KEY)]


def test_a_key_of_any_characters_is_one_parameter():
    key = "a&method=flickr.test.echo#é"
    answer = signed(SEARCH, key=key)[0]["url"]
    assert parse_qsl(urlsplit(answer).query)[1:] == [("api_key", key)]


def test_without_a_key_nothing_is_added():
    assert signed(SEARCH, key="")[0]["url"] == SEARCH


OTHER = [
    "https://live.staticflickr.com/1/2_3_n.jpg",
    "https://live.staticflickr.com/1?method=flickr.photos.search",
    "http://api.flickr.com/services/rest/?method=flickr.photos.search",
    "https://api.flickr.com.example/services/rest/?method=flickr.photos.search",
    "https://api.flickr.com@example.com/services/rest/?method=flickr.photos.search",
    "https://api.flickr.com/services/rest?method=flickr.test.echo",
    "https://API.flickr.com/services/rest/?method=flickr.photos.search",
    "https://api.flickr.com/services/upload/?method=flickr.photos.search",
    "https://api.openverse.org/v1/images/?q=polar+bear&page=2&page_size=20&mature=false",
    "https://api.openverse.org/v1/images/36537842-b067-4ca0-ad67-e00ff2e06b2d/thumb/",
    "https://commons.wikimedia.org/w/api.php?action=query&format=json&origin=*&gsrsearch=a%20b",
    "https://thumb.wikimedia.org/wikipedia/commons/thumb/a/ab/A_b.jpg/330px-A_b.jpg?utm_source=x",
    API,
]


def test_other_addresses_are_left_as_they_are():
    assert signed(*OTHER) == [{"url": url} for url in OTHER]


REFUSED = {
    "not among those": [
        f"{API}?method=flickr.test.echo",
        f"{API}?method=flickr.photos.Search",
        f"{API}?method=",
        f"{API}?",
        f"{API}?text=cat",
        f"{SEARCH}%00",
        f"{SEARCH};method=flickr.test.echo",
        f"{API}?method=flickr.auth.oauth.checkToken",
    ],
    "misspelt or there twice": [
        f"{SEARCH}&method=flickr.test.echo",
        f"{SEARCH}&%6dethod=flickr.photos.search",
        f"{SEARCH}&method[]=flickr.test.echo",
        f"{SEARCH}&+method=flickr.test.echo",
        f"{SEARCH}&%00method=flickr.test.echo",
        f"{SEARCH}&METHOD=flickr.test.echo",
        f"{SEARCH}&api.key=mine",
        f"{SEARCH}&api%20key=mine",
        f"{SEARCH}&api_key=a&api_key=b",
        f"{SEARCH}&=",
        f"{SEARCH}&te\nxt=cat",
    ],
    "the key is added here": [f"{SEARCH}&api_key=mine", f"{SEARCH}&api%5Fkey="],
    "no #fragment": [f"{SEARCH}#", f"{API}?#method=flickr.photos.search"],
    "no http address": ["", "x", "//a/", "file:///x", "data:,x", "blob:https://a/x", " http://a/"],
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_could_give_the_key_away_is_refused(why):
    for url, answer in zip(REFUSED[why], signed(*REFUSED[why]), strict=True):
        assert answer.get("refused", "").startswith("Refusal: "), url
        assert why in answer["refused"], url
        assert KEY not in answer["refused"]


def test_the_key_is_blotted_out_wherever_it_is_and_nothing_else_is_touched():
    near = KEY[:-1] + "é" + KEY[1:]
    text = f"{KEY}0{KEY}{KEY} ümlaut {near} 0{KEY}"
    assert scrubbed(text) == text.replace(KEY, "*" * 32)
    assert KEY not in scrubbed(f"0123456789{KEY}")
    assert scrubbed("") == ""


def test_an_escaped_key_is_blotted_out_too():
    assert scrubbed("?a=odd+key%26%23&b odd key&#", "odd key&#") == "?a=*************&b *********"


@pytest.mark.parametrize("key", ["", "a", '"', "stat"])
def test_what_is_too_short_for_a_key_does_not_break_answers(key):
    assert scrubbed('{"stat":"ok"}', key) == '{"stat":"ok"}'
