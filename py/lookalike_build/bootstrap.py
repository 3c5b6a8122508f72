"""Sets up what a fresh checkout lacks: Python packages, Node and its packages."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lookalike_build.fetch import sha256, write_atomically
from lookalike_build.paths import Checkout, scripts
from lookalike_build.steps import BuildError, step

OLDEST_NODE = 20
AGAIN = "check the connection and run this again"
"""The advice where a package manager has failed."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node installation.

    Attributes:
        node: the interpreter.
        npm: its package manager.
    """

    node: Path
    npm: Path

    def environment(self) -> dict[str, str]:
        """The environment in which npm's scripts find this very Node."""
        return {**os.environ, "PATH": f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def python_packages(checkout: Checkout, *extras: str) -> Path:
    """Make `.venv` and install the project's dependencies with these extras, as pinned.

    Returns:
        The interpreter of `.venv`.

    Raises:
        BuildError: the environment cannot be made or a package not be had.
    """
    wanted = requirements(checkout, *extras)
    stamp = checkout.root / ".venv" / "lookalike-packages.json"
    python = checkout.python
    installed = _read_stamp(stamp) if _runs(python) else set()
    if wanted <= installed:
        step("Python packages", "cached")
        return python
    step(f"Python packages: {', '.join(sorted(wanted - installed))}")
    if not _runs(python):
        _make_venv(checkout.root / ".venv")
    run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *sorted(wanted)],
        f"The Python packages ({', '.join(extras)})",
        AGAIN,
    )
    write_atomically(stamp, json.dumps(sorted(wanted | installed)).encode())
    return python


def requirements(checkout: Checkout, *extras: str) -> set[str]:
    """What `pyproject.toml` pins for these extras, with what the project always needs."""
    project = tomllib.loads((checkout.root / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = set(project["dependencies"])
    return pinned.union(*(project["optional-dependencies"][extra] for extra in extras))


def node(checkout: Checkout) -> Node:
    """Find Node with npm, or install the wheel that brings both.

    Raises:
        BuildError: there is none and the wheel could not be installed.
    """
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and _node_version(Path(found)) >= OLDEST_NODE:
        return Node(Path(found), Path(npm))
    python_packages(checkout, "node")
    folder = scripts(checkout.root / ".venv")
    end = ".exe" if os.name == "nt" else ""
    return Node(folder / f"node{end}", folder / f"npm{end}")


def node_packages(checkout: Checkout, tools: Node, *, development: bool) -> None:
    """Install what `site/package-lock.json` pins, by `npm ci`, where that is not done yet.

    Args:
        checkout: where to.
        tools: the Node to do it with.
        development: whether the type checker and the tests' packages are needed, too.

    Raises:
        BuildError: npm failed.
    """
    stamp = checkout.site / "node_modules" / ".lookalike"
    locked = sha256((checkout.site / "package-lock.json").read_bytes())
    done = stamp.read_text() if stamp.is_file() else ""
    if done == f"{locked} development" or (done == locked and not development):
        step("Node packages", "cached")
        return
    step("Node packages: npm ci")
    omitted = [] if development else ["--omit=dev"]
    run(
        [tools.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *omitted],
        "The Node packages",
        AGAIN,
        checkout.site,
        tools,
    )
    stamp.write_text(f"{locked} development" if development else locked)


def run(
    command: Sequence[Path | str],
    what: str,
    advice: str,
    folder: Path | None = None,
    tools: Node | None = None,
) -> None:
    """Run a program that installs or makes something, showing its output only if it fails.

    Raises:
        BuildError: it failed; the message ends with the last line that it wrote.
    """
    try:
        done = subprocess.run(  # noqa: S603
            [str(part) for part in command],
            cwd=folder,
            env=tools.environment() if tools else None,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise BuildError(f"{what} could not be made: {command[0]}: {error}") from error
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise BuildError(f"{what} could not be made ({(lines or ['no output'])[-1]}): {advice}")


def _make_venv(folder: Path) -> None:
    try:
        venv.create(folder, with_pip=True, clear=True)
    except (OSError, subprocess.CalledProcessError) as error:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise BuildError(
            f"The virtual environment {folder} could not be made ({error}): on Debian or Ubuntu,"
            f" first run apt-get install {version}"
        ) from error


def _runs(python: Path) -> bool:
    if not python.is_file():
        return False
    # The interpreter that the environment was made with may be gone, or be another one by now.
    code = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return subprocess.run([python, "-c", code], check=False, capture_output=True).returncode == 0  # noqa: S603


def _read_stamp(stamp: Path) -> set[str]:
    return set(json.loads(stamp.read_text())) if stamp.is_file() else set()


def _node_version(program: Path) -> int:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    match = re.match(r"v(\d+)", done.stdout)
    return int(match[1]) if match else 0
