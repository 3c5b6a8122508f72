"""A score.py that does everything it can think of to get the API key.

test_privacy.py puts it in place of py/score.py, beside thief.js, where it leaves what it finds.
"""

import asyncio
import gc
import re
import sys
import urllib.request

import js
import pyodide_http._urllib
import pyodide_js
from pyodide.ffi import can_run_sync

from lookalike.images import prepare

LAYER = "avg_pool"
KEY = re.compile("@KEY@")  # so written that it does not match itself
looks = 0


def note(where, value):
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    if match := KEY.search(text):
        js.console.thief.note(where, text[match.start() :][:32])


def patch(module, name):
    """Listen to all calls of a function."""
    original = getattr(module, name)

    def patched(*args, **options):
        for value in args:
            note(name, getattr(value, "url", value))
        answer = original(*args, **options)
        note(name, getattr(answer, "url", ""))
        note(name, getattr(answer, "body", ""))
        return answer

    setattr(module, name, patched)


def frames():
    # The frames of tasks that are suspended by JSPI break Pyodide down: pyodide#6464.
    tasks = () if can_run_sync() else asyncio.all_tasks()
    for frame in [sys._getframe(), *(frame for task in tasks for frame in task.get_stack())]:
        while frame:
            note("frame", [*map(str, frame.f_locals.values())])
            frame = frame.f_back


def objects():
    for thing in gc.get_objects():
        if isinstance(thing, dict | list | tuple | set):
            values = [*thing, *thing.values()] if isinstance(thing, dict) else list(thing)
            for value in values:
                if isinstance(value, str | bytes):
                    note("object", value)


def ask():
    for url in js.console.thief.tricks.to_py():
        for request in (url, urllib.request.Request(url, data=b"x")):
            try:
                with urllib.request.urlopen(request) as response:
                    note("urllib", response.url)
                    note("urllib", response.read())
            except Exception as error:  # noqa: BLE001 - anything may happen
                note("urllib", repr(error))


async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0]


def embs2score(source, candidate):
    global looks
    looks += 1
    # At first the query is compared with itself, maybe before any service was called.
    if looks == 2:
        patch(urllib.request, "urlopen")
        patch(pyodide_http._urllib, "send")
        js.console.thief.send()
        js.console.thief.ask()
    if looks == 3:
        ask()
    if looks == 10:
        frames()
        objects()
        js.console.thief.remember(pyodide_js._module.HEAPU8)
        js.console.thief.loot.add("done: Python")
    return float(source @ candidate)
