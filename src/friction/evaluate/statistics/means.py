"""A mean with its interval under resampling of units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from friction.evaluate.statistics.bootstrap import RESAMPLES, interval, resample
from friction.evaluate.statistics.clusters import Floats, unit_sums
from friction.evaluate.statistics.estimate import NOTHING, Estimate


def ratio(totals: Floats) -> Floats:
    """The first column by the second, shape (...); not a number where that is 0."""
    above, below = totals[..., 0], totals[..., 1]
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below != 0)


def mean(
    values: Sequence[float], units: Sequence[str] | None = None, *, resamples: int = RESAMPLES, seed: int = 0
) -> Estimate:
    """The mean of all cases, with a 95 % bootstrap interval.

    Args:
        values: One for each case.
        units: What each case belongs to; None: each stands for itself.
        resamples, seed: Of :func:`friction.evaluate.statistics.bootstrap.bootstrap`.

    Returns:
        Without limits where all cases belong to one unit or all units have the same mean: the sample then says nothing
        about the spread. The value is None where there is no case.

    Raises:
        ValueError: There are not as many units as cases.
    """
    if not values:
        return NOTHING
    own = [str(place) for place in range(len(values))] if units is None else units
    sums = unit_sums(own, values, [1.0] * len(values))
    low, high = interval(sums, resample(sums, resamples=resamples, seed=seed), ratio)
    return Estimate(float(ratio(sums.sum(axis=0))), low, high, len(values))
