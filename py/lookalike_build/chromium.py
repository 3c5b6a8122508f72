"""Finds a Chromium for the browser tests, or gets one."""

import os
import shutil
import subprocess
from pathlib import Path

from lookalike_build.bootstrap import AGAIN, run
from lookalike_build.fetch import write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import BuildError, step

VARIABLE = "LOOKALIKE_CHROMIUM"
"""The environment variable that names the program, for whoever has it elsewhere."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_WHERE_IS_PLAYWRIGHTS = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as p: print(p.chromium.executable_path)"
)


def chromium(checkout: Checkout) -> Path:
    """A Chromium that starts: the machine's own, else Playwright's, else the distribution's.

    Args:
        checkout: its virtual environment holds Playwright, with which one can be downloaded.

    Raises:
        BuildError: there is none and none could be installed.
    """
    kept = checkout.cache / "chromium"
    named = os.environ.get(VARIABLE)
    if named and not starts(Path(named)):
        raise BuildError(f"{VARIABLE}={named} does not start: name another, or unset it")
    found = Path(named) if named else on_path() or _noted(kept)
    if found:
        step(f"Chromium {found}", "found")
        return found
    found = _playwrights(checkout) or _distributions()
    write_atomically(kept, str(found).encode())
    return found


def on_path() -> Path | None:
    """The first Chromium on the PATH that starts."""
    programs = [Path(path) for name in NAMES if (path := shutil.which(name))]
    return next(filter(starts, programs), None)


def starts(program: Path) -> bool:
    """Whether a browser runs here; without its libraries, or as the stub of a snap, it does not."""
    try:
        done = subprocess.run(  # noqa: S603
            [program, "--version"], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _noted(kept: Path) -> Path | None:
    found = Path(kept.read_text()) if kept.is_file() else None
    return found if found and starts(found) else None


def _playwrights(checkout: Checkout) -> Path | None:
    step("Chromium: playwright install chromium")
    try:
        run(
            [checkout.python, "-m", "playwright", "install", "chromium"],
            "Playwright's Chromium",
            AGAIN,
        )
    except BuildError as error:
        step(str(error), "looking elsewhere")
        return None
    done = subprocess.run(  # noqa: S603
        [checkout.python, "-c", _WHERE_IS_PLAYWRIGHTS], capture_output=True, text=True, check=True
    )
    found = Path(done.stdout.strip())
    return found if starts(found) else None


def _distributions() -> Path:
    advice = f"install Chromium or Chrome, or name one by {VARIABLE}"
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        raise BuildError(f"No Chromium was found or could be downloaded for the tests: {advice}")
    step("Chromium: apt-get install chromium")
    run(["apt-get", "update", "-q"], "The list of packages of apt-get", advice)
    run(["apt-get", "install", "-q", "-y", "chromium"], "Chromium by apt-get", advice)
    found = on_path()
    if not found:
        raise BuildError(f"The Chromium that apt-get installed does not start: {advice}")
    return found
