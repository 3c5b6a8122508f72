"""The engine worker's Python: takes the page's messages, runs searches, sends what happens."""

import asyncio
import gc
import json
import platform
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import PIL
from js import Object
from pyodide.ffi import JsProxy, jsnull, to_js

from lookalike.browser import transport
from lookalike.browser.bridge import BridgedModel
from lookalike.browser.protocol import (
    Cancel,
    Failed,
    Ping,
    PolicyChoice,
    Pong,
    Ready,
    Search,
    Steer,
    read,
    write,
)
from lookalike.budget import Budget
from lookalike.cache import Cache
from lookalike.errors import LookalikeError, ScoreError
from lookalike.events import Event, Finished, Reason
from lookalike.model import ModelSpec
from lookalike.policies import DEFAULT, POLICIES
from lookalike.scorer import Scorer, load_scorer
from lookalike.search import Limits, Toolbox, search
from lookalike.sources.flickr import Flickr
from lookalike.steering import Steered

T = TypeVar("T")


async def start(host: Any, spec: str, flickr_url: str) -> "Engine | None":  # noqa: ANN401
    """Make the engine and tell the page that it is ready, or why it cannot be.

    Args:
        host: the `Host` of site/js/engine/worker.js: `post`, `run`, `fetchBytes` and `abort`.
        spec: the model's JSON file, as text.
        flickr_url: the API's base URL.
    """
    try:
        scorer = load_scorer()
    except ScoreError as error:
        _post(host, Failed(error.problem))
        return None
    overlapping = transport.install(host.fetchBytes)
    engine = Engine(host, ModelSpec.from_json(json.loads(spec)), scorer, flickr_url)
    versions = {
        "Python": platform.python_version(),
        "numpy": np.__version__,
        "Pillow": PIL.__version__,
    }
    names = sorted(POLICIES, key=lambda name: name != DEFAULT)
    choices = [_choice(name) for name in names]
    engine.post(Ready(overlapping, versions, choices))
    return engine


def _choice(name: str) -> PolicyChoice:
    entry = POLICIES[name]
    return PolicyChoice(name, entry.title, entry.description, entry.belief)


class Engine:
    """One search at a time, for one page.

    Args:
        host, flickr_url: see `start`.
        spec: of the network behind `host.run`.
        scorer: the module `score`.
    """

    def __init__(
        self,
        host: Any,  # noqa: ANN401 - JavaScript
        spec: ModelSpec,
        scorer: Scorer,
        flickr_url: str,
    ) -> None:
        self._host = host
        self._tools = Toolbox(
            source=Flickr(flickr_url),
            model=BridgedModel(spec, host.run),
            scorer=scorer,
            run=_at_once,
            cache=Cache(),
        )
        self._search_id = -1
        self._stop = asyncio.Event()
        self._policy: Steered | None = None
        self._task: asyncio.Task[None] | None = None

    def post(self, message: Event | Ready | Pong, search_id: int | None = None) -> None:
        """Send a message to the page."""
        _post(self._host, message, search_id)

    def receive(self, data: JsProxy) -> None:
        """Take a message from the page."""
        message = read(_replaced(data.to_py(), jsnull, None))
        if isinstance(message, Search):
            self._cancel()
            self._task = asyncio.ensure_future(self._search(message))
        elif isinstance(message, Ping):
            self.post(Pong(message.id))
        elif message.id == self._search_id:
            if isinstance(message, Cancel):
                self._cancel()
            elif isinstance(message, Steer) and self._policy:
                self._policy.steer(message.tag, message.stance)

    def _cancel(self) -> None:
        self._stop.set()
        self._host.abort()

    async def _search(self, message: Search) -> None:
        settings = message.settings
        self._search_id, self._stop = message.id, asyncio.Event()
        self._policy = Steered(POLICIES.get(settings.policy, POLICIES[DEFAULT]).make())
        events = search(
            bytes(message.queries[0].image),
            self._tools,
            self._policy,
            Budget(settings.photos, settings.calls, settings.seconds),
            seed=secrets.randbelow(2**32) if settings.seed is None else settings.seed,
            limits=Limits(calls=settings.parallel),
            stop=self._stop,
        )
        try:
            async for event in events:
                self.post(event, message.id)
        except Exception as error:  # noqa: BLE001 - shown instead of a search that never ends
            problem = LookalikeError(f"Something unexpected went wrong ({error!r}).").problem
            self.post(Finished(Reason.FAILED, 0, 0, 0.0, problem), message.id)
        finally:
            gc.collect()  # see lookalike.browser.transport


def _post(
    host: Any,  # noqa: ANN401 - JavaScript
    message: Event | Ready | Failed | Pong,
    search_id: int | None = None,
) -> None:
    sent = _replaced(write(message, search_id), None, jsnull)
    host.post(to_js(sent, dict_converter=Object.fromEntries))


def _replaced(value: Any, old: object, new: object) -> Any:  # noqa: ANN401 - a message
    """Pyodide takes JavaScript's null for a thing of its own, and None for undefined."""
    if isinstance(value, dict):
        return {name: _replaced(item, old, new) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return new if value is old else value


async def _at_once(function: Callable[..., T], /, *args: object) -> T:
    # Each call of a source is in a task of its own already. Where JSPI is there, the transport
    # suspends that task alone; elsewhere nothing can overlap.
    return function(*args)
