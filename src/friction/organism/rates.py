"""A count of a count, with the interval without which it is never shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

_Z = 1.959964  # the standard normal's 97.5 % quantile


@dataclass
class Rate:
    """How many of how many."""

    count: int = 0
    total: int = 0

    def add(self, happened: bool) -> None:
        """Count one more case."""
        self.count += happened
        self.total += 1

    @property
    def share(self) -> float:
        """The rate; 0 where nothing was counted."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % score interval (E. B. Wilson, 1927); everything is possible where nothing was counted."""
        if self.total == 0:
            return 0.0, 1.0
        squared = _Z * _Z
        middle = self.share + squared / (2 * self.total)
        spread = _Z * math.sqrt(self.share * (1 - self.share) / self.total + squared / (4 * self.total**2))
        scale = 1 + squared / self.total
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)

    def as_dict(self) -> dict[str, Any]:
        """For a manifest: count, total, rate and interval."""
        low, high = self.interval
        return {
            "count": self.count,
            "total": self.total,
            "rate": round(self.share, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.count} of {self.total} ({100 * low:.0f}-{100 * high:.0f} %)"
