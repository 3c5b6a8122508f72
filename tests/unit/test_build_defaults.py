"""What Settings are at first: within what they may be, and the same for the page as for Python."""

import json
import re

from lookalike.browser.settings import FIRST, NUMBERS, THOROUGH
from lookalike_build.defaults import defaults
from lookalike_build.services import SERVICES


def test_the_page_gets_what_python_says():
    text = re.sub(r"^//.*\n", "", defaults(), flags=re.MULTILINE)
    constants = re.findall(r"export const (\w+) = (.*?);\n", text, re.DOTALL)
    page = {name: json.loads(value) for name, value in constants}
    assert page["FIRST"] == FIRST
    assert [each["name"] for each in page["CHOICES"]] == ["quick", "normal", "long"]
    assert list(page["LIMITS"]) == list(NUMBERS)
    assert page["LIMITS"]["photos"] == {"lowest": 1, "highest": 2000, "initial": 440}


def test_what_is_offered_is_within_what_may_be_and_the_middle_is_the_first():
    for number in NUMBERS.values():
        assert number.initial is None or number.lowest <= number.initial <= number.highest
    for choice in THOROUGH:
        for name in ("photos", "calls"):
            assert NUMBERS[name].lowest <= getattr(choice, name) <= NUMBERS[name].highest
    middle = THOROUGH[1]
    assert (middle.photos, middle.calls) == (NUMBERS["photos"].initial, NUMBERS["calls"].initial)
    assert FIRST in {service.name for service in SERVICES}
