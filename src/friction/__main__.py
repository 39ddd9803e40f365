"""Where every command starts: imports nothing before Ctrl-C is taken care of."""

import sys


def main() -> None:
    """Run the command line; 130 after Ctrl-C, however early it comes."""
    try:
        from friction.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
