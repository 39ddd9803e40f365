"""What the data commands print: progress, tables, and what a validation found."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable
from rich.text import Text

from friction.cli.data_tokens import visible
from friction.dataset.problems import Finding, Report
from friction.dataset.statistics import Table
from friction.demo.look import BAD, GOOD, SOFT

T = TypeVar("T")
SHOWN_AFTER = 1.0
"""Seconds until progress is shown; quick work needs none."""
_EVERY = 200
NARROWEST = 116
"""Columns that the widest table takes."""


class Tick:
    """Counts records where a person waits for them."""

    def __init__(self, progress: Progress, what: str) -> None:
        self._progress = progress
        self._task = progress.add_task(what, total=None)
        self._begun = time.monotonic()

    def to(self, count: int) -> None:
        """So many records are read."""
        if count % _EVERY == 0 and time.monotonic() - self._begun > SHOWN_AFTER:
            self._progress.start()
            self._progress.update(self._task, completed=count)

    def __call__(self, records: Iterable[T]) -> Iterator[T]:
        """The records, counted as they pass."""
        for count, record in enumerate(records, 1):
            self.to(count)
            yield record


@contextmanager
def reading(paths: Sequence[Path]) -> Iterator[Tick]:
    """Progress on stderr, in a terminal, once the work takes longer than a moment."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,.0f} records"))
    console = Console(stderr=True)
    progress = Progress(*columns, TimeElapsedColumn(), console=console, transient=True, disable=not sys.stderr.isatty())
    try:
        yield Tick(progress, f"reading {', '.join(path.name for path in paths)}")
    finally:
        progress.stop()


def _console() -> Console:
    """The terminal, or wide lines where there is none: a table that is searched should not be broken.

    A terminal that is too narrow for the tables breaks their lines itself: better than figures that are cut.
    """
    console = Console(highlight=False)
    console.width = max(console.width, NARROWEST if console.is_terminal else 200)
    return console


def print_tables(records: int, pairs: int, tables: Sequence[Table]) -> None:
    """Statistics as tables."""
    console = _console()
    console.print(f"{records:,} records, {pairs:,} pairs")
    for table in tables:
        shown = RichTable(title=table.title, title_justify="left", title_style="bold", box=None, padding=(0, 3, 0, 0))
        for at, column in enumerate(table.columns):
            shown.add_column(column, justify="right" if at else "left", header_style=SOFT)
        for row in table.rows:
            shown.add_row(*(Text(visible(cell)) for cell in row))
        console.print()
        console.print(shown)


def print_report(report: Report) -> None:
    """All problems, the figures about the whole, and a last line that says how it stands."""
    console = _console()
    for problem in report.problems:
        console.print(Text(visible(str(problem))), soft_wrap=True)
    if report.findings:
        if report.problems:
            console.print()
        console.print(_findings(report.findings))
        for finding in report.findings:
            if finding.culprits and finding.passed is not True:
                console.print(
                    Text(f"{finding.check}: {', '.join(map(visible, finding.culprits[:8]))}", SOFT), soft_wrap=True
                )
    counts = Counter(problem.check for problem in report.problems)
    failed = [finding.check for finding in report.findings if finding.passed is False]
    console.print()
    if report.passed:
        console.print(Text(f"{report.records:,} records, {report.pairs:,} pairs: nothing to mend", f"bold {GOOD}"))
        return
    parts = [f"{count:,} × {check}" for check, count in counts.most_common()] + failed
    console.print(
        Text(f"{report.records:,} records, {report.pairs:,} pairs: to mend: {', '.join(parts)}", f"bold {BAD}"),
        soft_wrap=True,
    )


def _findings(findings: Sequence[Finding]) -> RichTable:
    marks = {True: ("✓", GOOD), False: ("✗", BAD), None: ("–", SOFT)}
    table = RichTable(box=None, padding=(0, 2, 0, 0), show_header=False)
    for finding in findings:
        mark, colour = marks[finding.passed]
        value = Text(visible(finding.value))
        table.add_row(Text(mark, colour), finding.check, value, Text(finding.wanted, SOFT))
    return table
