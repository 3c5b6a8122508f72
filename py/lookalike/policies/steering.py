"""A person's say in a search: tags pinned or banned while it runs, whatever the policy."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from lookalike.photo import Photo
from lookalike.words import wording

T = TypeVar("T")


class Steering:
    """The tags that a person has pinned or banned, and what of the pinned ones' is next.

    A tag is meant in any spelling of its words: services, and people there, spell it as they like.

    Attributes:
        banned: the tags that are not asked, and whose photos are not looked at, by their keys.
    """

    def __init__(self) -> None:
        self.banned: set[str] = set()
        # By their keys, as are the others.
        self._pinned: dict[str, deque[Photo]] = {}  # each with its photos that wait for a look
        self._carrying: dict[str, deque[Photo]] = {}  # others that are known, for when none waits
        self._spelled: dict[str, str] = {}  # as a person saw it
        self._used_up: set[str] = set()  # pinned tags that brought nothing new
        self._calls, self._looks = _Turns(), _Turns()

    def steer(
        self, tag: str, stance: str, known: Callable[[str], Iterable[Photo]] = lambda _: ()
    ) -> None:
        """Pin, ban or free a tag.

        Args:
            tag: any tag.
            stance: "pin", "ban" or "free".
            known: gives the photos of a tag that are known already, by its key.
        """
        key = key_of(tag)
        if key in self.banned:
            self.banned.discard(key)
            self._used_up.clear()  # their photos may have been banned
        self._used_up.discard(key)
        self._pinned.pop(key, None)
        if stance == "pin":
            self._pinned[key], self._spelled[key] = deque(), tag
            self._carrying[key] = deque(known(key))
        elif stance == "ban":
            self.banned.add(key)

    def bans(self, what: str | Photo) -> bool:
        """Say whether a tag is banned, or a photo carries one that is."""
        if not self.banned:
            return False
        tags = what.tags if isinstance(what, Photo) else (what,)
        return not self.banned.isdisjoint(map(key_of, tags))

    @property
    def expects(self) -> bool:
        """Whether a pinned tag may bring more: nobody but the person knows what they expect."""
        return bool(self._pinned.keys() - self._used_up)

    def wanted(self, under_way: Collection[str]) -> list[str]:
        """Name the pinned tags that are to be asked now.

        Args:
            under_way: the tags that are being asked.
        """
        asked = self._used_up.union(map(key_of, under_way))
        return [
            self._spelled[key]
            for key, photos in self._pinned.items()
            if not (photos or key in asked)
        ]

    def take_answer(
        self, tag: str, photos: Sequence[Photo], may_look: Callable[[Photo], bool]
    ) -> None:
        """Take in the answer to a tag, which may be pinned."""
        key = key_of(tag)
        if key in self._pinned:
            waiting = {photo.id for photo in self._pinned[key]}
            new = [photo for photo in photos if may_look(photo) and photo.id not in waiting]
            self._pinned[key].extend(new)
            if not new:
                self._used_up.add(key)

    def retry(self, tag: str) -> None:
        """Have a tag that may be pinned asked again, whose call has failed."""
        self._used_up.discard(key_of(tag))

    def know(self, photos: Iterable[Photo]) -> None:
        """Take in what there is to look at besides: those that carry a pinned tag wait for it.

        They come after what the tag's own answers bring. So it gets its share of the looks where it
        can be asked no more, too.
        """
        if self._pinned:
            for photo in photos:
                for key in self._pinned.keys() & set(map(key_of, photo.tags)):
                    self._carrying[key].append(photo)

    def next_photo(self, may_look: Callable[[Photo], bool]) -> Photo | None:
        """Give the next photo of a pinned tag; each of these tags has its turn."""
        for key, photos in self._pinned.items():
            while waiting := photos or self._carrying[key]:
                photo = waiting.popleft()
                if may_look(photo):
                    # The other pinned tags come first next time.
                    self._pinned[key] = self._pinned.pop(key)
                    return photo
        return None

    def share_calls(
        self, n: int, pinned: Callable[[int], list[T]], others: Callable[[int], list[T]]
    ) -> list[T]:
        """Share the room for `n` calls between pinned tags and others, and give what is begun."""
        return self._calls.share(n, pinned, others)

    def share_looks(
        self, n: int, pinned: Callable[[int], list[T]], others: Callable[[int], list[T]]
    ) -> list[T]:
        """Share the room for `n` looks likewise."""
        return self._looks.share(n, pinned, others)


def key_of(tag: str) -> str:
    """Give what all spellings of a tag share."""
    return wording(tag) or tag


class _Turns:
    """Room in halves; an odd place goes to each side in turn, and what one leaves to the other."""

    def __init__(self) -> None:
        self._pinned_first = True

    def share(
        self, room: int, pinned: Callable[[int], list[T]], others: Callable[[int], list[T]]
    ) -> list[T]:
        own = pinned((room + self._pinned_first) // 2)
        rest = others(room - len(own))
        own += pinned(room - len(own) - len(rest))
        if own or rest:
            self._pinned_first = len(own) <= len(rest)
        return own + rest
