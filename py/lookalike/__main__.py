"""`python -m lookalike`: what can be done without a browser."""

import importlib
import sys

COMMANDS = {
    "evaluate": "lookalike.evaluate.command",
    "index": "lookalike.terminal.index_command",
    "search": "lookalike.terminal.search_command",
}
"""Where each command is. Imported when it is run, since their libraries are extras of their own."""


def main(arguments: list[str]) -> int:
    """Run a command.

    Returns:
        The exit status.
    """
    if arguments and arguments[0] in COMMANDS:
        status: int = importlib.import_module(COMMANDS[arguments[0]]).main(arguments[1:])
        return status
    names = "|".join(COMMANDS)
    print(f"usage: python -m lookalike {names} …; each tells more by --help", file=sys.stderr)
    return 0 if arguments[:1] in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
