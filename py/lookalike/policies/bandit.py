"""What Tiara and its baselines share: arms are tags, and a pull looks at one photo of a tag."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.policy import SEED_TAGS, Belief, Guess, Unseen

FEW = 10
"""Up to so many first arms, the seed tags join them: ten guesses may have few photos in all."""


class TagBandit(ABC):
    """Pulls one arm at a time: chooses a tag, and looks at its next photo that was not looked at.

    The protocol of Tiara's experiments (Sato, WSDM 2022, sections 3 and 5): a tag is asked the
    first time that it is pulled, its photos come in the source's order, and one without any left
    is asked again while its answers are full, else it is out. The first arms are the guesses and,
    where these are few, the seed tags. Each pull waits for the score of the one before, as
    these methods are made for; so they are slow on a page.
    """

    def begin(self, guesses: Sequence[Guess], budget: Budget, rng: np.random.Generator) -> None:
        """See `Policy.begin`."""
        del budget  # none of these plans ahead
        self._rng = rng
        self._left: dict[str, deque[Photo] | None] = {}  # None: to be asked when pulled
        self._page = 1
        self._full: set[str] = set()  # tags whose last answer was a full page of new photos
        self._looked: set[str] = set()
        self._named: dict[str, str] = {}  # photos of answers, each with the first tag that had it
        self._pulled: str | None = None
        self._to_ask: str | None = None
        self._to_look: Photo | None = None
        self._drawn: str | None = None  # the photo of this pull
        for tag in [guess.tag for guess in guesses]:
            self.add_tag(tag)
        for tag in SEED_TAGS if len(guesses) <= FEW else ():
            self.add_tag(tag)

    def go_on(self, budget: Budget) -> None:
        """See `Policy.go_on`."""
        del budget  # none of these plans ahead

    def add_tag(self, tag: str) -> None:
        """Make `tag` an arm, if it is none yet."""
        self._left.setdefault(tag, None)

    @abstractmethod
    def choose(self, tags: Sequence[str]) -> str:
        """Choose which of the arms that can still bring a photo to pull next."""

    @abstractmethod
    def learn(self, tag: str, photo: Photo, score: float) -> None:
        """Take in the score of a photo that pulling `tag` brought."""

    def ask(self, room: int) -> list[str]:
        """See `Policy.ask`."""
        while self._pulled is None and (tags := self._open()):
            self._pull(tags)
        if room < 1 or self._to_ask is None:
            return []
        asked, self._to_ask = [self._to_ask], None
        return asked

    def answered(self, tag: str, photos: Sequence[Photo], dropped: Sequence[Photo] = ()) -> None:
        """See `Policy.answered`."""
        self.add_tag(tag)  # whoever asked
        found = len(photos) + len(dropped)
        self._page = max(self._page, found)
        for photo in photos:
            self._named.setdefault(photo.id, tag)
        new = deque(photo for photo in photos if photo.id not in self._looked)
        self._left[tag] = new
        self._full.discard(tag)
        if new and found == self._page:
            self._full.add(tag)
        if tag == self._pulled:
            self._draw(tag)

    def look(self, room: int) -> list[Photo]:
        """See `Policy.look`."""
        if room < 1 or self._to_look is None:
            return []
        looked, self._to_look = [self._to_look], None
        return looked

    def scored(self, photo: Photo, score: float, feature: NDArray[np.float32]) -> None:
        """See `Policy.scored`."""
        del feature  # these learn from scores alone
        pulled = self._pulled
        tag = pulled if self._settle(photo) else self._named.get(photo.id)
        if tag is not None:
            self.learn(tag, photo, score)

    def lost(self, photo: Photo) -> None:
        """See `Policy.lost`."""
        self._settle(photo)

    def beliefs(self, limit: int) -> list[Belief]:
        """See `Policy.beliefs`: nothing, where nothing is learnt."""
        del limit
        return []

    def outlook(self) -> float | None:
        """See `Policy.outlook`."""
        return None  # there is no model

    def unseen(self) -> list[Unseen]:
        """See `Policy.unseen`: what no pull has drawn."""
        count = len(self._named.keys() - self._looked) + (self._to_look is not None)
        why = "Photos are looked at one by one, of the tag chosen; these were not drawn."
        return [Unseen(why, count)] if count else []

    def _settle(self, photo: Photo) -> bool:
        """End the pull that drew `photo`; false for one that it did not ask for."""
        self._looked.add(photo.id)
        if photo.id != self._drawn:
            return False
        self._pulled = self._to_look = self._drawn = None
        return True

    def _open(self) -> list[str]:
        return [tag for tag, photos in self._left.items() if photos is None or photos]

    def _pull(self, tags: Sequence[str]) -> None:
        tag = self._pulled = self.choose(tags)
        if self._left[tag] is None:
            self._to_ask = tag
        else:
            self._draw(tag)

    def _draw(self, tag: str) -> None:
        photos = self._left[tag]
        while photos and self._to_look is None:
            photo = photos.popleft()
            if photo.id not in self._looked:
                self._to_look = photo
                self._drawn = photo.id
                self._looked.add(photo.id)
        if not photos and tag in self._full:
            self._left[tag] = None
        if self._to_look is None:
            self._pulled = None
