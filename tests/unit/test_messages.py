"""The build reads the dataclasses of messages, and makes types of them for the page's checker."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike_build.messages import (
    Choice,
    Host,
    Many,
    Map,
    Maybe,
    Named,
    Plain,
    Row,
)
from lookalike_build.read_messages import read_messages
from lookalike_build.steps import BuildError
from lookalike_build.typescript import TYPES, types

pytestmark = pytest.mark.native

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = '''
from dataclasses import dataclass
from typing import Any, Literal

from small.pictures import Box
from small.pictures import Photo as Picture
from small.search import events

File = Any
Mark = Literal["good", "bad"]

@dataclass(frozen=True)
class Ask:
    """Ask for pictures of a word.

    More of it.

    Attributes:
        word: what is asked for, in one
            line; None for anything.
        low, high: of the numbers.
        long: {long}
    """

    word: str | None
    low: int
    high: float
    long: bool
    box: Box | None
    made: dict[str, list[float]]
    file: File | None

@dataclass(frozen=True)
class Rate:
    """Say what a picture is."""

    id: int
    mark: Mark
    how: tuple[Literal["now", "later"], ...] = ()

@dataclass(frozen=True)
class Quiet:
    pass

FROM_PAGE = {{"ask": Ask, "rate-it": Rate, "quiet": Quiet}}
TO_PAGE = {{"seen": events.Seen}}
UNSENT = {{Picture: ("decoded",)}}
'''.format(long="x" * 101)
EVENTS = '''
from dataclasses import dataclass
from enum import StrEnum

from small.pictures import Photo

class Why(StrEnum):
    """Why."""

    SOON = "soon"
    LATE = "late"

@dataclass
class Seen:
    """Pictures were seen."""

    photos: tuple[Photo, ...]
    why: Why
'''
PICTURES = '''
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Box = tuple[float, float]

@dataclass
class Photo:
    """A picture; */ is no end of a comment."""

    bytes_: bytes
    parts: list[Photo]
    decoded: Callable[[], None] | None = None
'''

EXPECTED = """\
declare module "./protocol.js" {
  export type Mark = "good" | "bad";

  export type Why = "soon" | "late";

  export type Photo = {
    bytes_: Uint8Array;
    parts: Photo[];
  };

  /** Ask for pictures of a word. */
  export type AskMessage = {
    type: "ask";
    /** What is asked for, in one line; null for anything. */
    word: string | null;
    /** Of the numbers. */
    low: number;
    /** Of the numbers. */
    high: number;
    long: boolean;
    box: [number, number] | null;
    made: Record<string, number[]>;
    file: File | null;
  };

  /** Say what a picture is. */
  export type RateItMessage = {
    type: "rate-it";
    id: number;
    mark: Mark;
    how: ("now" | "later")[];
  };

  export type QuietMessage = {
    type: "quiet";
  };

  /** Pictures were seen. */
  export type SeenMessage = {
    type: "seen";
    /** Of the search. */
    id: number;
    photos: Photo[];
    why: Why;
  };

  export type ToEngine =
    | AskMessage
    | RateItMessage
    | QuietMessage;

  export type FromPython =
    | SeenMessage;
}
"""


def package(folder, protocol=PROTOCOL):
    """The sources of a package `small`."""
    sources = {
        "browser/protocol.py": protocol,
        "search/events.py": EVENTS,
        "pictures.py": PICTURES,
    }
    for name, source in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source, encoding="utf-8")
    return folder


def test_each_message_becomes_a_type_with_what_it_holds(tmp_path):
    made = types(read_messages(package(tmp_path)))
    assert made[made.index("declare") :] == EXPECTED


USES = """
/** @import {FromPython, RateItMessage, ToEngine} from "./protocol.js" */
/** @import {Photo as P} from "./protocol.js" */

/** @type {ToEngine[]} */
export const right = [
  { type: "rate-it", id: 1, mark: "good", how: ["now"] },
  { type: "quiet" },
  {
    type: "ask",
    word: null,
    low: 1,
    high: 0.5,
    long: true,
    box: [0, 1],
    made: { a: [1] },
    file: new File([], ""),
  },
];
/** @type {RateItMessage} */
// @ts-expect-error - a field is missing
export const less = { type: "rate-it", id: 1, mark: "good" };
/** @type {RateItMessage} */
// @ts-expect-error - there is no such field
export const more = { type: "rate-it", id: 1, mark: "good", how: [], why: "" };
/** @type {RateItMessage} */
// @ts-expect-error - there is no such mark
export const other = { type: "rate-it", id: 1, mark: "odd", how: [] };
/** @type {ToEngine} */
// @ts-expect-error - it goes the other way
export const back = { type: "seen", id: 1, photos: [], why: "soon" };
/** @type {P} */
// @ts-expect-error - it is not sent
export const own = { bytes_: new Uint8Array(), parts: [], decoded: null };

/** @param {FromPython} message */
export function told(message) {
  // @ts-expect-error - there is no such reason
  return message.why === "never";
}
"""


def test_the_type_checker_accepts_what_is_right_and_nothing_else(tmp_path):
    node, compiler = shutil.which("node"), ROOT / "site/node_modules/typescript/bin/tsc"
    if node is None or not compiler.is_file():
        pytest.skip("needs node and site/node_modules, which tests/run.py installs")
    options = json.loads((ROOT / "site" / "jsconfig.json").read_text())
    page = tmp_path / "site"
    page.mkdir()
    (page / "jsconfig.json").write_text(json.dumps({**options, "include": ["*"]}))
    (page / "protocol.js").write_text("/** @typedef {ToEngine | FromPython} Any */\nexport {};\n")
    (page / "messages.d.ts").write_text(types(read_messages(package(tmp_path / "small"))))
    (page / "uses.js").write_text(USES)
    command = [node, str(compiler), "-p", str(page / "jsconfig.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == ""
    assert done.returncode == 0


def test_the_types_of_this_checkout_are_fresh():
    path = ROOT / "site" / TYPES
    if not path.is_file():
        pytest.skip("none are written: build_site.py and tests/run.py do so")
    assert path.read_text(encoding="utf-8") == types(read_messages(ROOT / "py" / "lookalike")), (
        "the dataclasses of messages have changed: run build_site.py or tests/run.py"
    )


def written(type_):
    """A type as Python has it."""
    match type_:
        case Plain(name) | Host(name) | Named(name):
            return name
        case Choice(name, values):
            return name or f"Literal[{', '.join(map(repr, values))}]"
        case Many(inner):
            return f"list[{written(inner)}]"
        case Row(inner):
            return f"tuple[{', '.join(map(written, inner))}]"
        case Map(inner):
            return f"dict[str, {written(inner)}]"
        case Maybe(inner):
            return f"{written(inner)} | None"


LEAVES = st.one_of(
    st.sampled_from(["int", "float", "str", "bool", "bytes"]).map(Plain),
    st.sampled_from([Host("File"), Choice("Mark", ("good", "bad")), Named("Photo")]),
    st.lists(st.text(), min_size=1, max_size=3).map(lambda texts: Choice("", tuple(texts))),
)
TYPES_OF_FIELDS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Many),
        inner.map(Map),
        inner.map(Maybe),
        st.lists(inner, min_size=1, max_size=3).map(lambda types_: Row(tuple(types_))),
    ),
    max_leaves=6,
)


@given(type_=TYPES_OF_FIELDS)
def test_a_type_is_read_as_it_was_written(tmp_path_factory, type_):
    source = PROTOCOL.replace("Picture", "Photo").replace(
        "    box: Box | None", f"    box: {written(type_)}"
    )
    read = read_messages(package(tmp_path_factory.mktemp("small"), source))
    assert read.from_page["ask"].fields["box"].type == type_


@pytest.mark.parametrize(
    ("annotation", "why"),
    [
        ("set[int]", r"no message can hold set\[int\]"),
        ("int | str", r"no message can hold int \| str"),
        ("dict[int, str]", r"no message can hold dict\[int, str\]"),
        ("Unheard", "Unheard is not known"),
        ("Any", "no message can hold Any"),
        ("Plain", "Plain is no dataclass"),
        ("Twin", "Photo is in"),
    ],
)
def test_what_no_message_can_hold_is_an_error(tmp_path, annotation, why):
    more = "class Plain:\n    pass\n\nTwin = tuple[Picture, Photo]\n\n@dataclass\nclass Photo:\n"
    source = PROTOCOL.replace("File = Any\n", f"File = Any\n{more}    name: str\n")
    source = source.replace("    box: Box | None", f"    box: {annotation}")
    with pytest.raises(BuildError, match=why):
        read_messages(package(tmp_path, source))


def test_a_protocol_without_messages_is_an_error(tmp_path):
    with pytest.raises(BuildError, match="lacks FROM_PAGE or TO_PAGE"):
        read_messages(package(tmp_path, PROTOCOL.replace("TO_PAGE", "TO_NOBODY")))
