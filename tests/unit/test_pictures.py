"""Every odd picture opens as what it shows, with its size and a note where something is missing."""

import numpy as np
import pytest

from lookalike.images import open_picture
from odd_pictures import GREY, NOTED, OPENED, PARTLY, SIZE, native, scene


@pytest.mark.native
@pytest.mark.parametrize("name", OPENED)
def test_an_odd_picture_opens_as_what_it_shows(name):
    if not native(name):
        pytest.skip("this Pillow lacks the decoder")
    if name.endswith("heic"):
        pytest.importorskip("pillow_heif")
    picture = open_picture(OPENED[name]())
    assert picture.image.mode == "RGB"
    assert (picture.image.size, picture.size) == (SIZE, SIZE)
    assert bool(picture.note) == (name in NOTED)
    expected = scene().astype(int)
    if name in GREY:
        expected = np.repeat(expected[..., :1], 3, axis=2)
    shown = np.asarray(picture.image).astype(int)
    rows = 30 if name in PARTLY else SIZE[1]
    assert np.abs(shown - expected)[:rows].mean() < (25 if "progressive" in name else 5)
