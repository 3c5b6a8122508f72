"""Where `print` in score.py goes: a little, in order, to whoever shows it."""

import io
from collections.abc import Callable

LIMIT = 10_000
"""Characters of one run that are shown; a loop that prints must not fill the page."""


class Console(io.TextIOBase):
    """A text file that tells what is written to it, up to a limit.

    Text is gathered until `emit_all` is called, so that a thousand prints are one message.

    Args:
        show: takes each piece of text.
        limit: characters shown after each `begin`; then comes one "…".
    """

    def __init__(self, show: Callable[[str], None], limit: int = LIMIT) -> None:
        self._show = show
        self._limit = self._left = limit
        self._parts: list[str] = []

    def begin(self) -> None:
        """Begin a run: the limit counts again."""
        self._left = self._limit

    def writable(self) -> bool:
        """See `io.IOBase.writable`."""
        return True

    def write(self, text: str) -> int:
        """See `io.TextIOBase.write`."""
        if not isinstance(text, str):
            raise TypeError(f"write() needs a str, not {type(text).__name__}")
        if text and self._left > 0:
            # Lone surrogates cannot be sent.
            part = text[: self._left].encode("utf-8", "replace").decode("utf-8")
            self._parts.append(part if len(text) <= self._left else part + "…")
        elif text and self._left == 0:
            self._parts.append("…")
        self._left = max(-1, self._left - len(text))
        return len(text)

    def flush(self) -> None:
        """Do nothing: `emit_all` does it, when the code that writes has returned."""

    def close(self) -> None:
        """Do nothing: what is printed after `sys.stdout.close()` is shown, too."""

    def emit_all(self) -> None:
        """Show what has been written since the last time."""
        if self._parts:
            text = "".join(self._parts)
            self._parts.clear()
            self._show(text)
