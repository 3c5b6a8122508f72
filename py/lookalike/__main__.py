"""`python -m lookalike`: what can be done without a browser."""

import sys


def main(arguments: list[str]) -> int:
    """Run a command.

    Returns:
        The exit status.
    """
    if arguments[:1] == ["evaluate"]:
        # Imported here, since its libraries are an extra of their own.
        from lookalike.evaluate.command import main as evaluate

        return evaluate(arguments[1:])
    print("usage: python -m lookalike evaluate [options]; see evaluate --help", file=sys.stderr)
    return 0 if arguments[:1] in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
