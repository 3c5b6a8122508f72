"""How `urllib.request` reaches the network in a browser.

pyodide-http stands in for sockets, by synchronous requests: one at a time. Where the browser can
suspend WebAssembly (JSPI), its transport is replaced by fetch, so that plain, synchronous code
run as several tasks overlaps. Either way, failures become the exceptions that CPython's urllib
raises, which pyodide-http's do not.
"""

import gc
import urllib.error
from collections.abc import Callable
from typing import Any

import pyodide_http
import pyodide_http._urllib
from pyodide.ffi import JsException, can_run_sync, run_sync
from pyodide_http._core import Request, Response


def install(fetch: Any) -> bool:  # noqa: ANN401 - a JavaScript function
    """Patch `urllib.request`.

    Args:
        fetch: `fetchBytes` of site/js/engine/network.js; a promise of {status, body, error}
            that is never rejected.

    Returns:
        Whether requests overlap. To be called where `run_sync` would be: see `can_run_sync`.
    """
    pyodide_http.patch_urllib()
    overlapping = bool(can_run_sync())
    # There is no public seam for the transport: the patched urlopen calls this name.
    serial = pyodide_http._urllib.send
    if overlapping:
        _collect_by_hand()
    pyodide_http._urllib.send = _raising(_over(fetch, serial) if overlapping else serial)
    return overlapping


def _collect_by_hand() -> None:
    """End automatic garbage collection, which breaks Pyodide 314 down where stacks are suspended.

    It walks the frames of suspended tasks, which lie on a stack that others have overwritten:
    "memory access out of bounds", in one search of twenty (https://github.com/pyodide/pyodide/issues/6464).
    A full collection, `gc.collect()`, does not.
    """
    gc.collect()
    gc.freeze()  # what is there now stays, and need not be looked through again
    gc.disable()


def _over(
    fetch: Any,  # noqa: ANN401 - a JavaScript function
    serial: Callable[[Request], Response],
) -> Callable[[Request], Response]:
    def send(request: Request) -> Response:
        if not can_run_sync():
            # JavaScript has entered Python by a plain call, which nothing can suspend.
            return serial(request)
        if request.method != "GET" or request.body is not None:
            raise urllib.error.URLError("only GET requests leave this page")
        answer = run_sync(fetch(request.url))
        if answer.error:
            raise _failure(answer.error)
        # Without a single header, pyodide-http's urlopen puts an empty line before the body.
        headers = {"connection": "close"}
        return Response(status_code=answer.status, headers=headers, body=answer.body.to_bytes())

    return send


def _raising(send: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def checked(request: Request) -> Response:
        try:
            return send(request)
        except JsException as error:
            raise _failure(error) from error

    return checked


def _failure(error: Any) -> OSError:  # noqa: ANN401 - a name and a message
    if error.name == "TimeoutError":
        return TimeoutError(error.message)
    return urllib.error.URLError(f"{error.name}: {error.message}")
