"""Picture files as cameras, phones and scanners write them, and as disks leave them."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, PngImagePlugin, features

SIZE = (160, 120)


def scene(width=SIZE[0], height=SIZE[1]):
    """A picture of which every part is told from the others."""
    y, x = np.mgrid[0:height, 0:width]
    third = ((x // 16 + y // 16) % 2) * 120 + 60
    return np.stack([x * 255 // width, y * 255 // height, third], -1).astype(np.uint8)


def encoded(image, kind, **options):
    if not isinstance(image, Image.Image):
        image = Image.fromarray(image)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation=1, **others):
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F], block[0x0110] = "A maker", "A model"
    block.get_ifd(0x8769)[0x9003] = "2024:05:01 10:00:00"
    block.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return block


def heic(pixels=None, **options):
    """A HEIC file, if there is what writes one; else None."""
    try:
        import pillow_heif
    except ImportError:
        return None
    file = pillow_heif.from_pillow(Image.fromarray(scene() if pixels is None else pixels))
    buffer = io.BytesIO()
    file.save(buffer, quality=95, **options)
    return buffer.getvalue()


def heic_of_ten_bits():
    import pillow_heif

    values = (scene().astype(np.uint16) << 8).tobytes()
    file = pillow_heif.from_bytes("RGB;16", SIZE, values)
    buffer = io.BytesIO()
    file.save(buffer, quality=95)
    return buffer.getvalue()


def tiff(
    samples, bits, sample_format=1, photometric=1, values=None, extra=(), order="<", packing=1
):
    """A TIFF file of any samples: `values` are its bytes, packed so; 0 bits go without saying."""
    height, width = samples.shape[:2]
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    raw = samples.tobytes() if values is None else values
    entries = [
        (256, 4, (width,)), (257, 4, (height,)), (259, 3, (packing,)),
        (262, 3, (photometric,)), (273, 4, (8,)), (277, 3, (channels,)), (278, 4, (height,)),
        (279, 4, (len(raw),)), (339, 3, (sample_format,) * channels), *extra,
    ]  # fmt: skip
    entries += [(258, 3, (bits,) * channels)] if bits else []
    at = 8 + len(raw) + len(raw) % 2
    head = struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, at)
    after = at + 2 + 12 * len(entries) + 4
    ifd, spilled = struct.pack(order + "H", len(entries)), b""
    for tag, kind, content in sorted(entries):
        letter = {1: "B", 3: "H", 4: "I"}[kind]
        packed = struct.pack(f"{order}{len(content)}{letter}", *content)
        if len(packed) > 4:
            place = struct.pack(order + "I", after + len(spilled))
            spilled += packed + b"\0" * (len(packed) % 2)
            packed = place
        ifd += struct.pack(order + "HHI", tag, kind, len(content)) + packed.ljust(4, b"\0")
    return head + raw + b"\0" * (len(raw) % 2) + ifd + b"\0\0\0\0" + spilled


def lines(bits, photometric=1):
    """A drawing in black and white, of one bit a pixel, by Deflate."""
    drawn = (scene()[..., 2] > 100) == bool(photometric)
    raw = zlib.compress(np.packbits(drawn, axis=1).tobytes())
    return tiff(drawn, bits, photometric=photometric, values=raw, packing=8)


def tiff_by(values, **options):
    """A TIFF file of kinds that Pillow does not write, if there is what does; else None."""
    try:
        import tifffile
    except ImportError:
        return None
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, values, **options)
    return buffer.getvalue()


def planes(kind, **options):
    """The scene, a plane for each colour, as maps have it."""
    values = np.moveaxis(scene(), 2, 0).astype(kind)
    if np.dtype(kind).itemsize == 2:
        values *= 257
    options = {"photometric": "rgb", "planarconfig": "separate", **options}
    return tiff_by(np.ascontiguousarray(values), **options)


def on_white(kind, premultiplied):
    """The scene by colours and an opacity, which lie on white."""
    light = scene().astype(int)
    opacity = 255 - light.min(axis=2, keepdims=True) // 2
    multiplied = light - (255 - opacity)
    colours = multiplied if premultiplied else multiplied * 255 / opacity
    values = np.concatenate([colours, opacity], axis=2)
    if np.dtype(kind).itemsize == 2:
        values = values * 257
    extra = ["assocalpha" if premultiplied else "unassalpha"]
    return values.astype(kind), {"photometric": "rgb", "extrasamples": extra}


def transparent(kind, premultiplied, **options):
    values, how = on_white(kind, premultiplied)
    if options.get("planarconfig") == "separate":
        values = np.ascontiguousarray(np.moveaxis(values, 2, 0))
    return tiff_by(values, **how, **options)


def twelve_bits():
    """Grey samples of twelve bits, two in three bytes."""
    grey = scene()[..., 0].astype(np.uint16) << 4
    first, second = grey[:, ::2], grey[:, 1::2]
    packed = np.stack([first >> 4, (first & 15) << 4 | second >> 8, second & 255], -1)
    return tiff(grey, 12, values=packed.astype(np.uint8).tobytes())


def nef(orientation=1):
    """Like a Nikon's: a small picture, the sensor's samples, and a JPEG as large as these."""
    preview = encoded(scene(), "JPEG", quality=95)
    small = encoded(scene(80, 60), "JPEG")
    sensor = np.zeros((4, 4), np.uint16)
    extra = [
        (254, 4, (1,)), (271, 1, tuple(b"NIKON\0")), (274, 3, (orientation,)), (330, 4, (8, 8)),
    ]  # fmt: skip
    return tiff(sensor, 16, extra=extra) + b"maker" * 9 + small + b"more" * 9 + preview


def dng():
    sensor = np.arange(SIZE[0] * SIZE[1], dtype=np.uint16).reshape(SIZE[::-1])
    extra = [(50706, 1, (1, 4, 0, 0))]
    file = tiff(sensor, 16, photometric=32803, extra=extra)
    return file + encoded(scene(), "JPEG", quality=95)


def cr3():
    box = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"crx ", 1, b"crx ", b"isom")
    return box + b"moov" * 20 + encoded(scene(), "JPEG", quality=95) + b"\0" * 99


def raf():
    return b"FUJIFILMCCD-RAW 0201" + b"\0" * 128 + encoded(scene(), "JPEG", quality=95) + b"x" * 99


def png_with_much_beside():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "x" * 1_500_000)
    texts.add_text("Packed", "y" * 5_000_000, zip=True)
    profile = np.random.default_rng(0).integers(0, 256, 1_200_000).astype(np.uint8).tobytes()
    return encoded(scene(), "PNG", icc_profile=profile, pnginfo=texts)


def malformed_exif():
    """Upright by its orientation, which stands beside tags that lead nowhere."""
    block = bytearray(exif(6).tobytes())
    at = block.index(b"\x01\x0f\0\x02")  # the maker: a text that begins far behind the end
    block[at + 4 : at + 12] = b"\x7f\xff\xff\xff\x7f\xff\xff\xff"
    at = block.index(b"\x01\x10\0\x02")  # the model: of no type that there is
    block[at + 2 : at + 4] = b"\0\x63"
    return encoded(np.rot90(scene()), "JPEG", quality=95, exif=bytes(block))


def cut(file, share):
    return file[: int(len(file) * share)]


def grey_levels(kind):
    return scene()[..., 0].astype(kind)


OPENED = {
    "malformed-exif.jpg": malformed_exif,
    "short-of-two-bytes.jpg": lambda: encoded(scene(), "JPEG", quality=95)[:-2],
    "short-of-200-bytes.jpg": lambda: encoded(scene(), "JPEG", quality=95)[:-200],
    "half.jpg": lambda: cut(encoded(scene(), "JPEG", quality=95), 0.5),
    "half-progressive.jpg": lambda: cut(encoded(scene(), "JPEG", progressive=True), 0.8),
    "half.png": lambda: cut(encoded(scene(), "PNG"), 0.6),
    "much-beside.png": png_with_much_beside,
    "lzw.tif": lambda: encoded(scene(), "TIFF", compression="tiff_lzw"),
    "jpeg.tif": lambda: encoded(scene(), "TIFF", compression="jpeg", quality=95),
    "deflate.tif": lambda: encoded(scene(), "TIFF", compression="tiff_adobe_deflate"),
    "packbits.tif": lambda: encoded(scene(), "TIFF", compression="packbits"),
    "float.tif": lambda: tiff((grey_levels(np.float32) / 255), 32, 3),
    "float-of-bytes.tif": lambda: tiff(grey_levels(np.float32), 32, 3),
    "twelve-bits.tif": twelve_bits,
    "32-bits.tif": lambda: tiff(grey_levels(np.uint32) << 24, 32),
    "sixteen-bits.tif": lambda: tiff(grey_levels(np.uint16) * 257, 16),
    "twelve-of-sixteen.tif": lambda: tiff(grey_levels(np.uint16) << 4, 16),
    "float-colours.tif": lambda: tiff((scene() / 255).astype(np.float32), 32, 3, 2),
    "32-bit-colours.tif": lambda: tiff(scene().astype(np.uint32) << 24, 32, 1, 2),
    "double.tif": lambda: tiff(grey_levels(np.float64) / 255, 64, 3),
    "planes.tif": lambda: planes(np.uint8),
    "sixteen-bit-planes.tif": lambda: planes(np.uint16),
    "packed-planes.tif": lambda: planes(np.uint16, compression="zlib", byteorder=">"),
    "white-is-zero.tif": lambda: tiff(255 - grey_levels(np.uint8), 8, photometric=0),
    "sixteen-bit-white-is-zero.tif": lambda: tiff(
        65535 - grey_levels(np.uint16) * 257, 16, photometric=0
    ),
    "float-white-is-zero.tif": lambda: tiff(
        1 - grey_levels(np.float32) / 255, 32, 3, photometric=0
    ),
    "high-byte-first.tif": lambda: tiff_by(
        grey_levels(np.float32) / 255, byteorder=">", compression="zlib", photometric="minisblack"
    ),
    "signed-high-byte-first.tif": lambda: tiff_by(
        grey_levels(np.int16) * 64, byteorder=">", compression="zlib", photometric="minisblack"
    ),
    "transparent.tif": lambda: transparent(np.uint8, False),
    "transparent-planes.tif": lambda: transparent(np.uint8, False, planarconfig="separate"),
    "premultiplied.tif": lambda: transparent(np.uint8, True),
    "premultiplied-planes.tif": lambda: transparent(np.uint8, True, planarconfig="separate"),
    "sixteen-bit-premultiplied.tif": lambda: transparent(np.uint16, True, compression="zlib"),
    "turned.tif": lambda: encoded(np.rot90(scene()), "TIFF", compression="tiff_lzw", exif=exif(6)),
    "nikon.nef": nef,
    "adobe.dng": dng,
    "canon.cr3": cr3,
    "fuji.raf": raf,
    "phone.heic": heic,
    "ten-bits.heic": heic_of_ten_bits,
    "modern.avif": lambda: encoded(scene(), "AVIF", quality=95),
}
"""Files that are opened as the scene, by names in which one sees how."""

PARTLY = {"short-of-200-bytes.jpg", "half.jpg", "half-progressive.jpg", "half.png"}
"""Of these, a part of the scene is missing."""

NOTED = PARTLY | {"short-of-two-bytes.jpg", "nikon.nef", "adobe.dng", "canon.cr3", "fuji.raf"}
"""Of these, it is said what could not be used."""

GREY = {
    name
    for name in OPENED
    if name.split(".")[0]
    in (
        "float",
        "double",
        "float-of-bytes",
        "twelve-bits",
        "32-bits",
        "sixteen-bits",
        "twelve-of-sixteen",
        "white-is-zero",
        "sixteen-bit-white-is-zero",
        "float-white-is-zero",
        "high-byte-first",
        "signed-high-byte-first",
    )
}
"""Of these, there is the scene's red in grey."""


def native(name):
    """Whether this Python can open the file by itself."""
    if name.endswith(".avif"):
        return features.check("avif")
    return name not in ("lzw.tif", "jpeg.tif", "deflate.tif", "packbits.tif") or features.check(
        "libtiff"
    )
