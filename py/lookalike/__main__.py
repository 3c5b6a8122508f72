"""`python -m lookalike`: what can be done without a browser."""

import importlib
import sys

COMMANDS = {
    "evaluate": ("lookalike.evaluate.command", "evaluate"),
    "index": ("lookalike.terminal.index_command", "collections"),
    "search": ("lookalike.terminal.search_command", "collections"),
}
"""Where each command is, and the extra of pyproject.toml that has its libraries.

Imported when it is run, as not everybody has all extras.
"""


def main(arguments: list[str]) -> int:
    """Run a command.

    Returns:
        The exit status.
    """
    if arguments and arguments[0] in COMMANDS:
        module, extra = COMMANDS[arguments[0]]
        try:
            command = importlib.import_module(module)
        except ModuleNotFoundError as error:
            print(
                f"{arguments[0]}: {error.name} is not installed here. In the folder of the"
                f" checkout, run {sys.executable} -m pip install -e '.[{extra}]'",
                file=sys.stderr,
            )
            return 1
        status: int = command.main(arguments[1:])
        return status
    names = "|".join(COMMANDS)
    print(f"usage: python -m lookalike {names} …; each tells more by --help", file=sys.stderr)
    return 0 if arguments[:1] in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
