import asyncio
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from fakes.replies import bomb_png
from lookalike.errors import BadCrop, BadPhoto, TooLarge
from lookalike.formats import decoding
from lookalike.formats.decoding import MAX_PIXELS
from lookalike.images import crop, open_image, open_picture, prepare
from lookalike.model.model import ModelSpec
from lookalike.ranking.query_photo import QueryPhoto
from small_world import picture

RED, WHITE = (220, 40, 40), (255, 255, 255)


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(width=40, height=30, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def png(width, height, depth, colour_type, rows):
    """Write a PNG of a kind that Pillow reads but does not write."""

    def chunk(name, data):
        checksum = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    lines = b"".join(b"\0" + row for row in rows)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def colour(data):
    """The mean colour of an image file, once opened."""
    return np.asarray(open_image(data)).reshape(-1, 3).mean(axis=0)


# -- What is no image, or none that is safe to open ------------------------------------------------

JPEG, PNG = encoded(Image.fromarray(noise()), "JPEG"), encoded(Image.fromarray(noise()))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"this is no image\n" * 40, id="text"),
        pytest.param(b"<html><body>404</body></html>", id="html"),
        pytest.param(JPEG[:20], id="JPEG header only"),
        pytest.param(PNG[:8], id="PNG signature only"),
        pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200), id="HEIC"),
        pytest.param(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(200), id="broken AVIF"),
        pytest.param(b"%PDF-1.7\n" + bytes(200), id="PDF"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="SVG"),
    ],
)
def test_what_is_no_whole_image_is_a_bad_photo_with_advice(data):
    with pytest.raises(BadPhoto) as caught:
        open_image(data)
    assert str(caught.value).endswith(".")
    assert len(caught.value.advice) > 10


@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (10_000, 10_000), (MAX_PIXELS // 1000 + 1, 1000)]
)
def test_a_decompression_bomb_is_refused_for_its_size(width, height):
    data = bomb_png(width, height)
    assert len(data) < 100_000
    with pytest.raises(BadPhoto, match="too large to open safely"):
        open_image(data)


def test_a_file_that_would_start_another_program_is_refused(monkeypatch):
    monkeypatch.setattr("subprocess.check_call", lambda *_, **__: pytest.fail("started"))
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n"
    with pytest.raises(BadPhoto, match="not an image that can be opened here"):
        open_image(eps)


def test_a_large_jpeg_is_decoded_smaller_and_has_its_own_size(monkeypatch):
    monkeypatch.setattr(decoding, "LARGE", 3_000_000)
    monkeypatch.setattr(decoding, "MAX_JPEG", 9_000_000)
    wide = Image.new("L", (4096, 2048), 200)
    for options in ({}, {"progressive": True}):
        picture = open_picture(encoded(wide, "JPEG", **options))
        assert (picture.image.size, picture.size) == ((2048, 1024), (4096, 2048))
    panorama = open_picture(encoded(Image.new("L", (8000, 1000), 200), "JPEG"))
    assert (panorama.image.size, panorama.size) == ((4000, 500), (8000, 1000))
    with pytest.raises(
        TooLarge, match=r"4,200 × 2,200 pixels are 9 megapixels.* limit is 9"
    ) as caught:
        open_image(encoded(Image.new("L", (4200, 2200)), "JPEG"))
    assert "JPEG" not in caught.value.advice


def test_no_memory_left_is_told(monkeypatch):
    def out_of_memory(*_, **__):
        raise MemoryError

    monkeypatch.setattr(decoding, "_load", out_of_memory)
    with pytest.raises(BadPhoto, match="not enough memory"):
        open_image(PNG)


# -- What is one, of every kind --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_each_common_format_opens(kind):
    image = open_image(picture(RED, encoding=kind))
    assert (image.mode, image.size) == ("RGB", (48, 36))
    assert np.abs(np.asarray(image).reshape(-1, 3).mean(axis=0) - RED).max() < 8


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")
def test_avif_opens_where_pillow_can_and_is_a_bad_photo_when_cut():
    data = picture(RED, encoding="AVIF")
    assert open_image(data).size == (48, 36)
    with pytest.raises(BadPhoto):
        open_image(data[: len(data) * 2 // 3])


@pytest.mark.parametrize(("kind", "size"), [("PNG", (20_000, 50)), ("JPEG", (20_000, 2_100))])
def test_an_image_of_20_000_pixels_width_opens(kind, size):
    image = open_image(encoded(Image.new("L", size, 90), kind))
    assert image.mode == "RGB"
    assert image.width / image.height == pytest.approx(size[0] / size[1], rel=0.01)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_taken(kind):
    frames = [Image.new("RGB", (20, 10), c) for c in (RED, (40, 90, 220), (50, 170, 70))]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert np.abs(colour(data) - RED).max() < 8


def test_a_camera_file_of_several_pictures_gives_the_first():
    first, second = Image.new("RGB", (20, 10), RED), Image.new("RGB", (20, 10), "blue")
    data = encoded(first, "MPO", save_all=True, append_images=[second])
    assert np.abs(colour(data) - RED).max() < 8


def test_a_cmyk_jpeg_keeps_its_colours():
    assert (
        np.abs(
            colour(encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG")) - (255, 0, 0)
        ).max()
        < 8
    )


@pytest.mark.parametrize(("value", "grey"), [(65535, 255), (32768, 128), (200, 1), (0, 0)])
def test_16_bit_grey_is_scaled_and_not_clipped(value, grey):
    data = encoded(Image.fromarray(np.full((4, 5), value, np.uint16)))
    assert Image.open(io.BytesIO(data)).mode == "I;16"
    assert np.abs(colour(data) - grey).max() <= 1


def test_16_bit_colour_keeps_its_high_bytes():
    row = struct.pack(">HHH", 0x8000, 0x4000, 0xFFFF) * 3
    assert np.abs(colour(png(3, 2, 16, 2, [row, row])) - (0x80, 0x40, 0xFF)).max() <= 1


def test_floating_point_pixels_open_without_their_nan():
    values = np.full((4, 5), 100, np.float32)
    values[0, 0] = np.nan
    pixels = np.asarray(open_image(encoded(Image.fromarray(values), "TIFF")))
    assert pixels[0, 0].tolist() == [0, 0, 0]
    assert pixels[1, 1].tolist() == [100, 100, 100]


def test_transparency_lies_on_white():
    palette = Image.new("P", (8, 8), 1)
    palette.putpalette([0, 0, 0, *RED, 0, 0, 255])
    palette.paste(0, (0, 0, 4, 8))
    pixels = np.asarray(open_image(encoded(palette, transparency=0)))
    assert pixels[0, 0].tolist() == list(WHITE)
    assert pixels[0, 7].tolist() == list(RED)
    assert np.abs(colour(encoded(Image.new("RGBA", (4, 4), (0, 0, 0, 51)))) - 204).max() <= 1
    assert np.abs(colour(encoded(Image.new("LA", (4, 4), (100, 0)))) - 255).max() == 0
    assert np.abs(colour(encoded(Image.new("LA", (4, 4), (100, 255)))) - 100).max() == 0


def test_one_bit_opens_as_black_and_white():
    image = Image.new("1", (8, 1))
    image.putpixel((3, 0), 1)
    assert np.asarray(open_image(encoded(image)))[0, :, 0].tolist() == [0, 0, 0, 255, 0, 0, 0, 0]


# Where the first row and the first column of the file belong, as the EXIF standard has it.
ORIENTATIONS = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_each_exif_orientation_is_turned_upright(orientation, kind):
    upright = np.repeat(np.repeat(noise(4, 3), 16, axis=0), 16, axis=1)
    row, column = ORIENTATIONS[orientation]
    stored = upright if row in ("top", "bottom") else upright.transpose(1, 0, 2)
    stored = stored[::-1] if row in ("bottom", "right") else stored
    stored = stored[:, ::-1] if column in ("bottom", "right") else stored
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    data = encoded(Image.fromarray(np.ascontiguousarray(stored)), kind, exif=exif, **options)
    found = np.asarray(open_image(data)).astype(int)
    assert found.shape == upright.shape
    assert np.abs(found - upright).mean() < 4


# -- Whatever the bytes ----------------------------------------------------------------------------

STARTS = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"BM"]
STARTS += [b"II*\0", b"MM\0*", b"\0\0\0\x1cftypavif", b"%!PS", b"8BPS\0\1", b"icns"]


def opens_or_is_bad(data):
    try:
        image = open_image(data)
    except BadPhoto:
        return
    assert image.mode == "RGB"
    assert image.width > 0
    assert image.height > 0


@given(st.sampled_from(STARTS), st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_arbitrary_bytes_raise_nothing_but_bad_photo(start, rest):
    opens_or_is_bad(start + rest)


def whole(kind):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a text"
    options = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP", "TIFF") else {}
    return encoded(Image.fromarray(noise(12, 9)), kind, **options)


FORMATS = ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"]
WHOLE = {kind: whole(kind) for kind in FORMATS + ["AVIF"] * features.check("avif")}


@given(st.data())
@settings(max_examples=250, deadline=None)
@pytest.mark.filterwarnings("error")  # a browser's console shows them as errors
def test_a_changed_image_file_raises_nothing_but_bad_photo(data):
    file = bytearray(WHOLE[data.draw(st.sampled_from(sorted(WHOLE)))])
    # The headers, where most of what can go wrong is, are short.
    places = st.integers(0, min(len(file), 250) - 1) | st.integers(0, len(file) - 1)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=6)):
        file[place] = byte
    end = data.draw(st.just(len(file)) | st.integers(0, len(file)))
    opens_or_is_bad(bytes(file[:end]))


# -- The tensor ------------------------------------------------------------------------------------


def spec(size, mean=(127.5,) * 3, std=(127.5,) * 3):
    return ModelSpec("any", size, mean, std, {}, ())


def triangle(pixels, size):
    """Antialiased bilinear interpolation along the first axis, rounded as 8-bit pixels are."""
    scale = len(pixels) / size
    reach = max(scale, 1.0)
    centres = (np.arange(size) + 0.5) * scale
    distances = np.abs(np.arange(len(pixels)) + 0.5 - centres[:, np.newaxis]) / reach
    weights = np.maximum(0, 1 - distances)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.rint(np.tensordot(weights, pixels.astype(float), axes=1))


@pytest.mark.parametrize(("width", "height", "size"), [(40, 30, 8), (5, 17, 16), (9, 9, 9)])
def test_prepare_agrees_with_an_independent_computation(width, height, size):
    pixels = noise(width, height, seed=size)
    across = triangle(pixels.transpose(1, 0, 2), size).transpose(1, 0, 2)
    mean, std = (123.7, 116.3, 103.5), (58.4, 57.1, 57.4)
    expected = (triangle(across, size) - mean) / std
    found = prepare(Image.fromarray(pixels), spec(size, mean, std))
    # One level of 256, for a half that was rounded the other way.
    assert np.abs(found[0].transpose(1, 2, 0) - expected).max() <= 1.001 / min(std)


def test_prepare_scales_each_channel_by_its_own_mean_and_deviation():
    image = Image.new("RGB", (2, 2), (10, 20, 30))
    found = prepare(image, spec(2, mean=(0, 20, 40), std=(10, 1, 5)))
    assert found[0, :, 0, 0].tolist() == [1.0, 0.0, -2.0]


def test_prepare_computes_in_float32_to_the_last_bit():
    # Features that people have stored were described so.
    mean, std = (123.7, 116.3, 103.5), (58.4, 57.1, 57.4)
    pixels = noise(24, 24, seed=3)
    by_all = (pixels.astype(np.float32) - np.array(mean, np.float32)) / np.array(std, np.float32)
    found = prepare(Image.fromarray(pixels), spec(24, mean, std))
    assert found[0].transpose(1, 2, 0).tobytes() == by_all.tobytes()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "1"])
def test_prepare_gives_a_contiguous_float32_batch_of_one(mode):
    found = prepare(Image.new(mode, (31, 7)), spec(16))
    assert (found.shape, found.dtype) == ((1, 3, 16, 16), np.float32)
    assert found.flags.c_contiguous


# -- Parts of an image ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ((0, 0, 1, 1), (40, 20)),
        ((0.5, 0, 0.5, 1), (20, 20)),
        ((0.25, 0.5, 0.25, 0.5), (10, 10)),
        ((-1, -1, 3, 3), (40, 20)),
        ((0.9, 0.9, 0.5, 0.5), (4, 2)),
        ((0.5, 0.5, 1e-9, 1e-9), (1, 1)),
    ],
)
def test_a_crop_is_a_part_in_fractions_of_the_whole(box, size):
    assert crop(Image.new("RGB", (40, 20)), box).size == size


@pytest.mark.parametrize(
    "box",
    [
        *((0, 0, 0, 1), (0, 0, 1, 0), (0.5, 0.5, -0.1, 0.5), (1, 0, 0.5, 1), (0, 2, 1, 1)),
        *((-1, 0, 0.5, 1), (float("nan"), 0, 1, 1), (0, 0, float("inf"), 1)),
    ],
)
def test_a_crop_of_nothing_is_told(box):
    with pytest.raises(BadCrop) as caught:
        crop(Image.new("RGB", (40, 20)), box)
    assert "part" in caught.value.problem.message


def test_a_crop_is_of_the_photo_as_it_is_shown():
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (0, 0, 20, 20))  # left, and once it is upright, at the top
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    buffer = io.BytesIO()
    image.save(buffer, "PNG", exif=exif)
    query = QueryPhoto(buffer.getvalue(), crop=(0, 0, 1, 0.5))
    image = asyncio.run(query.opened()).image
    assert image.size == (20, 20)
    assert image.getpixel((10, 10)) == (0, 0, 255)
