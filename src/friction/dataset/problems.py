"""What is wrong with a dataset: one problem of one place, and one finding about the whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """Something in one place that has to be mended.

    Attributes:
        file: The file as it was named.
        line: Its line, the first is 1; None where a whole file is meant.
        field: The field (``agents.0.thought_stream``), or empty.
        check: The check that found it: ``schema``, ``pair``, ``duplicate`` ...
        message: What is wrong.
    """

    file: str
    line: int | None
    field: str
    check: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field + ': ' if self.field else ''}{self.message} [{self.check}]"


@dataclass(frozen=True)
class Finding:
    """One figure about all records together, and what it has to be.

    Attributes:
        check: What is measured.
        value: What came out, as it is printed.
        wanted: What it has to be, as it is printed.
        passed: Whether it is; None where it could not be judged, and then `value` says why.
        culprits: What made it so, the worst first.
    """

    check: str
    value: str
    wanted: str
    passed: bool | None
    culprits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """Everything that a validation found.

    Attributes:
        records: How many records were read.
        pairs: How many pairs they make.
        problems: What is wrong in single places, in the order of files and lines.
        findings: The figures about the whole.
    """

    records: int
    pairs: int
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.problems and all(finding.passed is not False for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data, for machines."""
        return {**asdict(self), "passed": self.passed}
