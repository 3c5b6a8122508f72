"""The second part of `tests/live.py`: the built page, here against the fakes."""

import pytest
from conftest import ROOT

from live_services.page import searched


@pytest.mark.parametrize("name", ["openverse", "wellcome"])
def test_the_page_is_looked_at_and_kept_as_a_picture(
    name, browser, site, flickr, openverse, commons, wellcome, tmp_path
):
    findings = searched(browser, site, name, tmp_path)
    assert [f for f in findings if not f.held] == []
    assert (tmp_path / f"{name}.png").stat().st_size > 10_000


def test_a_page_that_may_read_nothing_is_found(browser, site, openverse, tmp_path):
    openverse.fail("no-cors", on="image")
    limits = "lookalike/search/context.py"
    code, patience = (ROOT / "py" / limits).read_text(), "breaker: float = 60.0"
    assert patience in code
    with site.fork(tmp_path) as fork:
        fork.edit_python(limits, code.replace(patience, "breaker: float = 3.0"))
        found = {f.what: f.held for f in searched(browser, fork, "openverse", tmp_path)}
    assert found["the page finds photos"] is False
