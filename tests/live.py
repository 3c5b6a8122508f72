"""Checks what the project believes of the photo services against the services themselves.

`python3 tests/live.py`: for each service, through the product's own sources, some thirty requests
at a polite rate; then the built page in Chromium. It prints what held, what did not and what that
means, and keeps the answers (without keys and names) and screenshots in .cache/live. With --key it
asks Flickr, too; --docs writes what was found into docs/sources.md.
"""

import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - said here, before a newer syntax is met
    sys.exit("Lookalike needs Python 3.11 or newer; this is " + sys.version.split()[0])

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser"), str(ROOT / "py")]

from lookalike_build import bootstrap  # noqa: E402
from lookalike_build.checks import EXTRAS  # noqa: E402
from lookalike_build.chromium import VARIABLE, chromium  # noqa: E402
from lookalike_build.paths import Checkout  # noqa: E402
from lookalike_build.steps import outcome_of  # noqa: E402


def main(arguments: list[str]) -> int:
    """Set up what is needed, and run the command with the checkout's own Python."""
    return outcome_of(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    checkout = Checkout(ROOT)
    if Path(sys.prefix).resolve() == checkout.python.parents[1].resolve():
        from live_services.command import main as run

        return run(arguments)
    bootstrap.python_packages(checkout, *EXTRAS)
    environment = bootstrap.node(checkout).environment()
    if "--no-page" not in arguments:
        environment[VARIABLE] = str(chromium(checkout))
    command = [str(checkout.python), str(Path(__file__).resolve()), *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
