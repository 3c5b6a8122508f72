"""Which photos of a collection are gone for sure, and which were only not to be seen."""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lookalike.collections.collection import PhotoEntry
from lookalike.terminal.folder import Listing, Place, listed


@dataclass(slots=True)
class Fate:
    """What becomes of photos that were not found.

    Attributes:
        dropped: the ids of those that are dropped.
        unseen: those that are kept, by the folders that they lay in.
    """

    dropped: set[str] = field(default_factory=set)
    unseen: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def kept(self) -> int:
        """How many are kept that were not found."""
        return sum(map(len, self.unseen.values()))


def fate_of(entries: Iterable[PhotoEntry], listing: Listing, prune: bool) -> Fate:
    """Decide what becomes of photos that are in a collection and were not found.

    A photo is gone where its folder was read to the end and others of the collection are still in
    it. Where all of a folder is missing, it may as well be a drive that is away, or another one in
    its place: then photos go only where this is asked for. What lies under anything that could not
    be read stays in any case, and so does what came from elsewhere.

    Args:
        entries: all photos of the collection, by their present origins.
        listing: what was found.
        prune: whether it is asked for.
    """
    found = listed(listing)
    missing: list[PhotoEntry] = []
    alive: set[Place] = set()
    for entry in entries:
        if (entry.origin, entry.path) in found:
            alive.add(_place(entry))
        elif _is_under(entry, listing) or (prune and not entry.origin):
            missing.append(entry)
    fate = Fate()
    for entry in missing:
        place = _place(entry)
        if _is_hidden_from_us(entry, listing):
            fate.unseen[place_name(entry)].append(entry.id)
        elif prune or (place in listing.read and place in alive):
            fate.dropped.add(entry.id)
        else:
            fate.unseen[place_name(entry)].append(entry.id)
    return fate


def place_name(entry: PhotoEntry) -> str:
    """Name the folder that a photo came from; "." for the one that was given."""
    return posixpath.dirname(entry.path) or "."


def _place(entry: PhotoEntry) -> Place:
    # A zip file is read as a whole.
    return entry.origin, "" if ":" in entry.origin else posixpath.dirname(entry.path)


def _is_under(entry: PhotoEntry, listing: Listing) -> bool:
    return entry.origin == listing.origin or entry.origin.startswith(f"{listing.origin}:")


def _is_hidden_from_us(entry: PhotoEntry, listing: Listing) -> bool:
    return any(folder in listing.unread for folder in _upwards(entry.path))


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = posixpath.dirname(path)
    yield ""
