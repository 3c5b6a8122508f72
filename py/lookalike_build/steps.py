"""What the build tells the person who runs it."""

import sys
from collections.abc import Callable

INTERRUPTED = 130
"""The exit code of a program that Ctrl+C has ended, as shells have it."""


class BuildError(Exception):
    """The build cannot go on; the message is one line that says what, from where, what to do."""


def step(what: str, how: str = "") -> None:
    """Print one step, such as "· Python packages … (cached)", at once."""
    print(f"· {what}" + (f" … ({how})" if how else " …"), flush=True)


def complain(error: BuildError) -> int:
    """Print an error in one line.

    Returns:
        The exit code that goes with it.
    """
    print(f"✗ {error}", file=sys.stderr, flush=True)
    return 1


def outcome_of(work: Callable[[], int]) -> int:
    """Do what a command is for; tell what it cannot do in one line.

    Returns:
        The exit code.
    """
    try:
        return work()
    except BuildError as error:
        return complain(error)
    except KeyboardInterrupt:
        print("✗ Stopped.", file=sys.stderr, flush=True)
        return INTERRUPTED


def megabytes(count: int) -> str:
    """A number of bytes for people, in units of 10^6."""
    return f"{count / 1e6:.2f} MB"
