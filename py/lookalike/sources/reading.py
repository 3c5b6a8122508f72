"""Reading what a service sends, in which anything may be missing, or of another type."""

import json
from html.parser import HTMLParser
from typing import Any

from lookalike.errors import SourceError


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


def text(value: object) -> str:
    """A string or a whole number, on one line, and such that it can be sent; else empty."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    # Half of a surrogate pair, which JSON can escape, could not be sent on as a query.
    return " ".join(str(value).encode(errors="ignore").decode().split())


def number(value: object) -> int:
    """A whole number, also one that is written as a string; -1 for all else."""
    try:
        return int(str(value))
    except ValueError:
        return -1


def size(value: object) -> int:
    """A length in pixels; 0 where it is not known."""
    return max(0, number(value))


def address(value: object) -> str:
    """A web address; empty for all else, such as `javascript:`. Plain http stays plain."""
    url = text(value)
    return url if url.startswith(("https://", "http://")) and " " not in url else ""


def plain(html: object, length: int = 200) -> str:
    """The text of a piece of HTML, on one line, cut at a length. It is text: not safe as HTML."""
    reader = _Text()
    reader.feed(html if isinstance(html, str) else "")
    reader.close()
    line = text("".join(reader.parts))
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


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
