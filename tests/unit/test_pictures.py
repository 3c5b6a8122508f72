"""Every odd picture opens as what it shows, with its size and a note where something is missing."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

import odd_pictures
from lookalike.errors import BadPhoto, TooLarge
from lookalike.formats.heif import declared_size
from lookalike.formats.samples import Samples
from lookalike.images import open_picture
from odd_pictures import GREY, NOTED, OPENED, PARTLY, SIZE, encoded, exif, lines, native, scene


@pytest.mark.native
@pytest.mark.parametrize("name", OPENED)
def test_an_odd_picture_opens_as_what_it_shows(name):
    if not native(name):
        pytest.skip("this Pillow lacks the decoder")
    if name.endswith("heic"):
        pytest.importorskip("pillow_heif")
    if name.endswith("tif"):
        pytest.importorskip("tifffile")
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


@pytest.mark.parametrize("bits", [0, 1])
@pytest.mark.parametrize("photometric", [0, 1])
def test_a_drawing_in_black_and_white_opens_as_what_it_shows(bits, photometric):
    pytest.importorskip("tifffile")
    shown = np.asarray(open_picture(lines(bits, photometric)).image)
    np.testing.assert_array_equal(shown > 127, (scene()[..., 2:] > 100).repeat(3, axis=2))


# -- Metadata never costs the pixels ---------------------------------------------------------------


def with_metadata(kind, **options):
    """A file with metadata, and where in it these lie."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "hello" * 9)
    texts.add_text("Packed", "hello" * 99, zip=True)
    options |= {"pnginfo": texts} if kind == "PNG" else {}
    options |= {"comment": b"hello"} if kind == "JPEG" else {}
    profile = bytes(range(256)) * 4
    file = encoded(scene(), kind, exif=exif(1), icc_profile=profile, **options)
    if kind == "JPEG":
        return file, range(2, file.index(b"\xff\xdb", file.index(profile)))
    if kind == "PNG":
        return file, range(33, file.index(b"IDAT") - 4)
    start = file.index(b"ICCP")
    return file, [*range(start, start + 8 + len(profile)), *range(file.index(b"EXIF"), len(file))]


KINDS = {
    "JPEG": with_metadata("JPEG", quality=95),
    "progressive JPEG": with_metadata("JPEG", quality=95, progressive=True),
    "PNG": with_metadata("PNG"),
    "WebP": with_metadata("WEBP", lossless=True),
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_metadata_say_the_pixels_are_there(kind, data):
    file, places = KINDS[kind]
    changed = bytearray(file)
    changes = st.lists(st.tuples(st.sampled_from(places), st.integers(0, 255)), max_size=20)
    for place, byte in data.draw(changes):
        changed[place] = byte
    picture = open_picture(bytes(changed))
    assert picture.note is None
    expected = np.asarray(open_picture(file).image).astype(int)
    shown = np.asarray(picture.image).astype(int)
    turned = [np.rot90(side, turns) for side in (expected, expected[:, ::-1]) for turns in range(4)]
    # Which colours a JPEG has may be said by its metadata alone.
    assert min(np.abs(shown - each).mean() for each in turned if each.shape == shown.shape) < 2


@pytest.mark.parametrize("wrong", range(12))
@pytest.mark.parametrize("tag", [0x010F, 0x0110, 0x8769, 0x8825])
def test_the_orientation_counts_beside_a_malformed_tag(tag, wrong):
    block = bytearray(exif(6).tobytes())
    at = block.index(tag.to_bytes(2, "big"), 8)
    for value in (0, 1, 127, 255):
        if wrong < 2 and value == 1:
            continue  # which may make it another tag, even the orientation's
        block[at + wrong] = value
        file = encoded(np.rot90(scene()), "JPEG", quality=95, exif=bytes(block))
        assert open_picture(file).image.size == SIZE


@pytest.mark.parametrize("progressive", [False, True])
@given(missing=st.integers(2, 2000))
@settings(max_examples=60, deadline=None)
def test_a_jpeg_that_lacks_its_end_is_shown_as_far_as_it_goes(progressive, missing):
    file = encoded(scene(480, 360), "JPEG", quality=95, progressive=progressive)
    picture = open_picture(file[:-missing])
    assert picture.size == (480, 360)
    assert "as far as it goes" in picture.note
    top = np.asarray(picture.image).astype(int)[:180] - scene(480, 360)[:180]
    assert np.abs(top).mean() < (30 if progressive else 4)


LARGE = encoded(scene(1600, 1200), "JPEG")


@given(st.binary(max_size=60))
def test_a_jpeg_without_anything_to_be_seen_is_refused(rest):
    head = LARGE[: LARGE.index(b"\xff\xda") + 14]
    with pytest.raises(BadPhoto, match="JPEG file"):
        open_picture(head + rest.replace(b"\xff", b""))


@pytest.mark.native
def test_a_picture_of_many_pixels_is_decoded_smaller_or_refused_with_its_size():
    wide = Image.new("L", (12_000, 9_000), 90)
    picture = open_picture(encoded(wide, "JPEG"))
    assert picture.size == (12_000, 9_000)
    assert min(picture.image.size) >= 1024
    assert picture.image.width < 2000
    with pytest.raises(
        TooLarge, match=r"PNG image .*12,000 × 9,000 pixels are 108 megapixels.* 64"
    ):
        open_picture(encoded(wide, "PNG"))


def heif(*sizes, brand=b"heic", wide=False):
    """The head of a file that declares pictures of these sizes, and no more than that."""

    def box(name, body):
        if wide:
            return struct.pack(">I4sQ", 1, name, len(body) + 16) + body
        return struct.pack(">I4s", len(body) + 8, name) + body

    listed = b"".join(box(b"ispe", struct.pack(">III", 0, *size)) for size in sizes)
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", box(b"hvcC", bytes(9)) + listed)))
    return struct.pack(">I4s4sI4s", 20, b"ftyp", brand, 0, b"mif1") + meta


@pytest.mark.parametrize(("brand", "title"), [(b"heic", "HEIC"), (b"avif", "AVIF")])
@pytest.mark.parametrize("wide", [False, True])
def test_heic_and_avif_of_many_pixels_are_refused_with_their_size_whatever_decodes_them(
    brand, title, wide
):
    file = heif((512, 512), (11_656, 8_742), (320, 240), brand=brand, wide=wide)
    with pytest.raises(
        TooLarge, match=rf"{title} image .*11,656 × 8,742 pixels are 102 megapixels.* 64"
    ) as caught:
        open_picture(file)
    assert "as JPEG" in caught.value.advice
    with pytest.raises(TooLarge) as caught:
        open_picture(heif((20_000, 10_000), brand=brand))
    assert "JPEG" not in caught.value.advice


@pytest.mark.native
def test_the_size_that_a_heic_declares_is_that_of_the_picture():
    pytest.importorskip("pillow_heif")
    assert declared_size(odd_pictures.heic()) == SIZE


@given(st.binary(max_size=80), st.integers(0, 120))
def test_the_size_of_a_damaged_heic_is_read_or_not(rest, end):
    file = heif((300, 200))
    declared_size(file[:end] + rest)  # ends, and raises nothing
    assert declared_size(file + rest) == (300, 200)


def test_a_raw_file_is_turned_as_it_says_and_has_its_own_size():
    picture = open_picture(odd_pictures.nef(orientation=6))
    assert (picture.image.size, picture.size) == (SIZE[::-1], SIZE[::-1])


@pytest.mark.parametrize("start", [b"FUJIFILMCCD-RAW 0201", b"IIU\0\x08\0\0\0", b"FOVb\0\0\2\0"])
def test_a_raw_file_without_a_preview_says_so(start):
    with pytest.raises(BadPhoto, match="no preview"):
        open_picture(start + bytes(5000))


def test_a_format_that_is_not_opened_is_named():
    for file, name in (
        (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99), "JPEG 2000"),
        (b"\xff\x0a" + bytes(99), "JPEG XL"),
        (b"8BPS\0\1" + bytes(99), "Photoshop"),
        (b"%PDF-1.7" + bytes(99), "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    ):  # fmt: skip
        with pytest.raises(BadPhoto, match=name):
            open_picture(file)


@pytest.mark.native
def test_heic_is_upright_and_an_orientation_beside_that_does_not_count_twice():
    pytest.importorskip("pillow_heif")
    picture = open_picture(odd_pictures.heic(exif=exif(6).tobytes()))
    assert picture.size in (SIZE, SIZE[::-1])
    assert picture.image.size == picture.size


@given(st.integers(1, 3), st.sampled_from([np.uint8, np.uint16, np.int32, np.float32]), st.data())
@settings(max_examples=60, deadline=None)
def test_samples_of_any_kind_become_pixels(channels, kind, data):
    shape = (data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5)), channels)
    numbers = st.floats(width=32) if kind == np.float32 else st.integers(0, np.iinfo(kind).max)
    flat = data.draw(st.lists(numbers, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    samples = Samples(
        np.array(flat, kind).reshape(shape), 2 if channels == 3 else 1, 8 * np.dtype(kind).itemsize
    )
    assert samples.image().size == shape[1::-1]
