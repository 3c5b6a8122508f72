"""The ugliest folder: all kinds of trouble at once, and what has to come of each file.

Contents differ from each other, so that none is another one's copy.
"""

import io
import os
import re
import struct
import zipfile

from PIL import Image

from odd_pictures import OPENED as ODD
from odd_pictures import encoded, scene


def drawn(number, kind="PNG", **options):
    """A small picture like no other."""
    image = Image.fromarray(scene(64 + number, 48))
    if options.pop("cmyk", False):
        image = image.convert("CMYK")
    return encoded(image, kind, **options)


def too_wide(file, width, height):
    """A JPEG file that says to be of another size."""
    at = file.index(b"\xff\xc0") + 5
    return file[:at] + struct.pack(">HH", height, width) + file[at + 4 :]


def large_heic():
    """The head of a HEIC file of a camera of 102 megapixels."""

    def box(name, body):
        return struct.pack(">I4s", len(body) + 8, name) + body

    size = box(b"ispe", struct.pack(">III", 0, 11_656, 8_742))
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", size)))
    return box(b"ftyp", b"heic\0\0\0\0mif1") + meta


def zipped(*members):
    """A zip file; each member is a name, its content, and what is changed in its record."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content, *_ in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    file = bytearray(buffer.getvalue())
    for name, _, *changes in members:
        for offset, value in changes:  # in the central directory, 46 bytes before the name
            at = file.rindex(name.encode()) - 46 + offset
            file[at : at + 2] = struct.pack("<H", value)
    return bytes(file)


FLAGS, METHOD = 8, 10  # in the central directory
LOCKED, DEFLATE64, ZSTANDARD = 0x1, 9, 93

NAMES = [
    "plain.jpg", "CAPITALS.JPG", "no ending", "wrong ending.gif", "two\nlines.png", "tab\there.png",
    "\x1b[31mred.png", "\u202egnp.exe.png", "\u00e9t\u00e9.png", "e\u0301te\u0301.png",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u0e17\u0e35\u0e48.png", "\U0001f98a\u200d\U0001f525.png",
    "50% off #1?&a=b+c;.png", " before and behind .png", "'\"<b>&amp;`$(x).png", "CON.png",
    "2019.08 St. Petersburg/IMG 1.png", "2019.08 St. Petersburg/album.jpg/IMG 1.png",
    "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/deep.png", "n" * 200 + ".png", "-rf", "--help.png",
]  # fmt: skip
OPENED = {
    **{name: drawn(number) for number, name in enumerate(NAMES)},
    "cmyk.jpg": drawn(40, "JPEG", cmyk=True),
    "grey.jpg": encoded(Image.fromarray(scene(105, 48)).convert("L"), "JPEG"),
    "palette.gif": drawn(42, "GIF"),
    "one bit.png": encoded(Image.fromarray(scene(107, 48)).convert("1"), "PNG"),
    "one pixel.png": encoded(Image.new("RGB", (1, 1), "red"), "PNG"),
    "a line.png": encoded(Image.new("RGB", (3000, 1), "blue"), "PNG"),
    "huge.jpg": encoded(Image.new("L", (9_000, 7_000), 90), "JPEG"),
    **{f"odd/{name}": make() for name, make in ODD.items() if make() is not None},
}
"""Files that are photos, by their paths."""

PACKED = {
    "\u00e9t\u00e9.png": drawn(50), "./here.png": drawn(51), "/root.png": drawn(52),
    "folder/in.png": drawn(53), "a\\b.png": drawn(54),
}  # fmt: skip
ZIPS = {
    "photos.zip": zipped(
        *PACKED.items(),
        ("../../up.png", drawn(59)),
        ("inner.zip", zipped(("a.png", drawn(55)))),
        ("locked.png", drawn(56), (FLAGS, LOCKED)),
        ("deflate64.png", drawn(57), (METHOD, DEFLATE64)),
        ("zstandard.png", drawn(58), (METHOD, ZSTANDARD)),
        ("bad.png", b"\x89PNG\r\n\x1a\n and no more"),
        ("__MACOSX/._in.png", b"x"),
        ("read me.txt", b"x"),
    ),
    "empty.zip": zipped(),
}
REFUSED = {
    "photos/../../up.png": "path leads nowhere",
    "photos/inner.zip": "zip file within a zip file is not opened; unpack it first",
    "photos/locked.png": "locked with a password; unpack the zip file first",
    "photos/deflate64.png": "packed by Deflate64, which is not unpacked here; unpack the zip file",
    "photos/zstandard.png": "packed by Zstandard, which is not unpacked here; unpack the zip file",
    "photos/bad.png": "PNG file is broken or incomplete",
    "cut.zip": "zip file is broken, incomplete or none",
    "text.zip": "zip file is broken, incomplete or none",
    "empty.jpg": "image file is empty",
    "text.jpg": "not an image",
    "page.png": "not an image|SVG",
    "cut at once.jpg": "JPEG file is broken or incomplete",
    "cut.webp": "WebP file is broken or incomplete",
    "bomb.png": "12,000 × 9,000 pixels are 108 megapixels, and the limit is 64.*Save it as JPEG",
    "bomb.jpg": "60,000 × 60,000 pixels are 3,600 megapixels.*Save it smaller",
    "hasselblad.heic": "11,656 × 8,742 pixels are 102 megapixels.*limit is 64.*Save it as JPEG",
    "cut.heic": "HEIC file is broken or incomplete",
    "no preview.raf": "no preview",
    "photoshop.psd": "Photoshop files cannot be opened here.*as JPEG or PNG",
}
"""Files that are not in afterwards, by their paths, and what is said of each."""

BROKEN = {
    "cut.zip": ZIPS["photos.zip"][:900],
    "text.zip": b"PK, but not quite",
    "empty.jpg": b"",
    "text.jpg": b"This is no photo.",
    "page.png": b"<!doctype html><title>404</title>",
    "cut at once.jpg": drawn(60, "JPEG")[:180],
    "cut.webp": drawn(61, "WEBP", lossless=True)[:-40],
    "bomb.png": encoded(Image.new("1", (12_000, 9_000)), "PNG"),
    "bomb.jpg": too_wide(drawn(62, "JPEG"), 60_000, 60_000),
    "hasselblad.heic": large_heic(),
    "cut.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
    "no preview.raf": b"FUJIFILMCCD-RAW 0201" + bytes(5000),
    "photoshop.psd": b"8BPS\0\1" + bytes(99),
}
OTHERS = {
    "notes.txt": b"x", "film.MOV": b"moov", "IMG_1.aae": b"<x>", "IMG_1.jpg.xmp": b"<x>",
    "sidecar.json": b"{}", "own.lookalike": b"x", "unknown.xyz": b"nothing that anybody knows",
}  # fmt: skip
"""Files that are no photos, and counted."""

HIDDEN = {
    ".hidden.png": drawn(70), "._plain.jpg": b"x", "@eaDir/plain.jpg/SYNOPHOTO_THUMB_M.jpg": b"x",
    "#recycle/old.png": drawn(71), "$RECYCLE.BIN/old.png": drawn(72), "Thumbs.db": b"x",
    "System Volume Information/x.png": drawn(73),
    "My.photoslibrary/resources/derivatives/x.png": drawn(74),
}  # fmt: skip
"""Files that systems keep for themselves; of these, nothing is said."""

LINKS = {"loop": ".", "a/loop": "..", "gone.jpg": "nowhere.jpg", "itself.jpg": "itself.jpg"}
"""Links to folders, to nothing and to themselves, and where they lead."""


def make(folder, names=()):
    """Make it.

    Args:
        folder: where.
        names: more photos' names, such as those of no text.

    Returns:
        How many photos are in it.
    """
    more = {name: drawn(80 + number) for number, name in enumerate(names)}
    for path, content in {**OPENED, **more, **ZIPS, **BROKEN, **OTHERS, **HIDDEN}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for path, target in LINKS.items():
        os.symlink(target, folder / path)
    return len(OPENED) + len(more) + len(PACKED)


def refusals_that_differ(found, folder=""):
    """Compare what was refused, reasons by paths, with what has to be.

    Returns:
        What is missing, too much or said otherwise.
    """
    found = {path.removeprefix(folder): reason for path, reason in found.items()}
    wrong = dict.fromkeys(REFUSED.keys() - found.keys(), "not told")
    for path, reason in found.items():
        if path not in REFUSED or not re.search(REFUSED[path], reason, re.DOTALL):
            wrong[path] = reason
    return wrong
