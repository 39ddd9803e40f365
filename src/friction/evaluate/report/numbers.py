"""Figures as text: each with its interval, and with a reason where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from friction.evaluate.statistics.estimate import Estimate

Kind = Literal["share", "mean", "score"]
"""`share`: of 1. `mean`: in words, phrases, turns. `score`: d′ and its kin, which have no unit."""

NONE = "–"


@dataclass(frozen=True)
class Shown:
    """An estimate, and how it is to be read.

    Attributes:
        estimate: The figure.
        kind: What it is a figure of.
        signed: Whether it is a difference, whose sign is always written.
    """

    estimate: Estimate
    kind: Kind = "share"
    signed: bool = False

    @property
    def value(self) -> str:
        """The figure alone; a dash where there is none."""
        return NONE if self.estimate.value is None else self._number(self.estimate.value)

    @property
    def interval(self) -> str:
        """The interval alone, such as ``(0.78 to 0.87)``; empty where there is no figure."""
        if self.estimate.value is None:
            return ""
        if self.estimate.low is None or self.estimate.high is None:
            return "(no interval)"
        return f"({self._number(self.estimate.low)} to {self._number(self.estimate.high)})"

    @property
    def cases(self) -> str:
        """What it was counted on: ``50 of 60`` for a share, else ``n 60``."""
        if self.estimate.count is not None and self.estimate.n:
            return f"{self.estimate.count:,} of {self.estimate.n:,}"
        return f"n {self.estimate.n:,}"

    @property
    def why_none(self) -> str:
        """Why there is no figure; empty where there is one."""
        if self.estimate.value is not None:
            return ""
        if self.estimate.n == 0:
            return "Nothing was counted: no scored reply was of this kind."
        return f"It cannot be computed from these {self.estimate.n:,} cases."

    @property
    def text(self) -> str:
        """The figure with its interval: ``0.83 (0.78 to 0.87)``."""
        return f"{self.value} {self.interval}".rstrip()

    @property
    def with_cases(self) -> str:
        """All of it in one line: ``0.83 (0.78 to 0.87), 50 of 60``, or ``– (n 0)``."""
        return f"{NONE} ({self.cases})" if self.estimate.value is None else f"{self.text}, {self.cases}"

    def _number(self, value: float) -> str:
        return number(value, decimals(self.estimate.value, self.kind), self.signed)


def decimals(value: float | None, kind: Kind) -> int:
    """How many decimals a figure of that size deserves; its interval is printed with as many."""
    size = abs(value or 0.0)
    if kind != "mean" or size < 10:
        return 2
    return 1 if size < 1000 else 0


def number(value: float, places: int = 2, signed: bool = False) -> str:
    """A number with a real minus sign, and with no sign where it rounds to nothing."""
    text = f"{abs(value):,.{places}f}"
    if not any(digit in "123456789" for digit in text):
        return text
    return f"−{text}" if value < 0 else f"+{text}" if signed else text


def p_value(p: float) -> str:
    """A p value as it is printed: never zero, and no more digits than say something."""
    if p < 0.001:
        return "< 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def dial_setting(dial: float) -> str:
    """A setting of the dial as one types it."""
    return f"{dial:g}"
