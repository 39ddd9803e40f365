"""Runs of words that a test set shares with a training set: what was trained on proves nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from friction.dataset.problems import Problem
from friction.dataset.text import everything, runs, words
from friction.record import Record

RUN = 8


class Leaks:
    """Knows the test set's runs of words, and finds them in other records."""

    def __init__(self, test: Iterable[Record]) -> None:
        self._owner = {run: record.id for record in test for run in _long_runs(record)}

    def find(self, record: Record, file: str, line: int) -> Problem | None:
        """The first run of words that the record shares with the test set."""
        for run in _long_runs(record):
            if run in self._owner:
                return Problem(
                    file, line, "", "leak", f"shares '{run}' with record '{self._owner[run]}' of the test set"
                )
        return None


def _long_runs(record: Record) -> Iterable[str]:
    for text in everything(record):
        tokens = words(text)
        if len(tokens) >= RUN:
            yield from runs(tokens, RUN)


def is_test(path: Path) -> bool:
    """Whether a file is a test set by its name."""
    return path.stem == "test" or path.stem.endswith(("-test", "_test"))
