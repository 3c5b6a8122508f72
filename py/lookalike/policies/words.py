"""From tags and titles to words, as photo services match them."""

import re

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Split `text` into lower-case words of letters and digits, in any script."""
    return _WORD.findall(text.lower())
