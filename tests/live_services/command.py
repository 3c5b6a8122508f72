"""The command line of `tests/live.py`."""

import argparse
import datetime
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from live_services import checks, page
from live_services.findings import Finding, as_json, markdown, table
from live_services.probe import Probe, Service
from live_services.recording import written
from live_services.services import MAKERS
from live_services.wire import Wire
from lookalike.errors import PassingError, SourceError
from lookalike.sources import commons, flickr, http, openverse, wellcome

ROOT = Path(__file__).resolve().parents[2]
URLS = {
    "openverse": openverse.API_URL,
    "commons": commons.API_URL,
    "flickr": flickr.API_URL,
    "wellcome": wellcome.API_URL,
}
OFFLINE = "No service can be reached from here: nothing was checked."
BEGIN, END = "<!-- tests/live.py: begin -->", "<!-- tests/live.py: end -->"

HELD, NOT_HELD, NOT_REACHED = 0, 1, 2
"""Exit statuses."""


def parser() -> argparse.ArgumentParser:
    """Describe the options."""
    p = argparse.ArgumentParser("tests/live.py", description=__doc__)
    add = p.add_argument
    add("--source", action="append", choices=sorted(MAKERS), help="only this one; may be repeated")
    add("--key", default=os.environ.get("FLICKR_API_KEY", ""), help="Flickr's; or FLICKR_API_KEY")
    add("--out", type=Path, default=ROOT / ".cache" / "live", help="for answers and screenshots")
    add("--docs", action="store_true", help="write what was found into docs/sources.md")
    add("--no-page", action="store_true", help="leave the page in Chromium out")
    add("--report", type=Path, metavar="FILE.md", help="write the table as Markdown, too")
    for name in URLS:
        add(f"--{name}-url", default=URLS[name], help=argparse.SUPPRESS)
    return p


def main(arguments: Sequence[str], reach: Callable[[str], bool] | None = None) -> int:
    """Look at the services, and tell what was found.

    Args:
        arguments: of the command line.
        reach: whether an address can be reached; a test has its own.

    Returns:
        0: all held; 1: something did not; 2: no service was reached.
    """
    options = parser().parse_args(arguments)
    urls = {name: getattr(options, f"{name}_url") for name in URLS}
    names = options.source or [n for n in URLS if n != "flickr" or options.key]
    if "flickr" in names and not options.key:
        print("Flickr takes a key: give --key KEY, or FLICKR_API_KEY.", file=sys.stderr)
        return NOT_REACHED
    reachable = [name for name in names if (reach or can_reach)(urls[name])]
    if not reachable:
        print(OFFLINE)
        return NOT_REACHED
    findings = _looked_at(reachable, names, urls, options)
    if not options.no_page:
        elsewhere = {name: url for name, url in urls.items() if url != URLS[name]}
        findings += page.look(reachable, options.out, options.key, elsewhere)
    print(table(findings))
    print(f"Answers and screenshots are in {options.out}")
    _kept(findings, options)
    return NOT_HELD if any(f.held is False for f in findings) else HELD


def can_reach(url: str) -> bool:
    """Whether anything answers at an address, by whatever way out of here there is."""
    try:
        http.fetch(url, 8_000_000)
    except PassingError:
        return False
    except SourceError:
        return True
    return True


def _looked_at(
    reachable: Sequence[str],
    names: Sequence[str],
    urls: dict[str, str],
    options: argparse.Namespace,
) -> list[Finding]:
    findings: list[Finding] = []
    for name in names:
        if name not in reachable:
            findings.append(Finding(name, "it can be reached", False, "no answer", page.MEANS))
            continue
        url = urls[name]
        service: Service = MAKERS[name](url, **({"key": options.key} if name == "flickr" else {}))
        local = urlsplit(url).hostname == "127.0.0.1"  # a fake, which may be asked at once
        wire = Wire(per_minute=60_000 if local else 15)
        probe = Probe(service, wire)
        print(f"{name}: some thirty requests, at most 15 a minute …", file=sys.stderr)
        with wire.tapped():
            checks.run(probe)
        written(wire.answers, options.out / name, options.key)
        findings += probe.findings
    return findings


def _kept(findings: Sequence[Finding], options: argparse.Namespace) -> None:
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    text = markdown(findings, date)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "findings.json").write_text(as_json(findings) + "\n", encoding="utf-8")
    if options.report:
        options.report.write_text(text + "\n", encoding="utf-8")
    if options.docs:
        path = ROOT / "docs" / "sources.md"
        path.write_text(inserted(path.read_text("utf-8"), text), encoding="utf-8")


def inserted(document: str, text: str) -> str:
    """Put a table in place of the last one.

    Raises:
        ValueError: the document has no place for it.
    """
    found = re.subn(
        f"{re.escape(BEGIN)}.*?{re.escape(END)}",
        lambda _: f"{BEGIN}\n\n{text}\n\n{END}",
        document,
        flags=re.DOTALL,
    )
    if found[1] != 1:
        raise ValueError(f"there is no single place between {BEGIN} and {END}")
    return found[0]
