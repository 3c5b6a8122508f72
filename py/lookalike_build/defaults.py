"""What Settings are at first and may be, as a module for the page: Python alone says it.

The page needs it before anything is fetched, so it is bundled with it. It is not committed.
"""

import json
from dataclasses import asdict

from lookalike.browser.settings import FIRST, NUMBERS, THOROUGH
from lookalike_build.fetch import write_atomically
from lookalike_build.paths import Checkout

MODULE = "js/settings/defaults.js"
"""Where the module is, in `site/`."""

_HEAD = """\
// What Settings are at first and may be: py/lookalike_build/defaults.py makes it of
// py/lookalike/browser/settings.py. Change that, then run build_site.py or tests/run.py.
"""


def write_defaults(checkout: Checkout) -> None:
    """Write the module to where the page's other modules import it from."""
    write_atomically(checkout.site / MODULE, defaults().encode())


def defaults() -> str:
    """Make the text of the module."""
    numbers = {name: asdict(number) for name, number in NUMBERS.items()}
    thorough = [asdict(each) for each in THOROUGH]
    constants = {"LIMITS": numbers, "CHOICES": thorough, "FIRST": FIRST}
    return _HEAD + "".join(
        f"export const {name} = {json.dumps(value, indent=2)};\n"
        for name, value in constants.items()
    )
