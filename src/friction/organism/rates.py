"""A count of a count, with the interval without which it is never shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from friction.wilson import wilson


@dataclass
class Rate:
    """How many of how many.

    Attributes:
        count: How often it happened.
        total: Cases.
        items: What the cases were about, if that was told. Cases about one thing are not independent of one another.
    """

    count: int = 0
    total: int = 0
    items: set[str] = field(default_factory=set)

    def add(self, happened: bool, item: str = "") -> None:
        """Count one more case, about an item."""
        self.count += happened
        self.total += 1
        if item:
            self.items.add(item)

    @property
    def independent(self) -> int:
        """The cases that certainly are independent: one for each item, or all where no items were told."""
        return min(self.total, len(self.items) or self.total)

    @property
    def share(self) -> float:
        """The rate; 0 where nothing was counted."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % score interval; everything is possible where nothing was counted.

        It is as wide as if every item had been asked about once, which is the widest that it can be.
        """
        return wilson(self.share, self.independent)

    def as_dict(self) -> dict[str, Any]:
        """For a manifest: count, total, rate and interval."""
        low, high = self.interval
        return {
            "count": self.count,
            "total": self.total,
            "items": len(self.items),
            "rate": round(self.share, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.count} of {self.total} ({100 * low:.0f}-{100 * high:.0f} %)"
