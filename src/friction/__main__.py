"""Where every command starts: imports nothing before Ctrl-C is taken care of."""

import io
import signal
import sys


def main() -> None:
    """Run the command line; 130 after Ctrl-C, however early it comes."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal that knows few letters shows a mark for the others
                stream.reconfigure(errors="replace")
        if sys.argv[1:2] == ["data"] and sys.argv[2:3] != ["generate"] and hasattr(signal, "SIGPIPE"):
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it as it ends every tool
        from friction.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
