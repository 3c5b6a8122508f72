import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lookalike.filters import Filters, image_passes, is_black_and_white, passes
from lookalike.photo import Photo
from lookalike.sources.flickr import LICENSES

SHARED = Path(__file__).resolve().parent / "../../../shared/photos"
ANY = Filters()


def photo(**fields):
    return Photo("1", **fields)


@given(
    st.builds(
        Photo,
        st.text(),
        license=st.sampled_from(["", "?", *LICENSES.values()]),
        width=st.integers(0, 500),
        height=st.integers(0, 500),
        full_width=st.integers(0, 5000),
        full_height=st.integers(0, 5000),
        uploaded=st.none() | st.integers(0, 2**31),
    )
)
def test_the_defaults_let_every_photo_pass(photo):
    assert passes(photo, ANY) is None


@pytest.mark.parametrize(
    ("name", "reuse", "commercial", "modify"),
    [
        ("CC BY 2.0", True, True, True),
        ("CC BY-SA 4.0", True, True, True),
        ("CC BY-NC 2.0", True, False, True),
        ("CC BY-ND 4.0", True, True, False),
        ("CC BY-NC-ND 4.0", True, False, False),
        ("CC0 1.0", True, True, True),
        ("CC0", True, True, True),
        ("Public domain", True, True, True),
        ("Public domain mark", True, True, True),
        ("Public Domain Mark 1.0", True, True, True),
        ("US Government work", True, True, True),
        ("All rights reserved", False, False, False),
        ("No known copyright restrictions", False, False, False),
        ("GFDL 1.2", False, False, False),
        ("", False, False, False),
    ],
)
def test_what_a_licence_allows(name, reuse, commercial, modify):
    allowed = [
        passes(photo(license=name), Filters(license=wanted)) is None
        for wanted in ("reuse", "commercial", "modify")
    ]
    assert allowed == [reuse, commercial, modify]


def test_the_reason_is_a_sentence_for_people():
    def why(**filters):
        return passes(photo(license="CC BY-NC-ND 2.0"), Filters(**filters))

    assert why(license="commercial") == "Its licence, CC BY-NC-ND 2.0, forbids commercial use."
    assert why(license="modify") == "Its licence, CC BY-NC-ND 2.0, forbids changes."
    assert passes(photo(), Filters(license="reuse")) == "Its licence is not known."
    small = photo(full_width=1024, full_height=600)
    assert passes(small, Filters(min_size=2000)) == "It is 1,024 pixels long, not 2,000."


def test_dates_bound_the_upload_where_it_is_known():
    between = Filters(since=100, until=200)
    kept = [when for when in (99, 100, 200, 201) if passes(photo(uploaded=when), between) is None]
    assert kept == [100, 200]
    assert passes(photo(uploaded=None), between) is None


@pytest.mark.parametrize(
    ("width", "height", "orientation"),
    [(320, 240, "landscape"), (240, 320, "portrait"), (240, 240, "square"), (250, 240, "square")],
)
def test_orientation_is_that_of_the_original_else_of_the_thumbnail(width, height, orientation):
    thumbnail = photo(width=width, height=height)
    original = photo(width=1, height=9, full_width=10 * width, full_height=10 * height)
    for wanted in ("landscape", "portrait", "square"):
        for one in (thumbnail, original):
            assert (passes(one, Filters(orientation=wanted)) is None) == (wanted == orientation)
        assert passes(photo(), Filters(orientation=wanted)) is None


def test_size_is_the_longest_side_of_the_original_and_nothing_is_said_of_thumbnails():
    big = Filters(min_size=1000)
    assert passes(photo(full_width=600, full_height=1000), big) is None
    assert passes(photo(full_width=999, full_height=999), big)
    assert passes(photo(width=320, height=240), big) is None


@pytest.mark.parametrize(
    "wrong", [{"license": "free"}, {"orientation": "wide"}, {"colour": "red"}, {"min_size": -1}]
)
def test_a_filter_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Filters(**wrong)


# -- Colour ----------------------------------------------------------------------------------------


def noise(mode, size=(240, 160)):
    pixels = random.Random(0).randbytes(size[0] * size[1] * len(mode))
    return Image.frombytes(mode, size, pixels)


def test_a_grey_photo_passes_as_black_and_white_alone():
    for grey in (noise("L"), noise("L").convert("RGB"), noise("L").convert("P")):
        assert image_passes(grey, Filters(colour="black-and-white")) is None
        assert image_passes(grey, Filters(colour="colour")) == "It is black-and-white."
        assert image_passes(grey, ANY) is None


def test_a_colour_photo_passes_as_colour_alone():
    coloured = Image.linear_gradient("L").convert("RGB")
    coloured.paste((200, 60, 40), (100, 100, 140, 140))
    assert image_passes(coloured, Filters(colour="colour")) is None
    assert image_passes(coloured, Filters(colour="black-and-white")) == "It is in colour."
    assert image_passes(coloured, ANY) is None


def test_a_faint_tone_and_a_date_in_a_corner_are_still_black_and_white_and_sepia_is_not():
    grey = noise("L")
    toned = Image.merge("RGB", [grey.point(lambda v: min(255, v + 8)), grey, grey])
    assert is_black_and_white(toned)
    dated = grey.convert("RGB")
    dated.paste((255, 160, 0), (225, 152, 240, 160))
    assert is_black_and_white(dated)
    sepia = Image.merge("RGB", [grey, grey.point(lambda v: v * 0.9), grey.point(lambda v: v * 0.7)])
    assert not is_black_and_white(sepia)


@pytest.mark.native
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the photos of ../shared/photos")
def test_of_the_shared_photos_few_are_black_and_white():
    with (SHARED / "photos.jsonl").open(encoding="utf-8") as lines:
        files = [row["file"] for row in map(json.loads, lines) if row.get("file")][::5]
    grey = 0
    for file in files:
        with Image.open(SHARED / file) as image:
            grey += is_black_and_white(image)
    assert (grey, len(files)) == (17, 745)
