"""The courier's policy lets it reach each service, and the services let the page read them."""

import json

import pytest
from conftest import opened

FETCHED = """
async (url) => {
  const options = { credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" };
  const response = await fetch(url, options);
  return { status: response.status, text: await response.text(),
           headers: [...response.headers.keys()] };
}
"""
QUESTION = (
    "?action=query&format=json&formatversion=2&origin=*&generator=search&gsrsearch=filetype:bitmap"
    "&gsrnamespace=6&gsrlimit=1&prop=imageinfo&iiprop=url&iiurlwidth=330"
)


@pytest.fixture
def courier(browser, site):
    """The courier's frame, the one part of the page that may reach the services."""
    with opened(browser, site) as look:
        look.expect_errors("status of 429")  # every browser logs it by itself
        look.open()
        frame = look.page.wait_for_selector("iframe[title='The courier']", state="attached")
        yield frame.content_frame()


def fetched(courier, url):
    answer = courier.evaluate(FETCHED, url)
    assert answer["status"] == 200
    return answer


def test_openverse_can_be_read_but_not_its_limits(courier, openverse):
    answer = fetched(courier, openverse.url + "?q=dog&page_size=1")
    (row,) = json.loads(answer["text"])["results"]
    fetched(courier, row["thumbnail"])
    assert "x-ratelimit-limit-anon_burst" not in answer["headers"]
    # A 429 has the header that lets it be read, too.
    openverse.calls_per_day = 1
    refused = courier.evaluate(FETCHED, openverse.url + "?q=dog")
    assert refused["status"] == 429
    assert "Expected available in" in refused["text"]


def test_commons_can_be_read_with_origin_alone(courier, commons):
    (found,) = json.loads(fetched(courier, commons.url + QUESTION)["text"])["query"]["pages"]
    fetched(courier, found["imageinfo"][0]["thumburl"])
    assert commons.requests("image")[-1].status == 200


def test_the_configuration_names_all_three(site, flickr_server, openverse, commons):
    config = json.loads((site.folder / "config.json").read_text())
    urls = [config[f"{name}_url"] for name in ("flickr", "openverse", "commons")]
    assert urls == [flickr_server.url, openverse.url, commons.url]
