"""A wheel of the Python package index, by pip: so that none is named here, and a mirror will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import AGAIN, python_packages, run
from lookalike_build.fetch import local, write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import step


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that is needed.

    Attributes:
        package: its name and version, as "name==1.2".
        name: of the file.
        sha256: of its content, in hexadecimal.
    """

    package: str
    name: str
    sha256: str


def find_wheel(wheel: Wheel, checkout: Checkout, folders: Sequence[Path] = ()) -> Path:
    """Find a wheel: in the folders, then in the cache, then by pip.

    Returns:
        The path of a file whose sum was checked.

    Raises:
        BuildError: it is nowhere, or has another sum.
    """
    found = local(wheel.name, wheel.sha256, folders, checkout.cache)
    if found.is_file():
        return found
    step(f"Downloading {wheel.name} by pip")
    with TemporaryDirectory() as name:
        pinned = Path(name) / "requirements.txt"
        pinned.write_text(f"{wheel.package} --hash=sha256:{wheel.sha256}\n")
        download = ["pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        run(
            [python_packages(checkout, "build"), "-m", *download, "-r", pinned, "-d", name],
            f"The download of {wheel.package}",
            AGAIN,
        )
        write_atomically(found, (Path(name) / wheel.name).read_bytes())
    return found
