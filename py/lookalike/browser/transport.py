"""How `urllib.request` reaches the network in a browser: by the courier.

pyodide-http stands in for sockets; what it sends goes through the courier instead
(site/js/courier/worker.js), which has the API key, so that no Python need have it. Where the
browser can suspend WebAssembly (JSPI), plain, synchronous code waits there for its answer;
elsewhere it is run again when the answer is there. Either way, requests of several tasks overlap,
and failures become the exceptions that CPython's urllib raises, which pyodide-http's do not.
"""

import gc
import urllib.error
from collections.abc import Callable
from typing import Any, TypeVar

import pyodide_http
import pyodide_http._urllib
from pyodide.ffi import can_run_sync, run_sync
from pyodide_http._core import Request, Response

from lookalike.browser.replay import Replay
from lookalike.sources.source import Runner

T = TypeVar("T")
Send = Callable[[Request], Response]


def install(fetch: Any) -> Runner:  # noqa: ANN401 - a JavaScript function
    """Patch `urllib.request`.

    Args:
        fetch: `Courier.fetch` of site/js/engine/courier.js; a promise of {status, body, error}
            that is never rejected.

    Returns:
        How a source's functions are run. To be called where `run_sync` would be: see
        `can_run_sync`.
    """
    pyodide_http.patch_urllib()
    if can_run_sync():
        _collect_by_hand()
        send = _sender(can_run_sync, lambda url: run_sync(fetch(url)))
        run: Runner = _at_once
    else:
        replay = Replay(fetch)
        send = _sender(lambda: replay.running, replay.answer)
        run = replay.run
    # There is no public seam for the transport: the patched urlopen calls this name.
    pyodide_http._urllib.send = send
    return run


async def _at_once(function: Callable[..., T], /, *args: object) -> T:
    # Each call of a source is in a task of its own already, and the transport suspends that alone.
    return function(*args)


def _collect_by_hand() -> None:
    """End automatic garbage collection, which breaks Pyodide 314 down where stacks are suspended.

    It walks the frames of suspended tasks, which lie on a stack that others have overwritten:
    "memory access out of bounds", in one search of twenty (https://github.com/pyodide/pyodide/issues/6464).
    A full collection, `gc.collect()`, does not.
    """
    gc.collect()
    gc.freeze()  # what is there now stays, and need not be looked through again
    gc.disable()


def _sender(can_wait: Callable[[], bool], answer: Callable[[str], Any]) -> Send:
    def send(request: Request) -> Response:
        if request.method != "GET" or request.body is not None:
            raise PermissionError("only GET requests leave this page")
        if not can_wait():
            # score.py asks for something, in a moment that cannot be suspended nor run again.
            raise PermissionError(
                "only the search asks the photo services; score.py has no network"
            )
        found = answer(request.url)
        if found.error:
            raise _failure(found.error)
        # Without a single header, pyodide-http's urlopen puts an empty line before the body.
        headers = {"connection": "close"}
        return Response(status_code=found.status, headers=headers, body=found.body.to_bytes())

    return send


def _failure(error: Any) -> OSError:  # noqa: ANN401 - a name and a message
    if error.name == "TimeoutError":
        return TimeoutError(error.message)
    if error.name == "Refusal":
        return PermissionError(error.message)
    return urllib.error.URLError(f"{error.name}: {error.message}")
