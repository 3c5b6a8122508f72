"""Everything that must hold before a change is done: set up what checks need, and run them."""

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from lookalike_build import bootstrap
from lookalike_build.browsers import get_browsers
from lookalike_build.chromium import VARIABLE, chromium
from lookalike_build.generated import generate
from lookalike_build.paths import Checkout
from lookalike_build.steps import outcome_of, step

SCRIPTS = (
    "site/js",
    "site/check-browser.js",
    "site/sw.js",
    "tests",
    "py/lookalike_build",
    "models",
)
"""Where JavaScript is."""

MOST = 4
"""Processes that share the tests: more browsers than a few would only wait for one another."""

ALONE = {"OMP_NUM_THREADS": "1"}
"""Has numpy keep to one thread: the processors are shared among processes already."""

PATIENCE = ("--dist=loadfile", "--no-loadscope-reorder", "--timeout=600", "--reruns=2", "-rR")
"""What tests share within a file, a page that has searched, takes long to make. Files with few
tests are not the quick ones, so the files stay in their order. On a machine with other work a
browser may be slower than any test waits for: one that fails is tried again, and named in the
summary, since one that does so often has a defect of its own. One that hangs ends after 600
seconds: the unit tests inside Pyodide give up by themselves after 540."""

EXTRAS = ("build", "native", "evaluate", "vectors", "test")


def main(root: Path, arguments: list[str]) -> int:
    """Run the command line of `tests/run.py`.

    Args:
        root: the checkout's top folder.
        arguments: for pytest, which then runs alone; without any, every check runs.

    Returns:
        0 if all that ran has passed, else 1; 130 where it was stopped.
    """
    return outcome_of(lambda: _run(root, arguments))


def _run(root: Path, arguments: list[str]) -> int:
    checkout = Checkout(root)
    bootstrap.python_packages(checkout, *EXTRAS)
    tools = bootstrap.node(checkout)
    bootstrap.node_packages(checkout, tools, development=True)
    generate(checkout)
    environment = {**tools.environment(), VARIABLE: str(chromium(checkout)), **ALONE}
    get_browsers()
    commands = checks(checkout, tools)
    if arguments:
        commands = {"pytest": [str(checkout.python), "-m", "pytest", *arguments]}
    failed = [
        name for name, command in commands.items() if not _passes(root, name, command, environment)
    ]
    print(f"✗ Failed: {', '.join(failed)}" if failed else "✓ All checks passed")
    return 1 if failed else 0


def checks(checkout: Checkout, tools: bootstrap.Node) -> dict[str, list[str]]:
    """The commands, by their names, in the order in which they run: the quick ones first."""
    python = str(checkout.python)
    modules = checkout.site / "node_modules"
    tsc = modules / "typescript" / "bin" / "tsc"
    biome = modules / "@biomejs" / "biome" / "bin" / "biome"
    # The browser tests build for themselves; this says in one place why it cannot be done.
    build = [python, "build_site.py", "--out", ".cache/check-dist"]
    return {
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "mypy": [python, "-m", "mypy"],
        # One program formats and checks scripts: it needs no plugins, and takes two seconds.
        "biome": [
            str(tools.node),
            str(biome),
            "check",
            "--config-path=.config",
            *SCRIPTS,
        ],
        "tsc": [str(tools.node), str(tsc), "-p", "site/jsconfig.json"],
        "page tests": [str(tools.node), "--test", *page_tests(checkout)],
        "build": build,
        "unit tests": [python, "-m", "pytest", "tests/unit", *_shared(0)],
        # A quarter of their time they wait, for what the page does a second later.
        "browser tests": [python, "-m", "pytest", "tests/browser", *_shared(1), *PATIENCE],
    }


def _shared(more: int) -> list[str]:
    """Share tests among a process for each processor, and so many more."""
    return [f"--numprocesses={min((os.cpu_count() or 1) + more, MOST)}"]


def page_tests(checkout: Checkout) -> list[str]:
    """The tests of the page's modules that need no browser."""
    # Node's versions differ in what a folder means.
    return [str(path) for path in sorted((checkout.root / "tests" / "js").glob("*.test.mjs"))]


def _passes(root: Path, name: str, command: list[str], environment: Mapping[str, str]) -> bool:
    step(name)
    start = time.monotonic()
    done = subprocess.run(command, cwd=root, env=environment, check=False)  # noqa: S603
    result = "passed" if done.returncode == 0 else f"failed with {done.returncode}"
    step(name, f"{result} in {time.monotonic() - start:.1f} s")
    return done.returncode == 0
