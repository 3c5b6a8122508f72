"""The photos that answers have brought, and what a Gaussian process makes of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.photo import Photo
from lookalike.policies.acquisition import expected_improvement
from lookalike.policies.bursts import Bursts
from lookalike.policies.gaussian_process import Array, PoolGaussianProcess
from lookalike.policies.kernel import (
    InverseDocumentFrequency,
    TermIndex,
    Terms,
    covariance,
    photo_terms,
    tag_terms,
)
from lookalike.policies.policy import TagEstimate, Unseen
from lookalike.policies.scale import RobustScale
from lookalike.policies.settling import outlook
from lookalike.policies.state import Guess
from lookalike.policies.tag_index import TagIndex

BEST = 10
"""A search is for this many photos, as CLEAR shows; looking is to improve on the tenth best."""

NOISE = 1.0
"""The variance of a photo's score about what its tags say, where the latter's is 1. On the shared
collection tags explain a third of the variance; anything from 0.5 to 2 does as well."""

GUESS_Z = (3.0, 0.3)
"""A guess of probability p counts as a photo of that class seen at z = 3 + 0.3 log p. Measured is
about 3.2 + 0.5 log p; the flatter line keeps one sure but wrong guess from ruling out the rest."""

GROWN = 1.2
"""Terms are weighed again when so many times as many photos are known. How rare a term is, is
counted over these: at first they are few, and have the words in common that were asked."""

WEIGHED_UNTIL = 60
"""Once more photos than this were looked at, weights stay: they would change little, and to weigh
them again takes longer."""

BURST = 0.5
"""Each photo looked at of a burst divides what the others promise by two."""

MIDDLING = 2.0
"""What a tag promises counts as if so many photos of middling promise carried it, too."""

STAND_IN = "stand-in for "
"""Begins the ids of what are no photos."""

AHEAD = 110
"""An outlook is on so many looks."""

TYPICAL = 4
"""So many tags say what photos have in common."""


class Candidates:
    """All photos known so far, looked at or not, and what their tags and titles promise."""

    def __init__(self) -> None:
        self.photos: list[Photo] = []
        self.tags = TagIndex()
        self._process = PoolGaussianProcess(NOISE)
        self._scale = RobustScale()
        self._idf = InverseDocumentFrequency()
        self._guesses: list[tuple[Terms, float]] = []  # what each stands for, and its z
        self._pool, self._observed = TermIndex(), TermIndex()
        self._terms: list[Terms] = []  # of the photos, not weighed
        self._vectors: list[Terms] = []  # of those that predictions are made for
        self._weighed = 0  # how many photos there were then
        self._column: dict[str, int] = {}
        self._taken = np.zeros(256, bool)
        self._discount = np.ones(256)
        self._bursts = Bursts()
        self._row: dict[str, int] = {}
        self._scores: dict[int, float] = {}
        self._scoreless: set[int] = set()
        self._gains: tuple[int, Array] = -1, np.zeros(0)  # as of which change of the process
        self._started = False

    def add(self, photos: Sequence[Photo]) -> int:
        """Add photos; give how many were not known."""
        new = []
        for photo in photos:
            if photo.id not in self._column:
                self._column[photo.id] = len(self.photos)
                self.tags.add(len(self.photos), photo.tags)
                self._bursts.add(len(self.photos), photo)
                self.photos.append(photo)
                new.append(photo)
        if len(self.photos) > len(self._taken):
            self._taken = np.pad(self._taken, (0, len(self.photos)))
            self._discount = np.pad(self._discount, (0, len(self.photos)), constant_values=1.0)
        terms = [photo_terms(photo) for photo in new]
        self._terms += terms
        self._idf.see(terms)
        if self._started and self._outdated:
            self._weigh()
        elif self._started:
            self._predict(terms)
        return len(new)

    def start(self, guesses: Sequence[Guess], queries: Sequence[str]) -> None:
        """Begin to predict, from the guesses alone.

        Args:
            guesses: count as photos of their class that were seen.
            queries: may be asked before any photo carries them, so each gets a stand-in: a photo
                with nothing but this tag, which is never looked at.
        """
        self.add([Photo(f"{STAND_IN}{query}", tags=(query,)) for query in queries])
        stand_ins = [self._column[f"{STAND_IN}{query}"] for query in queries]
        self._taken[stand_ins] = True
        self._started = True
        for guess in guesses:
            z = GUESS_Z[0] + GUESS_Z[1] * float(np.log(max(guess.probability, 1e-6)))
            self._guesses.append((tag_terms(guess.tag), z))
        self._weigh()

    def unseen(self) -> int:
        """Count the photos not looked at."""
        return len(self.photos) - int(self._taken[: len(self.photos)].sum())

    def gains(self) -> Array:
        """Give the expected improvement of each photo, as if none had been looked at."""
        # Tags and photos are chosen by the same ones, one after the other.
        if self._gains[0] != self._process.changes:
            mean, variance = self._process.posterior()
            gains = expected_improvement(mean, variance + NOISE, self._threshold())
            self._gains = self._process.changes, gains
        return self._gains[1]

    def _threshold(self) -> float:
        best = np.sort(self._process.observed())[-BEST:]
        return float(best[0]) if len(best) else 0.0

    def outlook(self, asking: float) -> float:
        """Give what the photos left are expected to add: see `Policy.outlook`.

        Args:
            asking: what is expected of the best questions, as a sum of expected improvements.
        """
        n = self._process.columns
        gains = (self.gains() * self._discount[:n])[~self._taken[:n]]
        expected = float(np.sort(gains)[-AHEAD:].sum()) + asking
        return outlook(expected / BEST, self._process.observed())

    def take_best(self) -> Photo | None:
        """Take the photo that promises most, to be looked at; None when there is none left."""
        n = self._process.columns
        if n == 0 or self._taken[:n].all():
            return None
        gains = np.where(self._taken[:n], -1.0, self.gains() * self._discount[:n])
        # Rounded, so that of equal photos the first is taken on every machine.
        photo = self.photos[int(np.round(gains, 9).argmax())]
        self._take(photo)
        return photo

    def take(self, photo: Photo) -> None:
        """Take in that a photo is looked at, whoever chose it."""
        if photo.id not in self._column:
            self.add([photo])
        if photo.id not in self._row:
            self._take(photo)

    def settle(self, photo: Photo, score: float | None) -> None:
        """Take in the score of a photo, None where it got none; whoever chose it."""
        self.take(photo)
        row = self._row[photo.id]
        if score is None:
            self._scoreless.add(row)
            self._process.settle(row, np.nan)
            return
        changed = self._scale.add(score)
        if changed:
            self._process.revalue({row: self._scale(old) for row, old in self._scores.items()})
        self._scores[row] = score
        self._process.settle(row, self._scale(score))

    def tag_promises(self) -> tuple[list[str], NDArray[np.intp], Array]:
        """Give all tags, how many photos carry each, and the improvement that one may bring."""
        gains = self.gains()
        if not len(gains):
            return [], np.zeros(0, np.intp), np.zeros(0)
        counts = self.tags.counts()
        means = (self.tags.sums(gains) + MIDDLING * gains.mean()) / (counts + MIDDLING)
        return self.tags.tags, counts, means

    def tag_estimates(self, limit: int) -> list[TagEstimate]:
        """Say what is thought of the tags that led to scores, the most promising first.

        A tag's mean is what its carriers are predicted to score, its margin the standard deviation
        of such a prediction, its count how many have scores.
        """
        columns = [self._column[photo] for photo, row in self._row.items() if row in self._scores]
        looked = np.zeros(self._process.columns)
        looked[columns] = 1
        scored = self.tags.sums(looked)
        carried = np.maximum(self.tags.counts(), 1)
        mean, variance = self._process.posterior()
        a, c = self._process.scale()
        means = (self.tags.sums(mean) / carried + c) / a
        deviations = np.sqrt(self.tags.sums(variance) / carried) / a
        promise = self.tags.sums(self.gains()) / carried * (scored / (scored + MIDDLING))
        return [
            self._estimate(i, float(means[i]), float(deviations[i]), int(scored[i]))
            for i in np.argsort(-promise, kind="stable")[:limit].tolist()
            if scored[i]
        ]

    def _estimate(self, number: int, y: float, deviation: float, count: int) -> TagEstimate:
        low, high = self._scale.inverse(y - deviation), self._scale.inverse(y + deviation)
        return TagEstimate(self.tags.tags[number], self._scale.inverse(y), count, (high - low) / 2)

    def left_out(self) -> list[Unseen]:
        """Say which photos have not been taken, and why; most first."""
        n = self._process.columns
        mean, _ = self._process.posterior()
        left = ~self._taken[:n]
        burst = left & (self._discount[:n] < 1)
        weak = left & ~burst & (mean < self._threshold())
        reasons = [
            (weak, "Their tags promise less than the tenth best so far."),
            (burst, "Their owner uploaded them within the hour of one that was looked at."),
            (left & ~burst & ~weak, "They are next."),
        ]
        found = [Unseen(why, int(which.sum()), self._typical(which)) for which, why in reasons]
        return sorted((some for some in found if some.count), key=lambda some: -some.count)

    def _typical(self, which: NDArray[np.bool_]) -> tuple[str, ...]:
        counts = self.tags.sums(which.astype(float))
        best = np.argsort(-counts, kind="stable")[:TYPICAL].tolist()
        return tuple(self.tags.tags[i] for i in best if counts[i] > 1)

    def _take(self, photo: Photo) -> None:
        self._row[photo.id] = self._observe(photo.id)
        self._taken[self._column[photo.id]] = True
        self._discount[list(self._bursts.of(photo))] *= BURST

    def _observe(self, photo: str) -> int:
        column = self._column[photo]
        vector = self._vectors[column]
        self._observed.add(vector)
        return self._process.observe(column, covariance(self._pool.cosines(vector)))

    @property
    def _outdated(self) -> bool:
        grown = self._idf.documents >= GROWN * self._weighed
        return grown and len(self._row) <= WEIGHED_UNTIL

    def _weigh(self) -> None:
        """Weigh all terms by how rare they are now, and predict by that: all that was observed."""
        self._weighed = self._idf.documents
        self._process, self._gains = PoolGaussianProcess(NOISE), (-1, np.zeros(0))
        self._pool, self._observed, self._vectors = TermIndex(), TermIndex(), []
        vectors = self._add_to_pool(self._terms)
        anchors = [(vector, z) for terms, z in self._guesses if (vector := self._idf.unit(terms))]
        for vector, _ in anchors:
            self._observed.add(vector)
        kernel = [covariance(self._observed.cosines(vector)) for vector, _ in anchors]
        self._process.anchor(np.array(kernel), [z for _, z in anchors], NOISE)
        self._extend([covariance(self._pool.cosines(vector)) for vector, _ in anchors], vectors)
        for photo in self._row:  # in the order of the rows, so that each gets its own again
            self._observe(photo)
        for row in self._scoreless:
            self._process.settle(row, np.nan)
        for row, score in self._scores.items():
            self._process.settle(row, self._scale(score))

    def _predict(self, photos: Sequence[Terms]) -> None:
        vectors = self._add_to_pool(photos)
        kernel = np.array([covariance(self._observed.cosines(vector)) for vector in vectors])
        self._extend(kernel.T, vectors)

    def _add_to_pool(self, photos: Sequence[Terms]) -> list[Terms]:
        vectors = [self._idf.unit(terms) for terms in photos]
        for vector in vectors:
            self._pool.add(vector)
        self._vectors += vectors
        return vectors

    def _extend(self, kernel: Sequence[Array] | Array, vectors: Sequence[Terms]) -> None:
        prior = np.array([1.0 if vector else 0.0 for vector in vectors])
        rows = np.reshape(kernel, (self._process.rows, len(vectors)))
        self._process.extend(rows, prior)
