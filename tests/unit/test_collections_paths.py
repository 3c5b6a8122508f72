import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lookalike.collections.thumbnail import SIDE, size_within, thumbnail
from lookalike.errors import BadPhoto
from lookalike.images import open_picture
from lookalike.text.path_words import MAX_LENGTH, clean_path, is_hidden, tags_of
from small_collection import image


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("2024/Sea side/IMG_1234-redBoat.jpg", ("2024", "sea", "side", "red", "boat")),
        ("DSC00012.JPG", ()),
        ("Österreich/Über den Wolken.webp", ("österreich", "über", "den", "wolken")),
        ("cats/cat.cat.jpg", ("cats", "cat")),
        ("海/猫.png", ("海", "猫")),
    ],
)
def test_the_words_of_a_path(path, tags):
    assert tags_of(path) == tags


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ("a\\b.jpg", "a/b.jpg"),
        ("/etc/./passwd", "etc/passwd"),
        ("a/../b", None),
        ("..", None),
        ("//", None),
        ("x" * (MAX_LENGTH + 1), None),
    ],
)
def test_a_path_is_a_name_and_leads_nowhere(path, cleaned):
    assert clean_path(path) == cleaned


@given(st.text(max_size=60))
def test_whatever_the_path_its_words_and_name_are_well_formed(path):
    cleaned = clean_path(path)
    if cleaned is not None:
        assert clean_path(cleaned) == cleaned
        assert not {"", ".", ".."} & set(cleaned.split("/"))
    assert len(set(tags_of(path))) == len(tags_of(path))
    is_hidden(path)


def test_what_file_systems_keep_for_themselves():
    hidden = ["__MACOSX/a/b.jpg", ".DS_Store", "a/.thumbs/b.jpg", "a/Thumbs.db", "b\\desktop.ini"]
    assert all(map(is_hidden, hidden))
    assert not any(map(is_hidden, ["a.jpg", "a/b.c.jpg", "./a.jpg", "../a.jpg"]))


@pytest.mark.parametrize("size", [(480, 320), (100, 50), (3, 4000), (240, 240)])
def test_thumbnails_keep_the_shape_and_are_small(size):
    found = Image.open(io.BytesIO(thumbnail(image("red", size))))
    assert max(found.size) <= SIDE
    assert found.format == "JPEG"
    assert all(abs(a - b) <= 1 for a, b in zip(found.size, size_within(*size), strict=True))


@pytest.mark.parametrize(("orientation", "size"), [(1, (60, 40)), (6, (40, 60)), (8, (40, 60))])
def test_the_size_is_that_of_the_upright_photo(orientation, size):
    made, exif = image("red", (60, 40)), Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    made.save(buffer, "JPEG", exif=exif)
    assert open_picture(buffer.getvalue()).size == size


def test_the_size_of_what_is_no_image():
    with pytest.raises(BadPhoto):
        open_picture(b"hello")
