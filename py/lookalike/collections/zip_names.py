"""The names of files in zip files, whatever system has written them.

A zip file says only whether a name is UTF-8, and many that are do not say so. Others are in the
code page of a machine somewhere. All names of one file are in one of them, so that they are
read together: by UTF-8 where all can be, else by the code page that makes most sense of them.
"""

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075

CODE_PAGES = (
    "cp437", "cp850", "cp1252", "cp932", "cp949", "gb18030", "big5", "cp866", "cp1251", "cp852",
    "cp1250", "cp737", "cp1253", "cp857", "cp862", "cp1255", "cp720", "cp1256", "cp874",
)  # fmt: skip
"""Of DOS and Windows, in the order in which they are preferred where they make as much sense."""

_WORD = re.compile(r"[^\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")
_SIGNS = frozenset("«»“”‘’–—·°№ー々・、。「」（）！？ª³²½")  # noqa: RUF001
_RARE = frozenset("ÿŸƒªºъЪўЎϊϋΐΰ")
_FIRST_LEVELS = {
    "cp932": ("shift_jis", 0x889F, 0x9872),
    "gb18030": ("gb2312", 0xB0A1, 0xD7F9),
    "cp949": ("euc_kr", 0xB0A1, 0xC8FE),
    "big5": ("big5", 0xA440, 0xC67E),
}
_IDEOGRAPHS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "THAI", *_IDEOGRAPHS)
_BETWEEN = 0.4
"""What it costs that two scripts meet within a word."""


def names_in(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Give the names of the files in one zip file, in their order.

    Args:
        members: as `zipfile` lists them.
    """
    said = [_said(member) for member in members]
    raw = [_raw(member) for member, name in zip(members, said, strict=True) if name is None]
    read = iter(_decoded(raw))
    return [next(read) if name is None else name for name in said]


def _said(member: zipfile.ZipInfo) -> str | None:
    """Give the name where the zip file says how it is to be read; else None."""
    if member.flag_bits & _UTF8_FLAG:
        return member.orig_filename
    at, extra = 0, member.extra
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        content = extra[at + 4 : at + 4 + size]
        # The name in UTF-8, by the checksum of the one that it stands for.
        if kind == _UNICODE_PATH and content[:1] == b"\1" and len(content) > 5:
            (checksum,) = struct.unpack_from("<I", content, 1)
            if checksum == zlib.crc32(_raw(member)):
                return content[5:].decode("utf-8", "replace")
        at += 4 + size
    return None


def _raw(member: zipfile.ZipInfo) -> bytes:
    # What `zipfile` has made of the bytes, where nothing said that they are UTF-8.
    return member.orig_filename.encode("cp437")


def _decoded(raw: Sequence[bytes]) -> list[str]:
    if all(name.isascii() for name in raw):
        return [name.decode("ascii") for name in raw]
    odd = [name for name in raw if not name.isascii()]
    utf8 = [name for name in odd if _as(name, "utf-8") is not None]
    if len(utf8) == len(odd):
        return [name.decode("utf-8") for name in raw]
    page = _best_page(odd)
    return [_as(name, "utf-8") or _as(name, page) or name.decode("cp437") for name in raw]


def _as(name: bytes, encoding: str) -> str | None:
    try:
        return name.decode(encoding)
    except UnicodeDecodeError:
        return None


def _best_page(names: Sequence[bytes]) -> str:
    scores = {}
    for page in CODE_PAGES:
        read = [_as(name, page) for name in names[:500]]
        whole = [name for name in read if name is not None]
        if len(whole) == len(read):
            scores[page] = _sense(whole, page)
    # `max` gives the first of equal ones.
    return max(scores, key=lambda page: round(scores[page], 3), default="cp437")


def _sense(names: Iterable[str], page: str) -> float:
    """Say how much sense names make: the mean over their characters that are not ASCII, to 1."""
    total, count = 0.0, 0
    for word in (word for name in names for word in _WORD.findall(name)):
        count += sum(not character.isascii() for character in word)
        for part in _senses(word, page):
            total += part
    return total / max(1, count)


def _senses(word: str, page: str) -> Iterator[float]:
    """Give how much sense a word makes, character by character."""
    before = ""
    plain = any(character.isascii() for character in word)
    for at, character in enumerate(word):
        script = _script(character)
        if not character.isascii():
            yield _sense_of(character, script, word[max(0, at - 1) : at], page)
            # Of accents alone, no words are made.
            if script == "LATIN" and not plain and len(word) > 1:
                yield -0.5
        if script and before and script != before and not _may_meet(before, script):
            yield -_BETWEEN
        before = script or before


def _sense_of(character: str, script: str, before: str, page: str) -> float:
    if not script:
        if unicodedata.category(character)[0] == "M":
            return {"cp874": 1.0, "cp1256": 0.5}.get(page, 0.3)
        return 0.2 if character in _SIGNS else -1.0
    if character in _RARE or "HALFWIDTH" in unicodedata.name(character, ""):
        return 0.3
    if character >= "\u3400":
        return 1.0 if _is_frequent(character, page) else 0.1
    if character.isupper():
        # Within a word, a capital follows a small letter seldom, and another capital less than not.
        return 0.4 if before.islower() else 0.8 if before.isupper() else 1.0
    return 1.0


def _script(character: str) -> str:
    if not character.isalpha():
        return ""
    name = unicodedata.name(character, "")
    return next((script for script in _ALPHABETS if script in name), "OTHER")


def _may_meet(one: str, other: str) -> bool:
    """Japanese scripts stand beside one another, and Asian ones beside Latin letters."""
    asian = [script in _IDEOGRAPHS for script in (one, other)]
    if all(asian):
        return "HANGUL" not in (one, other)
    return any(asian) and "LATIN" in (one, other)


def _is_frequent(character: str, page: str) -> bool:
    """Say whether a character is of the first level of its set, with which most is written."""
    encoding, first, last = _FIRST_LEVELS.get(page, ("ascii", 0, 0))
    return first <= int.from_bytes(character.encode(encoding, "ignore"), "big") <= last
