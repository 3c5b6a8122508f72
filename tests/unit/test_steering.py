from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.policies import POLICIES
from lookalike.policies.greedy import Greedy
from lookalike.policies.policy import Policy
from lookalike.policies.refusals import banned_photos, give_up
from lookalike.policies.state import Answered, Asked, Chosen, Looked
from play import FEATURE, begun, photo, play, relearn


class Scripted(Policy):
    """A policy that wants what it is told to want, over and over."""

    def __init__(self, tags=(), photos=()):
        self.tags, self.photos = list(tags), list(photos)

    def suggest_tags(self, state, n):
        return self.tags[:n]

    def suggest_photos(self, state, n):
        return self.photos[:n]


class Queue(Scripted):
    """A policy that wants each thing once."""

    def suggest_tags(self, state, n):
        now, self.tags = self.tags[:n], self.tags[n:]
        return now

    def suggest_photos(self, state, n):
        now, self.photos = self.photos[:n], self.photos[n:]
        return now


def told(player):
    """What a policy reads of outcomes in the log."""
    state = player.core.state
    entries = [state.entry(place) for place in range(len(state.log))]
    return [
        (entry.tag, ids(entry.photos))
        if isinstance(entry, Answered)
        else (entry.photo.id, state.score(entry.photo))
        for entry in entries
        if isinstance(entry, Answered | Looked)
    ]


def once(tag, stance):
    """What a person does at the beginning."""
    return lambda game, core: None if game.asked else core.steer(tag, stance)


def ids(photos):
    return [photo.id for photo in photos]


def photos_of(tag, count):
    return [photo(f"{tag}{i}", tag) for i in range(count)]


# -- Without a person's say ------------------------------------------------------------------------


def test_without_steering_the_policy_decides_alone_and_the_log_has_all():
    inner = Queue(["a", "b", "c"], photos_of("a", 3))
    steered = begun(inner)
    assert steered.ask(2) == ["a", "b"]
    assert steered.ask(2) == ["c"]
    steered.answered("a", photos_of("a", 3))
    assert ids(steered.look(2)) == ["a0", "a1"]
    steered.scored(photo("a0"), 0.5, FEATURE)
    steered.lost(photo("a1"))
    assert told(steered) == [("a", ["a0", "a1", "a2"]), ("a0", 0.5), ("a1", None)]
    state = steered.core.state
    assert [type(entry) for entry in state.log] == [Asked] * 3 + [Answered] + [Chosen] * 2 + [
        Looked
    ] * 2
    assert (state.calls, state.looks, list(state.photos)) == (3, 2, ["a0", "a1", "a2"])
    assert ids(state.candidates()) == ["a2"]


# -- Pinned ----------------------------------------------------------------------------------------


def test_a_pinned_tag_is_asked_at_once_beside_the_policys():
    steered = begun(Queue(["a", "b", "c"]))
    steered.steer("pin", "pin")
    assert steered.ask(3) == ["pin", "a", "b"]


def test_a_pinned_tag_is_not_asked_while_it_is_being_asked():
    steered = begun(Queue(["pin", "b"]))
    assert steered.ask(1) == ["pin"]  # the policy's own
    steered.steer("pin", "pin")
    assert steered.ask(9) == ["b"]


def test_what_the_policy_asked_is_pinned_in_time_for_its_answer():
    steered = begun(Queue(["pin"]))
    steered.ask(1)
    steered.steer("pin", "pin")
    steered.answered("pin", photos_of("pin", 2))
    assert ids(steered.look(9)) == ["pin0", "pin1"]


def test_half_of_the_looks_go_to_pinned_tags_even_where_there_is_room_for_one_at_a_time():
    steered = begun(Queue(photos=photos_of("own", 50)))
    steered.steer("pin", "pin")
    steered.ask(1)
    steered.answered("pin", photos_of("pin", 30))
    looked = [photo for _ in range(20) for photo in steered.look(1)]
    assert sum(photo.id.startswith("pin") for photo in looked) == 10
    looked = [photo for _ in range(3) for photo in steered.look(3)]
    assert sum(photo.id.startswith("pin") for photo in looked) in (4, 5)


@pytest.mark.parametrize("room", [1, 4, 12])
def test_what_one_side_leaves_goes_to_the_other(room):
    steered = begun(Queue(photos=photos_of("own", 20)))
    steered.steer("pin", "pin")
    steered.ask(1)
    steered.answered("pin", photos_of("pin", 3))
    looked = []
    while now := steered.look(room):
        assert len(now) <= room
        looked += ids(now)
    assert len(looked) == len(set(looked)) == 23


def test_a_pinned_tag_is_asked_again_when_its_photos_are_looked_at_until_none_is_new():
    steered = begun(Queue())
    steered.steer("pin", "pin")
    assert steered.ask(9) == ["pin"]
    steered.answered("pin", photos_of("pin", 3))
    assert steered.ask(9) == []
    assert len(steered.look(9)) == 3
    assert steered.ask(9) == ["pin"]
    steered.answered("pin", photos_of("pin", 3))  # the same ones
    assert (steered.ask(9), steered.look(9)) == ([], [])
    steered.steer("pin", "pin")  # a person insists
    assert steered.ask(9) == ["pin"]


def test_a_pinned_tag_whose_call_failed_is_not_asked_for_ever():
    steered = begun(Queue())
    steered.steer("pin", "pin")
    steered.ask(9)
    steered.answered("pin", ())
    assert steered.ask(9) == []


def test_several_pinned_tags_take_turns():
    steered = begun(Queue())
    for tag in ("x", "y"):
        steered.steer(tag, "pin")
    assert steered.ask(9) == ["x", "y"]
    steered.answered("x", photos_of("x", 9))
    steered.answered("y", photos_of("y", 9))
    assert sorted(photo.id[0] for photo in steered.look(6)) == list("xxxyyy")


def test_a_freed_tag_is_asked_no_more_and_its_waiting_photos_are_left():
    steered = begun(Queue())
    steered.steer("pin", "pin")
    steered.ask(9)
    steered.answered("pin", photos_of("pin", 9))
    steered.look(2)
    steered.steer("pin", "free")
    assert (steered.ask(9), steered.look(9)) == ([], [])


def test_the_policy_learns_from_pinned_photos():
    inner = Queue()
    steered = begun(inner)
    steered.steer("pin", "pin")
    steered.ask(1)
    steered.answered("pin", photos_of("pin", 2))
    first, second = steered.look(2)
    steered.scored(first, 0.7, FEATURE)
    steered.lost(second)
    assert told(steered) == [("pin", ["pin0", "pin1"]), ("pin0", 0.7), ("pin1", None)]


def test_a_pinned_tag_that_cannot_be_asked_any_more_has_its_share_of_what_is_known():
    """Most calls have been made when half of the photos are looked at."""
    steered = begun(Queue(["Dog", "pet"], photos_of("own", 20)))
    steered.ask(9)
    steered.answered("Dog", [photo(f"by title {i}") for i in range(2)])
    steered.answered("pet", [photo(f"carrying {i}", "pet", "dog") for i in range(3)])
    steered.steer("dog", "pin")
    assert sorted(ids(steered.look(4))) == ["by title 0", "by title 1", "own0", "own1"]
    assert sum(each.startswith("carrying") for each in ids(steered.look(4))) == 2
    # What comes for another tag is of this one, too; but its own answer comes first.
    steered.answered("pet", [photo("later", "DOG")])
    steered.answered("dog", photos_of("dog", 1))
    assert ids(steered.look(2))[0] == "dog0"
    assert {"carrying 2", "later"} <= set(ids(steered.look(4)))
    steered.steer("dog", "free")
    steered.answered("pet", [photo("last", "dog")])
    assert "last" not in ids(steered.look(9))


def test_a_photo_that_is_pinned_and_chosen_is_looked_at_once_and_heard_of_once():
    inner = Queue(photos=photos_of("pin", 3))
    steered = begun(inner)
    steered.steer("pin", "pin")
    steered.ask(1)
    steered.answered("pin", photos_of("pin", 3))
    looked = steered.look(9)
    assert sorted(ids(looked)) == ["pin0", "pin1", "pin2"]
    for found in looked:
        steered.scored(found, 0.5, FEATURE)
    assert sorted(told(steered)[1:]) == [(f"pin{i}", 0.5) for i in range(3)]


def test_a_choice_that_was_looked_at_long_ago_is_passed_over():
    inner = Queue(photos=[photo("other")])
    steered = begun(inner)
    steered.steer("pin", "pin")
    steered.ask(1)
    steered.answered("pin", [photo("p", "pin")])
    steered.scored(steered.look(1)[0], 0.5, FEATURE)
    inner.photos = [photo("p", "pin"), photo("other")]
    assert steered.look(1) == []
    assert ids(steered.look(1)) == ["other"]
    assert told(steered)[1:] == [("p", 0.5)]


# -- Banned ----------------------------------------------------------------------------------------


def test_a_banned_tag_is_not_asked_and_answered_by_no_photos():
    inner = Queue(["a", "bad", "b"])
    steered = begun(inner)
    steered.steer("bad", "ban")
    assert steered.ask(2) == ["a", "b"]
    assert told(steered) == [("bad", [])]


def test_no_photo_that_carries_a_banned_tag_is_looked_at():
    inner = Queue(photos=[photo(1, "bad", "cat"), photo(2, "cat"), photo(3, "bad")])
    steered = begun(inner)
    steered.steer("bad", "ban")
    assert ids(steered.look(1)) == ["2"]
    assert steered.look(1) == []
    assert told(steered) == [("1", None), ("3", None)]
    assert [(each.why, each.count) for each in steered.unseen()][:1] == [
        ("They carry a tag that you banned.", 2)
    ]


def test_a_round_of_which_all_photos_are_banned_is_followed_by_the_next():
    photos = [photo(1, "a", "bad"), photo(2, "a", "bad"), photo(3, "a"), photo(4, "cat")]
    game = play(Greedy(), photos, ["a"], steer=once("bad", "ban"))
    assert sorted(game.looked) == ["3", "4"]


def test_a_ban_ends_a_pin_and_a_pin_a_ban():
    steered = begun(Queue(["tag"]))
    steered.steer("tag", "pin")
    steered.steer("tag", "ban")
    assert steered.ask(9) == []
    steered.steer("tag", "pin")
    assert steered.ask(9) == ["tag"]
    steered.answered("tag", photos_of("tag", 2))
    assert len(steered.look(9)) == 2


def test_a_pinned_tag_of_which_all_photos_are_banned_is_asked_once():
    steered = begun(Queue())
    steered.steer("pin", "pin")
    steered.steer("bad", "ban")
    assert steered.ask(9) == ["pin"]
    steered.answered("pin", [photo(1, "pin", "bad")])
    assert (steered.ask(9), steered.look(9)) == ([], [])


def test_a_policy_that_wants_nothing_but_what_is_banned_does_not_hang_it():
    inner = Scripted(["bad"], [photo(1, "bad")])
    steered = begun(inner)
    steered.steer("bad", "ban")
    assert (steered.ask(9), steered.look(9)) == ([], [])


def test_a_policy_that_wants_again_what_is_under_way_does_not_hang_it():
    steered = begun(Scripted(["a"], [photo(1)]))
    assert (steered.ask(9), ids(steered.look(9))) == (["a"], ["1"])
    assert (steered.ask(9), steered.look(9)) == ([], [])


@pytest.mark.parametrize(
    ("seen", "others"),
    [
        ("Dog", ["dog", "DOG", "dog!"]),
        ("new york", ["New York", "new-york"]),
        ("Straße", ["STRASSE"]),
        ("cafe\u0301", ["Café"]),
    ],
)
def test_a_tag_is_banned_and_pinned_in_any_spelling(seen, others):
    """Who bans "Dog", as one photo has it, means the photos that are tagged "dog" as well."""
    photos = [photo(i, tag) for i, tag in enumerate([seen, *others, f"{seen} park"])]
    steered = begun(Queue([*others, "cat"], photos))
    steered.steer(seen, "ban")
    assert steered.ask(9) == ["cat"]
    assert ids(steered.look(9)) == [photos[-1].id]
    assert banned_photos(steered.core.state) == len(photos) - 1
    steered.steer(others[0], "free")
    assert banned_photos(steered.core.state) == 0
    steered.steer(seen, "pin")
    assert steered.ask(9) == [seen]
    steered.answered(others[0], photos_of("tag", 2))
    assert len(steered.look(9)) == 2
    steered.steer(others[0], "ban")
    assert steered.ask(9) == []


# -- Freed -----------------------------------------------------------------------------------------


def test_a_tag_that_is_free_again_and_those_that_narrow_it_are_worth_asking():
    inner = Queue(["cat", "other"])
    steered = begun(inner)
    steered.steer("cat", "ban")
    assert steered.ask(9) == ["other"]
    queries = steered.core.state.queries
    assert queries.is_used_up("cat")
    assert queries.is_used_up("black cat")
    steered.steer("dog", "ban")
    steered.steer("cat", "free")
    assert told(steered) == []
    assert not queries.is_used_up("cat")
    assert not queries.is_used_up("black cat")
    assert queries.expected("cat", 3) > 0
    inner.tags = ["cat"]
    assert steered.ask(9) == ["cat"]


def test_what_was_answered_before_the_ban_stays_so():
    inner = Queue(["cat", "cat"])
    steered = begun(inner)
    assert steered.ask(1) == ["cat"]
    steered.answered("cat", photos_of("cat", 2))
    steered.steer("cat", "ban")
    assert steered.ask(9) == []
    assert told(steered) == [("cat", ["cat0", "cat1"]), ("cat", [])]
    steered.steer("cat", "free")
    assert told(steered) == [("cat", ["cat0", "cat1"])]
    assert ids(steered.core.state.answers["cat"]) == ["cat0", "cat1"]


def test_photos_are_counted_as_banned_for_as_long_as_they_are():
    inner = Queue(photos=[photo(1, "bad"), photo(2, "bad", "worse"), photo(3, "worse")])
    steered = begun(inner)
    steered.steer("bad", "ban")
    steered.steer("worse", "ban")
    assert steered.look(9) == []
    assert banned_photos(steered.core.state) == 3
    steered.steer("bad", "free")
    assert banned_photos(steered.core.state) == 2
    assert told(steered) == [("2", None), ("3", None)]
    steered.steer("worse", "free")
    assert banned_photos(steered.core.state) == 0
    assert told(steered) == []
    inner.photos = [photo(2, "bad", "worse")]
    assert ids(steered.look(9)) == ["2"]


def test_what_is_banned_once_more_is_refused_once_more():
    inner = Scripted(["bad"], [photo(1, "bad")])
    steered = begun(inner)
    for _ in range(2):
        steered.steer("bad", "ban")
        assert (steered.ask(1), steered.look(1)) == ([], [])
        assert told(steered) == [("bad", []), ("1", None)]
        steered.steer("bad", "free")
        assert told(steered) == []


def test_a_tag_that_others_ask_beside_a_banned_one_is_not_held_up():
    class Unasked(Scripted):
        def suggest_tags(self, state, n):
            return [tag for tag in self.tags if not state.queries.was_asked(tag)][:n]

    steered = begun(Unasked(["bad", "good"]))
    steered.steer("bad", "ban")
    assert steered.ask(1) == ["good"]


def test_a_pinned_tag_whose_photos_were_banned_is_asked_again():
    steered = begun(Queue())
    steered.steer("pin", "pin")
    steered.steer("bad", "ban")
    assert steered.ask(9) == ["pin"]
    steered.answered("pin", [photo(1, "pin", "bad")])
    assert steered.ask(9) == []
    steered.steer("bad", "free")
    assert steered.ask(9) == ["pin"]
    steered.answered("pin", [photo(1, "pin", "bad")])
    assert ids(steered.look(9)) == ["1"]


def test_a_call_that_failed_brings_nothing_until_the_search_goes_on():
    steered = begun(Queue(["dog"]))
    state = steered.core.state
    steered.steer("cat", "pin")
    assert steered.ask(2) == ["cat", "dog"]
    for tag in ("cat", "dog"):
        steered.core.fail(tag)
    assert told(steered) == [("cat", []), ("dog", [])]
    assert state.queries.under_way == set()
    assert state.queries.is_used_up("black cat")
    # Whatever a person does meanwhile.
    steered.steer("dog", "ban")
    steered.steer("owl", "ban")
    steered.steer("owl", "free")
    assert told(steered) == [("cat", []), ("dog", [])]
    steered.core.retry()
    relearn(steered.core)
    assert told(steered) == [("dog", [])]
    assert not state.queries.was_asked("cat")
    assert steered.ask(9) == ["cat"]
    steered.core.fail("cat")
    steered.core.retry()
    assert steered.ask(9) == ["cat"]
    steered.answered("cat", photos_of("cat", 1))
    steered.steer("dog", "free")
    assert told(steered) == [("cat", ["cat0"])]


def test_what_was_cut_short_and_is_banned_is_under_way_no_more():
    inner = Queue(["cat", "b"], photos_of("cat", 2))
    steered = begun(inner)
    assert steered.ask(1) == ["cat"]
    cut, kept = steered.look(2)
    state = steered.core.state
    steered.steer("cat", "ban")
    for what in ("cat", cut):
        assert state.steering.bans(what)
        give_up(state, what)
    assert told(steered) == [("cat", []), ("cat0", None)]
    assert (state.queries.under_way, state.looks, banned_photos(state)) == (set(), 1, 1)
    assert (state.is_taken(cut), state.is_taken(kept)) == (False, True)
    steered.steer("cat", "free")
    read = [state.entry(place) for place in range(len(state.log))]
    assert [entry for entry in read if entry] == [Chosen(kept)]
    assert not state.queries.was_asked("cat")
    assert state.may_look(cut)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("freed", [3, 25, 60])
def test_what_is_free_again_is_found_by_every_policy(policy, freed):
    photos = [photo(f"{tag}{i}", tag, other) for tag, other in
              zip("abcdef", "bcdefa", strict=True) for i in range(15)]  # fmt: skip
    outcomes = []

    def person(game, core):
        outcomes.append(1)
        if len(outcomes) == 1:
            core.steer("a", "ban")
        elif len(outcomes) == freed:
            assert not any("a" in state_photo.tags for state_photo in looked(core))
            core.steer("a", "free")

    game = play(POLICIES[policy].make(), photos, "abcdef", steer=person)
    assert len(outcomes) > freed
    assert set(game.looked) == {each.id for each in photos}
    assert banned_photos(game.core.state) == 0


def looked(core):
    return [] if not core.begun else [e.photo for e in core.state.log if isinstance(e, Chosen)]


# -- With Greedy, on any collection ----------------------------------------------------------------

TAGS = ["a", "b", "c", "cat", "sea"]
collections = st.lists(st.lists(st.sampled_from(TAGS), max_size=3, unique=True), max_size=20).map(
    lambda rows: [photo(i, *tags) for i, tags in enumerate(rows)]
)
# After how many outcomes a person does what.
steps = st.dictionaries(
    st.integers(0, 20),
    st.tuples(st.sampled_from([*TAGS, "nothing"]), st.sampled_from(["pin", "ban", "free"])),
    max_size=6,
)


@given(collections, steps, st.integers(1, 10), st.integers(1, 12), st.sets(st.integers(0, 19)))
@settings(max_examples=150, deadline=None)
def test_whatever_a_person_does_it_ends_and_no_photo_is_looked_at_twice(
    photos, steps, calls, looks, gone
):
    outcomes = []

    def person(game, core):
        outcomes.append(1)
        if act := steps.get(len(outcomes) - 1):
            core.steer(*act)

    game = play(
        Greedy(),
        photos,
        ["a", "b"],
        calls=calls,
        looks=looks,
        gone={str(i) for i in gone},
        budget=Budget(photos=500, calls=500),
        steer=person,
    )
    assert max(Counter(game.looked).values(), default=1) == 1
    assert len(game.asked) < 100


@given(collections, st.sampled_from(TAGS), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_a_ban_from_the_beginning_holds_to_the_end(photos, banned, seed):
    game = play(Greedy(), photos, TAGS, seed=seed, steer=once(banned, "ban"))
    assert banned not in game.asked
    by_id = {p.id: p for p in photos}
    assert all(banned not in by_id[name].tags for name in game.looked)
    free = {p.id for p in photos if p.tags and banned not in p.tags}
    assert set(game.looked) == free


@given(collections, st.sampled_from(TAGS), st.integers(1, 10), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_with_a_pin_greedy_reaches_all_that_it_reaches_without(photos, pinned, calls, looks):
    game = play(Greedy(), photos, TAGS, calls=calls, looks=looks, steer=once(pinned, "pin"))
    alone = play(Greedy(), photos, TAGS, calls=calls, looks=looks)
    assert set(game.looked) == set(alone.looked)


def test_a_pin_brings_its_photos_sooner():
    photos = [p for tag in "abcdefgh" for p in photos_of(tag, 30)]
    shares = []
    for pin in (False, True):
        steer = once("h", "pin") if pin else once("h", "free")
        game = play(Greedy(), photos, "abcdefgh", budget=Budget(photos=40, calls=40), steer=steer)
        shares.append(sum(name.startswith("h") for name in game.looked) / len(game.looked))
    assert shares[0] < 0.25
    assert 0.4 < shares[1] <= 0.75
