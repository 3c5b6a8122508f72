"""Firefox and WebKit for the tests: found, installed, or said to be missing."""

import pytest

from lookalike_build import browsers

pytestmark = pytest.mark.native


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine with nothing on its PATH but what a test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for variable in (browsers.FIREFOX, browsers.SHELL):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(browsers, "MINI_BROWSERS", (f"{str(tmp_path)[1:]}/MiniBrowser",))

    def install(name, code="exit 0"):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{code}\n")
        path.chmod(0o755)
        return path

    return install


def test_the_first_firefox_that_starts_is_taken(machine):
    assert browsers.firefox() is None
    machine("firefox-esr", "exit 1")
    assert browsers.firefox() is None
    other = machine("firefox")
    assert browsers.firefox() == other


def test_a_firefox_that_is_named_comes_first(machine, monkeypatch, tmp_path):
    machine("firefox")
    named = machine("other")
    monkeypatch.setenv(browsers.FIREFOX, str(named))
    assert browsers.firefox() == named


def test_the_headless_shell_is_found_like_firefox(machine, monkeypatch):
    assert browsers.headless_shell() is None
    found = machine("chrome-headless-shell")
    assert browsers.headless_shell() == found
    monkeypatch.setenv(browsers.SHELL, "/nowhere")
    assert browsers.headless_shell() is None


def test_webkit_takes_a_driver_a_browser_and_a_screen(machine):
    for name in (browsers.WEBKIT_DRIVER, "Xvfb", "MiniBrowser"):
        assert browsers.webkit() is None
        machine(name)
    found = browsers.webkit()
    assert [path.name for path in (found.driver, found.browser, found.screen)] == [
        "WebKitWebDriver",
        "MiniBrowser",
        "Xvfb",
    ]


def test_what_cannot_be_installed_is_said_and_is_no_error(machine, capsys):
    browsers.get_browsers()
    said = capsys.readouterr().out
    assert "Firefox is not there, and could not be installed" in said
    assert "WebKit is not there" in said
    assert "its tests are skipped" in said
    assert "the whole of Chromium takes its place" in said


def test_what_is_missing_is_installed(machine, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(browsers.os, "geteuid", lambda: 0, raising=False)
    machine("apt-get", f'echo "$@" >> {tmp_path}/asked')
    machine("firefox")
    browsers.get_browsers()  # and then is not there all the same, which is said
    assert "The WebKit that apt-get installed does not start" in capsys.readouterr().out
    asked = (tmp_path / "asked").read_text()
    assert "webkit2gtk-driver xvfb" in asked
    assert "firefox" not in asked
