"""Where things lie in a checkout."""

import os
from dataclasses import dataclass
from pathlib import Path

from lookalike_build.steps import BuildError

ASSETS = "LOOKALIKE_ASSETS"
"""The environment variable that names folders of assets."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout of the project.

    Attributes:
        root: its top folder.
    """

    root: Path

    @property
    def cache(self) -> Path:
        """Downloads and converted files, each named by the hash of what it was made from."""
        return self.root / ".cache"

    @property
    def site(self) -> Path:
        """The page, with `package.json` and `node_modules/`."""
        return self.root / "site"

    @property
    def python(self) -> Path:
        """The interpreter of the project's own virtual environment."""
        return scripts(self.root / ".venv") / ("python.exe" if os.name == "nt" else "python")

    def asset_folders(self, given: list[Path]) -> list[Path]:
        """The folders that are looked in before anything is downloaded.

        That is those given, else those of the environment variable LOOKALIKE_ASSETS (parted as
        in PATH), else the folder `shared` beside the checkout; each with its direct subfolders.

        Raises:
            BuildError: one that was named is not there.
        """
        named = os.environ.get(ASSETS, "")
        folders = given or [Path(part) for part in named.split(os.pathsep) if part]
        for folder in folders:
            # Else what lies elsewhere would be downloaded, or be said to be missing.
            if not folder.is_dir():
                raise BuildError(
                    f"{'--assets' if given else ASSETS}: there is no folder {folder.absolute()}"
                )
        folders = folders or [self.root.parent / "shared"]
        found = []
        for folder in filter(Path.is_dir, folders):
            found.append(folder)
            found += sorted(child for child in folder.iterdir() if child.is_dir())
        return found


def scripts(venv: Path) -> Path:
    """The folder of a virtual environment that its programs lie in."""
    return venv / ("Scripts" if os.name == "nt" else "bin")
