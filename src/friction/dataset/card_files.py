"""Puts a card together from the files that it is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from friction.dataset.card import card, shortcut_table
from friction.dataset.shortcut import FEWEST
from friction.dataset.statistics import statistics, tables
from friction.dataset.validate import validate
from friction.files import whole_file
from friction.jsonl import read_records


def write_card(out: Path, files: dict[str, Path], progress: Callable[[int], None] = lambda _: None) -> str:
    """Writes the card of ``train`` and ``test``, and of ``micro`` where it is given.

    Returns:
        The day of the newest record, as ISO date.

    Raises:
        FrictionError: A file cannot be read, or holds a line that is no record.
        ModuleNotFoundError: scikit-learn is not installed.
    """
    train, test = list(read_records(files["train"])), list(read_records(files["test"]))
    report = validate([files["train"], files["test"]], progress)
    counted = statistics([*train, *test])
    shortcut = shortcut_table(train, test) if min(len(train), len(test)) >= FEWEST else None
    with whole_file(out) as file:
        file.write(card(files, counted, tables(counted), report.findings, shortcut).encode())
    return max(record.metadata.created for record in [*train, *test]).isoformat()
