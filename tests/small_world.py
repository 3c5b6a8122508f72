"""A small world to search: coloured photos with tags, and a network that sees colours.

Pure Python, numpy and Pillow, so that the same tests run under CPython and inside Pyodide.
"""

import asyncio
import io
import random
import threading

import numpy as np
from PIL import Image

from lookalike.budget import Budget
from lookalike.errors import SourceError
from lookalike.model.model import ModelSpec
from lookalike.photo import Photo
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.scorer.scorer import CheckedScorer
from lookalike.search.context import Limits, SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import Finished
from lookalike.search.loop import search
from lookalike.sources.source import Capabilities

COLOURS = {
    "red": (220, 40, 40),
    "orange": (240, 150, 40),
    "green": (50, 170, 70),
    "blue": (40, 90, 220),
    "violet": (140, 60, 190),
    "grey": (128, 128, 128),
}
SPEC = ModelSpec(
    name="colours",
    size=8,
    mean=(127.5,) * 3,
    std=(127.5,) * 3,
    layers={"conv_16_project": (3, 2, 2), "avg_pool": (3,), "logits": (len(COLOURS),)},
    labels=tuple(f"{name}, {name} photo" for name in COLOURS),
)


def picture(colour, noise=12, seed=0, size=(48, 36), encoding="PNG"):
    """One photo of about one colour, as an encoded file."""
    rng = np.random.default_rng(seed)
    pixels = np.array(colour) + rng.integers(-noise, noise + 1, (size[1], size[0], 3))
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    buffer = io.BytesIO()
    image.save(buffer, encoding)
    return buffer.getvalue()


class ColourModel:
    """A network small enough to be read: pooled colours, and how near the named ones they are."""

    spec = SPEC

    async def run(self, batch, layers):
        await asyncio.sleep(0)
        quarters = batch.reshape(len(batch), 3, 2, 4, 2, 4).mean(axis=(3, 5))
        pooled = batch.mean(axis=(2, 3))
        named = (np.array(list(COLOURS.values()), np.float32) - 127.5) / 127.5
        distances = ((pooled[:, np.newaxis] - named) ** 2).sum(axis=2)
        outputs = {"conv_16_project": quarters, "avg_pool": pooled, "logits": -10 * distances}
        return {layer: outputs[layer].astype(np.float32) for layer in layers}


class CosineScorer:
    """The scorer that avg_pool is best with."""

    LAYER = "avg_pool"

    async def get_feature(self, model, image):
        from lookalike.images import prepare

        outputs = await model.run(prepare(image, model.spec), [self.LAYER])
        return outputs[self.LAYER][0].ravel()

    def embs2score(self, source, candidate):
        return float(source @ candidate / (np.linalg.norm(source) * np.linalg.norm(candidate)))


NOW = 1e9  # what the time is, for a search of such a world
CAN = Capabilities("world", "World", dates=True)


class World:
    """A source of photos in memory that counts, and that can be told to fail.

    Args:
        photos: pairs of a photo and its file.
        fail: called as fail(kind, n) before the n-th "call" or "thumbnail" of its kind; what it
            raises is raised.
        can: what it says that it can do.
    """

    def __init__(self, photos, fail=lambda kind, n: None, can=CAN):
        self.can = can
        self.photos = {photo.id: photo for photo, _ in photos}
        self.files = {photo.id: file for photo, file in photos}
        self.fail = fail
        self.queries = []
        self.befores = []
        self.fetched = []
        self.lock = threading.Lock()

    def search(self, query, limit, before):
        with self.lock:
            self.queries.append(query)
            self.befores.append(before)
            n = len(self.queries)
        self.fail("call", n)
        return [photo for photo in self.photos.values() if query in photo.tags][:limit]

    def thumbnail(self, photo):
        with self.lock:
            self.fetched.append(photo.id)
            n = len(self.fetched)
        self.fail("thumbnail", n)
        file = self.files[photo.id]
        if file is None:
            raise SourceError("the photo is gone")
        return file


def world(per_colour=20, fail=lambda kind, n: None):
    """Photos of every colour, tagged with it, with "photo" and with neighbours' colours."""
    names = list(COLOURS)
    photos = []
    for c, name in enumerate(names):
        for i in range(per_colour):
            other = names[(c + 1) % len(names)] if i % 3 == 0 else name
            tags = tuple(dict.fromkeys([name, other, "photo", f"{name}{i}"]))
            mixed = np.array(COLOURS[name]) * (1 - i / 60) + np.array(COLOURS[other]) * (i / 60)
            photo = Photo(f"{name}-{i}", tags=tags, owner="someone")
            photos.append((photo, picture(mixed, seed=c * 1000 + i)))
    return World(photos, fail)


def failing(error, on="call", at=lambda n: True):
    """A `fail` of a World: raises `error` at the n-th request where `at(n)`."""

    def fail(kind, n):
        if kind == on and at(n):
            raise error

    return fail


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.seconds = 0.0
        self.slept = []

    def __call__(self):
        return self.seconds

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


async def at_once(function, /, *args):
    await asyncio.sleep(0)
    return function(*args)


def jitter(seed):
    """A runner whose calls take anything from no time to a few milliseconds."""
    rng = random.Random(seed)

    async def run(function, /, *args):
        await asyncio.sleep(rng.choice([0, 0, 0.001, 0.004]))
        return function(*args)

    return run


def ranker(image=None, scorer=None, cache=None):
    """A judge of photos like `image`, red where there is none."""
    data = picture(COLOURS["red"]) if image is None else image
    scorer = CheckedScorer(scorer or CosineScorer())
    return Ranker(ColourModel(), scorer, [QueryPhoto(data)], cache)


def run_search(
    source,
    policy,
    *,
    image=None,
    scorer=None,
    budget=None,
    seed=0,
    stop_after=None,
    clock=None,
    run=at_once,
    limits=None,
    cache=None,
    filters=None,
    pool=None,
):
    """Run a whole search and return its events; `stop_after(event)` may stop it."""

    async def collect():
        stop = asyncio.Event()
        timing = {} if clock is None else {"clock": clock, "sleep": clock.sleep}
        tools = SearchContext(source, run, cache, pool, now=lambda: NOW, **timing)
        events = []
        async for event in search(
            ranker(image, scorer, cache),
            tools,
            SearchCore(lambda: policy),
            budget or Budget(),
            seed=seed,
            limits=limits or Limits(),
            filters=filters,
            stop=stop,
        ):
            events.append(event)
            if stop_after is not None and stop_after(event):
                stop.set()
        assert isinstance(events[-1], Finished)
        assert sum(isinstance(event, Finished) for event in events) == 1
        return events

    return asyncio.run(collect())
