"""How many prompts a real difference of a given size needs to be found."""

from __future__ import annotations

from math import ceil, sqrt

ALPHA = 0.05
POWER = 0.8
_EXACT_UP_TO = 3000
"""Prompts beyond which Connor's formula is within about 2 % of the exact number and a good deal faster."""


def mcnemar_power(n: int, only_first: float, only_second: float, alpha: float = ALPHA) -> float:
    """The chance that the exact two-sided McNemar test of n pairs finds a difference.

    The number of pairs that differ is binomial, and given it the smaller count is (S. W. Duffy, "Asymptotic and exact
    power for the McNemar test and its analogue with R controls per case", Biometrics 40 (1984) 1005-1015).

    Args:
        n: Pairs.
        only_first, only_second: The true shares of pairs of which only one side does it; at least one above 0.
        alpha: The level of the test.
    """
    import numpy as np
    from scipy.stats import binom

    differ = np.arange(n + 1)
    largest = binom.ppf(alpha / 2, differ, 0.5)
    largest = np.where(binom.cdf(largest, differ, 0.5) <= alpha / 2, largest, largest - 1)
    share = only_second / (only_first + only_second)
    found = binom.cdf(largest, differ, share) + binom.cdf(largest, differ, 1 - share)
    return float(np.sum(binom.pmf(differ, n, only_first + only_second) * found))


def connor(only_first: float, only_second: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """Pairs that McNemar's test needs, by the normal approximation.

    (z(1 - alpha/2) √ψ + z(power) √(ψ - δ²))² / δ², with ψ the share of pairs that differ and δ the difference
    (R. J. Connor, "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43
    (1987) 207-211).

    Args:
        only_first, only_second: The true shares of pairs of which only one side does it; not equal.
        alpha: The level of the two-sided test.
        power: The chance to find the difference.
    """
    from scipy.special import ndtri

    differ, difference = only_first + only_second, only_second - only_first
    spread = sqrt(max(0.0, differ - difference * difference))
    return float(ndtri(1 - alpha / 2) * sqrt(differ) + ndtri(power) * spread) ** 2 / difference**2


def prompts_for_rates(only_first: float, only_second: float, alpha: float = ALPHA, power: float = POWER) -> int | None:
    """Prompts that the exact McNemar test needs to find a real difference of two rates.

    The exact power is searched from below up to 3,000 prompts, since the exact test needs more of them than
    :func:`connor` says when they are few; beyond, that formula is the answer.

    Args:
        only_first, only_second: The true shares of prompts on which only this arm does it.
        alpha: The level of the two-sided test.
        power: The chance to find the difference.

    Returns:
        None where there is no difference.
    """
    if only_first == only_second:
        return None
    approximate = ceil(connor(only_first, only_second, alpha, power))
    if approximate > _EXACT_UP_TO:
        return approximate
    few, enough = 0, max(6, approximate)
    while mcnemar_power(enough, only_first, only_second, alpha) < power:
        few, enough = enough, enough + max(2, enough // 4)
    while enough - few > 1:
        middle = (few + enough) // 2
        if mcnemar_power(middle, only_first, only_second, alpha) < power:
            few = middle
        else:
            enough = middle
    return enough


def prompts_for_means(effect: float, alpha: float = ALPHA, power: float = POWER) -> int | None:
    """Prompts that a paired t-test needs to find a real difference of two means.

    (z(1 - alpha/2) + z(power))² / d² + z(1 - alpha/2)² / 2: the normal approximation with the correction for few cases
    of W. C. Guenther, "Sample size formulas for normal theory t tests", The American Statistician 35 (1981) 243-244.

    Args:
        effect: Cohen's d of the paired differences: their mean by their standard deviation.
        alpha: The level of the two-sided test.
        power: The chance to find the difference.

    Returns:
        None where there is no difference.
    """
    from scipy.special import ndtri

    if effect == 0:
        return None
    wanted = float(ndtri(1 - alpha / 2))
    return ceil((wanted + float(ndtri(power))) ** 2 / effect**2 + wanted**2 / 2)
