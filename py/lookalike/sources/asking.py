"""What may be asked: a tag is words, and no service is to read it as a query of its language."""

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]")
_QUOTES = frozenset("“”„‟«»″")
"""Some searches read them as they read `"`."""


@dataclass(frozen=True, slots=True)
class Syntax:
    """What means something to the search of a service, beside words.

    Attributes:
        special: characters that are operators, anywhere; each is replaced by a space.
        operators: words that are, where they are written in capitals.
        longest: so many characters it takes.
    """

    special: str = ""
    operators: frozenset[str] = frozenset()
    longest: int = 200

    def words(self, tag: str) -> str:
        """Give the words of a tag, as the service can be asked for them; "" for none.

        Nothing changes when its result is given again. Characters that look like special ones,
        such as a full-width colon, count as these: searches fold them. So do halves of a letter
        (lone surrogates), which no address can hold.
        """
        parted = "".join(" " if self._is_special(letter) else letter for letter in tag)
        words = [word.lower() if word in self.operators else word for word in parted.split()]
        asked = ""
        for word in words:
            longer = f"{asked} {word}" if asked else word
            if len(longer) > self.longest:
                break
            asked = longer
        asked = asked or " ".join(words)[: self.longest]
        return asked if _WORD.search(asked) else ""

    def _is_special(self, letter: str) -> bool:
        if letter in self.special or (letter in _QUOTES and '"' in self.special):
            return True
        if "\ud800" <= letter <= "\udfff":
            return True
        if letter.isascii():
            return not letter.isprintable()
        folded = unicodedata.normalize("NFKC", letter)
        return any(each in self.special for each in folded if not each.isalnum())


WORDS = Syntax()
"""Of a service to whose search nothing but words means anything."""
