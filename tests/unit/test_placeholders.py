"""One picture behind many photos: "no longer available"."""

import itertools

import pytest
from PIL import Image

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.pictures import Pictures
from lookalike.policies import POLICIES
from lookalike.policies.greedy import Greedy
from lookalike.policies.state import Looked
from lookalike.search.context import Limits
from lookalike.search.events import Scored, Skipped
from small_world import World, jitter, picture, run_search
from told_events import of

PATIENT = Limits(patience=60.0)


def gone(count, real=12):
    """A world in which one picture is behind many photos, beside some that are there."""
    placeholder = picture((200, 60, 60), noise=50, seed=99)
    lost = [(Photo(f"gone-{i}", tags=("red", f"tag-{i}")), placeholder) for i in range(count)]
    there = [
        (Photo(f"there-{i}", tags=("red",)), picture((220, 40 + 9 * i, 40), 50, seed=i))
        for i in range(real)
    ]
    return World([pair for both in itertools.zip_longest(lost, there) for pair in both if pair])


@pytest.mark.parametrize("policy", POLICIES)
def test_a_placeholder_is_skipped_from_the_second_on_and_said(policy):
    source = gone(15)
    events = run_search(source, POLICIES[policy].make(), budget=Budget(photos=100, calls=40))
    shown = [event.photo.id for event in of(Scored, events)]
    skipped = [event for event in of(Skipped, events) if event.problem.code == "placeholder"]
    looked_at = [photo for photo in source.fetched if photo.startswith("gone")]
    assert len([photo for photo in shown if photo.startswith("gone")]) == min(1, len(looked_at))
    assert len(skipped) == max(0, len(looked_at) - 1)
    assert all(event.problem.message.startswith("World sent a picture") for event in skipped)
    # None of them is "alike".
    near_duplicates = [event.twin for event in of(Scored, events) if event.twin]
    assert not [twin for twin in near_duplicates if twin.startswith("gone")]
    assert events[-1].photos == len(shown)


def test_a_placeholder_takes_no_photo_of_the_budget():
    source = gone(8)
    events = run_search(source, Greedy(looks_per_call=30), budget=Budget(photos=13))
    assert len(of(Scored, events)) == 13
    assert len(of(Skipped, events)) == 7


def test_a_service_of_nothing_but_one_picture_comes_to_an_end():
    source = gone(500, real=0)
    events = run_search(source, Greedy(looks_per_call=500), budget=Budget(photos=10))
    assert len(of(Scored, events)) == 1
    # As many as photos are free; from then on they count.
    assert len(source.fetched) <= 30


def test_what_the_policy_hears_does_not_depend_on_which_came_first():
    def told(run):
        policy = Recorder()
        run_search(gone(15), policy, budget=Budget(photos=40, calls=20), run=run, limits=PATIENT)
        return policy.told

    assert told(jitter(1)) == told(jitter(2)) == told(jitter(3))


class Recorder(Greedy):
    """CLEAR's policy, which notes what it hears."""

    def __init__(self):
        super().__init__(looks_per_call=5)
        self.told = []

    def learn(self, state, entry):
        super().learn(state, entry)
        if isinstance(entry, Looked):
            score = state.score(entry.photo)
            self.told.append((entry.photo.id, None if score is None else round(score, 6)))


def test_pictures_are_told_apart_by_every_pixel():
    pictures = Pictures()
    image = Image.new("RGB", (40, 30), (9, 9, 9))
    other = image.copy()
    other.putpixel((39, 29), (9, 9, 10))
    assert pictures.find("a", image) is None
    assert pictures.find("b", other) is None
    assert pictures.find("c", image.resize((30, 40))) is None
    assert pictures.find("d", image.convert("P", palette=Image.Palette.ADAPTIVE)) == "a"
    assert pictures.find("a", image) is None
