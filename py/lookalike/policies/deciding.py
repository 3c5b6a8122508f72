"""What is to be done now in a search: what a policy suggests, and what a person has pinned."""

from collections.abc import Sequence
from dataclasses import dataclass

from lookalike.photo import Photo
from lookalike.policies.policy import Policy
from lookalike.policies.refusals import refuse_photo, refuse_tag
from lookalike.policies.state import SearchState


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is to be done now: tags to ask for, and photos to look at, each in order."""

    tags: Sequence[str] = ()
    photos: Sequence[Photo] = ()


def decide(state: SearchState, policy: Policy, calls: int, looks: int) -> Decisions:
    """Ask a policy what to do now, and note in the state that it is begun.

    While a tag is pinned, half of what is asked and looked at goes to it: it is asked again when
    its photos have been looked at, for as long as that brings new ones. A banned tag is never
    asked, and no photo that carries it is looked at; nor is any photo looked at twice.

    Args:
        state: all that is known.
        policy: suggests.
        calls, looks: for how many there is room.

    Raises:
        RuntimeError: the policy suggests more than it may.
    """
    while True:
        entries = len(state.log)
        tags = state.steering.share_calls(
            calls, lambda n: _ask_pinned(state, n), lambda n: _ask_suggested(state, policy, n)
        )
        photos = state.steering.share_looks(
            looks,
            lambda n: _look_at_pinned(state, n),
            lambda n: _look_at_suggested(state, policy, n),
        )
        # Where all that was suggested is banned, there may be something else by now.
        if state.anything_under_way or entries == len(state.log):
            return Decisions(tags, photos)


def _ask_pinned(state: SearchState, n: int) -> list[str]:
    tags = state.steering.wanted(state.queries.under_way)[:n]
    for tag in tags:
        state.ask(tag)
    return tags


def _ask_suggested(state: SearchState, policy: Policy, n: int) -> list[str]:
    asked: list[str] = []
    refused: set[str] = set()
    while True:
        room = n - len(asked)
        suggested = policy.suggest_tags(state, room)
        _check(policy, len(suggested) <= room, "asked for more than it may")
        # The answer to a tag that is being asked already comes, too.
        fresh = [tag for tag in suggested if tag not in state.queries.under_way | refused]
        for tag in fresh:
            if state.steering.bans(tag):
                refused.add(tag)
                refuse_tag(state, tag)
            else:
                state.ask(tag)
                asked.append(tag)
        if not fresh or len(asked) >= n:
            return asked


def _look_at_pinned(state: SearchState, n: int) -> list[Photo]:
    chosen: list[Photo] = []
    while len(chosen) < n and (photo := state.steering.next_photo(state.may_look)):
        state.choose(photo)
        chosen.append(photo)
    return chosen


def _look_at_suggested(state: SearchState, policy: Policy, n: int) -> list[Photo]:
    chosen: list[Photo] = []
    refused: set[str] = set()
    while True:
        room = n - len(chosen)
        suggested = policy.suggest_photos(state, room)
        _check(policy, len(suggested) <= room, "looked at more than it may")
        fresh = [each for each in suggested if not state.is_taken(each) and each.id not in refused]
        for photo in fresh:
            if state.may_look(photo):
                state.choose(photo)
                chosen.append(photo)
            else:
                refused.add(photo.id)
                refuse_photo(state, photo)
        if not fresh or len(chosen) >= n:
            return chosen


def _check(policy: Policy, fine: bool, what: str) -> None:
    if not fine:
        raise RuntimeError(f"{type(policy).__name__} {what}")
