"""Names in zip files as people's systems wrote them, and ways of packing that are named."""

import asyncio
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.collections.upload import Upload
from lookalike.collections.zip_names import names_in
from lookalike.collections.zips import unzipped

NAMES = {
    "cp437": ["Müller/Straße.jpg", "été à la plage.jpg", "Año nuevo.jpg"],
    "cp850": ["Ásgeir.jpg", "São Paulo.jpg", "Øresund/Århus.jpg", "ÀÉÊ très.jpg"],
    "cp1252": ["Müller/Straße.jpg", "São João.jpg", "Año nuevo.jpg"],
    "cp932": ["写真/海.jpg", "表示ソフト.jpg", "夏休みの思い出.jpg", "能登.jpg"],
    "gb18030": ["中文/照片.jpg", "我们的旅行.jpg", "北京.jpg"],
    "cp949": ["한국/사진.jpg", "여름휴가.jpg"],
    "big5": ["台灣/照片.jpg", "我們的旅行.jpg"],
    "cp866": ["Фото/Москва.jpg", "Отпуск 2019.jpg"],
    "cp1251": ["Фото/Москва.jpg", "Отпуск 2019.jpg"],
    "cp852": ["Łódź.jpg", "Kraków/zdjęcia.jpg"],
    "cp1253": ["Ελλάδα/θάλασσα.jpg"],
    "cp862": ["תמונות/ים.jpg"],
    "cp1256": ["صور/البحر.jpg"],
    "cp874": ["ทะเล.jpg", "ภาพถ่าย/หมา.jpg"],
    "utf-8": ["写真/海.jpg", "Müller.jpg", "🐶.jpg"],
}


def zip_of(names, flag=0, extra=b"", method=0):
    """A zip file with these raw names, as programs write it that say nothing of their encoding."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(len(names)):
            archive.writestr(f"{number:08}", b"x")
    content = bytearray(buffer.getvalue())
    for number, name in enumerate(names):
        plain = f"{number:08}".encode()
        assert len(name) <= 8 or True
        content = bytearray(_renamed(bytes(content), plain, name, flag, extra, method))
    return bytes(content)


def _renamed(content, plain, name, flag, extra, method):
    """Rewrite one member's name in both of its headers, and mend what that moves."""
    read = zipfile.ZipFile(io.BytesIO(content))
    parts, directory = b"", b""
    for info in read.infolist():
        raw = info.orig_filename.encode("cp437")
        bits, more, how = info.flag_bits, info.extra, info.compress_type
        if raw == plain:
            raw, bits, more, how = name, flag, extra, method
        at = len(parts)
        common = struct.pack(
            "<HHHHIIIHH", bits, how, 0, 0x5821, zlib.crc32(b"x"), 1, 1, len(raw), len(more)
        )
        parts += b"PK\3\4" + struct.pack("<H", 20) + common + raw + more + b"x"
        directory += b"PK\1\2" + struct.pack("<HH", 20, 20) + common
        directory += struct.pack("<HHHII", 0, 0, 0, 0, at) + raw + more
    count = len(read.infolist())
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(directory), len(parts), 0)
    return parts + directory + end


def listed(content):
    return names_in(zipfile.ZipFile(io.BytesIO(content)).infolist())


@pytest.mark.parametrize("encoding", NAMES)
def test_names_are_read_in_the_code_page_of_their_system(encoding):
    names = NAMES[encoding]
    assert listed(zip_of([name.encode(encoding) for name in names])) == names


def test_a_name_is_never_split_within_a_character():
    names = ["表/ソ.jpg", "予定/能.jpg"]  # whose second bytes in Shift-JIS are backslashes
    assert b"\\" in names[0].encode("cp932")
    content = zip_of([name.encode("cp932") for name in names])
    uploads, failed = asyncio.run(unzipped(upload("mine.zip", content)))
    assert [each.path for each in uploads] == [f"mine/{name}" for name in names]
    assert failed == []
    assert asyncio.run(uploads[0].read()) == b"x"


def test_what_the_zip_file_says_of_its_names_counts():
    raw = "Müller.jpg".encode("cp850")
    told = "Μύλλερ.jpg".encode()
    extra = struct.pack("<HHBI", 0x7075, 5 + len(told), 1, zlib.crc32(raw)) + told
    assert listed(zip_of([raw], extra=extra)) == ["Μύλλερ.jpg"]
    stale = struct.pack("<HHBI", 0x7075, 5 + len(told), 1, 7) + told
    assert listed(zip_of([raw], extra=stale)) == ["Müller.jpg"]
    assert listed(zip_of(["写真.jpg".encode()], flag=0x800)) == ["写真.jpg"]


@given(
    st.lists(st.binary(min_size=1, max_size=12).filter(lambda name: b"\0" not in name), max_size=4)
)
def test_whatever_the_bytes_each_name_is_read(raw):
    names = listed(zip_of(list(dict.fromkeys(raw))))
    assert len(names) == len(set(raw))
    assert all(names)


@pytest.mark.parametrize(
    ("method", "name"), [(9, "Deflate64"), (93, "Zstandard"), (98, "PPMd"), (77, "method 77")]
)
def test_ways_of_packing_that_are_not_unpacked_are_named(method, name):
    content = zip_of([b"a.jpg", b"b.txt"], method=0)
    content = _renamed(content, b"a.jpg", b"a.jpg", 0, b"", method)
    uploads, failed = asyncio.run(unzipped(upload("mine.zip", content)))
    assert [each.path for each in uploads] == ["mine/b.txt"]
    assert f"packed by {name}" in failed[0].reason


def upload(path, content):
    async def read():
        return content

    return Upload(path, len(content), 0, read)
