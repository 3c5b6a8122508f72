"""Why the page did not start: each cause is told in a sentence of its own, with what to do."""

import pytest
from conftest import START_UP
from playwright.sync_api import expect

from lookalike_build.bundle import ENGINE, PAGE

NOISE = ("Failed to load resource", "MIME type", "Failed to fetch", "Content Security Policy")
"""What Chromium itself writes about a script that is not there or not let in."""

TOO_OLD = {
    "no modules": "delete HTMLScriptElement.prototype.noModule",
    "no popovers": "delete HTMLElement.prototype.popover",
    "no AbortSignal.any": "delete AbortSignal.any",
    "no SIMD": "WebAssembly.validate = () => false",
}


@pytest.mark.parametrize("lacking", TOO_OLD)
def test_a_browser_that_is_too_old_is_told_which_versions_do(look, lacking):
    requests = []
    look.page.on("request", lambda request: requests.append(request.url))
    look.page.add_init_script(TOO_OLD[lacking])
    look.open()
    expect(look.alert).to_contain_text("too old for Lookalike")
    expect(look.alert).to_contain_text("Chrome or Edge 116, Firefox 125, Safari 17.4")
    expect(look.status).to_contain_text("has not started")
    look.page.wait_for_load_state("networkidle")
    assert not [url for url in requests if "pyodide" in url or "worker" in url]


def test_webassembly_that_is_switched_off_is_no_age(look):
    look.page.add_init_script("delete globalThis.WebAssembly")
    look.open()
    expect(look.alert).to_contain_text("WebAssembly is switched off")
    expect(look.alert).to_contain_text("Lockdown Mode")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        pytest.param("missing", "js/main.js is missing (HTTP 404)", id="missing"),
        pytest.param("broken", "js/main.js did not run", id="broken"),
        pytest.param("unreachable", "js/main.js could not be fetched", id="unreachable"),
    ],
)
def test_the_pages_own_script_is_missed(fork, how, message):
    fork.expect_errors(*NOISE, "SyntaxError", "Unexpected", "ERR_FAILED")
    path = fork.site.folder / PAGE
    if how == "missing":
        path.unlink()
    elif how == "broken":
        path.write_text("x = (")
    else:
        fork.page.route("**/js/main.js", lambda route: route.abort())
    fork.open()
    expect(fork.alert).to_contain_text(message)


NO_WORKERS = """
window.Worker = function () {
  throw new DOMException("The operation is insecure.", "SecurityError");
};
"""


@pytest.mark.parametrize("way", ["by the policy", "by a setting"])
def test_a_browser_that_blocks_workers_is_said_to_block(look, way):
    look.expect_errors(*NOISE)

    def stricter(route):
        """As Firefox reads the policy, when workers have imports: some script is held back."""
        if route.request.resource_type != "document":
            return route.fallback()
        page = route.fetch().text().replace("worker-src blob:", "worker-src 'none'")
        return route.fulfill(body=page, content_type="text/html")

    if way == "by the policy":
        look.page.route(look.site.url, stricter)
    else:
        look.page.add_init_script(NO_WORKERS)
    look.open()
    expect(look.alert).to_contain_text("This browser has blocked", timeout=START_UP)
    expect(look.alert).to_contain_text("All files of the site are there and whole")


def test_a_fault_of_the_code_is_not_laid_on_files_or_the_browser(fork):
    fork.site.edit_python("lookalike/browser/engine.py", b"1 / 0\n")
    fork.open()
    expect(fork.alert).to_contain_text("ZeroDivisionError", timeout=START_UP)
    # Once its files were looked at, nothing else is said.
    fork.page.wait_for_load_state("networkidle")
    expect(fork.alert).to_contain_text("ZeroDivisionError")
    expect(fork.alert).not_to_contain_text("blocked")


@pytest.mark.parametrize(
    ("how", "advice"),
    [
        pytest.param("missing", "publish all of it", id="missing"),
        pytest.param("broken", "is fetched again", id="broken"),
        pytest.param("unreachable", "Check the connection", id="unreachable"),
    ],
)
def test_the_advice_about_a_worker_fits_what_is_wrong_with_its_file(fork, how, advice):
    fork.expect_errors(*NOISE, "SyntaxError", "Unexpected", "ERR_FAILED")
    path = fork.site.folder / ENGINE
    if how == "missing":
        path.unlink()
    elif how == "broken":
        path.write_text("x = (")
    else:
        fork.page.route("**/js/engine/worker.js", lambda route: route.abort())
    fork.open()
    expect(fork.alert).to_contain_text("js/engine/worker.js", timeout=START_UP)
    expect(fork.alert).to_contain_text(advice)
