"""Opens a page in a browser by the browser's name, or skips the test with the reason."""

import contextlib

import pytest

from drivers.chromium import ChromiumPage
from drivers.firefox import FirefoxPage
from drivers.webkit import WATCH, WebKitPage, screen
from lookalike_build import browsers
from lookalike_build.bundle import PAGE, WORKERS

NAMES = ("chromium", "firefox", "webkit")


@contextlib.contextmanager
def opened_page(name, request, folder, **options):
    """A page in this browser.

    Args:
        name: one of `NAMES`.
        request: pytest's, of the fixture that asks.
        folder: a new one, for what the browser keeps.
        options: of `FirefoxPage`.
    """
    with contextlib.ExitStack() as stack:
        if name == "chromium":
            page = ChromiumPage(request.getfixturevalue("browser"), folder)
        elif name == "firefox":
            page = FirefoxPage(there(name, browsers.firefox()), folder, **options)
        else:
            found = there(name, browsers.webkit())
            display = stack.enter_context(screen(found.screen))
            page = WebKitPage(found, folder, display)
        stack.callback(page.close)
        yield page


def there(name, found):
    if not found:
        pytest.skip(f"no {name} on this machine: tests/run.py installs it as root where apt-get is")
    return found


def watched(name, site):
    """Let a copy of the site tell its own errors, in a browser whose driver does not give them."""
    if name == "webkit":
        for bundle in (PAGE, *WORKERS):
            site.before(bundle, WATCH)
