"""What a long work has so far: one line for each thing that was paid for, on disk before it is used."""

from __future__ import annotations

import errno
import json
import os
import threading
from pathlib import Path
from typing import IO, Any

from friction.errors import FrictionError

NAME = "journal.jsonl"
_SETTINGS = "settings"


class Journal:
    """Keys and values in a file that only grows; a line that a kill cut off is as if never written.

    Args:
        folder: Where it lies; made if it is not there.
        settings: What the work depends on; a folder that was begun with other settings is refused.
        work: What it is called in messages.

    Raises:
        FrictionError: The folder holds another one's work, or a journal that is damaged inside.
    """

    def __init__(self, folder: Path, settings: dict[str, Any], *, work: str = "generation") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / NAME
        self._lock = threading.Lock()
        self._values: dict[str, Any] = {}
        self._file = self._path.open("ab")
        try:
            _claim(self._file, folder, work)
            self._read()
        except BaseException:
            self._file.close()
            raise
        begun = self._values.get(_SETTINGS)
        if begun is None:
            self.put(_SETTINGS, settings)
        elif begun != settings:
            self.close()
            other = next(name for name in {**settings, **begun} if settings.get(name) != begun.get(name))
            raise FrictionError(
                problem=f"'{folder}' holds another {work}",
                because=f"its {other} is {begun.get(other)!r}, not {settings.get(other)!r}",
                fix="name another folder, or give the settings that it was begun with",
            )

    def _read(self) -> None:
        data = self._path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            with self._path.open("r+b") as file:
                file.truncate(whole)
        for number, line in enumerate(data[:whole].splitlines(), 1):
            try:
                entry = json.loads(line)
                self._values[entry["key"]] = entry["value"]
            except (ValueError, KeyError, TypeError) as error:
                raise FrictionError(
                    problem=f"'{self._path}' is damaged",
                    because=f"line {number} is not an entry",
                    fix="remove that line: what it held is asked for again",
                ) from error

    def get(self, key: str) -> Any:
        """What was put under the key, None if nothing was."""
        with self._lock:
            return self._values.get(key)

    def put(self, key: str, value: Any) -> None:
        """Keeps a value; when this returns, a kill can no longer lose it."""
        line = json.dumps({"key": key, "value": value}, ensure_ascii=False).encode() + b"\n"
        with self._lock:
            if self._file.closed:
                return  # a reply that came after the end; the next start asks for it again
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._values[key] = value

    def under(self, ending: str = "") -> list[tuple[str, Any]]:
        """All keys with this ending and their values, in the order of the keys."""
        with self._lock:
            found = [key for key in self._values if key.endswith(ending)]
            return [(key, self._values[key]) for key in sorted(found)]

    def close(self) -> None:
        """Closes the file; what is put later is not kept."""
        with self._lock:
            self._file.close()


def _claim(file: IO[bytes], folder: Path, work: str) -> None:
    """Keeps a second start out while this one runs; the system lets go of it however this one ends."""
    try:
        import fcntl
    except ImportError:  # no such thing on this system
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            return  # a file system without locks
        raise FrictionError(
            problem=f"another {work} is at work in '{folder}'",
            because="two would pay for everything twice",
            fix="wait for it, stop it, or name another folder",
        ) from error
