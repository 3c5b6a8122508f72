import io

import numpy as np
import pytest
from PIL import Image

from lookalike.ranking.near_duplicates import HASH_BITS, NearDuplicates, difference_hash


def scene(seed, size=(120, 90)):
    """Smooth light and dark patches, different for each seed."""
    grid = np.random.default_rng(seed).integers(0, 256, (6, 8, 3)).astype(np.uint8)
    return Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC)


def again(image, quality=40, size=(100, 75)):
    """The same picture, smaller and compressed harder."""
    buffer = io.BytesIO()
    image.resize(size).save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def feature(*values):
    return np.array(values, np.float32)


def test_a_smaller_copy_is_a_twin_of_the_first_and_a_third_one_too():
    near_duplicates = NearDuplicates()
    assert near_duplicates.find("first", scene(1), feature(1, 0.1)) is None
    assert near_duplicates.find("second", again(scene(1)), feature(2, 0.3)) == "first"
    assert near_duplicates.find("third", again(scene(1), quality=70), feature(1, 0)) == "first"


def test_different_pictures_are_no_twins_even_with_one_feature():
    near_duplicates = NearDuplicates()
    found = [near_duplicates.find(str(seed), scene(seed), feature(1, 1)) for seed in range(20)]
    assert found == [None] * 20


def test_one_picture_with_another_feature_is_no_twin():
    near_duplicates = NearDuplicates()
    near_duplicates.find("first", scene(1), feature(1, 0))
    assert near_duplicates.find("second", scene(1), feature(0, 1)) is None


@pytest.mark.parametrize("other", [feature(1, 1, 1), feature(0, 0), feature(-1, -1)])
def test_features_that_cannot_be_compared_or_say_nothing_are_no_twins(other):
    near_duplicates = NearDuplicates()
    near_duplicates.find("first", scene(1), feature(1, 1))
    assert near_duplicates.find("second", scene(1), other) is None


@pytest.mark.parametrize(("numbers", "most"), [(1, 4), (3, 4), (320, 10)])
def test_where_features_cannot_tell_pictures_apart_these_have_to_be_more_alike(numbers, most):
    """One number, as how strongly a neuron is excited, points the same way in all photos."""
    rng = np.random.default_rng(0)
    for apart in range(13):
        near_duplicates, bits = NearDuplicates(), rng.random(64) < 0.5
        other = bits.copy()
        other[rng.permutation(64)[:apart]] ^= True
        near_duplicates.find_hash("first", bits, np.full(numbers, 3, np.float32))
        found = near_duplicates.find_hash("second", other, np.full(numbers, 5, np.float32))
        assert found == ("first" if apart <= most else None)


def test_a_feature_of_any_shape_is_compared():
    near_duplicates = NearDuplicates()
    near_duplicates.find("first", scene(1), np.ones((3, 2, 2), np.float32))
    assert near_duplicates.find("second", scene(1), np.full((3, 2, 2), 7, np.float32)) == "first"


def test_the_hash_survives_scaling_and_compression_and_tells_pictures_apart():
    hashes = [difference_hash(scene(seed)) for seed in range(10)]
    for seed, bits in enumerate(hashes):
        assert bits.shape == (64,)
        assert (bits != difference_hash(again(scene(seed)))).sum() <= HASH_BITS
    apart = [(a != b).sum() for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(apart) > HASH_BITS


def test_the_hash_says_where_it_gets_darker_to_the_right():
    ramp = np.tile(np.linspace(255, 0, 90).astype(np.uint8), (40, 1))
    assert difference_hash(Image.fromarray(ramp)).all()
    assert not difference_hash(Image.fromarray(ramp[:, ::-1])).any()


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "CMYK"])
@pytest.mark.parametrize("size", [(1, 1), (300, 2)])
def test_any_image_has_a_hash(mode, size):
    assert difference_hash(Image.new(mode, size)).shape == (64,)
