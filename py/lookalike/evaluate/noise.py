"""Tags as people file them: place and camera names among them, words run together, some missing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lookalike.photo import Photo
from lookalike.words import words

PLACES = (
    "london", "newyork", "california", "paris", "japan", "italia", "berlin", "españa", "toronto",
    "scotland", "amsterdam", "brasil", "australia", "seattle", "中国", "россия",
)  # fmt: skip
CAMERAS = ("canon", "nikon", "iphone", "canoneos5d", "nikond90", "50mmf14", "fujifilm", "lumix")
HABITS = ("2009", "2012", "square", "explore", "flickr", "photography", "geotagged", "interesting")


def add_noise(photos: Sequence[Photo], amount: float, seed: int) -> list[Photo]:
    """Make the tags of photos noisier; the titles go, too, with the same probability as a tag.

    Args:
        photos: with clean tags.
        amount: 0..1. Each tag is dropped with probability amount / 2, and tags of several words are
            run together with probability amount; each photo gets on average 6 · amount place,
            camera and habit tags.
        seed: of the noise.
    """
    if not amount:
        return list(photos)
    rng = np.random.default_rng(seed)
    return [_noisy(photo, amount, rng) for photo in photos]


def _noisy(photo: Photo, amount: float, rng: np.random.Generator) -> Photo:
    kept = [tag for tag in photo.tags if rng.random() >= amount / 2]
    tags = ["".join(words(tag)) if rng.random() < amount else tag for tag in kept]
    for names in (PLACES, CAMERAS, HABITS):
        tags += [names[rng.integers(len(names))] for _ in range(rng.poisson(2 * amount))]
    order = rng.permutation(len(tags))
    title = "" if rng.random() < amount / 2 else photo.title
    return replace(photo, title=title, tags=tuple(dict.fromkeys(tags[i] for i in order)))
