"""The drawn photos are real, repeatable, and tell their kinds apart."""

import io

import numpy as np
import pytest
from PIL import Image

import generated_photos
from fake_flickr import FakeFlickr
from generated_photos import KINDS, collection, make

SMALL = (96, 64)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(generated_photos, "CACHE", tmp_path)
    return tmp_path


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image, np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_depends_on_its_seed_alone(kind):
    first, again, other = make(kind, 1, SMALL), make(kind, 1, SMALL), make(kind, 2, SMALL)
    assert first.mode == "RGB"
    assert first.size == SMALL
    assert np.array_equal(pixels(first), pixels(again))
    assert np.abs(pixels(first) - pixels(other)).mean() > 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_is_neither_flat_nor_black_nor_burnt_out(kind):
    for seed in (3, 4):
        values = pixels(make(kind, seed, SMALL))
        assert values.std() > 12
        assert 8 < values.mean() < 235
        assert (values.min(axis=-1) >= 255).mean() < 0.2


@pytest.mark.parametrize("size", [(64, 96), (64, 64), (128, 72), (61, 40)])
def test_any_shape_can_be_drawn(size):
    for kind in KINDS:
        assert make(kind, 5, size).size == size


def test_a_kind_that_is_not_there():
    with pytest.raises(KeyError):
        make("portrait", 1, SMALL)


def test_photos_look_more_like_those_of_their_kind():
    """By layout alone: blurred to 9 x 6 pixels, the nearest photo is mostly of the same kind."""
    names = [kind for kind in KINDS for _ in range(4)]
    tiny = [
        pixels(make(kind, seed, SMALL).resize((9, 6), Image.Resampling.BOX)).ravel()
        for kind in KINDS
        for seed in range(4)
    ]
    stack = np.stack(tiny)
    distance = ((stack[:, None] - stack[None]) ** 2).sum(-1)
    np.fill_diagonal(distance, np.inf)
    nearest = [names[i] for i in distance.argmin(axis=1)]
    right = sum(a == b for a, b in zip(names, nearest, strict=True))
    assert right / len(names) > 0.6


def test_rows_are_as_a_photo_services(cache):
    rows = collection(len(KINDS) + 3, seed=4)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        image = Image.open(io.BytesIO(row["bytes"]))
        assert image.format == "JPEG"
        assert image.size == (row["width"], row["height"])
        assert max(image.size) == 320
        assert row["title"]
        assert len(row["tags"]) == len(set(row["tags"])) >= 8
    by_kind = {row["kind"]: set(row["tags"]) for row in rows}
    assert set(by_kind) == set(KINDS)
    assert len(list(cache.rglob("*.jpg"))) == len(rows)


def test_the_second_time_photos_come_from_the_cache(monkeypatch):
    first = collection(3, seed=5)

    def no_drawing(*_):
        raise AssertionError("drawn twice")

    monkeypatch.setattr(generated_photos, "make", no_drawing)
    assert collection(3, seed=5) == first


def test_words_lead_from_kind_to_kind():
    """A search that learns from tags can walk: most kinds share a word with several others."""
    words = {name: set(f"{kind.tags}, {kind.more}".split(", ")) for name, kind in KINDS.items()}
    for name, own in words.items():
        shared = [other for other in words if other != name and own & words[other]]
        assert len(shared) >= 3, name
        assert own - set().union(*(words[other] for other in words if other != name)), name


def test_the_fake_flickr_serves_them():
    rows = collection(3, seed=6)
    with FakeFlickr(rows) as flickr:
        assert {photo.read() for photo in flickr.photos} == {row["bytes"] for row in rows}
        assert flickr.service.state()["photos"] == 3
