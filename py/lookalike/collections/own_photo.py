"""What a search tells of a photo of one's own."""

from collections.abc import Sequence

from lookalike.collections.collection import Collection, PhotoEntry, top_classes
from lookalike.collections.thumbnail import size_within
from lookalike.model.classes import first_synonym
from lookalike.model.model import BACKGROUND
from lookalike.photo import Photo
from lookalike.shown import shown

SURE = 0.2
"""So probable is a class that becomes a tag of its photo."""


def class_tags(entry: PhotoEntry, labels: Sequence[str]) -> dict[str, float]:
    """Name what the network is sure to see in a photo.

    Args:
        entry: the photo.
        labels: `ModelSpec.labels` of the network that described it.

    Returns:
        The first synonym of each class, lower case, with its probability, best first.
    """
    found: dict[str, float] = {}
    for index, share in top_classes(entry.classes):
        if share >= SURE and index < len(labels):
            name = first_synonym(labels[index]).lower()
            if name and name != BACKGROUND:
                found.setdefault(name, share)
    return found


def photo_of(collection: Collection, entry: PhotoEntry, labels: Sequence[str] = ()) -> Photo:
    """Give a photo of a collection as a search shows it.

    Its tags are the words of its path, then what the network is sure to see in it. It was
    "uploaded" when its file was changed.

    Args:
        collection, entry: the photo.
        labels: see `class_tags`.
    """
    width, height = size_within(entry.width, entry.height)
    return Photo(
        entry.id,
        shown(entry.name),
        tuple(dict.fromkeys([*entry.tags, *class_tags(entry, labels)])),
        width=width,
        height=height,
        uploaded=entry.modified or None,
        source=collection.source_name,
        full_width=entry.width,
        full_height=entry.height,
    )
