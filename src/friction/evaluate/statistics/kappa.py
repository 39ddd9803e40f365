"""Agreement beyond chance of two that judge the same cases: Cohen's kappa."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import sqrt

import numpy as np

from friction.evaluate.statistics.bootstrap import RESAMPLES, Interval, bootstrap
from friction.evaluate.statistics.clusters import Floats
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.statistics.rates import rate
from friction.wilson import Z


def kappa(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    units: Sequence[str] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Cohen's κ with a 95 % interval.

    (agreement - chance) / (1 - chance), with chance the agreement that the two shares of each label would give by
    themselves (J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20
    (1960) 37-46). Without units the interval is ± 1.96 standard errors (:func:`standard_error`), with units it is the
    cluster bootstrap's. Where the two always agree, or never, or neither way shows any spread, it is Wilson's interval
    of the agreement, on the scale of κ with chance as it is: 20 of 20 in agreement are no proof that they always do.

    Args:
        first, second: What each says of each case.
        units: What each case belongs to; None: all cases are independent.
        resamples, seed: Of the bootstrap.

    Returns:
        The value is None where both always say the same one thing: chance then explains all.

    Raises:
        ValueError: The sequences are not of one length.
    """
    cases = len(first)
    if len(second) != cases or (units is not None and len(units) != cases):
        raise ValueError("each case needs both judgements, and its unit where there are units")
    if not cases:
        return NOTHING
    cells, table = _cells(first, second)
    value = float(_kappa(table.ravel()))
    if np.isnan(value):
        return Estimate(None, None, None, cases)
    limits: Interval = (None, None)
    if 0 < np.trace(table) < cases:
        limits = (
            _large_sample(value, table)
            if units is None
            else bootstrap(units, cells, _kappa, resamples=resamples, seed=seed)
        )
    low, high = _from_agreement(first, second, units, table) if limits[0] is None else limits
    return Estimate(value, max(-1.0, low), min(1.0, high), cases)


def standard_error(table: Floats) -> float:
    """The large-sample standard error of κ.

    J. L. Fleiss, J. Cohen and B. S. Everitt, "Large sample standard errors of kappa and weighted kappa", Psychological
    Bulletin 72 (1969) 323-327.

    Args:
        table: Counts, shape (labels, labels).
    """
    cases = float(table.sum())
    shares = table / cases
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    agreement, chance = float(np.trace(shares)), float(rows @ columns)
    value = (agreement - chance) / (1 - chance)
    both = rows[None, :] + columns[:, None]
    weights = np.where(
        np.eye(len(shares), dtype=bool), (1 - np.diag(both) * (1 - value)) ** 2, (both * (1 - value)) ** 2
    )
    variance = float(np.sum(shares * weights)) - (value - chance * (1 - value)) ** 2
    return sqrt(max(0.0, variance) / cases) / (1 - chance)


def _cells(first: Sequence[Hashable], second: Sequence[Hashable]) -> tuple[list[list[float]], Floats]:
    """For each cell of the table of labels, which cases lie in it; and the table."""
    labels = sorted(set(first) | set(second), key=repr)
    said = list(zip(first, second, strict=True))
    cells = [[float(pair == (one, other)) for pair in said] for one in labels for other in labels]
    return cells, np.array([sum(cell) for cell in cells]).reshape(len(labels), len(labels))


def _kappa(totals: Floats) -> Floats:
    """κ of the cells of tables, shape (..., labels²); not a number where chance explains all."""
    labels = round(sqrt(totals.shape[-1]))
    tables = totals.reshape(*totals.shape[:-1], labels, labels)
    cases = tables.sum(axis=(-1, -2))
    agreement = np.trace(tables, axis1=-2, axis2=-1) * cases
    chance = np.sum(tables.sum(axis=-1) * tables.sum(axis=-2), axis=-1)
    values: Floats = np.divide(
        agreement - chance,
        cases**2 - chance,
        out=np.full_like(np.asarray(chance), np.nan),
        where=cases**2 - chance > 0,
    )
    return values


def _large_sample(value: float, table: Floats) -> Interval:
    half = Z * standard_error(table)
    # Rounding leaves a trace of a standard error of 0.
    return (value - half, value + half) if half > 1e-6 else (None, None)


def _from_agreement(
    first: Sequence[Hashable], second: Sequence[Hashable], units: Sequence[str] | None, table: Floats
) -> tuple[float, float]:
    """Wilson's interval of the agreement on the scale of κ, chance taken as known."""
    agreed = rate([one == other for one, other in zip(first, second, strict=True)], units)
    assert agreed.low is not None and agreed.high is not None
    chance = float(table.sum(axis=1) @ table.sum(axis=0)) / float(table.sum()) ** 2
    return (agreed.low - chance) / (1 - chance), (agreed.high - chance) / (1 - chance)
