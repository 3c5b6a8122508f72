import asyncio

from in_loop import in_loop
from lookalike.search.ordered_tasks import OrderedTasks


@in_loop
async def test_who_waits_for_an_outcome_may_wait_for_less_than_patience_lasts():
    tasks = OrderedTasks(patience=10_000, clock=lambda: 0.0)
    never, heard = asyncio.Event(), []
    tasks.start(never.wait(), heard.append, "cat")
    await tasks.wait(0.001)
    tasks.deliver(lambda: None)
    assert tasks.asking == ("cat",)
    never.set()
    await tasks.wait()
    tasks.deliver(lambda: None)
    assert heard == [True]
    assert not tasks
