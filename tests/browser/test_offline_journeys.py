"""A second visit without a network, the same in Chromium, Firefox and WebKit."""

import pytest
from drivers.opening import NAMES, opened_page, watched
from kept_site import LAST, kept_copy
from own_photos import folder_of, photos
from visit import Visit

KEPT = """
const look = async () => {
  const names = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) names.push(url);
  window.keptFiles = names;
  window.looking = false;
};
if (!window.looking) {
  window.looking = true;
  look();
}
return Boolean(window.keptFiles?.some((url) => url.endsWith(arguments[0])));
"""
CONTROLLED = "return navigator.serviceWorker.controller !== null"
NETWORK = """
const [there] = arguments;
Object.defineProperty(navigator, "onLine", { get: () => there, configurable: true });
dispatchEvent(new Event(there ? "online" : "offline"));
"""


@pytest.fixture(params=NAMES)
def visit(request, kept_dist, tmp_path, flickr, openverse, commons):
    with (
        kept_copy(kept_dist, tmp_path) as host,
        opened_page(request.param, request, tmp_path) as page,
    ):
        watched(request.param, host)
        host.publish()  # with the sums of what was changed
        yield Visit(page, host)


def is_kept(visit, name):
    return lambda: visit.page.evaluate(KEPT, name)


def test_a_second_visit_needs_no_network(visit, query, tmp_path):
    own = photos(4)
    visit.open(sources=["openverse"], photos=5, seed=1)
    visit.ready()
    if not visit.page.evaluate(CONTROLLED):
        # On a busy machine a first visit does not wait for its service worker: the next one has it.
        visit.open(sources=["openverse"], photos=5, seed=1)
        visit.ready()
    visit.page.click("button", "Your photos")
    visit.page.upload("#collection-files", *sorted(folder_of(tmp_path, own).rglob("*.jpg")))
    visit.page.type("textbox", "Name", "Holiday", within="#collection-staged")
    visit.page.click("button", "Make collection")
    visit.page.says(".collection-pace", "Done", seconds=visit.start_up)
    visit.page.wait(is_kept(visit, LAST), "all that an engine needs", visit.start_up)

    visit.site.stop()
    # Firefox's driver reloads past a service worker, as people do with Shift.
    visit.page.goto(visit.site.url)
    visit.ready()
    path, content = next(iter(own.items()))
    photo = tmp_path / "query.jpg"
    photo.write_bytes(content)
    visit.page.click("button", "Your photos")
    visit.page.click("button", "Search these")
    visit.search(photo)
    assert path.rpartition("/")[2].removesuffix(".jpg") in visit.titles[0]

    # Only Chromium's driver can take the network away: here, the page hears that it is gone.
    visit.page.evaluate(NETWORK, False)
    visit.search_at("openverse")
    visit.page.click("button", "Where to search…")
    visit.page.click("checkbox", "Holiday")
    visit.page.press("Escape")
    photo.write_bytes(query[1])
    visit.choose(photo)
    visit.page.says("[role=alert]", "Openverse as soon as the network is back")
    visit.wait_until_done()
    assert not any(visit.results), "photos of one's own have no page"
    visit.page.evaluate(NETWORK, True)
    visit.page.wait(lambda: any(visit.results), "photos of Openverse", visit.start_up)
    visit.wait_until_done()
    assert visit.page.problems() == []
