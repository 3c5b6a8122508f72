"""Several services and own photos, searched together."""

from dataclasses import replace

import pytest

from in_loop import in_loop
from lookalike.browser.protocol import CallsMade, Mark, Search, ServiceChoice, Steer
from lookalike.browser.services import Services
from lookalike.browser.session import Session
from lookalike.errors import KeyRejected
from lookalike.filters import Filters
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.search.events import (
    Finished,
    Progress,
    Queried,
    Reason,
    Recomputing,
    Rescored,
    Scored,
    Started,
)
from lookalike.search.federated import Member
from lookalike.sources.source import Capabilities
from session_page import OPPOSITE, OTHER_LAYER, SCORER, SETTINGS, Page, scores_of
from small_world import COLOURS, at_once, picture, world


def services():
    """Two more worlds beside the one called "world"."""
    made = []
    for name in ("ant", "bee"):
        each = world()
        each.can = Capabilities(name, name.title(), dates=True)
        made.append(each)
    return made


def test_services_say_what_they_are():
    ant, _ = services()
    ant.can = Capabilities("ant", "Ant", key=True, per_minute=20, filters=frozenset({"safe", "a"}))
    assert Services([ant]).choices == [ServiceChoice("ant", "Ant", True, ["a", "safe"], 20, None)]


@in_loop
async def test_the_services_of_the_settings_are_searched_at_once():
    ant, bee = services()
    page = Page(others=[ant, bee])
    page.search(sources=["bee", "world"])
    assert (await page.ended()).problem is None
    assert {event.photo.source for event in page.of(Scored)} == {"bee", "world"}
    assert ant.queries == []
    assert [part.name for part in page.of(Progress)[-1].services] == ["bee", "world"]
    assert {event.source for event in page.of(Queried)} == {"bee", "world"}


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ([], "Nothing was chosen to search."),
        (["world", "nowhere"], "There is nothing called “nowhere” to search."),
        (["collection:7"], "There is nothing called “collection:7” to search."),
    ],
)
@in_loop
async def test_sources_that_there_are_not_fail_with_clear_words(sources, told):
    page = Page(others=services())
    page.search(sources=sources)
    finished = await page.ended()
    assert (finished.reason, finished.problem.message) == (Reason.FAILED, told)
    assert finished.problem.advice == "Choose World, Ant or Bee."
    assert page.source.queries == []
    page.search(number=2)
    assert (await page.ended(2)).problem is None


@in_loop
async def test_a_tag_is_steered_at_all_services():
    ant, bee = services()
    page = Page(others=[ant, bee])
    page.search(sources=["ant", "bee"])
    page.send(Steer(1, "orange", "ban"))
    await page.ended()
    assert page.of(Scored)
    assert all("orange" not in event.photo.tags for event in page.of(Scored))


@in_loop
async def test_a_new_scorer_is_told_to_the_policies_of_all_services():
    ant, bee = services()
    page = Page(others=[ant, bee])
    page.search(sources=["ant", "bee"], photos=120, calls=200)
    await page.until(lambda: len(page.of(Scored)) > 40)
    page.try_scorer(OPPOSITE)
    await page.until(lambda: page.of(Rescored))
    await page.ended()
    scores = scores_of(await page.after(Rescored, lambda: page.try_scorer(OPPOSITE, 2)))
    assert len(scores) == 120
    means = {estimate.tag: estimate.mean for estimate in page.of(Progress)[-1].estimates}
    assert max(means, key=means.get) not in ("red", "orange")


@in_loop
async def test_filters_of_the_settings_are_applied():
    ant, _ = services()
    for i, photo in enumerate(ant.photos.values()):
        ant.photos[photo.id] = replace(photo, license="CC0 1.0" if i % 2 else "All rights reserved")
    page = Page(others=[ant])
    page.search(sources=["ant"], filters=Filters(license="reuse"), photos=30)
    await page.ended()
    assert {event.photo.license for event in page.of(Scored)} == {"CC0 1.0"}
    assert page.of(Progress)[-1].filtered[0].why == "licence"


@in_loop
async def test_calls_are_told_and_those_of_earlier_visits_count():
    ant, _ = services()
    ant.can = replace(ant.can, per_minute=20, per_day=200)
    page = Page(others=[ant])
    made = [1e9 - 4000.0 - i for i in range(150)]
    settings = replace(SETTINGS, sources=["ant"], calls=100)
    page.send(Search(1, [QueryPhoto(picture(COLOURS["red"]))], settings, {"ant": made, "x": [1]}))
    finished = await page.ended()
    assert finished.calls == len(ant.queries) == 12  # a quarter of the 50 that were left
    told = page.of(CallsMade)
    assert [len(each.made) for each in told] == list(range(151, 163))
    assert {each.source for each in told} == {"ant"}
    part = page.of(Progress)[-1].services[0]
    assert (part.minute_left, part.day_left) == (8, 38)


@in_loop
async def test_a_service_that_dies_is_told_and_what_it_found_can_be_marked():
    ant, bee = services()

    def fail(kind, n):
        if kind == "call" and n > 1:
            raise KeyRejected("No key.")

    ant.fail = fail
    page = Page(others=[ant, bee])
    page.search(sources=["ant", "bee"], photos=80, calls=200)
    assert (await page.ended()).problem is None
    parts = {part.name: part for part in page.of(Progress)[-1].services}
    assert parts["ant"].problem.code == "key-rejected"
    assert parts["bee"].problem is None
    found = [event.photo.id for event in page.of(Scored) if event.photo.source == "ant"]
    assert found
    rescored = await page.after(Rescored, lambda: page.send(Mark(1, found[0], "liked")))
    assert found[0] in scores_of(rescored)


@in_loop
async def test_what_is_no_service_joins_by_its_kind():
    asked = []

    def collection(name, settings):
        asked.append((name, settings.neighbours))

        async def begin(part):
            await part.ranker.begin()
            yield Started(part.seed, ())
            yield Finished(Reason.EXHAUSTED, 0, 0, 0.0)

        return Member(name, "Holidays", begin, looks=False)

    page = Page()
    page.session = Session(
        lambda m, i: page.heard.append((m, i)),
        Services([page.source], run=at_once, now=lambda: 1e9),
        page.model,
        others={"collection": collection},
    )
    page.session.load(SCORER.encode())
    page.search(sources=["collection:7", "world"], neighbours=9)
    assert (await page.ended()).photos == 40
    assert asked == [("collection:7", 9)]


@in_loop
async def test_own_photos_that_are_described_again_end_in_scores_though_none_joins():
    async def described(ranker):
        yield Recomputing(0, 1)
        yield Recomputing(1, 1)

    page = Page()
    page.session = Session(
        lambda m, i: page.heard.append((m, i)),
        Services([page.source], run=at_once, now=lambda: 1e9),
        page.model,
        newcomers=described,
    )
    page.session.load(SCORER.encode())
    scores = await page.searched()
    page.try_scorer(OTHER_LAYER)
    await page.until(lambda: Recomputing(1, 1) in page.of(Recomputing))
    await page.until(lambda: len(page.of(Rescored)) == 2)
    assert isinstance(page.heard[-1][0], Rescored)
    assert scores_of(page.of(Rescored)[-1]).keys() == scores.keys()
