"""The operating curve: hits against false alarms as the dial turns."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise


def auc(points: Iterable[tuple[float, float]]) -> float:
    """The area under the curve through the points and the corners, by the trapezoidal rule.

    With no points it is 0.5, chance; for one point it is balanced accuracy. (N. A. Macmillan and C. D. Creelman,
    *Detection Theory*, 2nd ed. 2005, chapter 3; J. A. Hanley and B. J. McNeil, Radiology 143 (1982) 29-36.) The
    points are taken as they are: a curve that sags is not pulled up to its hull.

    Args:
        points: (false-alarm rate, hit rate), in any order; joined by rising false alarms, then hits.
    """
    curve = [(0.0, 0.0), *sorted(points), (1.0, 1.0)]
    return sum((right - left) * (low + high) / 2 for (left, low), (right, high) in pairwise(curve))


def best_dial(points: Iterable[tuple[float, float, float]]) -> float:
    """The dial with the largest Youden's J.

    Of several, the one with the fewest false alarms, and of those the lowest: the least intervention that does it.

    Args:
        points: (dial, false-alarm rate, hit rate); at least one.

    Raises:
        ValueError: There is no point.
    """

    def rank(point: tuple[float, float, float]) -> tuple[float, float, float]:
        dial, false_alarms, hits = point
        # Equal differences of floats may differ in their last digits.
        return -round(hits - false_alarms, 12), false_alarms, dial

    return min(points, key=rank)[0]
