"""Exact tests of paired outcomes: McNemar's, and its generalisation to units of several cases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def mcnemar(only_first: int, only_second: int) -> float:
    """The two-sided p-value of the exact McNemar test.

    Under the null hypothesis each case on which the two differ goes either way with probability 1/2, so the smaller
    count is binomial; the p-value is twice its tail, at most 1 (Q. McNemar, Psychometrika 12 (1947) 153-157; the exact
    form as in A. Agresti, *Categorical Data Analysis*, 2nd ed. 2002, section 10.1).

    Args:
        only_first, only_second: Pairs of which only one side did it. Pairs that agree tell nothing.

    Returns:
        1 where no pair differs.
    """
    cases = only_first + only_second
    term = tail = 1
    for k in range(1, min(only_first, only_second) + 1):
        term = term * (cases - k + 1) // k
        tail += term
    # Whole numbers up to the last step: a float would overflow from about a thousand cases on.
    return min(1.0, 2 * tail / 2**cases) if cases else 1.0


def sign_flip(differences: Sequence[int]) -> float:
    """The two-sided p-value of the exact sign-flip test of units.

    Under the null hypothesis the arms may be swapped within any unit, which turns the sign of its difference. The
    distribution of the sum over all 2^units swaps is computed exactly, by adding unit after unit (R. A. Fisher, *The
    Design of Experiments*, 1935, section 21; that clusters are swapped as a whole makes it hold for clusters). Where
    all differences are -1, 0 or 1 it is :func:`mcnemar`.

    Args:
        differences: For each unit, how many cases more the second arm did it on.

    Returns:
        The share of swaps with a sum at least as far from 0; 1 where nothing differs.
    """
    sizes = [abs(difference) for difference in differences if difference]
    total = sum(sizes)
    # The share of swaps by the sum of the sizes that stay positive; the sum with signs is twice that, less the total.
    shares = np.zeros(total + 1)
    shares[0] = 1.0
    reached = 0
    for size in sizes:
        reached += size
        moved = shares[: reached - size + 1] / 2
        shares[: reached - size + 1] = moved
        shares[size : reached + 1] += moved
    sums = 2 * np.arange(total + 1) - total
    return min(1.0, float(shares[np.abs(sums) >= abs(sum(differences))].sum()))
