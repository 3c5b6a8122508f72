import asyncio

import numpy as np
import pytest
from PIL import Image

from lookalike.errors import ModelError
from lookalike.model.model import ModelSpec
from lookalike.policies.state import Guess
from lookalike.ranking.classify import guesses, merged


class Logits:
    """A network that gives fixed logits."""

    def __init__(self, labels, logits):
        self.spec = ModelSpec("fixed", 4, (0,) * 3, (1,) * 3, {"logits": (len(labels),)}, labels)
        self.logits = np.array([logits], np.float32)

    async def run(self, batch, layers):
        if layers != ["logits"]:
            raise ModelError("no such layer")
        return {"logits": self.logits}


def guessed(labels, logits, count=10):
    image = Image.new("RGB", (9, 9))
    return asyncio.run(guesses(Logits(labels, logits), image, count))


def test_the_most_probable_classes_come_first_by_their_first_synonym():
    found = guessed(("tench, Tinca tinca", "goldfish, Carassius auratus", "tabby"), (1, 3, 2))
    assert [guess.tag for guess in found] == ["goldfish", "tabby", "tench"]


def test_probabilities_are_the_softmax_of_the_logits():
    found = guessed(("a", "b", "c"), np.log([0.2, 0.5, 0.3]))
    assert [guess.probability for guess in found] == pytest.approx([0.5, 0.3, 0.2])


def test_huge_logits_do_not_overflow():
    found = guessed(("a", "b"), (5000, -5000))
    assert [guess.probability for guess in found] == [1.0, 0.0]


def test_the_background_class_is_no_guess_and_neither_is_a_nameless_one():
    found = guessed(("background", "cat", "", " , x"), (9, 1, 8, 7))
    assert [guess.tag for guess in found] == ["cat"]


def test_a_name_that_two_classes_share_is_given_once_with_the_higher_probability():
    labels = ("crane, a bird", "crane", "tower")
    found = guessed(labels, np.log([0.3, 0.5, 0.2]))
    assert [guess.tag for guess in found] == ["crane", "tower"]
    assert found[0].probability == pytest.approx(0.5)


def test_no_more_are_named_than_asked_for_and_no_more_than_there_are():
    labels = tuple(f"c{i}" for i in range(30))
    assert len(guessed(labels, range(30))) == 10
    assert len(guessed(labels, range(30), count=3)) == 3
    assert len(guessed(labels[:4], range(4))) == 4


def test_of_equally_probable_classes_the_first_comes_first():
    assert [g.tag for g in guessed(("b", "a", "c"), (1, 1, 1))] == ["b", "a", "c"]


# -- Several photos ------------------------------------------------------------------------------


def told(*pairs):
    return [Guess(tag, probability) for tag, probability in pairs]


def test_one_photos_guesses_stay_as_they_are():
    found = told(("cat", 0.5), ("dog", 0.25))
    assert merged([(3.0, found)]) == found


def test_guesses_are_averaged_by_weight_and_those_of_unwanted_photos_left_out():
    found = [
        (1.0, told(("cat", 0.5), ("dog", 0.4))),
        (3.0, told(("dog", 0.2), ("sea", 0.8))),
        (-2.0, told(("tree", 1.0))),
        (0.0, told(("car", 1.0))),
    ]
    assert merged(found) == told(("sea", 0.6000000000000001), ("dog", 0.25), ("cat", 0.125))


def test_words_to_start_from_come_first_once_and_as_if_sure():
    merged_ = merged([(1.0, told(("cat", 0.5), ("lynx", 0.4)))], ["lynx", "snow", "lynx"])
    assert merged_ == told(("lynx", 1.0), ("snow", 1.0), ("cat", 0.5))


def test_without_photos_there_are_the_words_alone_and_no_more_than_ten_others():
    assert merged([], ["a"]) == told(("a", 1.0))
    assert merged([]) == []
    many = told(*((str(i), 1 / (i + 2)) for i in range(15)))
    assert len(merged([(1.0, many)], ["a"])) == 11
