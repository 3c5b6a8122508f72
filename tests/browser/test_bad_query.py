"""Query files of every kind: those that can be read are searched with, the others are answered."""

import io

import numpy as np
import pytest
from conftest import START_UP, borrowed, opened
from PIL import Image, features
from playwright.sync_api import expect

from generated_photos import make

PHOTO = make("sunset", 3, (320, 240))


def file(image, encoding, **options):
    buffer = io.BytesIO()
    image.save(buffer, encoding, **options)
    return buffer.getvalue()


def animation():
    frames = [PHOTO, make("city", 4, PHOTO.size)]
    return file(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)


def sixteen_bits():
    grey = np.asarray(PHOTO.convert("L")).astype(np.uint16) * 257
    return file(Image.fromarray(grey), "PNG")


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return file(PHOTO.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95, exif=exif)


READABLE = {
    "a JPEG": lambda: file(PHOTO, "JPEG", quality=95),
    "a WebP": lambda: file(PHOTO, "WEBP"),
    "an animated GIF": animation,
    "a CMYK JPEG": lambda: file(PHOTO.convert("CMYK"), "JPEG"),
    "a 16-bit PNG": sixteen_bits,
    "a PNG with transparency": lambda: file(PHOTO.convert("RGBA"), "PNG"),
    "a JPEG turned by EXIF": turned,
    "a JPEG 20,000 pixels wide": lambda: file(PHOTO.resize((20_000, 2_500)), "JPEG"),
    "a PNG 20,000 pixels wide": lambda: file(PHOTO.resize((20_000, 2_500)).quantize(8), "PNG"),
}
if features.check("avif"):
    READABLE["an AVIF"] = lambda: file(PHOTO, "AVIF")

UNREADABLE = {
    "a text": (b"The quick brown fox", "not an image", "Choose a JPEG, PNG, WebP or GIF"),
    "a PDF file": (b"%PDF-1.7 and so on", "is a PDF file, not a photo", "Choose a JPEG"),
    "an empty file": (b"", "is empty", "Choose another file"),
    "the start of a JPEG": (
        file(PHOTO, "JPEG")[:100],
        "JPEG file is broken or incomplete",
        "another copy",
    ),
    "a broken HEIC": (
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
        "HEIC file is broken",
        "another copy",
    ),
    "a JPEG 2000": (
        b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99),
        "JPEG 2000 files cannot",
        "Save the photo",
    ),
}


@pytest.fixture(scope="module")
def page(browser, site, flickr_server):
    flickr_server.clear()
    with opened(browser, site) as look:
        yield look.open(photos=6, calls=20, seed=1)


@pytest.fixture
def look(page, flickr):
    with borrowed(page) as look:
        yield look


@pytest.mark.parametrize("kind", READABLE)
def test_what_can_be_read_is_searched_with(look, kind):
    look.begin(("query", READABLE[kind]()))
    look.wait_until_done()
    expect(look.items.first).to_be_visible()
    expect(look.alert).to_have_count(0)


def test_a_photo_turned_by_exif_is_seen_upright(look):
    found = []
    for kind in ("a JPEG", "a JPEG turned by EXIF"):
        look.begin(("query.jpg", READABLE[kind]()))
        look.wait_until_done()
        expect(look.items.first).to_be_visible()
        found.append(look.items.first.get_by_role("link").first.get_attribute("href"))
    assert found[0] == found[1]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_answered(look, kind):
    data, message, advice = UNREADABLE[kind]
    look.begin(("query.jpg", data))
    alert = look.alert.filter(has_text=message)
    expect(alert).to_be_visible(timeout=START_UP)
    expect(alert).to_contain_text(advice)


def test_results_stay_when_the_next_file_is_bad(look):
    look.begin(("good.jpg", READABLE["a JPEG"]()))
    look.wait_until_done()
    before = look.pages()
    ended = look.status.inner_text()
    for name, content in (("bad.jpg", b"no image"), ("cut.jpg", READABLE["a JPEG"]()[:100])):
        look.choose((name, content))
        expect(look.alert.filter(has_text=name)).to_be_visible(timeout=START_UP)
        expect(look.status).to_have_text(ended)
        expect(look.page.locator("#query-image")).to_have_attribute("alt", "Your photo, good.jpg")
        assert look.pages() == before
    look.begin(("good.jpg", READABLE["a JPEG"]()))
    look.wait_until_done()
    expect(look.items.first).to_be_visible()


def test_dropped_text_is_told_what_to_drop(look):
    look.page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.setData("text/plain", "sunset");
            const options = { dataTransfer, bubbles: true, cancelable: true };
            document.body.dispatchEvent(new DragEvent("drop", options));
        }"""
    )
    expect(look.alert.first).to_contain_text("photo")
