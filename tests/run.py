"""Installs what the tests need and runs every check: `python3 tests/run.py`.

With arguments, only pytest runs, with these: `python3 tests/run.py -k greedy`.
"""

import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - said here, before a newer syntax is met
    sys.exit("Lookalike needs Python 3.11 or newer; this is " + sys.version.split()[0])

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "py"))

from lookalike_build.checks import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(ROOT, sys.argv[1:]))
