"""Baseline against friction on the same prompts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, ceil, sqrt

import numpy as np

from friction.evaluate.statistics.bootstrap import RESAMPLES, Interval, bootstrap, resample
from friction.evaluate.statistics.clusters import Floats, design_effect, unit_sums
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.statistics.mcnemar import mcnemar, sign_flip
from friction.evaluate.statistics.means import mean, ratio
from friction.evaluate.statistics.mover import Limits, phi, square_and_add
from friction.evaluate.statistics.power import prompts_for_means, prompts_for_rates
from friction.evaluate.statistics.rates import effective_n, rate
from friction.wilson import wilson


@dataclass(frozen=True)
class ComparedRates:
    """Two rates of the same cases.

    Attributes:
        baseline, friction: The rates.
        difference: Friction minus baseline; n is the number of paired cases.
        only_baseline, only_friction: Cases of which only this arm did it.
        p: Two-sided; None where there is no case.
        effect: Cohen's h; None where there is no case.
        needed: Cases that a real difference of this size needs to be found with probability 0.8; None where there is
            no difference.
    """

    baseline: Estimate
    friction: Estimate
    difference: Estimate
    only_baseline: int
    only_friction: int
    p: float | None
    effect: float | None
    needed: int | None


@dataclass(frozen=True)
class ComparedMeans:
    """Two means of the same cases.

    Attributes:
        baseline, friction: The means.
        difference: Friction minus baseline; n is the number of paired cases.
        p: Two-sided; None where there is no case.
        effect: Cohen's d of the paired differences; None where they have no spread.
        needed: Cases that a real difference of this size needs to be found with probability 0.8; None where there is
            no difference, or no spread to set it against.
    """

    baseline: Estimate
    friction: Estimate
    difference: Estimate
    p: float | None
    effect: float | None
    needed: int | None


def compare_rates(
    baseline: Sequence[bool],
    friction: Sequence[bool],
    units: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> ComparedRates:
    """Compares how often each arm did something.

    Where every unit holds one case, the p-value is exact McNemar's and the interval is Newcombe's for paired
    proportions (:mod:`friction.evaluate.statistics.mover`). Where units hold several, as with repeats or prompts about
    one thing, both would take them for independent: the p-value is then that of the exact sign-flip test of whole
    units, which is McNemar's when units hold one case, and the interval the cluster bootstrap's; where no resample
    differs from another, it is Newcombe's at the effective number of cases.

    The effect is Cohen's h, 2 asin √friction - 2 asin √baseline (J. Cohen, *Statistical Power Analysis for the
    Behavioral Sciences*, 2nd ed. 1988, section 6.2). The needed cases are those of
    :func:`friction.evaluate.statistics.power.prompts_for_rates` times the design effect of the differences.

    Args:
        baseline, friction: Whether it did, for the same prompts and repeats in the same order.
        units: What each case belongs to.
        resamples, seed: Of the bootstrap.

    Raises:
        ValueError: The sequences are not of one length.
    """
    _check(baseline, friction, units)
    cases = len(units)
    only_baseline = sum(one and not other for one, other in zip(baseline, friction, strict=True))
    only_friction = sum(other and not one for one, other in zip(baseline, friction, strict=True))
    if not cases:
        return ComparedRates(NOTHING, NOTHING, NOTHING, 0, 0, None, None, None)
    differences = [int(other) - int(one) for one, other in zip(baseline, friction, strict=True)]
    single = len(set(units)) == cases
    limits: Interval = (None, None)
    if not single:
        limits = bootstrap(units, (differences, [1.0] * cases), ratio, resamples=resamples, seed=seed)
    if limits[0] is None:
        limits = _newcombe(baseline, friction, units)
    by_unit = [round(difference) for difference in unit_sums(units, differences)[:, 0]]
    return ComparedRates(
        baseline=rate(baseline, units),
        friction=rate(friction, units),
        difference=Estimate((only_friction - only_baseline) / cases, *limits, cases),
        only_baseline=only_baseline,
        only_friction=only_friction,
        p=mcnemar(only_baseline, only_friction) if single else sign_flip(by_unit),
        effect=cohens_h(sum(baseline) / cases, sum(friction) / cases),
        needed=_inflated(prompts_for_rates(only_baseline / cases, only_friction / cases), differences, units),
    )


def compare_means(
    baseline: Sequence[float],
    friction: Sequence[float],
    units: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> ComparedMeans:
    """Compares a number of the two arms, such as the words of an answer.

    The interval is the cluster bootstrap's and the p-value that of :func:`bootstrap_p`. The effect is Cohen's d of the
    paired differences, their mean by their standard deviation (d_z: D. Lakens, Frontiers in Psychology 4 (2013) 863).
    The needed cases are those of :func:`friction.evaluate.statistics.power.prompts_for_means` times the
    design effect of the differences.

    Args:
        baseline, friction: The numbers, for the same prompts and repeats in the same order.
        units: What each case belongs to.
        resamples, seed: Of the bootstrap.

    Raises:
        ValueError: The sequences are not of one length.
    """
    _check(baseline, friction, units)
    cases = len(units)
    if not cases:
        return ComparedMeans(NOTHING, NOTHING, NOTHING, None, None, None)
    differences = [float(other) - float(one) for one, other in zip(baseline, friction, strict=True)]
    deviation = float(np.std(differences, ddof=1)) if cases > 1 else 0.0
    # Differences that ought to be equal may differ in their last digits.
    spread = deviation > 1e-12 * max(1.0, max(abs(difference) for difference in differences))
    effect = float(np.mean(differences)) / deviation if spread else None
    needed = None if effect is None else prompts_for_means(effect)
    return ComparedMeans(
        baseline=mean(baseline, units, resamples=resamples, seed=seed),
        friction=mean(friction, units, resamples=resamples, seed=seed),
        difference=mean(differences, units, resamples=resamples, seed=seed),
        p=bootstrap_p(differences, units, resamples=resamples, seed=seed),
        effect=effect,
        needed=_inflated(needed, differences, units),
    )


def bootstrap_p(
    differences: Sequence[float], units: Sequence[str], *, resamples: int = RESAMPLES, seed: int = 0
) -> float:
    """The two-sided p-value of a mean of 0, by the studentised cluster bootstrap.

    How often the mean of a resample lies as many of its own standard errors from the mean of the sample as that lies
    from 0 (B. Efron and R. J. Tibshirani, *An Introduction to the Bootstrap*, 1993, section 16.4), counted as
    (b + 1) / (B + 1) and so never 0 (A. C. Davison and D. V. Hinkley, *Bootstrap Methods and their Application*, 1997,
    section 4.2). It is not below 2 / 2^units either, the least that swapping the arms of so few units could give,
    which is also the answer where all units differ alike. A resample without spread counts as far off.

    Args:
        differences: One for each case; at least one.
        units: What each case belongs to.
        resamples, seed: Of the bootstrap.
    """
    sums = unit_sums(units, differences, [1.0] * len(units))
    columns = np.column_stack([sums, sums[:, 0] ** 2, sums[:, 0] * sums[:, 1], sums[:, 1] ** 2])
    sample_mean, sample_error = _mean_and_error(columns.sum(axis=0))
    tolerance = 1e-12 * max(1.0, float(np.max(np.abs(sums))))
    least = max(1 / (resamples + 1), 2.0 ** (1 - len(sums)))
    if abs(sample_mean) <= tolerance:
        return 1.0
    if np.all(np.abs(sums[:, 0] - sample_mean * sums[:, 1]) <= tolerance):
        return least
    means, errors = _mean_and_error(resample(columns, resamples=resamples, seed=seed))
    far = np.abs(means - sample_mean) * sample_error >= np.abs(sample_mean) * errors * (1 - 1e-9)
    return max(float(far.sum() + 1) / (resamples + 1), least)


def cohens_h(baseline: float, friction: float) -> float:
    """The effect size of two proportions, from -π to π (Cohen 1988, section 6.2): 0.2 small, 0.5 medium, 0.8 large."""
    return 2 * asin(sqrt(friction)) - 2 * asin(sqrt(baseline))


def _mean_and_error(totals: Floats) -> tuple[Floats, Floats]:
    """The mean of cases and its clustered standard error up to a common factor, from totals of s, n, s², s·n, n²."""
    total, cases, squares, products, sizes = (totals[..., place] for place in range(5))
    means = total / cases
    return means, np.sqrt(np.maximum(0.0, squares - 2 * means * products + means**2 * sizes)) / cases


def _newcombe(baseline: Sequence[bool], friction: Sequence[bool], units: Sequence[str]) -> tuple[float, float]:
    """Newcombe's interval of the paired difference, at the effective number of cases."""
    cases = len(units)
    pairs = list(zip(baseline, friction, strict=True))
    arms = []
    for happened in (baseline, friction):
        share, effective = sum(happened) / cases, effective_n(happened, units)
        low, high = wilson(share, effective)
        arms.append((Limits(low, share, high), effective))
    scale = min(effective for _, effective in arms) / cases
    table = [scale * pairs.count(outcome) for outcome in ((True, True), (False, True), (True, False), (False, False))]
    return square_and_add(arms[1][0], arms[0][0], phi(*table))


def _inflated(needed: int | None, differences: Sequence[float], units: Sequence[str]) -> int | None:
    """Cases needed where those of a unit tell less than as many independent ones."""
    return None if needed is None else ceil(needed * max(1.0, design_effect(differences, units)) - 1e-9)


def _check(baseline: Sequence[float], friction: Sequence[float], units: Sequence[str]) -> None:
    if not len(baseline) == len(friction) == len(units):
        raise ValueError("each case needs both arms and its unit")
