"""Signal detection theory: how well hits and false alarms are told apart, and how readily one pushes back at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friction.evaluate.statistics.bootstrap import RESAMPLES, Interval, Statistic, interval, resample
from friction.evaluate.statistics.clusters import Floats, unit_sums
from friction.evaluate.statistics.estimate import Estimate
from friction.evaluate.statistics.mover import Limits, square_and_add
from friction.evaluate.statistics.rates import rate


@dataclass(frozen=True)
class DetectionFigures:
    """What four counts come to; None where a side has no case.

    Attributes:
        hit_rate, false_alarm_rate: The plain shares.
        d_prime: The distance of signal from noise in standard deviations; 0 is chance.
        criterion: c, how reluctant the pushback is: above 0 for the silent, below 0 for the contrarian.
        youden_j: Hit rate minus false-alarm rate; 0 is chance, 1 is perfect.
        balanced_accuracy: The mean share of right outcomes of the two sides; 0.5 is chance.
    """

    hit_rate: float | None
    false_alarm_rate: float | None
    d_prime: float | None
    criterion: float | None
    youden_j: float | None
    balanced_accuracy: float | None


@dataclass(frozen=True)
class DetectionEstimates:
    """The figures that take both sides, each with its interval; see :class:`DetectionFigures`."""

    d_prime: Estimate
    criterion: Estimate
    youden_j: Estimate
    balanced_accuracy: Estimate


def detection(hits: int, signal_n: int, false_alarms: int, noise_n: int) -> DetectionFigures:
    """The figures of signal detection theory from counts.

    d′ = z(H) - z(F) and c = -(z(H) + z(F)) / 2, with z the normal quantile (N. A. Macmillan and C. D. Creelman,
    *Detection Theory*, 2nd ed. 2005, chapters 1 and 2). Both use the log-linear correction, H = (hits + 0.5) / (n + 1)
    and F likewise, always and not only at 0 and 1 (M. J. Hautus, "Corrections for extreme proportions and their biasing
    effects on estimated values of d′", Behavior Research Methods, Instruments, & Computers 27 (1995) 46-51). Youden's J
    = H - F (W. J. Youden, "Index for rating diagnostic tests", Cancer 3 (1950) 32-35) and balanced accuracy
    (1 + J) / 2 use the plain rates.

    Args:
        hits: Pushback of ``signal_n`` cases where it was due.
        signal_n: Cases where it was due.
        false_alarms: Pushback of ``noise_n`` cases where it was not.
        noise_n: Cases where it was not.

    Raises:
        ValueError: A count is below 0 or above its number of cases.
    """
    if not (0 <= hits <= signal_n and 0 <= false_alarms <= noise_n):
        raise ValueError("a count lies between 0 and its number of cases")
    totals = np.array([hits, signal_n, false_alarms, noise_n], dtype=np.float64)
    youden = _number(youden_j(totals))
    return DetectionFigures(
        hit_rate=hits / signal_n if signal_n else None,
        false_alarm_rate=false_alarms / noise_n if noise_n else None,
        d_prime=_number(d_prime(totals)),
        criterion=_number(criterion(totals)),
        youden_j=youden,
        balanced_accuracy=None if youden is None else (1 + youden) / 2,
    )


def d_prime(totals: Floats) -> Floats:
    """d′ of totals, shape (..., 4) as in :func:`detection`; not a number where a side has no case."""
    hit, false_alarm = _quantiles(totals)
    return hit - false_alarm


def criterion(totals: Floats) -> Floats:
    """The criterion c of totals, shape (..., 4) as in :func:`detection`; not a number where a side has no case."""
    hit, false_alarm = _quantiles(totals)
    return -(hit + false_alarm) / 2


def youden_j(totals: Floats) -> Floats:
    """Youden's J of totals, shape (..., 4) as in :func:`detection`; not a number where a side has no case."""
    hits, signal, false_alarms, noise = _sides(totals)
    return hits / signal - false_alarms / noise


def detection_estimates(
    hits: Sequence[bool],
    hit_units: Sequence[str],
    false_alarms: Sequence[bool],
    false_alarm_units: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> DetectionEstimates:
    """The figures of signal detection theory with 95 % intervals.

    The intervals are cluster-bootstrap intervals; a unit is drawn with both its sides, so twins stay together. Where a
    rate is 0 or 1, a side has one unit only, or all resamples are the same, resampling cannot show how sure the figure
    is (60 of 60 hits are 60 of 60 in every resample). There the interval is made from the two rates' own intervals
    (:func:`friction.evaluate.statistics.mover.square_and_add`, the rates taken as independent, which for d′, J and
    balanced accuracy is the cautious choice as long as topics that draw hits draw false alarms as well).

    d′ and c cannot pass what the log-linear correction gives to a perfect record, and their limits cannot either. Where
    a rate is 0 or 1, take the limit on that side as "at least that far".

    Args:
        hits: Whether pushback came, for each case where it was due.
        hit_units: The unit of each of them.
        false_alarms: Whether pushback came, for each case where it was not due.
        false_alarm_units: The unit of each of them.
        resamples, seed: Of the bootstrap.

    Returns:
        n is the number of cases of both sides; values are None where one side has none.

    Raises:
        ValueError: There are not as many units as cases.
    """
    cases = len(hits) + len(false_alarms)
    figures = detection(sum(hits), len(hits), sum(false_alarms), len(false_alarms))
    sides = (rate(hits, hit_units), rate(false_alarms, false_alarm_units))
    if not hits or not false_alarms:
        nothing = Estimate(None, None, None, cases)
        return DetectionEstimates(nothing, nothing, nothing, nothing)
    edge = any(side.value in (0.0, 1.0) for side in sides)
    intervals = _from_rates(*sides)
    if not edge and min(len(set(hit_units)), len(set(false_alarm_units))) > 1:
        drawn = _from_resamples(hits, hit_units, false_alarms, false_alarm_units, (resamples, seed))
        intervals = [one if other[0] is None else other for one, other in zip(intervals, drawn, strict=True)]
    found = [
        Estimate(value, low, high, cases)
        for value, (low, high) in zip((figures.d_prime, figures.criterion, figures.youden_j), intervals, strict=True)
    ]
    return DetectionEstimates(found[0], found[1], found[2], _halfway(found[2]))


def _from_resamples(
    hits: Sequence[bool],
    hit_units: Sequence[str],
    false_alarms: Sequence[bool],
    false_alarm_units: Sequence[str],
    draws: tuple[int, int],
) -> list[Interval]:
    """Intervals of d′, c and J under resampling."""
    signal, noise = len(hits), len(false_alarms)
    sums = unit_sums(
        [*hit_units, *false_alarm_units],
        [*hits, *[0.0] * noise],
        [*[1.0] * signal, *[0.0] * noise],
        [*[0.0] * signal, *false_alarms],
        [*[0.0] * signal, *[1.0] * noise],
    )
    totals = resample(sums, resamples=draws[0], seed=draws[1])
    statistics: tuple[Statistic, ...] = (d_prime, criterion, youden_j)
    return [interval(sums, totals, statistic) for statistic in statistics]


def _from_rates(hits: Estimate, false_alarms: Estimate) -> list[Interval]:
    """Intervals of d′, c and J from those of the two rates."""
    hit, false_alarm = _limits(hits), _limits(false_alarms)
    z_hit, z_false_alarm = _z_limits(hits), _z_limits(false_alarms)
    mirrored = Limits(-z_false_alarm.high, -z_false_alarm.value, -z_false_alarm.low)
    low, high = square_and_add(mirrored, z_hit)
    return [square_and_add(z_hit, z_false_alarm), (low / 2, high / 2), square_and_add(hit, false_alarm)]


def _limits(side: Estimate) -> Limits:
    assert side.value is not None and side.low is not None and side.high is not None
    return Limits(side.low, side.value, side.high)


def _z_limits(side: Estimate) -> Limits:
    """Limits of z, bounded by the log-linear correction as z itself is: at 0 and 1 they would be infinite."""
    from scipy.special import ndtri

    plain = _limits(side)
    corrected = (plain.value * side.n + 0.5) / (side.n + 1)
    edge = 0.5 / (side.n + 1)
    low, high = (min(max(limit, edge), 1 - edge) for limit in (plain.low, plain.high))
    return Limits(*(float(ndtri(share)) for share in (min(low, corrected), corrected, max(high, corrected))))


def _halfway(youden: Estimate) -> Estimate:
    """Balanced accuracy, which is J on another scale."""
    value, low, high = (
        None if number is None else (1 + number) / 2 for number in (youden.value, youden.low, youden.high)
    )
    return Estimate(value, low, high, youden.n)


def _quantiles(totals: Floats) -> tuple[Floats, Floats]:
    """z of the two corrected rates."""
    from scipy.special import ndtri

    hits, signal, false_alarms, noise = _sides(totals)
    return ndtri((hits + 0.5) / (signal + 1)), ndtri((false_alarms + 0.5) / (noise + 1))


def _sides(totals: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The four columns; a number of cases that is 0 is not a number, and so is what is made of it."""
    signal, noise = (np.where(totals[..., place] > 0, totals[..., place], np.nan) for place in (1, 3))
    return totals[..., 0], signal, totals[..., 2], noise


def _number(figure: Floats) -> float | None:
    return None if np.isnan(figure) else float(figure)
