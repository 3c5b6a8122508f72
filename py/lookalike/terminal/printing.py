"""What the commands print: the report to standard output, and all else to standard error.

Whatever the terminal can show, and whether or not anybody reads it.
"""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from lookalike.collections.reasons import reason_of
from lookalike.scorer.console import Console
from lookalike.scorer.user_code import UserCode
from lookalike.shown import shown

PRINTED = 100_000
"""Characters of what a scorer prints that are shown in one run."""


@contextlib.contextmanager
def reserved_output() -> Iterator[None]:
    """Keep standard output for `report`: what is printed meanwhile goes to standard error.

    By whomever: Python, a library that writes to the file of the number 1, or another program.
    """
    out = sys.stdout
    number = _number(out)
    saved = None
    if number is not None and _number(sys.stderr) is not None:
        out.flush()
        saved = os.dup(number)
        os.dup2(sys.stderr.fileno(), number)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        if saved is not None and number is not None:
            os.dup2(saved, number)
            os.close(saved)


def report(text: str) -> bool:
    """Print a report; say whether it could be.

    It could not where the terminal was closed or the next program in a pipe has ended.
    """
    return _printed(text, sys.stdout)


def complain(text: str) -> None:
    """Print to standard error, if anybody reads it."""
    _printed(text, sys.stderr)


def said(error: OSError) -> str:
    """Say what is the matter with which file, in words that can be printed."""
    if error.filename is None:
        return shown(str(error))
    path = shown(os.fsdecode(error.filename))
    if isinstance(error, FileNotFoundError):
        return f"{path} is not there."
    return f"{path}: {reason_of(error)}"


class QuietStderr(io.TextIOBase):
    """Standard error for a progress bar, whose work goes on though nobody sees it any more."""

    def write(self, text: str) -> int:
        """See `io.TextIOBase`."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(encodable(text, sys.stderr))
        return len(text)

    def flush(self) -> None:
        """See `io.IOBase`."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()

    def fileno(self) -> int:
        """See `io.IOBase`; it tells how wide the terminal is."""
        return sys.stderr.fileno()

    def isatty(self) -> bool:
        """See `io.IOBase`."""
        return sys.stderr is not None and sys.stderr.isatty()


def user_code() -> UserCode:
    """Run a scorer such that what it prints goes to standard error."""

    def show(text: str) -> None:
        complain(text.removesuffix("\n"))

    return UserCode(Console(show, PRINTED))


def encodable(text: str, file: TextIO) -> str:
    """Escape what a file cannot hold, by its encoding."""
    encoding = getattr(file, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def speaks_unicode(file: TextIO | None) -> bool:
    """Say whether a file can hold any text."""
    return (getattr(file, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"


def _printed(text: str, file: TextIO | None) -> bool:
    if file is None:
        return False
    try:
        print(encodable(text, file), file=file, flush=True)
    except (OSError, ValueError):
        number = _number(file)
        if number is not None:
            # Else Python tries once more when it ends, and complains.
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        return False
    return True


def _number(file: TextIO | None) -> int | None:
    """Give the number of a file that the system knows, and is open."""
    if file is None:
        return None
    try:
        number = file.fileno()
        os.fstat(number)
    except (OSError, ValueError, AttributeError):
        return None
    return number
