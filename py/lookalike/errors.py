"""What can go wrong, in the words of the person in front of the page.

Every error says what happened and what to do next. `search()` decides from the class what
becomes of the search; the page shows `message` and `advice`.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is shown: what happened, what to do, and a stable code for programs.

    Attributes:
        line: the line of score.py to mend, counted from 1; None where none is known.
    """

    code: str
    message: str
    advice: str
    line: int | None = None


class LookalikeError(Exception):
    """The base of every error raised on purpose.

    Args:
        message: what happened, in one sentence.
        advice: what to do next; the class's own advice where none is given.
        line: see `Problem.line`.
    """

    code: ClassVar[str] = "error"
    default_advice: ClassVar[str] = "Try again; if it happens again, please report it."

    def __init__(self, message: str, advice: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.advice = self.default_advice if advice is None else advice
        self.line = line

    @property
    def own_advice(self) -> str:
        """What to do next about this very error; empty where there is only the class's advice."""
        return "" if self.advice == self.default_advice else self.advice

    @property
    def problem(self) -> Problem:
        """The error as a plain value."""
        return Problem(self.code, str(self), self.advice, self.line)


class SourceError(LookalikeError):
    """A photo service did not answer as hoped, for this one request; the search goes on."""

    code = "source"
    default_advice = "The search goes on without this answer."


class PassingError(SourceError):
    """The same request may well succeed a little later: the search waits and tries again.

    Args:
        message, advice: see `LookalikeError`.
        wait: seconds for which the service answers nobody, where it says so.
    """

    code = "passing"
    default_advice = "The search waits a moment and tries again."

    def __init__(self, message: str, advice: str | None = None, *, wait: float = 0.0) -> None:
        super().__init__(message, advice)
        self.wait = wait


class Unavailable(PassingError):
    """The service says that it cannot answer now."""

    code = "unavailable"


class Unreachable(PassingError):
    """No answer came at all: no network, or the request was blocked."""

    code = "unreachable"
    default_advice = (
        "Check your connection, and that no content blocker stops this page. "
        "The search goes on as soon as the service can be reached."
    )


class TimedOut(PassingError):
    """The service took too long to answer."""

    code = "timed-out"


class ClosedError(SourceError):
    """The service will answer no further call of this search; what it returned is still used."""

    code = "closed"


class KeyRejected(ClosedError):
    """The API key is missing, malformed, expired or disabled."""

    code = "key-rejected"
    default_advice = "Check the key in Settings, then search again."


class RateLimited(ClosedError):
    """The key, or whoever asks without one, has used up its calls for now."""

    code = "rate-limited"
    default_advice = "Wait a while, then search again; what was found stays here."


CLOSED = frozenset({ClosedError.code, KeyRejected.code, RateLimited.code})
"""The codes of problems that do not pass while a search lasts."""


class BadPhoto(LookalikeError):
    """A file that is no image, or one that cannot be opened safely."""

    code = "bad-photo"
    default_advice = "Choose a JPEG, PNG, WebP or GIF file."


class TooLarge(BadPhoto):
    """A picture of more pixels than can be decoded safely.

    Args:
        title: what its format is called.
        size: its width and height in pixels.
        limit: how many pixels may be decoded of this format.
        as_jpeg: how many of a JPEG file.
    """

    code = "photo-size"

    def __init__(self, title: str, size: tuple[int, int], limit: int, as_jpeg: int = 0) -> None:
        width, height = size
        # JPEG files can be decoded smaller.
        how = "as JPEG or smaller" if width * height <= as_jpeg else "smaller"
        super().__init__(
            f"The {title} image is too large to open safely: {width:,} × {height:,} pixels are"
            f" {width * height / 1e6:,.0f} megapixels, and the limit is {limit / 1e6:,.0f}.",
            f"Save it {how}, and choose that.",
        )


class Placeholder(LookalikeError):
    """A picture that a service sends in place of photos that are gone, or the same photo again."""

    code = "placeholder"
    default_advice = "The search goes on without it, and it does not count."


class BadCrop(LookalikeError):
    """The part chosen of a query photo is no part of it."""

    code = "bad-crop"
    default_advice = "Choose another part, or the whole photo."


class ScoreError(LookalikeError):
    """score.py raised, or returned something that is not a score."""

    code = "score"
    default_advice = "Mend score.py, then run it again."


class LayerError(ScoreError):
    """score.py asks for a layer that the network does not have: it describes no photo at all."""


class ModelError(LookalikeError):
    """The network could not be loaded or run."""

    code = "model"
    default_advice = "Reload the page; if it happens again, build the site again."


class TextError(LookalikeError):
    """Words could not be compared with photos; the search goes on without."""

    code = "text"
    default_advice = "Reload the page; if it happens again, build the site again."
