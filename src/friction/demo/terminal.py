"""The terminal as it is: what it can show, and how a line is read from it."""

import os
import sys
from collections.abc import Callable

from friction.engine.cache import cache_folder


def is_plain() -> bool:
    """Whether output goes without colours and frames: into a pipe or file, or because NO_COLOR asks for it."""
    return not sys.stdout.isatty() or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") in ("dumb", "")


def is_interactive() -> bool:
    """Whether somebody sits there: reads what is written, and can type."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def line_reader(prompt: str) -> Callable[[], str]:
    """A function that reads a line with editing, and with a history that outlives the process where it can be kept."""
    if os.environ.get("TERM") in ("dumb", ""):
        return lambda: input(prompt)
    from contextlib import suppress

    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    class KeptWherePossible(FileHistory):
        """A history whose file may become unwritable while somebody types."""

        def store_string(self, string: str) -> None:
            """Adds a line to the file, if it can."""
            with suppress(OSError):
                super().store_string(string)

    history: History = InMemoryHistory()
    path = cache_folder() / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):
            history = KeptWherePossible(str(path))
    except OSError:
        pass  # without a place to keep it, the history ends with the process
    session: PromptSession[str] = PromptSession(prompt, history=history)
    return session.prompt
