"""Text of a service, made fit for people: titles, names, tags, categories and credits.

What is sent may be meant for a web page (`Rock &amp; roll`), be mangled on its way (`arapu00e7a`),
hold characters that nobody sees or that turn the line around, or be a whole book. `cleaned` is the
one place where that is put right. What comes of it is text, and never safe as HTML.
"""

import html
import re
import unicodedata
from html.entities import html5

MARKS_IN_A_ROW = 4
"""No script needs more accents on one letter; heaps of them run over the lines above and below."""

# As HTML reads attributes: without a semicolon, a name counts only where no letter follows, so that
# "giorno&notte" stays what it is. https://html.spec.whatwg.org/#named-character-reference-state
_ENTITY = re.compile(
    r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,40})(?:;|(?![\w=]))"
)
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|(?:u[0-9a-fA-F]{4})+")
# Some are drawn, such as Arabic signs of numbers: Unicode's Prepended_Concatenation_Mark.
_DRAWN = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Blank, although they are called letters, marks or symbols.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_JOINERS = "\u200c\u200d"
_FIRST_MARK = "\u0300"
_SCRIPTS_THAT_JOIN = 0x0600  # Arabic, the scripts of India and Southeast Asia, emoji: all above


def cleaned(text: str, most: int, *, html_read: bool = False) -> str:
    """Make a text fit for people: one line, of characters that are seen.

    HTML's entities are decoded once, so that `&amp;lt;` is `&lt;`. JavaScript's escapes whose
    backslash was lost are decoded where no other reading is likely (`_unescaped`). Control
    characters, those that set a direction, invisible ones and halves of surrogate pairs are left
    out, and of a heap of accents all but a few.

    Args:
        text: anything.
        most: characters; what is longer ends in "…".
        html_read: whether the entities are decoded already, by who read the HTML that it was.
    """
    text = text[: 20 * most + 1000]  # what is far longer than can be shown is not worth the time
    if "&" in text and not html_read:
        text = _ENTITY.sub(_decoded, text)
    return shown(_unescaped(text) if "u" in text else text, most)


def shown(text: str, most: int) -> str:
    """Do what `cleaned` does, but decode nothing; nothing changes when that is done again."""
    text = text[: 20 * most + 1000]
    if not _is_plain(text):
        text = _seen(text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _is_plain(text: str) -> bool:
    """Whether all of it is seen, at a glance: an answer of a service holds thousands of texts."""
    return text.isprintable() and (text.isascii() or max(text) < _FIRST_MARK)


def _decoded(match: re.Match[str]) -> str:
    entity = match[0]
    if entity.startswith("&#"):
        return html.unescape(entity)
    return html5.get(entity[1:], entity)


def _unescaped(text: str) -> str:
    """Decode `u00e7` for ç, as texts hold it that were escaped twice, and lost their backslashes.

    With its backslash, every character is. Without, only what hardly anybody writes: a letter of
    Latin-1 (u00c0 to u00ff); two or more in a row, all letters, marks or a pair of surrogates; and
    within a word one of extended Latin, as in `wrocu0142aw`, or an apostrophe. So `menu0142`, which
    may be a file of a camera, stays, and so does what may be a word or a year: `ubeef`, `menu2019`.
    """
    return _ESCAPES.sub(_letters, text)


def _letters(match: re.Match[str]) -> str:
    escaped = match[0]
    codes = [int(each, 16) for each in re.findall(r"u([0-9a-fA-F]{4})", escaped)]
    units = b"".join(each.to_bytes(2, "big") for each in codes)
    letters = units.decode("utf-16-be", "ignore")
    if escaped.startswith("\\"):
        return letters
    if len(letters.encode("utf-16-be")) < len(units):  # halves of surrogate pairs
        return escaped
    if len(codes) > 1:
        return letters if all(map(_is_letter, letters)) else escaped
    within = match.string[: match.start()][-1:].isalpha() and (
        match.string[match.end() :][:1].isalpha()
    )
    likely = (0xC0 <= codes[0] <= 0xFF and _is_letter(letters)) or (
        within and (0x100 <= codes[0] <= 0x24F or letters in "&'")
    )
    return letters if likely else escaped


def _is_letter(letter: str) -> bool:
    kind = unicodedata.category(letter)[0]
    return ord(letter) >= 0xAA and (kind in "LM" or ord(letter) > 0xFFFF)


def _seen(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for place, letter in enumerate(text):
        if letter.isspace():
            kept.append(" ")
            marks = 0
            continue
        if letter in _JOINERS:
            if _joins(text[place - 1 : place], text[place + 1 : place + 2]):
                kept.append(letter)
            continue
        if _is_unseen(letter):
            continue
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(letter)
    return "".join(kept)


def _is_unseen(letter: str) -> bool:
    category = unicodedata.category(letter)
    return (
        category in ("Cc", "Cs")
        or (category == "Cf" and letter not in _DRAWN)
        or letter in _BLANK
        or ord(letter) & 0xFFFE == 0xFFFE  # no characters, by definition
        or 0xFDD0 <= ord(letter) <= 0xFDEF
    )


def _joins(before: str, after: str) -> bool:
    """Whether a joiner between two characters means something, as in Persian, Hindi and emoji."""
    return all(
        bool(each)
        and ord(each) >= _SCRIPTS_THAT_JOIN
        and unicodedata.category(each)[0] in "LMS"
        and each not in _BLANK
        for each in (before, after)
    )
