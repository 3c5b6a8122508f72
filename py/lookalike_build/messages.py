"""What the page and Python say to each other, as plain descriptions of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plain:
    """`int`, `float`, `str`, `bool` or `bytes`."""

    name: str


@dataclass(frozen=True, slots=True)
class Host:
    """An object of JavaScript's: "File" or "Blob"."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these texts; the name is "" where the choice has none."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A dataclass, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Many:
    """A list or a tuple, of any length."""

    inner: "Type"


@dataclass(frozen=True, slots=True)
class Row:
    """A tuple of just these."""

    inner: tuple["Type", ...]


@dataclass(frozen=True, slots=True)
class Map:
    """A dict, from texts to these."""

    inner: "Type"


@dataclass(frozen=True, slots=True)
class Maybe:
    """This, or None."""

    inner: "Type"


Type = Plain | Host | Choice | Named | Many | Row | Map | Maybe


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a dataclass, and what its docstring says of it: one line, or ""."""

    type: Type
    about: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of a dataclass, and the first paragraph of its docstring as one line."""

    about: str
    fields: dict[str, Field]


@dataclass(frozen=True, slots=True)
class Messages:
    """Everything that the page and Python say to each other.

    Attributes:
        from_page, to_page: the messages, by their `type`.
        records: the dataclasses that messages hold, by their names.
    """

    from_page: dict[str, Record]
    to_page: dict[str, Record]
    records: dict[str, Record]

    def held(self, messages: Iterable[Record]) -> dict[str, Record]:
        """The dataclasses that these messages hold, and those that these hold."""
        found: dict[str, Record] = {}
        waiting = list(messages)
        while waiting:
            for part in parts(waiting.pop()):
                if isinstance(part, Named) and part.name not in found:
                    found[part.name] = self.records[part.name]
                    waiting.append(found[part.name])
        return found


def parts(record: Record) -> Iterator[Type]:
    """The types of a dataclass's fields, and those inside them."""
    waiting = [field.type for field in record.fields.values()]
    while waiting:
        type_ = waiting.pop()
        yield type_
        if isinstance(type_, Many | Map | Maybe):
            waiting.append(type_.inner)
        elif isinstance(type_, Row):
            waiting += type_.inner
