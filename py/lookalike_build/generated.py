"""What the page's modules and their types need that Python alone says; none of it is committed.

From py/: `python3 -m lookalike_build.generated`.
"""

from pathlib import Path

from lookalike_build.defaults import write_defaults
from lookalike_build.paths import Checkout
from lookalike_build.typescript import write_types


def generate(checkout: Checkout) -> None:
    """Write the types of the messages, and the defaults of the settings, into `site/js/`.

    Raises:
        BuildError: a field of a message is of a type that none can have.
    """
    write_types(checkout)
    write_defaults(checkout)


if __name__ == "__main__":
    generate(Checkout(Path(__file__).resolve().parents[2]))
