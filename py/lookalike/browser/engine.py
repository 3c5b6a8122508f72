"""The engine worker's Python: takes the page's messages, runs searches, sends what happens."""

import json
import platform
from typing import Any

import numpy as np
import PIL
from js import Object
from pyodide.ffi import JsProxy, jsnull, to_js

from lookalike.browser import transport
from lookalike.browser.collection_cache import CollectionCache
from lookalike.browser.collection_jobs import CollectionJobs
from lookalike.browser.collection_member import CollectionMember
from lookalike.browser.dispatch import Dispatcher
from lookalike.browser.host_files import BrowserHands
from lookalike.browser.kept_answers import KeptAnswers, StoredAnswer
from lookalike.browser.onnxruntime_web import BridgedEncoder, BridgedModel, table
from lookalike.browser.protocol import (
    MessageToPage,
    PolicyChoice,
    Ready,
)
from lookalike.browser.serialization import write
from lookalike.browser.services import Services
from lookalike.browser.session import Session
from lookalike.browser.shelf import Shelf
from lookalike.collections.collection import ModelId
from lookalike.collections.embedder import Embedder
from lookalike.model.model import ModelSpec
from lookalike.policies import DEFAULT, POLICIES
from lookalike.scorer.scorer import CheckedScorer
from lookalike.sources.commons import Commons
from lookalike.sources.flickr import Flickr
from lookalike.sources.openverse import Openverse
from lookalike.sources.source import Source
from lookalike.sources.wellcome import Wellcome
from lookalike.text.interpret import Interpreter


async def start(host: Any, spec: str, config: JsProxy, score: JsProxy) -> "Engine":  # noqa: ANN401
    """Make the engine and tell the page that it is ready.

    Args:
        host: the `host` of site/js/engine/worker.js.
        spec: the model's JSON file, as text.
        config: dist/config.json, which has the base URLs of the services' APIs.
        score: the site's score.py, as bytes.
    """
    services = Services(
        sources(config.to_py()),
        lambda made: _post(host, made),
        run=transport.install(host.fetch),
    )
    described = json.loads(spec)
    model_id = ModelId(described["name"], described["sha256"])
    engine = Engine(host, ModelSpec.from_json(described), model_id, services)
    versions = {
        "Python": platform.python_version(),
        "numpy": np.__version__,
        "Pillow": PIL.__version__,
    }
    names = sorted(POLICIES, key=lambda name: name != DEFAULT)
    choices = [_choice(name) for name in names]
    engine.post(Ready(versions, choices, services.choices))
    engine.session.load(score.to_bytes())
    engine.kept.begin()
    return engine


def sources(config: dict[str, Any]) -> list[Source]:
    """Make the photo services, in the order in which they are offered.

    Args:
        config: see `start`.
    """
    return [
        Openverse(config["openverse_url"]),
        Commons(config["commons_url"]),
        Flickr(config["flickr_url"]),
        Wellcome(config["wellcome_url"]),
    ]


def _choice(name: str) -> PolicyChoice:
    entry = POLICIES[name]
    return PolicyChoice(name, entry.title, entry.description, entry.estimate)


class Engine:
    """One search at a time, for one page.

    Args:
        host: see `start`.
        spec, model_id: of the network behind `host.run`.
        services: what its searches may search.

    Attributes:
        session: what the page works on.
        kept: what services have answered before.
    """

    def __init__(
        self,
        host: Any,  # noqa: ANN401 - JavaScript
        spec: ModelSpec,
        model_id: ModelId,
        services: Services,
    ) -> None:
        self._host, self._model_id = host, model_id
        self._model = BridgedModel(spec, host.room, host.run)
        encoder = BridgedEncoder(spec.text, host.text) if spec.text else None
        reader = Interpreter(self._model, lambda: table(host.text), encoder)
        self._hands = BrowserHands(host)
        store = Shelf(host.shelf)
        self._descriptions = CollectionCache(store, self._embedder, spec.labels)
        own = CollectionMember(self._descriptions)
        self.kept = KeptAnswers(services, self._more)
        others = {"collection": own.member}
        self.session = Session(
            self.post,
            services,
            self._model,
            host.abort,
            others,
            own.newcomers,
            reader,
            self._hands.reopen,
            self.kept,
        )
        works = CollectionJobs(
            self.post,
            store,
            lambda: self._embedder(self.session.scorer),
            self._hands,
            self._descriptions.forget,
        )
        self._inbox = Dispatcher(self.session, works)

    def post(self, message: MessageToPage, search_id: int | None = None) -> None:
        """Send a message to the page."""
        _post(self._host, message, search_id)

    def receive(self, data: JsProxy) -> None:
        """Take a message from the page."""
        self._inbox.take(_without_null(data.to_py()))

    def changed(self, collection: str) -> None:
        """Hear that another tab, or the page, has changed a collection; "" for all."""
        self._descriptions.forget(collection)

    async def _more(self) -> list[StoredAnswer]:
        return [
            StoredAnswer(each.source, each.url, each.words, each.body.to_bytes(), each.at)
            for each in await self._host.more()
        ]

    def _embedder(self, scorer: CheckedScorer) -> Embedder:
        return Embedder(self._model, self._model_id, scorer, reopen=self._hands.reopen)


def _post(
    host: Any,  # noqa: ANN401 - JavaScript
    message: MessageToPage,
    search_id: int | None = None,
) -> None:
    # Pyodide takes JavaScript's null for a thing of its own, and None for undefined.
    sent = write(message, search_id, null=jsnull)
    host.post(to_js(sent, dict_converter=Object.fromEntries))


def _without_null(value: Any) -> Any:  # noqa: ANN401 - a message
    if isinstance(value, dict):
        return {name: _without_null(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_null(item) for item in value]
    return None if value is jsnull else value
