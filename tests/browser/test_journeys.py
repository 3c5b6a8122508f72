"""What people do with the page, the same in Chromium, Firefox and WebKit.

The journeys of a browser follow one another on one page, as starting takes long; each leaves the
page fit for the next. Every one fails on what the browser tells of errors or of the policy.
"""

import pytest
from drivers.opening import NAMES, opened_page, watched
from visit import Visit


@pytest.fixture(scope="module", params=NAMES)
def place(request, site, tmp_path_factory):
    """A browser with one page, and a copy of the site for it."""
    folder = tmp_path_factory.mktemp(request.param)
    with site.fork(folder) as fork:
        watched(request.param, fork)
        with opened_page(request.param, request, folder) as page:
            yield Visit(page, fork)


@pytest.fixture
def visit(place, flickr, openverse, commons):
    yield place
    assert place.page.problems() == []


@pytest.fixture(scope="module")
def photo(query, tmp_path_factory):
    """A photo that the services have, so that there is something alike to find."""
    name, content = query
    path = tmp_path_factory.mktemp("photo") / name
    path.write_bytes(content)
    return path


def test_the_first_search(visit, photo, flickr):
    visit.open(sources=["flickr"], photos=20)
    visit.search(photo)
    assert visit.results
    assert len(flickr.requests("image")) == 20
