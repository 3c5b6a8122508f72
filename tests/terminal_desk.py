"""A folder of drawn photos, and the commands on it, in this process or in one of its own."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

import tiny_model
from lookalike.__main__ import main
from lookalike.collections.opened_file import CollectionFile

COLOURS = ["red", "green", "blue", "yellow", "purple", "orange"]
SCORE = """
from lookalike.images import prepare

LAYER = "avg_pool"


async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()


def embs2score(source, candidate):
    return -float(((source - candidate) ** 2).sum())
"""
PY = Path(__file__).resolve().parents[1] / "py"


class Desk:
    def __init__(self, folder):
        self.folder = folder
        tiny_model.make(folder)
        self.photos = folder / "Summer"
        self.file = folder / "summer.lookalike"
        self.score = folder / "my_score.py"
        self.score.write_text(SCORE)

    @property
    def part(self):
        return self.file.with_name(self.file.name + ".part")

    def draw(self, colour, path, width=60):
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", (width, 40), colour)
        image.paste("black", (0, 0, 10, 10))
        image.save(path, "PNG")

    def draw_all(self, folder=None, colours=COLOURS):
        for colour in colours:
            self.draw(colour, (folder or self.photos) / f"{colour}.png")

    @property
    def options(self):
        return ["--model", str(self.folder / "tiny.onnx"), "--score", str(self.score)]

    def arguments(self, *more, folder=None):
        given = ["index", str(folder or self.photos), "-o", str(self.file), "--quiet"]
        return [*given, *self.options, *more]

    def index(self, *more, folder=None):
        return main(self.arguments(*more, folder=folder))

    def run(self, *arguments, **options):
        """Run a command in a process of its own; the text of both its outputs comes as bytes."""
        command = [sys.executable, "-m", "lookalike", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(PY), **options.pop("environment", {})}
        given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.run(command, env=environment, timeout=300, check=False, **given)

    def search(self, *more, photo):
        return main(["search", str(photo), str(self.file), *self.options, *more])

    def entries(self):
        async def run():
            with self.file.open("rb") as opened:
                file = CollectionFile(opened)
                list(file.verify())
                name = file.collection.id
                return {each.id: each async for some in file.entries(name) for each in some}

        return asyncio.run(run())

    def rows(self):
        """How many photos have features of each kind."""

        async def run():
            with self.file.open("rb") as opened:
                file = CollectionFile(opened)
                return (await file.usage(file.collection.id)).features

        return asyncio.run(run())


def found(text):
    return [each["path"] for each in json.loads(text)["photos"]]
