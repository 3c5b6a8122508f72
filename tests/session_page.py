"""A page that talks to a session, and keeps what it is told."""

import asyncio
from dataclasses import replace

from lookalike.browser import session
from lookalike.browser.protocol import Search, Settings, TryScorer
from lookalike.browser.services import Services
from lookalike.browser.session import Session
from lookalike.filters import Filters
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.search.events import Finished, Scored
from small_world import COLOURS, ColourModel, at_once, picture, world

SCORER = """
from lookalike.images import prepare

LAYER = "avg_pool"

async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()

def embs2score(source, candidate):
    return 1 - float(((source - candidate) ** 2).sum())
"""
OPPOSITE = SCORER.replace("1 - float", "float")
OTHER_LAYER = SCORER.replace("avg_pool", "conv_16_project")
COSINE = SCORER.replace(
    "1 - float(((source - candidate) ** 2).sum())",
    "float(source @ candidate) / float((source @ source) * (candidate @ candidate)) ** 0.5",
)
SETTINGS = Settings(40, 60, 30.0, 10, 0, "active_search", ["world"], Filters(), 50)


class CountingModel(ColourModel):
    """Counts runs, and may wait before each."""

    def __init__(self):
        self.runs = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def run(self, batch, layers):
        self.runs += "logits" not in layers
        await self.gate.wait()
        return await super().run(batch, layers)


class Page:
    """The other side: sends messages, and keeps what comes."""

    def __init__(self, source=None, text=SCORER, run=at_once, others=()):
        self.source = source or world()
        self.model = CountingModel()
        self.heard = []
        services = Services(
            [self.source, *others], lambda m: self.heard.append((m, None)), run=run, now=lambda: 1e9
        )
        self.session = Session(lambda m, i: self.heard.append((m, i)), services, self.model)
        self.session.load(text.encode() if isinstance(text, str) else text)

    def send(self, message):
        self.session.take(message)

    def search(self, *queries, number=1, **changes):
        queries = queries or (QueryPhoto(picture(COLOURS["red"])),)
        self.send(Search(number, list(queries), replace(SETTINGS, **changes), {}))

    def try_scorer(self, code, number=1):
        self.send(TryScorer(number, code, "mine"))

    def of(self, kind, number=None):
        return [m for m, i in self.heard if isinstance(m, kind) and number in (None, i)]

    async def until(self, done, what=""):
        for _ in range(60_000):
            if done():
                return
            await asyncio.sleep(0.0005)
        raise AssertionError(
            f"waited in vain {what}: {[type(m).__name__ for m, _ in self.heard][-9:]}"
        )

    async def ended(self, number=1):
        await self.until(lambda: self.of(Finished, number))
        return self.of(Finished, number)[-1]

    async def after(self, kind, act, count=1):
        """Do something, and wait for so many messages of a kind that follow."""
        before = len(self.of(kind))
        act()
        await self.until(lambda: len(self.of(kind)) >= before + count, kind.__name__)
        return self.of(kind)[-1]

    async def searched(self, *queries, **changes):
        self.search(*queries, **changes)
        assert (await self.ended(changes.get("number", 1))).problem is None
        return {event.photo.id: event.score for event in self.of(Scored)}


def scores_of(rescored):
    return {one.id: one.score for one in rescored.scores}


def best(scores, count=5):
    return sorted(scores, key=lambda name: -scores[name])[:count]


def opened_slowly(monkeypatch):
    """Have query photos wait until they are opened; give events: it has begun, and it may end."""
    opening, go = asyncio.Event(), asyncio.Event()

    async def slow(photos, *_):
        opening.set()
        await go.wait()
        return list(photos)

    monkeypatch.setattr(session, "readied", slow)
    return opening, go
