"""Own photos found by what their files and folders are called, and by what is seen in them."""

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.paths import words_of
from lookalike.photo import Photo
from lookalike.policies.words import words as split
from lookalike.text.word_vectors import STOP_WORDS, forms


class Names:
    """Finds the words of a text in the paths of photos.

    A photo has a word where its file or a folder that it lies in is called so, in singular or
    plural: "Anna's dogs/IMG_12.jpg" has "anna", "dog" and "img". Whether a table knows the word
    does not matter. Words that hardly count, such as "the", do not count here.

    Args:
        text: with a word in it.
    """

    def __init__(self, text: str) -> None:
        typed = list(dict.fromkeys(split(text)))
        counting = [word for word in typed if word not in STOP_WORDS] or typed
        self._words = [forms(word) for word in counting]

    def share(self, path: str) -> float:
        """Say what share of the text's words is in the path of a photo: 0..1."""
        lower = path.lower()
        # Most paths have none, and taking them apart is slow.
        if not any(form in lower for word in self._words for form in word):
            return 0.0
        found = words_of(path)
        return sum(not found.isdisjoint(word) for word in self._words) / len(self._words)


def path_of(photo: Photo) -> str | None:
    """Give the path of an own photo within its collection; None for a service's photo."""
    prefix = f"{photo.source}:"
    if not photo.source.startswith("collection:") or not photo.id.startswith(prefix):
        return None
    return photo.id.removeprefix(prefix)


def joined(
    shares: NDArray[np.float64], cosines: NDArray[np.floating] | None
) -> NDArray[np.float64]:
    """Make one match of the words that photos have in their paths and of what is seen in them.

    The match is s + (1 - s) c, with s the share of words in the path and c the cosine. So a photo
    whose path has all words matches by 1, as no other does; one that has half of them lies between
    that and what it looks like; and for all others the cosine stands.

    Args:
        shares: (n,) as `Names.share` gives them.
        cosines: (n,) of the text and what is seen, NaN for photos of which nothing is known; None
            where nothing can be compared with the text. Of these photos, paths alone decide.

    Returns:
        (n,) from -1 to 1; NaN where neither says anything.
    """
    seen = np.full(len(shares), np.nan) if cosines is None else cosines.astype(np.float64)
    by_path = np.where(shares > 0, shares, np.nan)
    return np.where(np.isnan(seen), by_path, shares + (1 - shares) * seen)
