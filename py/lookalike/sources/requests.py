"""Which requests a source makes: all that the page's courier lets through for it.

score.py is anybody's code, and runs where the source runs. So a source declares what its requests
look like, as `requests` beside `can`; the build writes that into config.json, and the courier
(site/js/courier/) refuses everything else. Nothing here is needed in a terminal.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

MOST_WORDS = 200
"""Characters of what is searched for, in one request."""

FAR = 4_102_444_800
"""A bound for dates: the year 2100, in Unix seconds."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is searched for, as a person types it: at most 200 characters.

    Attributes:
        after: a regular expression of what the source itself puts before the words.
    """

    after: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, written in decimal digits, from `low` to `high`."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few texts."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Some of a few texts, each once, in this order, parted by commas."""

    choices: tuple[str, ...]


Value = str | Words | Whole | OneOf | Some
"""What a parameter may be; a text is that text and no other."""


@dataclass(frozen=True, slots=True)
class Requests:
    """What a source asks its service for, and which addresses it makes of the answers.

    All is by GET, without a body or a header. A search is at the base of the API, and has no other
    parameters than these, each once; any of them may be missing.

    An address is known where an answer of this service held it as a whole string; pictures are
    fetched, and links are shown, at known addresses alone. What a source makes itself of an answer
    has to be declared.

    Attributes:
        search: the parameters of a search.
        rewritten: what is made of known addresses, in pairs: a regular expression of the whole
            address, and a template in which "{1}" stands for its first group. An address without
            its query ("?…") need not be declared.
        built: what is made of an object in an answer that has these fields: templates such as
            "https://example.org/{owner}/{id}", in which "{api}" is the base of the API without a
            slash at its end.
        links: addresses that are shown as links without having been in an answer.
    """

    search: Mapping[str, Value]
    rewritten: tuple[tuple[str, str], ...] = ()
    built: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """What config.json says of it."""
        return {
            "search": {name: _value(value) for name, value in self.search.items()},
            "rewritten": [list(pair) for pair in self.rewritten],
            "built": list(self.built),
            "links": list(self.links),
        }


def _value(value: Value) -> dict[str, object]:
    if isinstance(value, str):
        return {"kind": "oneof", "choices": [value]}
    return {"kind": type(value).__name__.lower(), **asdict(value)}
