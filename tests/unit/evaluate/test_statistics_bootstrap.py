"""The cluster bootstrap, means, and intervals made from intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from friction.evaluate.statistics.bootstrap import bootstrap, interval, resample
from friction.evaluate.statistics.clusters import Floats, unit_sums
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.statistics.means import mean, ratio
from friction.evaluate.statistics.mover import Limits, phi, square_and_add
from friction.wilson import wilson


def _units(cases: int) -> list[str]:
    return [f"unit {place}" for place in range(cases)]


def _wilson(count: int, cases: int) -> Limits:
    low, high = wilson(count / cases, cases)
    return Limits(low, count / cases, high)


def _limits(estimate: Estimate) -> tuple[float, float]:
    assert estimate.low is not None and estimate.high is not None
    return estimate.low, estimate.high


@pytest.mark.parametrize("seed", [0, 1])
def test_the_interval_of_a_mean_is_scipy_s_bca_interval(seed: int) -> None:
    values = np.random.default_rng(11).exponential(20, size=80)
    expected = stats.bootstrap(
        (values,), np.mean, method="BCa", n_resamples=20_000, vectorized=True, rng=np.random.default_rng(7)
    ).confidence_interval
    found = _limits(mean(values.tolist(), resamples=20_000, seed=seed))
    assert found == pytest.approx((expected.low, expected.high), rel=0.01)
    # The skew is in it: a percentile interval lies lower.
    assert found[1] - values.mean() > values.mean() - found[0]


def test_units_are_drawn_with_all_their_cases() -> None:
    sums = unit_sums(["a", "a", "b", "c"], [1, 2, 30, 500], [1, 1, 1, 1])
    totals = resample(sums, resamples=500)
    assert totals.shape == (500, 2)
    # Three units in each: whoever has the 3 of unit a has both its cases.
    sizes: dict[float, float] = dict(totals.tolist())
    assert sizes[33.0 + 500] == 4 and sizes[9.0] == 6 and sizes[1500.0] == 3


def test_a_unit_is_drawn_once_on_average() -> None:
    totals = resample(np.eye(40), resamples=4000)
    assert totals.sum(axis=1).tolist() == [40.0] * 4000
    assert totals.mean(axis=0) == pytest.approx(np.ones(40), abs=0.1)
    assert totals.var(axis=0) == pytest.approx(np.full(40, 39 / 40), rel=0.15)


def test_large_samples_are_drawn_in_blocks_that_differ() -> None:
    totals = resample(np.arange(3_000.0)[:, None], resamples=3_000)
    assert totals.shape == (3_000, 1) and len(np.unique(totals)) > 2_500


def test_copies_of_replies_add_no_certainty() -> None:
    values = np.random.default_rng(2).normal(size=30).tolist()
    once, thrice = mean(values, _units(30)), mean(values * 3, _units(30) * 3)
    assert _limits(thrice) == pytest.approx(_limits(once)) and (once.n, thrice.n) == (30, 90)


def test_the_same_seed_gives_the_same_interval_in_any_order_and_another_seed_nearly_so() -> None:
    values = np.random.default_rng(1).exponential(3, size=60).tolist()
    units = [f"unit {place % 20}" for place in range(60)]
    assert mean(values, units, seed=4) == mean(values[::-1], units[::-1], seed=4)
    other = _limits(mean(values, units, seed=5))
    assert other != _limits(mean(values, units, seed=4))
    assert other == pytest.approx(_limits(mean(values, units, seed=4)), rel=0.05)


def test_no_spread_is_no_certainty() -> None:
    assert mean([3.0] * 20) == Estimate(3.0, None, None, 20)
    assert mean([0.25, 0.5, 0.5, 0.25], ["a", "a", "b", "b"]) == Estimate(0.375, None, None, 4)


def test_of_one_unit_there_is_no_interval() -> None:
    assert mean([1.0, 2.0, 9.0], ["the only one"] * 3) == Estimate(4.0, None, None, 3)
    assert mean([2.0]) == Estimate(2.0, None, None, 1)


def test_of_no_case_there_is_no_mean() -> None:
    assert mean([]) == mean([], []) == NOTHING
    assert bootstrap([], ([], []), ratio) == (None, None)


def test_each_case_needs_its_unit() -> None:
    with pytest.raises(ValueError, match="each case"):
        mean([1.0, 2.0], ["one"])


def test_a_figure_that_most_resamples_do_not_have_gets_no_interval() -> None:
    """Of 40 units one has what is divided by: resamples without it have no ratio, and those with it agree."""
    assert bootstrap(_units(40), ([1.0] + [0.0] * 39, [1.0] + [0.0] * 39), ratio) == (None, None)


def _total(totals: Floats) -> Floats:
    return totals[..., 0]


def _total_unless_below_six(totals: Floats) -> Floats:
    return np.where(totals[..., 0] < 6, np.nan, totals[..., 0])


_SPREAD = np.linspace(6, 26, 401)[:, None]


def test_where_bca_is_not_defined_the_interval_is_the_percentile_interval() -> None:
    percentile = (6.5, 25.5)
    # No resample lies below the figure, 6: the interval still holds it.
    low, high = interval(np.array([[1.0], [2.0], [3.0]]), _SPREAD[1:], _total)
    assert low == 6.0 and high == pytest.approx(25.5, abs=0.1)
    # Leaving out either of two units does the same.
    assert interval(np.array([[8.0], [8.0]]), _SPREAD, _total) == pytest.approx(percentile)
    # Leaving out any unit leaves nothing to compute.
    assert interval(np.array([[3.5], [5.0]]), _SPREAD, _total_unless_below_six) == pytest.approx(percentile)


def test_a_bias_beyond_what_bca_can_correct_is_left_alone() -> None:
    sums = np.array([[-1e6], *[[1.0]] * 1000])
    value = float(sums.sum())
    totals = np.concatenate([[value - 1], value + np.linspace(0.1, 1, 100_000)])[:, None]
    low, high = interval(sums, totals, _total)
    assert low == value and high == pytest.approx(value + 0.9775, abs=0.001)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
def test_the_interval_holds_the_mean_and_stays_among_the_values(values: list[float]) -> None:
    found = mean(values, resamples=200)
    if found.low is not None:
        low, high = _limits(found)
        assert found.value is not None and low <= found.value <= high
        assert min(values) - 1e-6 <= low and high <= max(values) + 1e-6


def test_the_interval_of_a_difference_is_newcombe_s_for_independent_proportions() -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10: 56/70 against 48/80, and 10/10
    against 0/10, whose simple interval has no width."""
    assert square_and_add(_wilson(56, 70), _wilson(48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert square_and_add(_wilson(10, 10), _wilson(0, 10)) == pytest.approx((0.6075, 1.0), abs=5e-5)


def test_what_moves_together_differs_more_surely() -> None:
    first, second = Limits(0.4, 0.5, 0.6), Limits(0.3, 0.4, 0.5)
    assert square_and_add(first, second, 1.0) == pytest.approx((0.1, 0.1))
    widths = [high - low for low, high in (square_and_add(first, second, r) for r in (-1.0, -0.5, 0.0, 0.5))]
    assert widths == sorted(widths, reverse=True) and widths[0] == pytest.approx(0.4)


@given(*[st.integers(0, 50)] * 4)
def test_the_correlation_is_shrunk_and_lies_between_minus_one_and_one(a: int, b: int, c: int, d: int) -> None:
    assert -1 <= phi(a, b, c, d) <= 1
    plain = a * d - b * c
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if margins:
        assert abs(phi(a, b, c, d)) <= abs(plain) / margins**0.5 + 1e-12
    else:
        assert phi(a, b, c, d) == 0
