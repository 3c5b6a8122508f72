"""The types of the messages between the page and Python, for the page's type checker.

They are an addition to site/js/protocol.js, which has the messages between JavaScript's threads: so
the page imports all of them from there. Nothing of it is shipped, and none of it is committed.
"""

import json
import re
from collections.abc import Iterable

from lookalike_build.fetch import write_atomically
from lookalike_build.messages import (
    Choice,
    Host,
    Many,
    Map,
    Maybe,
    Messages,
    Named,
    Plain,
    Record,
    Row,
    Type,
    parts,
)
from lookalike_build.paths import Checkout
from lookalike_build.read_messages import read_messages

TYPES = "js/messages.d.ts"
"""Where the types are, in `site/`."""

_LONGEST = 100
"""Characters of a comment; what says more is to be read in Python."""

_HEAD = """\
/*
 * The messages between the page and Python: py/lookalike_build/typescript.py makes them of the
 * dataclasses of py/lookalike/browser/protocol.py. Change these, then run build_site.py or
 * tests/run.py.
 */
export {};

declare module "./protocol.js" {
"""
_PLAIN = {
    "int": "number",
    "float": "number",
    "str": "string",
    "bool": "boolean",
    "bytes": "Uint8Array",
}


def write_types(checkout: Checkout) -> None:
    """Write the types to where the type checker and editors look for them.

    Raises:
        BuildError: a field is of a type that no message can have.
    """
    path = checkout.site / TYPES
    text = types(read_messages(checkout.root / "py" / "lookalike")).encode()
    # An editor that is open reads a file again whenever it is written.
    if not path.is_file() or path.read_bytes() != text:
        write_atomically(path, text)


def types(messages: Messages) -> str:
    """The types as a module that adds them to protocol.js.

    `ToEngine` is any message from the page, `FromPython` any that Python sends.
    """
    both = {**messages.from_page, **messages.to_page}
    records = messages.held(both.values())
    declared = [
        *_choices([*both.values(), *records.values()]),
        *(_record(name, record) for name, record in sorted(records.items())),
        *(_record(_name(kind), record, kind) for kind, record in both.items()),
        _union("ToEngine", map(_name, messages.from_page)),
        _union("FromPython", map(_name, messages.to_page)),
    ]
    return _HEAD + "\n".join(declared) + "}\n"


def _name(kind: str) -> str:
    """What a message is called: "try-scorer" is a TryScorerMessage."""
    return "".join(word.capitalize() for word in kind.split("-")) + "Message"


def _choices(records: Iterable[Record]) -> list[str]:
    """The choices that have a name, each once."""
    found = {
        part.name: _type(Choice("", part.values))
        for record in records
        for part in parts(record)
        if isinstance(part, Choice) and part.name
    }
    return [f"  export type {name} = {values};\n" for name, values in sorted(found.items())]


def _record(name: str, record: Record, kind: str = "") -> str:
    lines = [*_comment(record.about, "  "), f"  export type {name} = {{"]
    if kind:
        lines.append(f"    type: {json.dumps(kind)};")
    for field_name, field in record.fields.items():
        lines += _comment(field.about, "    ")
        lines.append(f"    {field_name}: {_type(field.type)};")
    return "\n".join([*lines, "  };\n"])


def _comment(text: str, indent: str) -> list[str]:
    text = re.sub(r"\bNone\b", "null", text)
    return [f"{indent}/** {text} */"] if 0 < len(text) <= _LONGEST and "*/" not in text else []


def _union(name: str, members: Iterable[str]) -> str:
    return "\n    | ".join([f"  export type {name} =", *members]) + ";\n"


def _type(type_: Type) -> str:
    match type_:
        case Plain(name):
            return _PLAIN[name]
        case Host(name) | Named(name):
            return name
        case Choice(name, values):
            return name or " | ".join(map(json.dumps, values))
        case Many(Choice("") | Maybe() as inner):
            return f"({_type(inner)})[]"
        case Many(inner):
            return f"{_type(inner)}[]"
        case Row(inner):
            return f"[{', '.join(map(_type, inner))}]"
        case Map(inner):
            return f"Record<string, {_type(inner)}>"
        case Maybe(inner):
            return f"{_type(inner)} | null"
