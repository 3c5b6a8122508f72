"""Names of files as they are shown: whatever a file system allows in them."""

import unicodedata

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CONTROLS = {"Cc", "Cs", "Zl", "Zp"}
_DIRECTIONS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the text around them, so that "gpj.exe" can look like "exe.jpg"."""


def shown(name: str) -> str:
    r"""Write a name such that it can be printed and says what it is.

    Control characters, line ends, marks that turn the direction of writing, and bytes that are no
    text are escaped as Python would: "\n", "\x1b", "\xff", "\u202e". The rest stays.
    """
    if name.isascii() and name.isprintable():
        return name
    return "".join(map(_shown, name))


def _shown(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) not in _CONTROLS and character not in _DIRECTIONS:
        return character
    if 0xDC80 <= code <= 0xDCFF:  # a byte, as `os.fsdecode` gives it
        return f"\\x{code - 0xDC00:02x}"
    return _ESCAPES.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
