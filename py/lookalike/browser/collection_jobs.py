"""The work on collections that takes its time: begun, paused and stopped by the page.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

import asyncio
import contextlib
import gc
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Protocol

from lookalike.browser import protocol
from lookalike.browser.protocol import Collect, Collecting, Conduct, JobState
from lookalike.browser.scorer_switch import problem_of
from lookalike.collections.collection import Collection, feature_kind
from lookalike.collections.embedder import Embedder
from lookalike.collections.indexing import index
from lookalike.collections.opened_file import CollectionFile
from lookalike.collections.progress import Control, IndexingProgress
from lookalike.collections.refresh import refresh
from lookalike.collections.store import Store, collection_of
from lookalike.collections.transfer import read_collection, write_collection
from lookalike.collections.upload import Upload
from lookalike.errors import LookalikeError, Problem

TELL_EVERY = 0.25
"""Seconds between two reports."""

ASK_EVERY = 0.5
"""Seconds between two tries to have a collection to oneself."""

SWEEP_EVERY = 100
"""Photos between two collections of garbage, which the browser's Python does not do by itself."""


class Output(Protocol):
    """A file that is being made for the person.

    Attributes:
        file: what is written to.
    """

    file: BinaryIO

    def finished(self) -> Any:  # noqa: ANN401 - a Blob of JavaScript's
        """Give what was written."""


class Hands(Protocol):
    """What only a browser can do."""

    def output(self) -> Output:
        """Begin a file for the person."""

    def upload(self, given: protocol.Upload) -> Upload:
        """Make a file of the page's readable."""

    async def turn(self, collection: str) -> Callable[[], object] | None:
        """Have a collection to oneself among all tabs: how to give it back, or None."""


@dataclass(slots=True)
class _Work:
    message: Collect
    control: Control = field(default_factory=Control)
    told: Collecting | None = None
    failures: int = 0  # told so far
    notes: int = 0  # likewise
    swept: int = 0
    waits: bool = False  # another tab has the collection
    task: asyncio.Task[None] | None = None

    @property
    def state(self) -> JobState:
        """Where it stands while it has not ended."""
        if self.control.paused:
            return "paused"
        return "waiting" if self.waits else "running"


class CollectionJobs:
    """Does what `Collect` asks for, one thing at a time for each collection.

    Args:
        post: sends a message.
        store: where collections are kept.
        embedder: makes what opens and describes photos by the scorer in charge; raises
            LookalikeError where there is none.
        hands: what only a browser can do.
        changed: told the id of a collection whose photos have changed.
        clock: gives seconds.
    """

    def __init__(
        self,
        post: Callable[[Collecting], None],
        store: Store,
        embedder: Callable[[], Embedder],
        hands: Hands,
        changed: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._post, self._store, self._embedder = post, store, embedder
        self._hands, self._changed, self._clock = hands, changed, clock
        self._works: dict[int, _Work] = {}
        self._last_told = 0.0

    def begin(self, message: Collect) -> None:
        """Begin some work; its end is told by "done", "stopped" or "failed", whatever happens."""
        work = self._works[message.id] = _Work(message)
        work.task = asyncio.ensure_future(self._run(work))

    def refuse(self, number: int, problem: Problem) -> None:
        """Have the work of that number fail, before it has begun."""
        self._post(Collecting(number, "failed", problem=problem))

    def conduct(self, message: Conduct) -> None:
        """Pause, resume or stop some work; nothing happens where it has ended."""
        work = self._works.get(message.id)
        if work is None:
            return
        if message.wish == "stop":
            work.control.cancel()
            return
        if message.wish == "pause":
            work.control.pause()
        else:
            work.control.resume()
        self._emit_state(work, work.state)

    async def _run(self, work: _Work) -> None:
        give_back: Callable[[], object] | None = None
        try:
            give_back = await self._turn(work)
            if not work.control.cancelled:
                await self._do(work)
            self._emit_state(work, "stopped" if work.control.cancelled else "done")
        except Exception as error:  # noqa: BLE001 - told, where the work would never end
            told = self._last(work)
            self._post(replace(told, state="failed", problem=problem_of(error)))
        finally:
            if give_back:
                give_back()
            self._works.pop(work.message.id, None)
            self._changed(work.message.collection)
            gc.collect()

    async def _turn(self, work: _Work) -> Callable[[], object] | None:
        while not work.control.cancelled:
            given = await self._hands.turn(work.message.collection)
            work.waits = given is None
            if given:
                return given
            self._emit_state(work, work.state)
            await asyncio.sleep(ASK_EVERY)
        return None

    async def _do(self, work: _Work) -> None:
        action = work.message.action
        if action == "reembed":
            await self._reembed(work)
        elif action == "export":
            await self._export(work)
        elif action == "open":
            await self._open(work)
        else:
            await self._add(work)

    # -- Adding photos --------------------------------------------------------------------------

    async def _add(self, work: _Work) -> None:
        message, embedder = work.message, self._embedder()
        if message.action == "create":
            await self._create(message, embedder)
        uploads = [self._hands.upload(given) for given in message.uploads]
        async for progress in index(
            self._store, message.collection, uploads, embedder, work.control
        ):
            self._report(work, progress)
        await self._adopt(message.collection, embedder)

    async def _adopt(self, name: str, embedder: Embedder) -> None:
        """Have a collection be of the network that has described all of its photos by now."""
        there = await collection_of(self._store, name)
        if there.model == embedder.model_id:
            return
        async for entries in self._store.entries(name):
            if any(entry.model != embedder.model_id for entry in entries):
                return
        await self._store.change(replace(there, model=embedder.model_id))

    async def _reembed(self, work: _Work) -> None:
        """Describe photos again from their thumbnails: those of another network, else all.

        Asked for the network that they are of already, what is stored is damaged.
        """
        embedder, name = self._embedder(), work.message.collection
        collection = await collection_of(self._store, name)
        if collection.model == embedder.model_id:
            for kind in (await self._store.usage(name)).features:
                await self._store.drop_features(name, kind)
        async for progress in refresh(self._store, collection, embedder, work.control):
            self._report(work, progress)

    async def _create(self, message: Collect, embedder: Embedder) -> None:
        # It is there where this work goes on after the engine was lost.
        if any(each.id == message.collection for each in await self._store.collections()):
            return
        kind = feature_kind(embedder.scorer.key)
        collection = Collection(
            message.collection, message.name, int(time.time()), embedder.model_id, kind,
            message.expires,
        )  # fmt: skip
        await self._store.create(collection)

    # -- Files --------------------------------------------------------------------------------

    async def _export(self, work: _Work) -> None:
        name = work.message.collection
        total = (await self._store.usage(name)).photos
        output = self._hands.output()
        collection = await collection_of(self._store, name)
        layers = None
        with contextlib.suppress(LookalikeError):  # a file needs no scorer
            layers = self._embedder().model.spec.layers
        async for done in write_collection(self._store, collection, output.file, layers):
            self._step(work, done, total)
            if not await work.control.may_go_on():
                return
        work.told = replace(self._last(work), file=output.finished())

    async def _open(self, work: _Work) -> None:
        message = work.message
        upload = self._hands.upload(message.uploads[0])
        file = CollectionFile(upload.open() if upload.open else io.BytesIO(await upload.read()))
        # What is left where the engine was lost in the midst of it.
        await self._store.delete(message.collection)
        total = (await file.usage(file.collection.id)).photos
        steps = read_collection(
            file, self._store, int(time.time()), message.name, message.collection, message.expires
        )
        async for _, part in steps:
            self._step(work, round(part * total), total)
            if part < 1 and not await work.control.may_go_on():
                await self._store.delete(message.collection)
                return

    # -- Telling --------------------------------------------------------------------------------

    def _step(self, work: _Work, done: int, total: int) -> None:
        self._emit_now_and_then(work, Collecting(work.message.id, work.state, done, total))

    def _report(self, work: _Work, progress: IndexingProgress) -> None:
        told = Collecting(
            work.message.id,
            work.state,
            progress.done,
            progress.total,
            progress.added,
            progress.unchanged,
            progress.renamed,
            progress.rate,
            progress.seconds_left,
            tuple(progress.failed[work.failures :]),
            notes=tuple(progress.notes[work.notes :]),
            others=progress.others,
        )
        if progress.done - work.swept >= SWEEP_EVERY:
            work.swept = progress.done
            gc.collect()
        self._emit_now_and_then(work, told)

    def _emit_now_and_then(self, work: _Work, told: Collecting) -> None:
        now = self._clock()
        if work.told is None or now - self._last_told >= TELL_EVERY:
            self._last_told = now
            work.failures += len(told.failures)
            work.notes += len(told.notes)
            self._post(told)
            told = replace(told, failures=(), notes=())
        work.told = told

    def _emit_state(self, work: _Work, state: JobState) -> None:
        told = self._last(work)
        work.failures += len(told.failures)
        work.notes += len(told.notes)
        work.told = replace(told, failures=(), notes=())
        self._post(replace(told, state=state))

    def _last(self, work: _Work) -> Collecting:
        return work.told or Collecting(work.message.id, "running")
