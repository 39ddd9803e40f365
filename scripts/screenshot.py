"""A picture of what a command shows: it runs in a terminal in memory, whose screen becomes an SVG.

    python scripts/screenshot.py docs/demo.svg -- friction demo

The command thinks that a person watches (colours, live display), and reads an end of input when it asks for any.
"""

import argparse
import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from textwrap import shorten

import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

ROWS = 400  # high enough that nothing scrolls away


def main() -> None:
    """Run the command and write its picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("svg", type=Path)
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    lines = captured(arguments.command, arguments.columns)
    console = Console(record=True, width=arguments.columns, file=io.StringIO())
    for line in lines:
        console.print(line, overflow="ignore", no_wrap=True, highlight=False)
    arguments.svg.parent.mkdir(parents=True, exist_ok=True)
    title = " ".join([Path(arguments.command[0]).name, *arguments.command[1:]])
    console.save_svg(str(arguments.svg), title=shorten(title, arguments.columns // 2, placeholder=" …"))


def captured(command: list[str], columns: int) -> list[Text]:
    """The lines on the screen when the command has ended, without empty ones at the end.

    Raises:
        SystemExit: With the command's own exit code, when it failed.
    """
    screen = pyte.Screen(columns, ROWS)
    stream = pyte.ByteStream(screen)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment, close_fds=True
    ) as process:
        os.close(theirs)
        written = b""
        try:
            while chunk := os.read(ours, 65536):
                written += chunk
        except OSError:
            pass  # Linux reports the end of a terminal as an input/output error
    os.close(ours)
    if process.returncode:
        sys.stderr.buffer.write(written)
        raise SystemExit(process.returncode)
    stream.feed(re.sub(rb"\x1b\[([0-9;]*)m", faint_as_grey, written))
    lines = [line_of(screen, row, columns) for row in range(ROWS)]
    while lines and not lines[-1].plain.strip():
        lines.pop()
    return lines


def faint_as_grey(found: re.Match[bytes]) -> bytes:
    """A change of style in which faint is grey: the terminal in memory knows nothing fainter than normal."""
    parts = found[1].split(b";")
    colours = [b"38", b"48"]
    grey = [b"90" if part == b"2" and (not i or parts[i - 1] not in colours) else part for i, part in enumerate(parts)]
    return b"\x1b[" + b";".join(grey) + b"m"


def line_of(screen: pyte.Screen, row: int, columns: int) -> Text:
    """A row of the screen with its colours."""
    line = Text()
    for column in range(columns):
        cell = screen.buffer[row][column]
        style = Style(
            color=colour(cell.fg),
            bgcolor=colour(cell.bg),
            bold=cell.bold,
            italic=cell.italics,
            underline=cell.underscore,
            strike=cell.strikethrough,
            reverse=cell.reverse,
        )
        line.append(cell.data, style)
    line.rstrip()
    return line


def colour(name: str) -> str | None:
    """pyte's name of a colour as rich's."""
    if name == "default":
        return None
    if len(name) == 6 and all(digit in "0123456789abcdef" for digit in name):
        return f"#{name}"
    bright = name.startswith("bright")
    name = name.removeprefix("bright").replace("brown", "yellow")
    return f"bright_{name}" if bright else name


if __name__ == "__main__":
    main()
