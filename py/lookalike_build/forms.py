"""The forms by which the page checks each message from the engine, which runs anybody's code."""

from pathlib import Path

from lookalike_build.messages import (
    Choice,
    Host,
    Many,
    Map,
    Maybe,
    Named,
    Plain,
    Record,
    Type,
)
from lookalike_build.read_messages import read_messages
from lookalike_build.steps import BuildError

Form = str | list["Form"] | dict[str, "Form"]
"""A name: of a plain type, of a class, or "file"; ["list", form], ["map", form] of texts to
that, ["maybe", form] for that or null, ["names", …] for one of these; or an object's fields."""


def forms(package: Path) -> dict[str, dict[str, Form]]:
    """The messages to the page, and the classes that they hold, by their fields.

    Args:
        package: the folder of `lookalike`.

    Returns:
        "messages" and "classes", as config.json has them.

    Raises:
        BuildError: a field is of a type that no message can have.
    """
    messages = read_messages(package)
    held = messages.held(messages.to_page.values())
    return {
        "messages": {kind: _fields(record) for kind, record in messages.to_page.items()},
        "classes": {name: _fields(record) for name, record in held.items()},
    }


def _fields(record: Record) -> Form:
    return {name: _form(field.type) for name, field in record.fields.items()}


def _form(type_: Type) -> Form:
    match type_:
        case Plain(name) | Named(name):
            return name
        case Host():
            return "file"
        case Choice(_, values):
            return ["names", *values]
        case Many(inner):
            return ["list", _form(inner)]
        case Map(inner):
            return ["map", _form(inner)]
        case Maybe(inner):
            return ["maybe", _form(inner)]
    raise BuildError(f"the page has no form for {type_}")
