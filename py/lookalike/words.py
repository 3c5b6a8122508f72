"""The one way from text to words: for tags, titles, paths, queries and filters, in any script.

Text is compared as `fold` gives it. A word is a run of letters, with the marks that belong to them,
and digits; an emoji is a word of its own. Thai, Chinese, Japanese and others are written without
spaces: there, a word is what stands between two spaces or signs, and where texts are searched for
words, such a word is found within a longer one, too (`is_unspaced`).

site/js/search/fold.js does the same in the page.
"""

import re
import unicodedata
from functools import lru_cache

_ASCII_WORD = re.compile(r"[a-z0-9]+")

_ZWJ = "\u200d"
"""Joins emoji to one; between letters it only says how they are drawn."""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)
"""What does not tell words apart: hyphens and joiners that are not seen, directions, variants of a
character, skin tones."""

_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # flags
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # flags of parts of countries
    "|{0}(?:\u200d{0})*".replace(
        "{0}",
        "[\u203c\u2049\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u25fb-\u25fe\u2600-\u27bf\u2934\u2935"
        "\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\U0001f000-\U0001f1e5\U0001f200-\U0001faff]",
    )
)
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff"
    "\uaa60-\uaadf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U000323af]"
)


def fold(text: str) -> str:
    """Write text so that what reads the same is the same: composed (NFC), and without case.

    "Straße", "STRASSE" and "strasse" are one, as are "é" and "e" with an accent after it, and "İ"
    and "i".
    """
    if text.isascii():
        return text.lower()
    # The order that Unicode has for it: decomposed before cases are folded (section 3.13, D145).
    plain = unicodedata.normalize("NFD", _UNSEEN.sub("", text)).casefold()
    return unicodedata.normalize("NFC", plain.replace("i\u0307", "i"))


def words(text: str) -> list[str]:
    """Split text into its words, folded, in their order; repeats stay."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    text = fold(text)
    found: list[str] = []
    start = 0
    for emoji in _EMOJI.finditer(text):
        found += _plain_words(text[start : emoji.start()])
        found.append(emoji[0])
        start = emoji.end()
    return found + _plain_words(text[start:])


@lru_cache(maxsize=20_000)
def wording(tag: str) -> str:
    """Give what tags share that ask for the same words in their order; "" for one without a word.

    "New York", "new-york" and "NEW YORK" are one tag to a person, whoever has spelled it.
    """
    return " ".join(words(tag))


def is_unspaced(word: str) -> bool:
    """Say whether a folded word is in a script without spaces, so that it may be within another."""
    return _UNSPACED.search(word) is not None


def split_numbers(word: str) -> list[str]:
    """Part a folded word's letters from its digits: "img12" has "img" and "12"."""
    return [part for part in _NUMBER.split(word) if part]


_NUMBER = re.compile(r"(\d+)")


def _plain_words(text: str) -> list[str]:
    found: list[str] = []
    word = ""
    for character in text:
        kind = unicodedata.category(character)[0]
        if kind in "LN" or (kind == "M" and word):
            word += character
        elif character != _ZWJ and word:
            found.append(word)
            word = ""
    return [*found, word] if word else found
