"""A rate with Wilson's interval, also where the cases are not independent."""

from __future__ import annotations

from collections.abc import Sequence

from friction.evaluate.statistics.clusters import design_effect, fewest_effective
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.wilson import wilson


def effective_n(happened: Sequence[bool], units: Sequence[str]) -> float:
    """How many independent cases tell as much about a rate as these.

    n divided by the design effect, and lessened for the few degrees of freedom that units leave to it, as in E. L. Korn
    and B. I. Graubard, "Confidence intervals for proportions with small expected number of positive counts estimated
    from survey data", Survey Methodology 24 (1998) 193-201: times (t(n-1) / t(G-1))², with t the 97.5 % quantiles of
    Student's distribution and G the number of units. It is at most n: a design effect below 1 is luck more often than
    gain. It is at least what n would be worth if every unit spoke with one voice
    (:func:`friction.evaluate.statistics.clusters.fewest_effective`), for more than that no clustering can take away.
    That least is also the answer for rates of 0 and 1, where nothing shows how alike the cases of a unit are, and for
    a single unit.
    """
    cases, groups, count = len(happened), len(set(units)), sum(happened)
    if groups == cases:
        return float(cases)
    least = fewest_effective(units)
    if groups < 2 or count in (0, cases):
        return least
    from scipy.special import stdtrit

    freedom = float((stdtrit(cases - 1, 0.975) / stdtrit(groups - 1, 0.975)) ** 2)
    return max(least, cases / max(1.0, design_effect(happened, units)) * freedom)


def rate(happened: Sequence[bool], units: Sequence[str] | None = None) -> Estimate:
    """How often something happened, with a 95 % interval.

    Args:
        happened: Whether it did, for each case.
        units: What each case belongs to; cases of one unit are not taken to be independent. None: all cases are.

    Returns:
        The share, Wilson's interval at the effective number of cases, and the plain number and count of cases. The
        value is None where there is no case.

    Raises:
        ValueError: There are not as many units as cases.
    """
    if units is not None and len(units) != len(happened):
        raise ValueError("each case needs its unit")
    cases, count = len(happened), sum(happened)
    if not cases:
        return NOTHING
    share = count / cases
    low, high = wilson(share, cases if units is None else effective_n(happened, units))
    return Estimate(share, low, high, cases, count)
