"""Cases that are not independent of one another: twins, prompts about one thing, several replies to one prompt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def unit_sums(units: Sequence[str], *columns: Sequence[float]) -> Floats:
    """Sums by unit.

    Args:
        units: The unit of each case.
        columns: Numbers of the same cases; one sequence as long as ``units`` for each thing to be summed.

    Returns:
        Shape (units, columns). Units come by name, so that the order of the cases decides nothing.

    Raises:
        ValueError: A column is not as long as ``units``.
    """
    if any(len(column) != len(units) for column in columns):
        raise ValueError("each column needs one number for each case")
    rows = {name: row for row, name in enumerate(sorted(set(units)))}
    index = np.array([rows[unit] for unit in units], dtype=np.intp)
    sums = np.empty((len(rows), len(columns)))
    for place, column in enumerate(columns):
        numbers = np.asarray(column, dtype=np.float64)
        # Added up by size, for the last digit of a sum depends on the order.
        order = np.lexsort((numbers, index))
        sums[:, place] = np.bincount(index[order], weights=numbers[order], minlength=len(rows))
    return sums


def design_effect(values: Sequence[float], units: Sequence[str]) -> float:
    """How many times larger the variance of a mean is than it would be were all cases independent.

    The numerator is the linearised variance of the ratio of two sums over units, G/(G-1) Σ (s - m·n)² / N², with s and
    n the sum and the number of cases of a unit, m the mean, G units and N cases (L. Kish, *Survey Sampling*, 1965,
    chapters 6 and 8; up to G/(G-1) the square of the clustered standard error in E. Miller, "Adding Error Bars to
    Evals", arXiv:2411.00640, 2024). The denominator is the same formula with every case a unit of its own.

    Returns:
        1 where every unit holds one case; also where it cannot be estimated, which is for fewer than two units or
        where all values are equal. Below 1 where cases of one unit differ more than those of different units.
    """
    sums = unit_sums(units, values, [1.0] * len(values))
    groups, cases = len(sums), len(values)
    mean = sums[:, 0].sum() / cases if cases else 0.0
    independent = float(np.sum((np.asarray(values, dtype=np.float64) - mean) ** 2))
    if groups < 2 or independent == 0.0:
        return 1.0
    clustered = float(np.sum((sums[:, 0] - mean * sums[:, 1]) ** 2))
    return (groups / (groups - 1) * clustered) / (cases / (cases - 1) * independent)


def fewest_effective(units: Sequence[str]) -> float:
    """What n cases are worth at the least: N² / Σ n², with n the cases of a unit.

    It is the effective number of cases where all cases of a unit come out the same (L. Kish, *Survey Sampling*, 1965,
    section 8.2: a design effect of 1 + (n - 1)·rho with rho = 1): the number of units, where they are of one size.
    """
    sizes = unit_sums(units, [1.0] * len(units))[:, 0]
    return float(sizes.sum() ** 2 / np.sum(sizes**2)) if len(sizes) else 0.0
