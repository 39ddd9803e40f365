"""The cluster bootstrap: units are drawn again with all their cases, and the figure is computed anew.

What cannot be resampled apart stays together: twins, prompts about one thing, all replies to one prompt. Every figure
is a function of sums over units, so a resample is one row of a matrix product and no loop over replies. B. Efron and
R. J. Tibshirani, *An Introduction to the Bootstrap*, 1993; for clusters A. C. Davison and D. V. Hinkley, *Bootstrap
Methods and their Application*, 1997, section 3.8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from friction.evaluate.statistics.clusters import Floats, unit_sums
from friction.wilson import Z

Statistic = Callable[[Floats], Floats]
"""From totals, shape (..., columns), to a figure, shape (...); not a number where it is not defined."""

Interval = tuple[float, float] | tuple[None, None]

RESAMPLES = 2000
_LARGEST_BLOCK = 1 << 22


def bootstrap(
    units: Sequence[str],
    columns: Sequence[Sequence[float]],
    statistic: Statistic,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """The 95 % interval of a figure under resampling of units.

    Args:
        units: The unit of each case.
        columns: Numbers of the same cases, each sequence as long as ``units``; their totals are what the figure is
            computed from.
        statistic: The figure.
        resamples: How many.
        seed: Of the draws; the same seed gives the same interval, whatever the order of the cases.

    Returns:
        (low, high) as :func:`interval` has it.
    """
    sums = unit_sums(units, *columns)
    return interval(sums, resample(sums, resamples=resamples, seed=seed), statistic)


def resample(sums: Floats, *, resamples: int = RESAMPLES, seed: int = 0) -> Floats:
    """Totals of resamples, each of as many units as there are, drawn with replacement.

    Args:
        sums: Shape (units, columns).
        resamples: How many.
        seed: Of the draws.

    Returns:
        Shape (resamples, columns).
    """
    groups = len(sums)
    if not groups:
        return np.zeros((resamples, sums.shape[1]))
    size = max(1, min(resamples, _LARGEST_BLOCK // groups))
    totals = [
        _draws(groups, min(size, resamples - first), seed, first).astype(np.float64) @ sums
        for first in range(0, resamples, size)
    ]
    return np.concatenate(totals)


def interval(sums: Floats, totals: Floats, statistic: Statistic) -> Interval:
    """The 95 % interval of a figure from the totals of resamples.

    It is BCa, bias-corrected and accelerated (B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987)
    171-185), for our figures are skewed where they are most looked at, near 0 and 1. Where BCa is not defined, because
    all resamples lie on one side of the figure or because leaving out single units changes nothing, it is the
    percentile interval. It always holds the figure itself.

    Args:
        sums: Shape (units, columns): the sample.
        totals: Shape (resamples, columns): from :func:`resample`.
        statistic: The figure. Resamples where it is not defined are left out.

    Returns:
        (None, None) where resampling tells nothing: one unit only, a figure that is not defined in the sample or in
        most resamples, or one that is the same in all of them. No spread in a sample is no proof of certainty.
    """
    value = float(statistic(sums.sum(axis=0)))
    figures = statistic(totals)
    figures = figures[np.isfinite(figures)]
    if len(sums) < 2 or not np.isfinite(value) or 2 * len(figures) <= len(totals):
        return None, None
    tolerance = 1e-12 * max(1.0, abs(value))
    if np.ptp(figures) <= tolerance:
        return None, None
    # Many resamples give just the figure where cases are few: half of them count as below it.
    below = (np.sum(figures < value - tolerance) + np.sum(figures <= value + tolerance)) / (2 * len(figures))
    low, high = np.quantile(figures, _tails(float(below), _acceleration(sums, statistic)))
    return min(float(low), value), max(float(high), value)


def _tails(below: float, acceleration: float | None) -> tuple[float, float]:
    """Which quantiles of the resamples are the limits."""
    from scipy.special import ndtr, ndtri

    if acceleration is None or not 0.0 < below < 1.0:
        return 0.025, 0.975
    bias = float(ndtri(below))
    shrinks = [1 - acceleration * (bias + z) for z in (-Z, Z)]
    if min(shrinks) <= 0:
        return 0.025, 0.975
    low, high = (float(ndtr(bias + (bias + z) / shrink)) for z, shrink in zip((-Z, Z), shrinks, strict=True))
    return low, high


def _acceleration(sums: Floats, statistic: Statistic) -> float | None:
    """The skewness of what single units do to the figure, from the jackknife; None where they do nothing."""
    without = statistic(sums.sum(axis=0) - sums)
    without = without[np.isfinite(without)]
    if len(without) < 2:
        return None
    influence = without.mean() - without
    squares = float(np.sum(influence**2))
    if squares <= 1e-24 * max(1.0, float(np.max(np.abs(without))) ** 2):
        return None
    cubes = float(np.sum(influence**3))
    return float(cubes / (6 * squares**1.5))


@lru_cache(maxsize=8)
def _draws(groups: int, resamples: int, seed: int, first: int) -> NDArray[np.uint16]:
    """How often each unit is drawn, shape (resamples, groups); kept, since a report asks for the same ones again."""
    drawn = np.random.default_rng([seed, first]).integers(0, groups, size=(resamples, groups))
    drawn += np.arange(resamples)[:, None] * groups
    counts = np.bincount(drawn.ravel(), minlength=resamples * groups)
    return counts.astype(np.uint16).reshape(resamples, groups)
