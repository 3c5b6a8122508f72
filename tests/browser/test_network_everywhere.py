"""The network that is shipped, in every browser; the other journeys take a light one."""

import pytest
from drivers.opening import NAMES, opened_page, watched
from visit import STATUS, Visit

pytestmark = [pytest.mark.real_network, pytest.mark.whole_browser]


@pytest.fixture(params=NAMES)
def visit(request, site, tmp_path):
    with site.fork(tmp_path) as fork:
        watched(request.param, fork)
        with opened_page(request.param, request, tmp_path) as page:
            visit = Visit(page, fork)
            visit.open(sources=["flickr"], photos=12, seed=1)
            visit.ready()
            yield visit
            assert page.problems() == []


def test_a_photo_finds_photos(visit, flickr, query, tmp_path):
    path = tmp_path / query[0]
    path.write_bytes(query[1])
    visit.search(path)
    assert "12 photos compared" in visit.page.texts(STATUS)[0]
    assert len(flickr.requests("image")) >= 12
