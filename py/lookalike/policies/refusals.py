"""What is suggested and not done: a person has banned it, or its call has failed.

Policies read it in the log as an answer without photos, or a look that came to nothing, until the
ban is lifted, or the call is worth another try.
"""

from collections.abc import Callable, Collection, Sequence

from lookalike.photo import Photo
from lookalike.policies.state import Answered, Asked, Chosen, LogEntry, Looked, Refused, SearchState


def refuse_tag(state: SearchState, tag: str, places: Sequence[int] = ()) -> None:
    """Refuse to ask for a tag.

    Args:
        state: all that is known.
        tag: a banned one.
        places: those of its entries in the log that are not to be read either, once it is free.
    """
    if tag not in state.refused_tags:
        state.refused_tags[tag] = [*places, len(state.log)]
        state.queries.refuse(tag)
        state.answers.setdefault(tag, [])
        state.log.append(Refused(Answered(tag)))


def refuse_photo(state: SearchState, photo: Photo, places: Sequence[int] = ()) -> None:
    """Refuse to look at a photo, which carries a banned tag: see `refuse_tag`."""
    if photo.id not in state.refused_photos:
        state.refused_photos[photo.id] = photo, [*places, len(state.log)]
        state.log.append(Refused(Looked(photo)))


def give_up(state: SearchState, what: str | Photo) -> None:
    """Refuse what was begun and cut short, as it is banned by now: it is under way no more."""
    if isinstance(what, Photo):
        places = _places(
            state, lambda entry: isinstance(entry, Chosen) and entry.photo.id == what.id
        )
        state.drop(what)
        refuse_photo(state, what, places)
    else:
        places = _places(state, lambda entry: isinstance(entry, Asked) and entry.tag == what)
        state.queries.give_up(what)
        refuse_tag(state, what, places[-1:])  # the others were answered


def fail(state: SearchState, tag: str) -> None:
    """Note that the call for a tag has failed: nothing is expected of it until `retry`."""
    asked = _places(state, lambda entry: isinstance(entry, Asked) and entry.tag == tag)
    state.queries.give_up(tag)
    state.steering.take_answer(tag, (), state.may_look)
    refused = state.refused_tags.pop(tag, [])
    refuse_tag(state, tag, [*refused, *asked[-1:]])
    state.failed_tags.add(tag)


def retry(state: SearchState, tags: Collection[str] | None = None) -> bool:
    """Take back that calls have failed, so that their tags may be asked again.

    Args:
        state: all that is known.
        tags: which; None for all that have failed.

    Returns:
        As `lift`.
    """
    for tag in list(state.failed_tags if tags is None else tags):
        state.steering.retry(tag)
        state.failed_tags.discard(tag)
    return lift(state)


def _places(state: SearchState, wanted: Callable[[LogEntry | Refused], bool]) -> list[int]:
    return [place for place, entry in enumerate(state.log) if wanted(entry)]


def lift(state: SearchState) -> bool:
    """Take back what was refused and is banned no more, so that it may be suggested again.

    Returns:
        Whether there was anything; then a fresh policy is to read the log.
    """
    tags = [
        tag
        for tag in state.refused_tags
        if not (tag in state.failed_tags or state.steering.bans(tag))
    ]
    for tag in tags:
        state.take_back(state.refused_tags.pop(tag))
        state.queries.admit(tag)
        if not state.queries.was_answered(tag):
            state.answers.pop(tag, None)
    refused = [photo for photo, _ in state.refused_photos.values()]
    photos = [photo for photo in refused if not state.steering.bans(photo)]
    for photo in photos:
        state.take_back(state.refused_photos.pop(photo.id)[1])
    return bool(tags or photos)


def banned_photos(state: SearchState) -> int:
    """Count the photos that were suggested and not looked at, as they carry a banned tag."""
    refused = (photo for photo, _ in state.refused_photos.values())
    return sum(state.steering.bans(photo) and not state.is_taken(photo) for photo in refused)
