"""Reading what a service sends, in which anything may be missing, or of another type."""

import json
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

from lookalike.errors import SourceError
from lookalike.sources.addresses import normalised
from lookalike.sources.wording import cleaned, shown

LONGEST = 200
"""Characters of a title, a name or an identifier."""

LONGEST_CREDIT = 500
"""Characters of a line of credit, which holds a title, a name and a licence's address."""

LONGEST_TAG = 100
MOST_TAGS = 100
"""Flickr allows 75 of a photo; a file of Commons may be in more categories."""

MOST_HTML = 20_000

LARGEST = 2**53 - 1
"""The largest whole number that JavaScript counts to: the page takes no larger ones."""


def json_object(body: bytes, service: str) -> dict[str, Any]:
    """Read an answer that is a JSON object.

    Raises:
        SourceError: it is none; `service` is named as the one that sent it.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):  # the latter for [[[[…
        raise SourceError(f"{service}'s answer could not be read (it is not JSON).") from None
    if not isinstance(answer, dict):
        raise SourceError(f"{service}'s answer is not of the form that it documents.")
    return answer


def objects(value: object) -> list[dict[str, Any]]:
    """The objects in a list, or in an object's values; none where it is neither."""
    if isinstance(value, dict):
        value = list(value.values())
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def inner(value: object) -> dict[str, Any]:
    """An object within another; an empty one for all else."""
    return value if isinstance(value, dict) else {}


def text(value: object, most: int = LONGEST) -> str:
    """Text for people, by `wording.cleaned`: a string or a whole number; empty for all else."""
    return cleaned(_string(value), most)


def tags(values: Iterable[object]) -> tuple[str, ...]:
    """Words that a photo is filed under: text for people, each once, and not without end."""
    found = dict.fromkeys(_tag(text(value, 2 * LONGEST_TAG)) for value in values)
    return tuple(tag for tag in found if tag)[:MOST_TAGS]


def _tag(words: str) -> str:
    """Cut what is too long after a whole word: half of one, or "…", would find nothing."""
    if len(words) <= LONGEST_TAG:
        return words
    return words[:LONGEST_TAG].rpartition(" ")[0].rstrip() or words[:LONGEST_TAG]


def code(value: object) -> str:
    """An identifier, as it is sent: nothing is decoded. Empty where it is none, or endless."""
    given = _string(value)
    return given if given == shown(given, LONGEST) else ""


def _string(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    try:
        return str(value)
    except ValueError:  # a number of thousands of digits
        return ""


def number(value: object) -> int:
    """A whole number up to `LARGEST`, also one written as a string; -1 for all else."""
    try:
        found = int(str(value))
    except ValueError:
        return -1
    return found if -LARGEST <= found <= LARGEST else -1


def size(value: object) -> int:
    """A length in pixels; 0 where it is not known."""
    return max(0, number(value))


def address(value: object) -> str:
    """A web address, as a browser would use it; empty for all else, such as `javascript:`.

    Plain http stays plain.
    """
    return normalised(value) if isinstance(value, str) else ""


def plain(html: object, most: int = LONGEST) -> str:
    """The text of a piece of HTML, made fit for people. It is text: not safe as HTML."""
    reader = _Text()
    reader.feed(html[:MOST_HTML] if isinstance(html, str) else "")
    reader.close()
    # The parser has decoded the entities, and they are to be decoded once.
    return cleaned("".join(reader.parts), most, html_read=True)


class _Text(HTMLParser):
    """Collects the text between the tags."""

    _UNSEEN = ("script", "style")
    _INLINE = ("a", "abbr", "b", "bdi", "big", "em", "font", "i", "small", "span", "strong", "sup")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self._unseen += tag in self._UNSEEN
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in self._UNSEEN and self._unseen > 0
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)

    def _part(self, tag: str) -> None:
        if tag not in self._INLINE:
            self.parts.append(" ")
