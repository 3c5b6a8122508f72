"""The ten best, as photos came in, in the details; the engine is the fake one of fake_engine.js."""

import re

from desk import QUERY
from playwright.sync_api import expect
from test_reload import KEPT, until_kept


def test_the_ten_best_are_a_line_that_a_scorer_and_a_reload_leave_true(desk):
    desk, page = desk, desk.page
    desk.open(photos=40, seed=45)
    section = page.get_by_role("region", name="The ten best, as photos came in")
    desk.look.search(QUERY)
    told = re.compile(
        r"^Mean score of the ten best: 0\.8\d\d, after 40 photos and 5 answered calls\. "
        r"It was 0\.3\d\d after 10 photos, and rose last at photo 40\.$"
    )
    said = section.locator("p").last
    expect(said).to_have_text(told)
    line = page.locator("#growth-line").get_attribute("d")
    assert line.count("V") > 9
    assert page.locator("#growth-calls").get_attribute("d").count("M") == 5
    until_kept(page, states=1, photos=40, ended=[True])
    best = page.evaluate(KEPT)["best"]
    desk.begin()
    desk.run("def embs2score(a, b): return 0  # backwards")
    expect(said).to_contain_text("It was -0.325 after 10 photos")
    for _ in range(300):
        if page.evaluate(KEPT)["best"] != best:
            break
        page.wait_for_timeout(100)
    page.reload()
    expect(said).to_contain_text("after 40 photos and 5 answered calls. It was -0.325")
