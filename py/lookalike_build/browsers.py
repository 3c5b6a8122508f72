"""Finds more browsers for the tests than Chromium, or gets them; where there are none, says why."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from lookalike_build.bootstrap import run
from lookalike_build.chromium import starts
from lookalike_build.steps import BuildError, step

FIREFOX = "LOOKALIKE_FIREFOX"
"""The environment variable that names Firefox, for whoever has it elsewhere."""

FIREFOX_NAMES = ("firefox-esr", "firefox")
SHELL = "LOOKALIKE_HEADLESS_SHELL"
"""The same for Chromium's headless shell."""

SHELL_NAMES = ("chromium-headless-shell", "chrome-headless-shell")
WEBKIT_DRIVER = "WebKitWebDriver"
MINI_BROWSERS = ("usr/lib/*/webkit2gtk-4.1/MiniBrowser", "usr/libexec/webkit2gtk-4.1/MiniBrowser")
"""Where Debian, and others, put it: it is on no PATH."""


@dataclass(frozen=True, slots=True)
class WebKit:
    """What drives a page in WebKitGTK.

    Attributes:
        driver: WebKitWebDriver.
        browser: MiniBrowser.
        screen: Xvfb, an X server without a screen.
    """

    driver: Path
    browser: Path
    screen: Path


def firefox() -> Path | None:
    """The Firefox that `LOOKALIKE_FIREFOX` names, else the first on the PATH, if it starts."""
    return _first(FIREFOX, FIREFOX_NAMES)


def headless_shell() -> Path | None:
    """Chromium without its windows, found in the same way.

    It is what Playwright takes, too, where no window is wanted: pages run as in Chromium, for a
    quarter less of the processor's time.
    """
    return _first(SHELL, SHELL_NAMES)


def _first(variable: str, names: tuple[str, ...]) -> Path | None:
    named = os.environ.get(variable)
    programs = [named] if named else [path for n in names if (path := shutil.which(n))]
    return next((Path(path) for path in programs if starts(Path(path))), None)


def webkit() -> WebKit | None:
    """The WebKitGTK of this machine, if all that it takes is there."""
    driver, screen = shutil.which(WEBKIT_DRIVER), shutil.which("Xvfb")
    root = Path("/")
    found = [path for place in MINI_BROWSERS for path in root.glob(place)]
    if not (driver and screen and found):
        return None
    return WebKit(Path(driver), found[0], Path(screen))


def get_browsers() -> None:
    """Install by apt-get what is missing; what cannot be had is said, and is no error."""
    skipped = "its tests are skipped"
    for name, there, packages, otherwise in (
        ("Firefox", firefox, ("firefox-esr",), skipped),
        ("WebKit", webkit, ("webkit2gtk-driver", "xvfb"), skipped),
        (
            "Chromium's headless shell",
            headless_shell,
            ("chromium-headless-shell",),
            "the whole of Chromium takes its place, and a quarter longer",
        ),
    ):
        if there():
            step(name, "found")
            continue
        try:
            _distributions(name, packages)
            if not there():
                raise BuildError(f"The {name} that apt-get installed does not start")
        except BuildError as error:
            step(str(error), otherwise)


def _distributions(name: str, packages: tuple[str, ...]) -> None:
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        raise BuildError(f"{name} is not there, and could not be installed")
    step(f"{name}: apt-get install {' '.join(packages)}")
    advice = f"install {' and '.join(packages)}"
    run(["apt-get", "update", "-q"], "The list of packages of apt-get", advice)
    run(["apt-get", "install", "-q", "-y", *packages], f"{name} by apt-get", advice)
