"""A figure with the interval without which it is never shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """A figure and how sure it is.

    Attributes:
        value: The figure; None where there was nothing to count.
        low, high: Its 95 % interval; None where there is none.
        n: Cases behind it: replies, or pairs where both arms were compared.
        count: How many of the cases, where the figure is a share; None otherwise.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    count: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON, rounded to what the intervals let one say."""
        rounded = {
            name: None if value is None else round(value, 4)
            for name, value in (("value", self.value), ("low", self.low), ("high", self.high))
        }
        return {**rounded, "n": self.n, **({} if self.count is None else {"count": self.count})}


NOTHING = Estimate(None, None, None, 0)
"""What stands where nothing was counted."""
