"""How alike two photos' tags and titles are: the covariance of the search's Gaussian process."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.photo import Photo
from lookalike.words import words

Array = NDArray[np.float64]
Terms = dict[str, float]

TITLE_WEIGHT = 0.5
"""A title's words count for half of a tag's: a caption names more than the photo's subject."""

LINEAR = 0.5
"""The kernel's share that grows with every shared term. The rest is the cube of the cosine,
which tells photos with nearly the same tags from the others: conjunctions count."""


def tag_terms(tag: str) -> Terms:
    """Give the terms of a tag: each of its words, and the whole of it where it has several."""
    found = words(tag)
    terms = dict.fromkeys(found, 1.0)
    if len(found) > 1:
        terms[" ".join(found)] = 1.0
    return terms


def photo_terms(photo: Photo) -> Terms:
    """Give the terms of a photo's tags and title, each with its weight."""
    terms = dict.fromkeys(words(photo.title), TITLE_WEIGHT)
    for tag in photo.tags:
        terms |= tag_terms(tag)
    return terms


def covariance(cosine: Array) -> Array:
    """Turn cosines of term vectors into prior covariances; the variance of a photo is 1."""
    return LINEAR * cosine + (1 - LINEAR) * (cosine * cosine * cosine)


class TermIndex:
    """Sparse document vectors, laid end to end, and their cosines with any other."""

    def __init__(self) -> None:
        self.size = 0
        self._vocabulary: dict[str, int] = {}
        self._used = 0
        self._documents = np.zeros(1024, np.intp)
        self._terms = np.zeros(1024, np.intp)
        self._weights = np.zeros(1024)

    def add(self, vector: Terms) -> None:
        """Add a document as a vector of unit length."""
        start, stop = self._used, self._used + len(vector)
        if stop > len(self._weights):
            spare = stop  # doubles
            self._documents = np.pad(self._documents, (0, spare))
            self._terms = np.pad(self._terms, (0, spare))
            self._weights = np.pad(self._weights, (0, spare))
        known = self._vocabulary
        self._terms[start:stop] = [known.setdefault(term, len(known)) for term in vector]
        self._weights[start:stop] = list(vector.values())
        self._documents[start:stop] = self.size
        self._used = stop
        self.size += 1

    def cosines(self, vector: Terms) -> Array:
        """Give the cosine of `vector`, of unit length, with every document."""
        wanted = np.zeros(len(self._vocabulary) + 1)
        for term, weight in vector.items():
            wanted[self._vocabulary.get(term, -1)] = weight
        wanted[-1] = 0.0
        products = wanted[self._terms[: self._used]] * self._weights[: self._used]
        sums = np.bincount(self._documents[: self._used], products, minlength=self.size)
        return sums.astype(np.float64)


class InverseDocumentFrequency:
    """Weights terms by how rare they are among the documents seen so far.

    Attributes:
        documents: how many these are.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.documents = 0

    def see(self, terms: Sequence[Terms]) -> None:
        """Count documents."""
        self.documents += len(terms)
        for document in terms:
            self._counts.update(document.keys())

    def unit(self, terms: Terms) -> Terms:
        """Weight `terms` and scale them to unit length; empty stays empty."""
        weighted = {
            term: weight * float(np.log1p(self.documents / max(1, self._counts[term])))
            for term, weight in terms.items()
        }
        norm = float(np.sqrt(sum(weight**2 for weight in weighted.values())))
        return {term: weight / norm for term, weight in weighted.items()} if norm else {}
