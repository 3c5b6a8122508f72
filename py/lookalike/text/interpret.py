"""From the words that a person types to what a search does with them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from lookalike.errors import LookalikeError, Problem, TextError
from lookalike.model.model import Model
from lookalike.model.text_encoder import TextEncoder
from lookalike.policies.state import Guess
from lookalike.text.conse import Conse
from lookalike.text.matcher import ByClasses, ByEncoder, Matcher
from lookalike.text.word_vectors import Phrase, WordVectors, counting

COUNT = 10
"""How many tags a search by words starts from, as one by a photo does (CLEAR section 3)."""

SHORT = 3
"""Longer phrases are hardly ever found whole by a service that wants all of their words."""

WORDS_ALONE = "These are plain results of {services}, the most like the first ones on top."
PHOTO_ALONE = "What is written is asked of {services}; photos are ranked by your photo alone."
OTHER_WORDS = "Other words for the same may do better."
ENGLISH_WORDS = "English words may do better."
NAMES_ALONE = "Only photos are found whose files or folders are called so."
NAMES_BESIDE = "Photos whose files or folders are called so are preferred to others."


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means to a search.

    Attributes:
        asked: what to ask a service for, the phrase first.
        near: names of classes like what it says, and how like, in 0..1.
        matcher: what compares photos with it; None where nothing can.
        problem: what the person should know of it, or None.
    """

    asked: tuple[str, ...]
    near: tuple[Guess, ...]
    matcher: Matcher | None
    problem: Problem | None


async def _no_table() -> bytes:
    raise TextError("There is no table of words here.")


class Interpreter:
    """Reads texts, by a text encoder where the model has one, else by ConSE.

    Args:
        model: what describes images.
        table: fetches models/words.npz; called when a text first needs it.
        encoder: encodes text for the model, if there is one.
    """

    def __init__(
        self,
        model: Model,
        table: Callable[[], Awaitable[bytes]] = _no_table,
        encoder: TextEncoder | None = None,
    ) -> None:
        self._model, self._table, self._encoder = model, table, encoder
        self._words: WordVectors | None = None
        self._conse: Conse | None = None

    async def read(
        self, text: str, *, photo: bool, own: bool = False, services: Sequence[str] = ()
    ) -> Reading:
        """Understand a text.

        Args:
            text: with a word in it.
            photo: whether there is a photo, too.
            own: whether nothing but the person's own photos is searched, which `problem` says.
            services: the titles of the services that are asked, for the same.

        Raises nothing: what cannot be compared with photos is still asked, and `problem` says so.
        """
        asked = to_ask(text)
        listed = _listed(services) or "the service"
        problem: Problem | None = None
        if self._encoder:
            try:
                vector = await self._encoder.encode(text)
                return Reading(asked, (), ByEncoder(self._encoder.spec.layer, vector), None)
            except LookalikeError as error:
                problem = error.problem
        try:
            words, conse = await self._load()
        except LookalikeError as error:
            told = problem or error.problem
            advice = _advice(listed, photo=photo, own=own)
            return Reading(asked, (), None, Problem(told.code, told.message, advice))
        phrase = words.phrase(text)
        problem = problem or _unknown(phrase, listed, photo=photo, own=own)
        if phrase.vector is None:
            return Reading(asked, (), None, problem)
        near = conse.nearest(phrase.vector, COUNT)
        guesses = tuple(Guess(name, max(0.0, cosine)) for name, cosine in near)
        return Reading(asked, guesses, ByClasses(conse, phrase.vector), problem)

    async def _load(self) -> tuple[WordVectors, Conse]:
        if ByClasses.layer not in self._model.spec.layers:
            name = self._model.spec.name
            raise TextError(f"The model {name} names no classes to compare words with.")
        if self._words is None or self._conse is None:
            words = WordVectors.from_bytes(await self._table())
            self._conse = Conse(self._model.spec.labels, words)
            self._words = words
        return self._words, self._conse


def to_ask(text: str) -> tuple[str, ...]:
    """Say what to ask a service for: a short phrase as it is, then each word that counts."""
    words = counting(text)
    phrase = " ".join(words)
    return tuple(dict.fromkeys([*([phrase] if 0 < len(words) <= SHORT else []), *words][:COUNT]))


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _advice(services: str, *, photo: bool, own: bool) -> str:
    if own:
        return NAMES_BESIDE if photo else NAMES_ALONE
    return (PHOTO_ALONE if photo else WORDS_ALONE).format(services=services)


def _unknown(phrase: Phrase, services: str, *, photo: bool, own: bool) -> Problem | None:
    if not phrase.unknown:
        return None
    one = len(phrase.unknown) == 1
    unknown = _listed([f"“{word}”" for word in phrase.unknown])
    message = f"{unknown} {'is' if one else 'are'} unknown here."
    if phrase.vector is None:
        advice = _advice(services, photo=photo, own=own)
        if not own and not photo:
            english = all(word.isascii() for word in phrase.unknown)
            advice = f"{advice} {OTHER_WORDS if english else ENGLISH_WORDS}"
        return Problem("unknown-words", message, advice)
    known = _listed([f"“{word}”" for word in phrase.known])
    it = "It is" if one else "They are"
    where = "looked for in the names of files and folders" if own else f"asked of {services}"
    return Problem("unknown-words", message, f"{it} {where}; photos are ranked by {known}.")
