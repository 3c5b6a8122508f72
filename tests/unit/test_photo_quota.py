"""Photos shared among services: equally, and what one leaves goes to the others."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.search.photo_quota import PhotoQuota, shared


@given(photos=st.integers(0, 500), count=st.integers(1, 9))
def test_shares_are_equal_and_all_there_is(photos, count):
    lefts = [share.left for share in shared(photos, count)]
    assert sum(lefts) == photos
    assert max(lefts) - min(lefts) <= 1
    assert lefts == sorted(lefts, reverse=True)


def test_what_one_leaves_goes_to_those_that_go_on():
    first, second, third = shared(30, 3)
    second.close()
    assert (first.left, third.left) == (15, 15)
    first.close()
    assert third.left == 30
    third.close()


def test_who_waits_gets_first_of_what_is_left():
    async def scenario():
        first, second, third = shared(3, 3)
        second.take()
        waiting = asyncio.ensure_future(second.more())
        await asyncio.sleep(0)
        third.close()
        return await waiting, first.left, second.left

    assert asyncio.run(scenario()) == (True, 1, 1)


def test_where_all_wait_there_will_be_no_more():
    async def scenario():
        shares = shared(4, 2)
        for share in shares:
            share.take()
            share.take()
        return await asyncio.gather(*(share.more() for share in shares))

    assert asyncio.run(scenario()) == [False, False]


def test_a_share_alone_does_not_wait():
    async def scenario():
        alone = PhotoQuota(1)
        before = await alone.more()
        alone.take()
        return before, await alone.more()

    assert asyncio.run(scenario()) == (True, False)


def test_a_look_that_comes_to_nothing_after_the_end_is_the_others():
    first, second = shared(2, 2)
    first.take()
    first.close()
    assert second.left == 1
    first.give_back()
    assert second.left == 2


async def _spend(share, wants, turn):
    """Look at up to `wants` photos, as a search does; give how many it was."""
    looked = 0
    while looked < wants and await share.more():
        share.take()
        looked += 1
        if looked % turn == 0:
            await asyncio.sleep(0)
    share.close()
    return looked


@pytest.mark.filterwarnings("error")
@given(
    photos=st.integers(0, 60),
    wants=st.lists(st.integers(0, 40), min_size=1, max_size=5),
    turn=st.integers(1, 7),
)
def test_all_that_is_wanted_and_there_is_gets_looked_at(photos, wants, turn):
    async def scenario():
        shares = shared(photos, len(wants))
        work = (_spend(*pair, turn) for pair in zip(shares, wants, strict=True))
        return await asyncio.wait_for(asyncio.gather(*work), 20)

    looked = asyncio.run(scenario())
    assert sum(looked) == min(photos, sum(wants))
    for count, want in zip(looked, wants, strict=True):
        assert count >= min(want, photos // len(wants))
