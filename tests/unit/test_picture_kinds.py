"""How pictures begin: the page knows what the engine knows."""

import re
from pathlib import Path

import pytest

from lookalike.formats import kinds

PAGE = Path(__file__).resolve().parents[2] / "site/js/query/picture-kinds.js"


@pytest.mark.native
def test_the_page_has_the_same_list():
    listed = set(re.findall(r'"([0-9a-f]{4,})"', PAGE.read_text("utf-8")))
    starts = [start for start, _ in kinds._STARTS]
    assert listed == {each.hex() for each in (*starts, *kinds._TIFF)}
