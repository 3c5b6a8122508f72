"""Small photos, a network made of their colours, and a collection to put them into."""

import io

import numpy as np
from PIL import Image

from lookalike.collections.collection import Collection, ModelId, feature_kind
from lookalike.collections.upload import Upload
from lookalike.errors import ModelError
from lookalike.model.model import ModelSpec
from lookalike.scorer.compile import compile_scorer

MODEL = ModelId("colours", "00ff")

SCORER = """
from lookalike.images import prepare

LAYER = "grid"


async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()


def embs2score(source, candidate):
    return float(source @ candidate)
"""
COLOUR = """
import numpy as np


async def get_feature(model, image):
    return np.asarray(image, dtype=np.float32).mean(axis=(0, 1)) / 255


def embs2score(source, candidate):
    return -float(np.abs(source - candidate).sum())
"""
PART = SCORER.replace("prepare(image,", "prepare(image.crop((0, 0, 9, 9)),")
TEXTS = {None: SCORER, "colour": COLOUR, "part": PART}


def make_scorer(text=None):
    return compile_scorer(TEXTS.get(text, text))


KIND = feature_kind(make_scorer().key)
HOLIDAY = Collection("0123456789abcdef", "Holiday", 1_700_000_000, MODEL, KIND)


class CountingModel:
    """A network whose layers are means of colours: over 4 × 4 places, of all, and of two classes.

    Args:
        dies_after: so many runs succeed.
    """

    spec = ModelSpec(
        "colours", 32, (127.5,) * 3, (127.5,) * 3,
        {"grid": (3, 4, 4), "avg_pool": (3,), "logits": (3,)},
        ("reddish, like wine", "greenish", "bluish"),
    )  # fmt: skip

    def __init__(self, dies_after=None):
        self.runs = 0
        self.asked = []
        self._dies_after = dies_after

    async def run(self, batch, layers):
        if self.runs == self._dies_after:
            raise ModelError("The network could not be run: it died.")
        self.runs += 1
        self.asked.append(list(layers))
        mean = batch.mean(axis=(2, 3))
        outputs = {
            "grid": batch.reshape(-1, 3, 4, 8, 4, 8).mean(axis=(3, 5)),
            "avg_pool": mean,
            "logits": 5 * mean,
        }
        return {layer: outputs[layer].astype(np.float32) for layer in layers}


def image(colour, size=(64, 48)):
    """A picture of one colour; "half" is black on the left and white on the right."""
    if colour != "half":
        return Image.new("RGB", size, colour)
    made = Image.new("RGB", size, "white")
    made.paste("black", (0, 0, size[0] // 2, size[1]))
    return made


def jpeg(colour, size=(64, 48)):
    buffer = io.BytesIO()
    image(colour, size).save(buffer, "JPEG")
    return buffer.getvalue()


class Reading:
    def __init__(self, content):
        self.content, self.count = content, 0

    async def __call__(self):
        self.count += 1
        return self.content


def upload(path, content, modified=7, origin=""):
    return Upload(path, len(content), modified, Reading(content), origin=origin)
