"""The engine worker's Python: takes the page's messages, runs searches, sends what happens."""

import json
import platform
from typing import Any

import numpy as np
import PIL
from js import Object
from pyodide.ffi import JsProxy, jsnull, to_js

from lookalike.browser import transport
from lookalike.browser.bridge import BridgedEncoder, BridgedModel, table
from lookalike.browser.protocol import Answer, Failed, PolicyChoice, Ready, read, write
from lookalike.browser.session import Session
from lookalike.cache import Cache
from lookalike.errors import ScoreError
from lookalike.measure import shipped
from lookalike.model import ModelSpec
from lookalike.policies import DEFAULT, POLICIES
from lookalike.search import Toolbox
from lookalike.sources.flickr import Flickr
from lookalike.text.reader import Reader


async def start(host: Any, spec: str, flickr_url: str) -> "Engine | None":  # noqa: ANN401
    """Make the engine and tell the page that it is ready, or why it cannot be.

    Args:
        host: the `Host` of site/js/engine/worker.js: `post`, `run`, `fetch`, `abort` and `text`.
        spec: the model's JSON file, as text.
        flickr_url: the API's base URL.
    """
    try:
        text = shipped()
    except ScoreError as error:
        _post(host, Failed(error.problem))
        return None
    tools = Toolbox(source=Flickr(flickr_url), run=transport.install(host.fetch), cache=Cache())
    engine = Engine(host, ModelSpec.from_json(json.loads(spec)), tools)
    versions = {
        "Python": platform.python_version(),
        "numpy": np.__version__,
        "Pillow": PIL.__version__,
    }
    names = sorted(POLICIES, key=lambda name: name != DEFAULT)
    choices = [_choice(name) for name in names]
    engine.post(Ready(versions, choices))
    engine.session.load(text)
    return engine


def _choice(name: str) -> PolicyChoice:
    entry = POLICIES[name]
    return PolicyChoice(name, entry.title, entry.description, entry.belief)


class Engine:
    """One search at a time, for one page.

    Args:
        host: see `start`.
        spec: of the network behind `host.run`.
        tools: what its searches work with.

    Attributes:
        session: what the page works on.
    """

    def __init__(
        self,
        host: Any,  # noqa: ANN401 - JavaScript
        spec: ModelSpec,
        tools: Toolbox,
    ) -> None:
        self._host = host
        model = BridgedModel(spec, host.run)
        encoder = BridgedEncoder(spec.text, host.text) if spec.text else None
        reader = Reader(model, lambda: table(host.text), encoder)
        self.session = Session(self.post, tools, model, host.abort, reader)

    def post(self, message: Answer, search_id: int | None = None) -> None:
        """Send a message to the page."""
        _post(self._host, message, search_id)

    def receive(self, data: JsProxy) -> None:
        """Take a message from the page."""
        self.session.take(read(_replaced(data.to_py(), jsnull, None)))


def _post(
    host: Any,  # noqa: ANN401 - JavaScript
    message: Answer,
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
