"""Who asks, natively: the project's name, and where whoever minds its requests finds it.

Wikimedia refuses the names of libraries, such as Python's
(https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy). A page can
set no such header, and need not: it has the browser's.
"""

import os
import platform
from collections.abc import Mapping

PAPER = "https://arxiv.org/abs/2206.08521"
"""The method that Lookalike is built on: where nobody has said where this copy of it is found."""


def user_agent(environment: Mapping[str, str]) -> str:
    """Write the header.

    Args:
        environment: `LOOKALIKE_HOME` is where this copy is found, an address; within a workflow of
            GitHub's, its repository is known without.
    """
    repository = environment.get("GITHUB_REPOSITORY", "")
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    home = environment.get("LOOKALIKE_HOME") or (f"{server}/{repository}" if repository else PAPER)
    home = "".join(letter for letter in home if letter.isascii() and letter.isprintable())
    return f"Lookalike/0.1 ({home}) Python/{platform.python_version()}"


USER_AGENT = user_agent(os.environ)
