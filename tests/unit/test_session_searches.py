"""A search of the page: how it begins, ends and goes on, and what it starts from."""

import asyncio
from dataclasses import replace

import lookalike.ranking.query_photo
from in_loop import in_loop
from lookalike import images
from lookalike.browser import query_photos
from lookalike.browser.protocol import (
    Cancel,
    GoOn,
    Mark,
    Open,
    Opened,
    Ping,
    Pong,
    Restore,
    ScorerTried,
    Search,
    Steer,
)
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.scorer.compile import shipped
from lookalike.search.events import Finished, Queried, Reason, Rescored, Scored, Started
from session_page import SCORER, SETTINGS, Page, best, opened_slowly
from small_world import COLOURS, picture


@in_loop
async def test_a_search_is_told_from_start_to_finish():
    page = Page(text=shipped())
    scores = await page.searched()
    assert isinstance(page.heard[0][0], Started)
    assert {i for _, i in page.heard} == {1}
    assert len(scores) == 40
    assert page.heard[-1][0].reason is Reason.BUDGET
    page.send(Ping(7))
    assert page.heard[-1] == (Pong(7), None)


@in_loop
async def test_queried_and_scored_are_of_their_search():
    page = Page()
    await page.searched(number=9)
    assert {i for message, i in page.heard if isinstance(message, Queried | Scored)} == {9}


def test_files_are_opened_beside_a_search_and_a_picture_is_decoded_once(monkeypatch):
    decoded = []

    async def counting(data, *rest):
        decoded.append(data)
        return await images.open_anyhow(data, *rest)

    for module in (query_photos, lookalike.ranking.query_photo):
        monkeypatch.setattr(module, "open_anyhow", counting)
    red, green = picture(COLOURS["red"]), picture(COLOURS["green"])

    async def opening():
        page = Page()
        page.search()
        page.send(Open(5, b"no picture"))
        page.send(Open(6, green))
        await page.until(lambda: len(page.of(Opened)) == 2)
        bad, good = page.of(Opened)
        assert bad.id == 5
        assert bad.problem.code == "bad-photo"
        assert good == Opened(6, None)
        assert (await page.ended()).reason is Reason.BUDGET
        page.search(QueryPhoto(green), number=2)
        assert (await page.ended(2)).reason is Reason.BUDGET

    asyncio.run(opening())
    assert sorted(decoded) == sorted([red, b"no picture", green])


@in_loop
async def test_a_search_is_cancelled_and_a_new_one_ends_the_one_before():
    page = Page()
    page.search()
    await page.until(lambda: page.of(Scored))
    page.send(Cancel(2))  # of another
    page.send(Cancel(1))
    assert (await page.ended()).reason is Reason.CANCELLED
    page.search(number=2)
    await page.until(lambda: page.of(Scored, 2))
    page.search(number=3)
    assert (await page.ended(2)).reason is Reason.CANCELLED
    assert (await page.ended(3)).reason is Reason.BUDGET


@in_loop
async def test_a_search_is_cancelled_while_query_photos_are_opened(monkeypatch):
    page, (opening, go) = Page(), opened_slowly(monkeypatch)
    page.search()
    await opening.wait()
    page.send(Cancel(1))
    go.set()
    assert (await page.ended()).reason is Reason.CANCELLED
    assert page.source.queries == []


@in_loop
async def test_a_tag_is_steered_from_the_first_moment():
    page = Page()
    page.search()
    page.send(Steer(1, "violet", "ban"))
    await page.ended()
    assert all("violet" not in event.photo.tags for event in page.of(Scored))


@in_loop
async def test_what_was_banned_in_the_search_before_is_not_asked_nor_shown_by_the_next():
    """What the first search saw is shown at once by the next, and the first words are asked."""
    page = Page()
    await page.searched()
    assert page.source.queries[0] == "red"
    asked = len(page.source.queries)
    query = QueryPhoto(picture(COLOURS["red"]))
    page.send(Search(2, [query], SETTINGS, {}, "", ["blue3"], ["Red"]))
    await page.ended(2)
    assert "red" not in page.source.queries[asked:]
    assert page.source.queries.index("blue3") in range(asked, asked + 10)
    before = [event for event in page.of(Scored, 2) if event.before]
    assert before
    assert all("red" not in event.photo.tags for event in page.of(Scored, 2))
    # It is taken back; what is known of it comes as anything does.
    page.send(Steer(2, "red", "free"))
    page.send(GoOn(2, 40, 60, 30.0, {}))
    await page.until(lambda: len(page.of(Finished, 2)) == 2)
    assert any("red" in event.photo.tags for event in page.of(Scored, 2))


@in_loop
async def test_a_shipped_file_that_is_broken_fails_searches_until_it_is_mended():
    page = Page(text="1 / 0")
    told = page.heard[0][0]
    assert (told.id, told.problem.line) == (0, 1)
    page.search()
    assert (await page.ended()).problem == told.problem
    assert (await page.after(ScorerTried, lambda: page.try_scorer(SCORER))).problem is None
    page.search(number=2)
    assert (await page.ended(2)).problem is None


# -- What a search starts from ---------------------------------------------------------------------


@in_loop
async def test_words_to_start_from_need_no_photo_but_get_source():
    page = Page()
    page.search(number=1)
    await page.ended()
    page.send(Search(2, [], SETTINGS, {}))
    finished = await page.ended(2)
    assert "no photo" in finished.problem.message
    start = SCORER + "import numpy as np\nSTART = ['green', 'blue']\n"
    refused = await page.after(ScorerTried, lambda: page.try_scorer(start))
    assert "embs2score" in refused.problem.message  # with no source
    start += "def get_source(examples):\n    return np.float32([-1, 1, -1])\n"
    taken = await page.after(ScorerTried, lambda: page.try_scorer(start, 2))
    assert (taken.problem, taken.optional) == (None, ["get_source", "START"])
    page.send(Search(3, [], SETTINGS, {}))
    assert (await page.ended(3)).problem is None
    started = page.of(Started, 3)[0]
    assert [(guess.tag, guess.probability) for guess in started.guesses] == [
        ("green", 1.0),
        ("blue", 1.0),
    ]
    scores = {event.photo.id: event.score for event in page.of(Scored, 3)}
    assert all(name.startswith("world:green") for name in best(scores))


@in_loop
async def test_several_photos_weights_and_crops():
    half = picture(COLOURS["red"], size=(40, 40))
    green, red = picture(COLOURS["green"]), picture(COLOURS["red"])
    page = Page()
    await page.searched(QueryPhoto(green, 1.0), QueryPhoto(red, -1.0), number=1)
    assert "green" in [guess.tag for guess in page.of(Started, 1)[0].guesses][:2]
    scores = {event.photo.id: event.score for event in page.of(Scored, 1)}
    assert best(scores, 1)[0].startswith("world:green")
    page.search(QueryPhoto(half, crop=(0, 0, 0, 1)), number=2)
    finished = await page.ended(2)
    assert (finished.problem.code, finished.reason) == ("bad-crop", Reason.FAILED)
    page.search(QueryPhoto(half, crop=(0.5, 0, 0.5, 1)), number=3)
    assert (await page.ended(3)).problem is None


@in_loop
async def test_of_several_query_photos_the_best_counts_and_none_that_leads_away():
    page = Page()
    red, blue = (QueryPhoto(picture(COLOURS[name])) for name in ("red", "blue"))
    await page.searched(red, blue, replace(red, weight=-1.0))
    scores = {event.itself for event in page.of(Scored)}
    assert len(scores) == 1
    assert max(scores) < 1
    text = SCORER + '\n\nSTART = ["red"]\n\n\ndef get_source(examples):\n    return [1.0] * 3\n'
    page = Page(text=text)
    page.send(Search(1, [], SETTINGS, {}))
    await page.ended()
    assert {event.itself for event in page.of(Scored)} == {None}


@in_loop
async def test_what_repeats_a_query_photo_that_was_found_is_its_near_duplicate():
    page = Page()
    found = QueryPhoto(picture(COLOURS["red"]), of="elsewhere:1")
    await page.searched(found)
    near_duplicates = {event.photo.id: event.twin for event in page.of(Scored)}
    repeated = [name for name, twin in near_duplicates.items() if twin == "elsewhere:1"]
    assert repeated
    assert all(name.startswith("world:red") for name in repeated)
    await page.searched(replace(found, of=""), number=2)
    assert "elsewhere:1" not in {event.twin for event in page.of(Scored, 2)}


# -- Keep looking ----------------------------------------------------------------------------------


@in_loop
async def test_a_search_goes_on_when_it_is_told_to_and_knows_what_was_marked_meanwhile():
    page = Page()
    await page.searched(photos=20)
    await page.after(Rescored, lambda: page.send(Mark(1, page.of(Scored)[3].photo.id, "liked")))
    for number, photos in enumerate((35, 50), 2):
        page.send(GoOn(1, 15, 20, 30.0, {}))
        await page.until(lambda n=number: len(page.of(Finished, 1)) == n)
        assert page.of(Finished, 1)[-1].photos == photos
    ids = [event.photo.id for event in page.of(Scored, 1)]
    assert len(ids) == len(set(ids)) == 50
    assert len(page.of(Started)) == 1


@in_loop
async def test_a_tag_that_is_banned_when_a_search_has_ended_is_banned_when_it_goes_on():
    page = Page()
    await page.searched(photos=20)
    assert len(page.of(Scored)) == 20
    page.send(Steer(1, "photo", "ban"))  # which all photos carry
    page.send(GoOn(1, 15, 20, 30.0, {}))
    await page.until(lambda: len(page.of(Finished)) == 2)
    assert len(page.of(Scored)) == 20


@in_loop
async def test_what_cannot_go_on_says_so():
    page = Page()
    page.send(GoOn(1, 15, 20, 30.0, {}))
    assert (await page.ended()).reason is Reason.FAILED
    await page.searched(number=2)
    page.send(Restore(3, [QueryPhoto(picture(COLOURS["red"]))], SETTINGS, []))
    for number in (2, 3):
        page.send(GoOn(number, 15, 20, 30.0, {}))
        await page.until(lambda n=number: page.of(Finished, n)[-1:])
        assert page.of(Finished, number)[-1].problem.advice == "Search again."


@in_loop
async def test_a_search_that_goes_on_is_cancelled_and_goes_on_again():
    page = Page()
    await page.searched(photos=20)
    page.send(GoOn(1, 300, 60, 30.0, {}))
    await page.until(lambda: len(page.of(Scored)) > 25)
    page.send(Cancel(1))
    await page.until(lambda: len(page.of(Finished)) == 2)
    assert page.of(Finished)[-1].reason is Reason.CANCELLED
    page.send(GoOn(1, 10, 60, 30.0, {}))
    await page.until(lambda: len(page.of(Finished)) == 3)
    ids = [event.photo.id for event in page.of(Scored)]
    assert len(ids) == len(set(ids)) == page.of(Finished)[-1].photos
