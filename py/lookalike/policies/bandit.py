"""What Tiara and its baselines share: arms are tags, and a pull looks at one photo of a tag."""

from abc import abstractmethod
from collections import deque
from collections.abc import Sequence

import numpy as np

from lookalike.photo import Photo
from lookalike.policies.policy import LearningPolicy, Unseen
from lookalike.policies.state import Answered, LogEntry, Looked, SearchState

FEW = 10
"""Up to so many first arms, the seed tags join them: ten guesses may have few photos in all."""


class TagBandit(LearningPolicy):
    """Pulls one arm at a time: chooses a tag, and looks at its next photo that was not looked at.

    The protocol of Tiara's experiments (Sato, WSDM 2022, sections 3 and 5): a tag is asked the
    first time that it is pulled, its photos come in the source's order, and one without any left
    is asked again while its answers are full, else it is out. Where no call can be made, the arms
    are those with photos left. The first arms are the guesses and, where these are few, the seed
    tags. Each pull waits for the score of the one before, as
    these methods are made for; so they are slow on a page.
    """

    def begin(self, state: SearchState) -> None:
        self._left: dict[str, deque[Photo] | None] = {}  # None: to be asked when pulled
        self._page = 1
        self._full: set[str] = set()  # tags whose last answer was a full page of new photos
        self._pulled: str | None = None
        self._drawn: Photo | None = None  # of this pull
        for tag in [guess.tag for guess in state.guesses]:
            self.add_tag(tag)
        for tag in state.seeds if len(state.guesses) <= FEW else ():
            self.add_tag(tag)

    def add_tag(self, tag: str) -> None:
        """Make `tag` an arm, if it is none yet."""
        self._left.setdefault(tag, None)

    @abstractmethod
    def choose(self, tags: Sequence[str], rng: np.random.Generator) -> str:
        """Choose which of the arms that can still bring a photo to pull next."""

    @abstractmethod
    def reward(self, tag: str, photo: Photo, score: float) -> None:
        """Take in the score of a photo that pulling `tag` brought."""

    def learn(self, state: SearchState, entry: LogEntry) -> None:
        if isinstance(entry, Answered):
            if not entry.otherwise:
                self._take_answer(state, entry)
        elif isinstance(entry, Looked):
            self._take_look(state, entry.photo)

    def suggest_tags(self, state: SearchState, n: int) -> list[str]:
        self.update(state)
        can_ask = n > 0 or state.anything_under_way
        if not can_ask and self._drawn is None:
            self._pulled = None  # nobody would answer it
        while self._pulled is None and (tags := self._open(can_ask)):
            self._pull(state, tags)
        tag = self._pulled
        if tag is None or self._drawn or state.queries.is_under_way(tag):
            return []
        return [tag][:n]

    def suggest_photos(self, state: SearchState, n: int) -> list[Photo]:
        self.update(state)
        photo = self._drawn
        return [photo][:n] if photo and not state.is_taken(photo) else []

    def unseen(self, state: SearchState) -> list[Unseen]:
        """See `Policy.unseen`: what no pull has drawn."""
        count = sum(not state.is_taken(photo) for photo in state.photos.values())
        why = "Photos are looked at one by one, of the tag chosen; these were not drawn."
        return [Unseen(why, count)] if count else []

    def _take_answer(self, state: SearchState, answer: Answered) -> None:
        tag, found = answer.tag, len(answer.photos) + len(answer.dropped)
        self.add_tag(tag)  # whoever asked
        self._page = max(self._page, found)
        new = deque(photo for photo in answer.photos if not self._is_out(state, photo))
        self._left[tag] = new
        self._full.discard(tag)
        if new and (found == self._page if answer.more is None else answer.more):
            self._full.add(tag)
        if tag == self._pulled and self._drawn is None:
            self._draw(state, tag)

    def _take_look(self, state: SearchState, photo: Photo) -> None:
        tag = state.found_by.get(photo.id)
        if self._drawn and photo.id == self._drawn.id:
            tag = self._pulled
            self._pulled = self._drawn = None
        score = state.score(photo)
        if tag is not None and score is not None:
            self.reward(tag, photo, score)

    def _open(self, can_ask: bool) -> list[str]:
        return [tag for tag, photos in self._left.items() if photos or (can_ask and photos is None)]

    def _pull(self, state: SearchState, tags: Sequence[str]) -> None:
        tag = self._pulled = self.choose(tags, state.rng)
        if self._left[tag] is not None:
            self._draw(state, tag)

    def _draw(self, state: SearchState, tag: str) -> None:
        photos = self._left[tag]
        while photos and self._drawn is None:
            photo = photos.popleft()
            if not self._is_out(state, photo):
                self._drawn = photo
        if not photos and tag in self._full:
            self._left[tag] = None
        if self._drawn is None:
            self._pulled = None

    def _is_out(self, state: SearchState, photo: Photo) -> bool:
        return photo is self._drawn or not state.may_look(photo)
