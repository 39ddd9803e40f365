"""Baseline against friction: exact tests, differences with intervals, effect sizes."""

from math import asin, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test, ttest_1samp

from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.statistics.mcnemar import mcnemar, sign_flip
from friction.evaluate.statistics.paired import bootstrap_p, cohens_h, compare_means, compare_rates


def _table(both: int, only_baseline: int, only_friction: int, neither: int) -> tuple[list[bool], list[bool]]:
    sizes = (both, only_baseline, only_friction, neither)
    outcomes = ((True, True), (True, False), (False, True), (False, False))
    pairs = [outcome for outcome, size in zip(outcomes, sizes, strict=True) for _ in range(size)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _units(cases: int) -> list[str]:
    return [f"prompt {place}" for place in range(cases)]


def _limits(estimate: Estimate) -> tuple[float, float]:
    assert estimate.low is not None and estimate.high is not None
    return estimate.low, estimate.high


def test_mcnemar_gives_the_published_exact_p_value() -> None:
    """Airway hyper-responsiveness before and after transplantation (Bentur et al. 2009), 1 against 7 discordant pairs;
    exact conditional P = 0.070 in M. W. Fagerland, S. Lydersen and P. Laake, BMC Medical Research Methodology 13
    (2013) 91. By hand: 2 (1 + 8) / 2^8."""
    assert mcnemar(1, 7) == 2 * 9 / 256 == pytest.approx(0.0703, abs=5e-5)


@given(st.integers(0, 150), st.integers(0, 150))
def test_mcnemar_is_statsmodels_exact_test(first: int, second: int) -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    if first + second:
        expected = tables.mcnemar([[5, first], [second, 7]], exact=True).pvalue
        assert mcnemar(first, second) == pytest.approx(expected, rel=1e-9, abs=1e-300)
    assert mcnemar(first, second) == mcnemar(second, first)


def test_mcnemar_agrees_with_the_published_large_sample_test() -> None:
    """Approval of the Prime Minister, asked twice (A. Agresti, *Categorical Data Analysis*, 2nd ed. 2002, table 10.1):
    150 against 86 change their minds, z² = 17.36, two-sided P = 3.1e-5; the exact one lies a little above."""
    assert 3.1e-5 < mcnemar(86, 150) < 4e-5


def test_mcnemar_of_many_pairs_neither_overflows_nor_loses_anything() -> None:
    assert mcnemar(0, 1000) == 2.0**-999
    assert 0 <= mcnemar(3_000, 5_000) < 1e-100
    assert mcnemar(5_000, 5_000) == 1.0


def test_where_no_pair_differs_there_is_no_evidence() -> None:
    assert mcnemar(0, 0) == sign_flip([]) == sign_flip([0, 0]) == 1.0


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 5))
def test_flipping_units_of_one_case_is_mcnemar_s_test(first: int, second: int, alike: int) -> None:
    differences = [-1] * first + [1] * second + [0] * alike
    assert sign_flip(differences) == pytest.approx(mcnemar(first, second), rel=1e-9, abs=1e-300)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=10))
def test_the_sign_flip_test_counts_all_swaps(differences: list[int]) -> None:
    sums = np.zeros(1)
    for difference in differences:
        sums = np.concatenate([sums + difference, sums - difference])
    assert sign_flip(differences) == pytest.approx(np.mean(np.abs(sums) >= abs(sum(differences))))


def test_the_sign_flip_test_is_scipy_s_permutation_test_of_paired_samples() -> None:
    differences = [3, 1, -1, 2, 4, 0, 1, -2, 3]
    expected = permutation_test(
        (np.array(differences), np.zeros(9)),
        lambda one, other, axis: np.mean(one - other, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=10_000,
    )
    assert sign_flip(differences) == pytest.approx(float(expected.pvalue))


@pytest.mark.parametrize(
    "table, low, high",
    [
        # Newcombe's square-and-add interval in M. W. Fagerland, S. Lydersen and P. Laake, *Statistical Analysis of
        # Contingency Tables*, 2017, chapter 8: Bentur et al. 2009, and Cavo et al. 2012.
        ((1, 7, 1, 12), 0.0256, 0.5069),
        ((59, 16, 6, 80), 0.0046, 0.1186),
    ],
)
def test_the_interval_of_a_paired_difference_is_newcombe_s(
    table: tuple[int, int, int, int], low: float, high: float
) -> None:
    baseline, friction = _table(*table)
    found = compare_rates(baseline, friction, _units(len(baseline)))
    assert _limits(found.difference) == pytest.approx((-high, -low), abs=5e-5)
    assert found.difference.value == pytest.approx((table[2] - table[1]) / sum(table))
    assert (found.only_baseline, found.only_friction) == table[1:3]
    assert found.p == mcnemar(*table[1:3])


def test_of_a_comparison_both_rates_are_told() -> None:
    found = compare_rates(*_table(10, 5, 25, 20), _units(60))
    assert (found.baseline.count, found.friction.count, found.difference.n) == (15, 35, 60)
    assert found.effect == pytest.approx(2 * asin(sqrt(35 / 60)) - 2 * asin(sqrt(15 / 60)))
    assert found.needed is not None and 20 <= found.needed <= 60


def test_all_against_none_is_no_certainty() -> None:
    found = compare_rates([False] * 60, [True] * 60, _units(60))
    assert found.difference.value == 1
    assert _limits(found.difference) == pytest.approx((1 - 0.0602 * sqrt(2), 1), abs=1e-3)
    assert found.effect == pytest.approx(pi) and found.p == 2.0**-59
    # With five prompts even exact McNemar of all against none gives 1/16.
    assert found.needed == 6


@pytest.mark.parametrize("units", [_units(40), [f"fact {place % 8}" for place in range(40)]])
def test_arms_that_do_the_same_do_not_differ_and_that_is_not_certain_either(units: list[str]) -> None:
    outcomes = [place % 3 == 0 for place in range(40)]
    found = compare_rates(outcomes, outcomes, units)
    low, high = _limits(found.difference)
    assert low < 0 < high and high - low < 0.5
    assert (found.difference.value, found.p, found.effect, found.needed) == (0, 1.0, 0, None)


def test_repeats_of_the_same_replies_are_no_evidence_of_their_own() -> None:
    baseline, friction = _table(10, 2, 9, 9)
    once, four = compare_rates(baseline, friction, _units(30)), compare_rates(
        baseline * 4, friction * 4, _units(30) * 4
    )
    assert four.p == pytest.approx(once.p)
    assert _limits(four.difference) == pytest.approx(_limits(once.difference), abs=0.04)
    # Four replies tell as much as one, so four times as many replies are needed, from as many prompts.
    assert once.needed is not None and four.needed == pytest.approx(4 * once.needed, rel=0.05)
    assert four.p is not None and four.p > 0.05 > 1e-3 > mcnemar(four.only_baseline, four.only_friction)


def test_one_unit_tells_nothing_of_a_difference() -> None:
    found = compare_rates([False] * 20, [True] * 20, ["the only one"] * 20)
    assert found.p == 1.0
    low, high = _limits(found.difference)
    assert low < 0 and high == 1


def test_with_no_case_nothing_is_compared() -> None:
    rates, means = compare_rates([], [], []), compare_means([], [], [])
    for found in (rates, means):
        assert found.baseline == found.friction == found.difference == NOTHING
        assert found.p is found.effect is found.needed is None


def test_arms_that_are_not_aligned_are_an_error() -> None:
    with pytest.raises(ValueError, match="both arms"):
        compare_rates([True], [True, False], ["a", "b"])
    with pytest.raises(ValueError, match="both arms"):
        compare_means([1.0], [1.0], ["a", "b"])


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from("abcdef")), min_size=1, max_size=40))
def test_swapping_the_arms_turns_the_comparison_round(cases: list[tuple[bool, bool, str]]) -> None:
    baseline, friction, units = (list(column) for column in zip(*cases, strict=True))
    one = compare_rates(baseline, friction, units, resamples=100)
    other = compare_rates(friction, baseline, units, resamples=100)
    assert one.p == pytest.approx(other.p) and one.needed == other.needed
    assert one.effect == pytest.approx(-(other.effect or 0), abs=1e-9)
    low, high = _limits(one.difference)
    assert one.difference.value is not None and low <= one.difference.value <= high
    assert -1 - 1e-9 <= low and high <= 1 + 1e-9
    assert _limits(other.difference) == pytest.approx((-high, -low), abs=0.15)


def test_the_effect_of_two_rates_is_cohen_s_h() -> None:
    """J. Cohen, *Statistical Power Analysis*, 2nd ed. 1988, table 6.2.2: φ(.50) = 1.571, φ(.70) = 1.982."""
    assert cohens_h(0.5, 0.7) == pytest.approx(1.982 - 1.571, abs=1e-3)
    assert cohens_h(0.7, 0.5) == -cohens_h(0.5, 0.7)


# Student's sleep data: extra hours of sleep of ten patients under two drugs (Biometrika 6 (1908) 1-25). The mean
# difference is 1.58, t = 4.0621, p = 0.002833, as R's help page of `sleep` has it.
_FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
_SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_means_of_a_published_example_compare_as_published() -> None:
    found = compare_means(_FIRST_DRUG, _SECOND_DRUG, _units(10))
    assert found.difference.value == pytest.approx(1.58)
    assert found.effect == pytest.approx(4.0621 / sqrt(10), abs=1e-4)
    low, high = _limits(found.difference)
    # Student's interval is 0.70 to 2.46; the bootstrap sees that the differences lean to the right.
    assert 0.7 < low < 1.2 and 2.1 < high < 2.7
    assert found.p is not None and found.p < 0.02
    assert found.needed is not None and found.needed <= 10


def test_the_bootstrap_p_value_is_near_student_s_where_that_holds() -> None:
    draw = np.random.default_rng(8)
    for shift in (0.0, 0.15, 0.3):
        values = draw.normal(shift, 1, size=80)
        expected = float(ttest_1samp(values, 0).pvalue)
        assert bootstrap_p(values.tolist(), _units(80)) == pytest.approx(expected, abs=0.04)


def test_the_bootstrap_p_value_is_never_zero() -> None:
    values = [10 + place % 3 for place in range(40)]
    assert bootstrap_p(values, _units(40), resamples=999) == 1 / 1000
    # Three units that agree would agree by chance one time in four.
    assert bootstrap_p([10.0, 11.0, 12.0], _units(3)) >= 0.25
    assert bootstrap_p([10.0, 11.0], ["one", "one"]) == 1.0


def test_copies_of_replies_do_not_lower_the_bootstrap_p_value() -> None:
    values = np.random.default_rng(3).normal(0.3, 1, size=25).tolist()
    assert bootstrap_p(values * 5, _units(25) * 5) == pytest.approx(bootstrap_p(values, _units(25)), abs=1e-9)


def test_differences_without_spread_have_no_effect_size() -> None:
    same = compare_means([0.1, 0.2, 0.3] * 5, [0.1, 0.2, 0.3] * 5, _units(15))
    assert (same.difference.value, same.p, same.effect, same.needed) == (0, 1.0, None, None)
    shifted = compare_means([0.1, 0.2, 0.3] * 5, [5.1, 5.2, 5.3] * 5, _units(15))
    assert shifted.difference.value == pytest.approx(5) and shifted.difference.low is shifted.difference.high is None
    assert (shifted.effect, shifted.needed) == (None, None)
    assert shifted.p is not None and shifted.p < 0.01


def test_longer_answers_are_found_to_be_longer() -> None:
    draw = np.random.default_rng(6)
    baseline = draw.poisson(40, size=60)
    friction = baseline + draw.poisson(12, size=60)
    found = compare_means(baseline.tolist(), friction.tolist(), [f"pair {place % 30}" for place in range(60)])
    low, high = _limits(found.difference)
    assert 10 < low < 12 < high < 14
    assert found.difference.value == pytest.approx((found.friction.value or 0) - (found.baseline.value or 0))
    assert found.effect is not None and found.effect > 2 and found.needed is not None and found.needed <= 6
