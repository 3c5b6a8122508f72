"""The licences that are known here, and what each allows; nothing else is taken to allow anything.

A service may send any name, old ones and new ones. So a name is understood in full or not at all:
the retired "sampling+", a version that never was, or "Public domain in Peru" is unknown, and passes
where any licence does, and nowhere else. Names are those of https://creativecommons.org/licenses/
and https://creativecommons.org/retiredlicenses/, as services write them.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allows:
    """What may be done under a licence, on its conditions.

    Attributes:
        commercial: used for money, too.
        modify: changed.
    """

    commercial: bool
    modify: bool


EVERYTHING = Allows(commercial=True, modify=True)

CREATIVE_COMMONS = {
    ("by",): EVERYTHING,
    ("by", "sa"): EVERYTHING,
    ("by", "nd"): Allows(commercial=True, modify=False),
    ("by", "nc"): Allows(commercial=False, modify=True),
    ("by", "nc", "sa"): Allows(commercial=False, modify=True),
    ("by", "nc", "nd"): Allows(commercial=False, modify=False),
    ("by", "nd", "nc"): Allows(commercial=False, modify=False),  # its name in version 1.0
}
"""By the parts of the name, which is "CC BY-NC-SA 4.0" or "cc-by-nc-sa-4.0"."""

PUBLIC_DOMAIN = frozenset(
    {
        ("cc0",),
        ("cc", "zero"),
        ("pd",),
        ("pdm",),
        ("public", "domain"),
        ("public", "domain", "mark"),
        ("us", "government", "work"),
        ("united", "states", "government", "work"),
    }
)
"""No licences, but they allow everything. "pd" is what Commons names its templates by."""

_VERSIONS = frozenset({"1.0", "2.0", "2.1", "2.5", "3.0", "4.0"})
# Of versions before the fourth there are ones for single countries: "CC BY-SA 3.0 de".
_PORT = re.compile(r"[a-z]{2}|igo|scotland|unported|generic|international|migrated")


def allowed(name: str) -> Allows | None:
    """What a licence allows, by its short name; None for one that is not known.

    "CC BY-SA 4.0,3.0,2.5" offers several versions, which all allow the same.
    """
    words = tuple(re.split(r"[\s_-]+", name.casefold().strip()))
    end = next((i for i, word in enumerate(words) if word[0:1].isdigit()), len(words))
    kind, rest = words[:end], words[end:]
    if kind in PUBLIC_DOMAIN:
        return EVERYTHING if rest in ((), ("1.0",)) else None
    if kind[:1] != ("cc",) or (known := CREATIVE_COMMONS.get(kind[1:])) is None:
        return None
    return known if _is_version(rest) else None


def _is_version(words: tuple[str, ...]) -> bool:
    if not words:
        return True
    versions = set(re.split(r"[,/]", words[0]))
    return versions <= _VERSIONS and (
        len(words) == 1 or (len(words) == 2 and _PORT.fullmatch(words[1]) is not None)
    )
