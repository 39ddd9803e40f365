"""Rates with Wilson's interval, and what clusters take from it."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from friction.evaluate.statistics.clusters import design_effect, fewest_effective, unit_sums
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.statistics.rates import effective_n, rate
from friction.wilson import wilson


def _outcomes(count: int, cases: int) -> list[bool]:
    return [place < count for place in range(cases)]


def _own(cases: int) -> list[str]:
    return [f"prompt {place}" for place in range(cases)]


def _limits(estimate: Estimate) -> tuple[float, float]:
    assert estimate.low is not None and estimate.high is not None
    return estimate.low, estimate.high


def _width(estimate: Estimate) -> float:
    low, high = _limits(estimate)
    return high - low


@pytest.mark.parametrize(
    "count, cases, low, high",
    [
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998)
        # 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilson_s_as_published(count: int, cases: int, low: float, high: float) -> None:
    assert _limits(rate(_outcomes(count, cases))) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_scipy_s_and_holds_the_share(case: tuple[int, int]) -> None:
    count, cases = case
    expected = binomtest(count, cases).proportion_ci(method="wilson")
    found = rate(_outcomes(count, cases))
    assert _limits(found) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert found.value == count / cases and (found.n, found.count) == (cases, count)
    assert 0 <= _limits(found)[0] <= found.value <= _limits(found)[1] <= 1


def test_a_limit_on_an_edge_is_exactly_there() -> None:
    for cases in range(1, 300):
        assert rate(_outcomes(0, cases)).low == 0.0
        assert rate(_outcomes(cases, cases)).high == 1.0


def test_for_json_a_rate_is_rounded_and_says_how_many() -> None:
    assert rate(_outcomes(1, 3)).as_dict() == {"value": 0.3333, "low": 0.0615, "high": 0.7923, "n": 3, "count": 1}
    assert NOTHING.as_dict() == {"value": None, "low": None, "high": None, "n": 0}


def test_of_no_case_there_is_no_rate() -> None:
    assert rate([]) == rate([], []) == NOTHING
    assert wilson(0.5, 0) == (0.0, 1.0)


def test_a_unit_is_needed_for_each_case() -> None:
    with pytest.raises(ValueError, match="unit"):
        rate([True, False], ["one"])


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_units_of_one_case_change_nothing(happened: list[bool]) -> None:
    assert rate(happened, _own(len(happened))) == rate(happened)
    assert design_effect(happened, _own(len(happened))) == pytest.approx(1)


def test_replies_that_are_copies_of_one_another_count_once() -> None:
    happened = _outcomes(6, 20) * 5
    clustered = rate(happened, _own(20) * 5)
    once = rate(_outcomes(6, 20))
    assert _limits(clustered) == pytest.approx(_limits(once))
    assert (clustered.n, clustered.count) == (100, 30)


@pytest.mark.parametrize("outcome", [True, False])
def test_where_all_came_out_the_same_units_are_what_counts(outcome: bool) -> None:
    units = [f"fact {place % 12}" for place in range(120)]
    assert _limits(rate([outcome] * 120, units)) == pytest.approx(_limits(rate([outcome] * 12)))


def test_of_one_unit_hardly_anything_is_known() -> None:
    low, high = _limits(rate(_outcomes(50, 100), ["the only one"] * 100))
    assert low < 0.1 and high > 0.9


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from("abcdefgh")), min_size=1, max_size=80).map(
        lambda pairs: ([happened for happened, _ in pairs], [unit for _, unit in pairs])
    )
)
def test_effective_cases_are_between_what_one_voice_a_unit_gives_and_all(
    sample: tuple[list[bool], list[str]],
) -> None:
    happened, units = sample
    assert 1 - 1e-9 <= fewest_effective(units) <= len(set(units)) + 1e-9
    assert fewest_effective(units) - 1e-9 <= effective_n(happened, units) <= len(units) + 1e-9
    assert _width(rate(happened, units)) >= _width(rate(happened)) - 1e-9


def test_the_order_of_the_cases_decides_nothing() -> None:
    happened, units = [True, False, True, True, False, True], ["b", "a", "b", "c", "a", "c"]
    assert rate(happened[::-1], units[::-1]) == rate(happened, units)


def test_the_variance_is_that_of_clustered_standard_errors() -> None:
    regression = pytest.importorskip("statsmodels.regression.linear_model")
    draw = np.random.default_rng(5)
    groups = draw.integers(0, 14, 200)
    values = draw.normal(size=200) + draw.normal(size=14)[groups]
    fit = regression.OLS(values, np.ones(200)).fit(cov_type="cluster", cov_kwds={"groups": groups})
    expected = (float(fit.bse[0]) / (np.std(values, ddof=1) / sqrt(200))) ** 2
    assert design_effect(values.tolist(), [str(group) for group in groups]) == pytest.approx(expected)


def test_sums_are_by_unit_name() -> None:
    assert unit_sums(["ü", "a", "ü"], [1, 2, 4], [1, 1, 1]).tolist() == [[2, 1], [5, 2]]
    with pytest.raises(ValueError, match="each case"):
        unit_sums(["a"], [1, 2])


def _covered(happens: Sequence[float], seed: int) -> float:
    """How often the interval holds the true rate, for 30 units of 4 replies that go by the unit's own chance."""
    draw = np.random.default_rng(seed)
    units = [f"unit {place}" for place in range(30)] * 4
    held = []
    for _ in range(300):
        chances = np.tile(draw.choice(happens, 30), 4)
        low, high = _limits(rate((draw.random(120) < chances).tolist(), units))
        held.append(low <= np.mean(happens) <= high)
    return float(np.mean(held))


def test_the_interval_holds_the_true_rate_as_often_as_it_says_under_clustering() -> None:
    """The plain interval of such replies holds it in about 3 of 4 samples only."""
    assert _covered((0.05, 0.95), seed=1) >= 0.92
    assert _covered((0.1, 0.3, 0.5), seed=2) >= 0.92
