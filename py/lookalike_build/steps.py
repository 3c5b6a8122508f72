"""What the build tells the person who runs it."""

import sys


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


def megabytes(count: int) -> str:
    """A number of bytes for people, in units of 10^6."""
    return f"{count / 1e6:.2f} MB"
