"""Everything that a file of records must pass: line by line, pair by pair, and as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from friction.dataset.corpus import Corpus
from friction.dataset.duplicates import Candidates, Place, near_duplicates
from friction.dataset.leak import Leaks, is_test
from friction.dataset.problems import Problem, Report
from friction.dataset.record_checks import Side, check_pair, check_record, side_of
from friction.dataset.shortcut import Example, shortcut_findings
from friction.jsonl import LineError, require_files, scan_records
from friction.record import Record

KEPT = 20_000
"""Records of a side of the split that the shortcut classifiers see at most."""


class _Validation:
    """One pass over the files; what has to be kept of a record is small."""

    def __init__(self, paths: Sequence[Path], leaks: Leaks | None) -> None:
        self.paths, self.leaks = paths, leaks
        self.problems: list[tuple[int, Problem]] = []
        self.corpus, self.candidates = Corpus(), Candidates()
        self.pairs = 0
        self.kept: dict[bool, list[Example]] = {True: [], False: []}
        self._ids: dict[str, tuple[int, int]] = {}
        self._open: dict[str, tuple[int, Side]] = {}
        self._closed: set[str] = set()

    def report(self, file: int, line: int | None, field: str, check: str, message: str) -> None:
        """Notes a problem."""
        self.problems.append((file, Problem(str(self.paths[file]), line, field, check, message)))

    def take(self, file: int, line: int, record: Record) -> None:
        """Checks one record and keeps what later ones are compared with."""
        for field, check, message in check_record(record):
            self.report(file, line, field, check, message)
        if record.id in self._ids:
            first = self._ids[record.id]
            self.report(file, line, "id", "id", f"'{record.id}' is already in {self.paths[first[0]]}:{first[1]}")
        self._ids[record.id] = (file, line)
        self._pair(file, line, record)
        self.corpus.add(record)
        self.candidates.add(Place(file, line, record.pair_id), record)
        testing = is_test(self.paths[file])
        if self.leaks and not testing and (leak := self.leaks.find(record, str(self.paths[file]), line)):
            self.problems.append((file, leak))
        if len(self.kept[testing]) < KEPT:
            self.kept[testing].append(Example.of(record))

    def _pair(self, file: int, line: int, record: Record) -> None:
        side = side_of(record, f"{self.paths[file]}:{line}", line)
        if record.pair_id in self._closed:
            self.report(file, line, "pair_id", "pair", f"'{record.pair_id}' has two sides already")
        elif record.pair_id not in self._open:
            self._open[record.pair_id] = (file, side)
        else:
            first_file, first = self._open.pop(record.pair_id)
            self._closed.add(record.pair_id)
            self.pairs += 1
            if first_file != file:
                self.report(
                    file,
                    line,
                    "pair_id",
                    "pair",
                    f"the other side of '{record.pair_id}' is in {self.paths[first_file]}",
                )
            for field, check, message in check_pair(first, side):
                self.report(file, line, field, check, message)

    def finish(self) -> Report:
        """What only the end shows."""
        for pair_id, (file, side) in self._open.items():
            self.report(file, side.line, "pair_id", "pair", f"'{pair_id}' has one side only")
        for one, other, index in near_duplicates(self.candidates.pairs(), self.paths):
            where = f"{self.paths[one.file]}:{one.line}"
            self.report(other.file, other.line, "", "duplicate", f"says nearly what {where} says: Jaccard {index:.2f}")
        findings = self.corpus.findings()
        if self.kept[True] and self.kept[False]:
            findings += shortcut_findings(self.kept[False], self.kept[True])
        ordered = sorted(self.problems, key=lambda found: (found[0], found[1].line or 0))
        return Report(self.corpus.records, self.pairs, tuple(problem for _, problem in ordered), tuple(findings))


def validate(paths: Sequence[Path], progress: Callable[[int], None] = lambda _: None) -> Report:
    """Checks files of records together.

    A file whose name is ``test`` or ends in ``-test`` is the test set: the others must not share a run of eight words
    with it, and what words and lengths alone tell is measured on it.

    Args:
        paths: The files, in the order in which they are read.
        progress: Called with the number of records read so far.

    Raises:
        FrictionError: When a file cannot be read at all.
    """
    require_files(paths)
    test = [found for path in paths if is_test(path) for _, found in scan_records(path) if isinstance(found, Record)]
    run = _Validation(paths, Leaks(test) if test else None)
    for file, path in enumerate(paths):
        lines = 0
        for lines, found in scan_records(path):
            if isinstance(found, LineError):
                for field, message in found.problems:
                    run.report(file, lines, field, "schema", message)
            else:
                run.take(file, lines, found)
            progress(run.corpus.records)
        if not lines:
            run.report(file, None, "", "schema", "holds no records")
    return run.finish()
