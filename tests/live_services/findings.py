"""What was found of a service, and how it is told: in a terminal, in the docs, in an issue."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

MARKS = {True: "held", False: "DID NOT HOLD", None: "not seen"}


@dataclass(frozen=True)
class Finding:
    """One thing that the project takes for granted.

    Attributes:
        service: the service's name.
        what: what is taken for granted, in a few words; distinct for one service.
        held: whether it was so; None where there was nothing to see it by.
        saw: what was seen.
        means: what it means for a person where it is not so.
    """

    service: str
    what: str
    held: bool | None
    saw: str
    means: str


def table(findings: Sequence[Finding]) -> str:
    """Write a table for a terminal; what did not hold says what it means."""
    width = max((len(f.what) for f in findings), default=0)
    name = max((len(f.service) for f in findings), default=0)
    lines = []
    for f in findings:
        lines.append(f"{f.service:{name}}  {f.what:{width}}  {MARKS[f.held]:12}  {f.saw}")
        if f.held is False:
            lines.append(f"{'':{name}}  {'':{width}}  → {f.means}")
    held = sum(f.held is True for f in findings)
    wrong = sum(f.held is False for f in findings)
    lines.append(f"{held} held, {wrong} did not, {len(findings) - held - wrong} not seen")
    return "\n".join(lines)


def markdown(findings: Sequence[Finding], date: str) -> str:
    """Write the same for the docs or an issue."""
    rows = [
        f"| {f.service} | {_cell(f.what)} | {MARKS[f.held]} | {_cell(f.saw)} | {_cell(f.means)} |"
        for f in findings
    ]
    head = ["| service | what is taken for granted | | seen | if it is not so |"]
    return "\n".join([f"Last looked at on {date}.", "", *head, "| --- " * 5 + "|", *rows])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def as_json(findings: Iterable[Finding]) -> str:
    """Write all for a program."""
    return json.dumps([asdict(f) for f in findings], indent=1, ensure_ascii=False)
