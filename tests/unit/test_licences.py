import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.filters import Filters, license_refused, passes
from lookalike.licences import Allows, allowed
from lookalike.photo import Photo
from lookalike.sources import openverse

BOTH, NO_MONEY, NO_CHANGE, NEITHER = (
    Allows(True, True),
    Allows(False, True),
    Allows(True, False),
    Allows(False, False),
)


@pytest.mark.parametrize(
    ("name", "allows"),
    [
        ("CC BY 2.0", BOTH),
        ("cc-by-sa-4.0,3.0,2.5,2.0,1.0", BOTH),
        ("CC BY-SA 3.0 de", BOTH),
        ("CC BY 3.0 igo", BOTH),
        ("CC-BY-SA-3.0-migrated", BOTH),
        ("CC BY", BOTH),
        ("CC BY-NC 4.0", NO_MONEY),
        ("cc by-nc-sa 2.5", NO_MONEY),
        ("CC BY-ND 4.0 International", NO_CHANGE),
        ("CC BY-NC-ND 2.0", NEITHER),
        ("CC BY-ND-NC 1.0", NEITHER),
        ("CC0", BOTH),
        ("CC0 1.0", BOTH),
        ("cc-zero", BOTH),
        ("pd", BOTH),
        ("PDM 1.0", BOTH),
        ("Public domain", BOTH),
        ("Public Domain Mark 1.0", BOTH),
        ("US Government work", BOTH),
    ],
)
def test_a_known_licence_allows_what_the_table_says(name, allows):
    assert allowed(name) == allows


UNKNOWN = """sampling+|CC sampling+ 1.0|CC Sampling 1.0|nc-sampling+ 1.0|devnations 2.0|CC NC 1.0
    |CC ND-NC 1.0|CC SA 1.0|nkc|No known copyright restrictions|All rights reserved|GFDL|GFDL 1.2
    |CC BY 9.9|CC BY 5.0|CC BY-SA 4.0,9.0|CC BY-XX 4.0|CC BY-NC-XX|CC BY 4.0 with restrictions
    |CC|CC 4.0|cc0 9.0|CC0 for some|public domain in Peru|Public domain, perhaps|Copyrighted
    |CC BY-NC-SA-ND 4.0|CC BY CC BY|CCBY 4.0|BY 4.0|free|publicdomain|0|None|null""".replace(
    "\n    ", ""
).split("|")


@pytest.mark.parametrize("name", UNKNOWN)
def test_any_other_passes_any_and_nothing_else_by_its_own_name(name):
    assert allowed(name) is None
    photo = Photo("1", license=name)
    assert passes(photo, Filters()) is None
    for wanted in ("reuse", "commercial", "modify"):
        assert name in (passes(photo, Filters(license=wanted)) or "")


@given(st.text())
def test_no_text_is_an_error_and_nothing_passes_by_accident(name):
    known = allowed(name)
    words = name.casefold()
    assert known is None or "cc" in words or "p" in words or "government" in words
    assert (license_refused(name, "reuse") is None) == (known is not None and bool(name))


@pytest.mark.parametrize(
    ("code", "version", "shown"),
    [
        ("sampling+", "1.0", "sampling+ 1.0"),
        ("nc-sampling+", "1.0", "nc-sampling+ 1.0"),
        ("publicdomain", None, "publicdomain"),
        ("new&amp;odd", "7", "new&odd 7"),
        (["by"], "2.0", ""),
        (True, "2.0", ""),
        ({"by": 1}, None, ""),
        ("by", ["2.0"], "CC BY"),
    ],
)
def test_openverses_licences_keep_the_name_that_they_came_with(code, version, shown):
    row = {"id": "1", "license": code, "license_version": version}
    (photo,) = openverse.parse(json.dumps({"results": [row]}).encode())
    assert photo.license == shown
