"""Own photos found by what their files and folders are called, and by what is seen in them."""

import numpy as np
from numpy.typing import NDArray

from lookalike.photo import Photo
from lookalike.text.path_words import words_of
from lookalike.text.word_vectors import counting, forms
from lookalike.words import fold, is_unspaced


class PathMatch:
    """Finds the words of a text in the paths of photos.

    A photo has a word where its file or a folder that it lies in is called so, in singular or
    plural: "Anna's dogs/IMG_12.jpg" has "anna", "dog" and "img". Whether a table knows the word
    does not matter. Where words are written without spaces, part of one is enough. Words that
    hardly count, such as "the", do not count here.

    Args:
        text: with a word in it.
    """

    def __init__(self, text: str) -> None:
        self._words = [forms(word) for word in counting(text)]

    def share(self, path: str) -> float:
        """Say what share of the text's words is in the path of a photo: 0..1."""
        folded = fold(path)
        # Most paths have none, and taking them apart is slow.
        if path.isascii() and not any(form in folded for word in self._words for form in word):
            return 0.0
        found = words_of(path)
        return sum(_has(found, word) for word in self._words) / len(self._words)


def _has(found: set[str], word: list[str]) -> bool:
    if not found.isdisjoint(word):
        return True
    return is_unspaced(word[0]) and any(word[0] in longer for longer in found)


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
        shares: (n,) as `PathMatch.share` gives them.
        cosines: (n,) of the text and what is seen, NaN for photos of which nothing is known; None
            where nothing can be compared with the text. Of these photos, paths alone decide.

    Returns:
        (n,) from -1 to 1; NaN where neither says anything.
    """
    seen = np.full(len(shares), np.nan) if cosines is None else cosines.astype(np.float64)
    by_path = np.where(shares > 0, shares, np.nan)
    return np.where(np.isnan(seen), by_path, shares + (1 - shares) * seen)
