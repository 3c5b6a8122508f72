"""Tests that are coroutines."""

import asyncio
import functools


def in_loop(test):
    """Run a test in an event loop of its own."""

    @functools.wraps(test)
    def run(**given):
        asyncio.run(test(**given))

    return run
