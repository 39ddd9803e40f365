"""The interval of a difference, made from the intervals of its two parts.

It needs no resampling, and so it also tells something where resampling cannot: where one part lies on an edge, as a
rate of 0 or 1 does, every resample repeats it and the bootstrap would call it certain.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple


class Limits(NamedTuple):
    """A figure between its limits."""

    low: float
    value: float
    high: float


def square_and_add(minuend: Limits, subtrahend: Limits, correlation: float = 0.0) -> tuple[float, float]:
    """The interval of ``minuend`` minus ``subtrahend``.

    R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17
    (1998) 873-890, method 10; with a correlation, "Improved confidence intervals for the difference between binomial
    proportions based on paired data", ibid. 2635-2650, method 10. That it holds for any two figures: G. Y. Zou and
    A. Donner, "Construction of confidence limits about effect measures: a general approach", ibid. 27 (2008) 1693-1702.

    Args:
        minuend, subtrahend: The figures with limits of the same level.
        correlation: Of the two, from -1 to 1; 0 where they are independent, or where that is the cautious choice.
    """
    difference = minuend.value - subtrahend.value
    down = _length(minuend.value - minuend.low, subtrahend.high - subtrahend.value, correlation)
    up = _length(minuend.high - minuend.value, subtrahend.value - subtrahend.low, correlation)
    return difference - down, difference + up


def phi(both: float, only_first: float, only_second: float, neither: float) -> float:
    """The correlation of two paired proportions, with Newcombe's correction towards 0 (1998, method 10).

    Args:
        both, only_first, only_second, neither: Cases by what happened; fractions where they are effective numbers.

    Returns:
        0 where one of the proportions is 0 or 1.
    """
    cases = both + only_first + only_second + neither
    margins = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    if margins <= 0:
        return 0.0
    product = both * neither - only_first * only_second
    if product > 0:
        product = max(0.0, product - cases / 2)
    return max(-1.0, min(1.0, product / sqrt(margins)))


def _length(first: float, second: float, correlation: float) -> float:
    # Rounding may take the square of a tiny length below 0.
    return sqrt(max(0.0, first * first - 2 * correlation * first * second + second * second))
