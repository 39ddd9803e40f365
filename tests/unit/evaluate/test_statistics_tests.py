"""Several tests at once, and how many prompts one needs."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.evaluate.statistics.holm import holm
from friction.evaluate.statistics.mcnemar import mcnemar
from friction.evaluate.statistics.power import connor, mcnemar_power, prompts_for_means, prompts_for_rates


def test_holm_gives_the_values_worked_out_by_hand() -> None:
    """Sorted 0.005, 0.01, 0.03, 0.04 by 4, 3, 2, 1: 0.02, 0.03, 0.06, and 0.04 raised to 0.06."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@pytest.mark.parametrize("cases", [1, 2, 6, 25])
def test_holm_is_statsmodels_correction(cases: int) -> None:
    tests = pytest.importorskip("statsmodels.stats.multitest")
    p_values = (np.random.default_rng(cases).integers(0, 12, cases) / 100).tolist()
    assert holm(p_values) == pytest.approx(tests.multipletests(p_values, method="holm")[1].tolist())


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.sampled_from([0.01, 0.05, 0.2]))
def test_what_holm_s_procedure_rejects_has_an_adjusted_value_up_to_alpha(p_values: list[float], alpha: float) -> None:
    """The procedure as Holm tells it: go up from the smallest, and stop at the first that is too large."""
    adjusted, left, going_on = holm(p_values), len(p_values), True
    for place in sorted(range(len(p_values)), key=lambda place: p_values[place]):
        going_on = going_on and p_values[place] * left <= alpha
        assert (adjusted[place] or 0.0) <= alpha if going_on else (adjusted[place] or 0.0) > alpha
        left -= 1


def test_what_was_not_tested_is_not_counted() -> None:
    assert holm([None, 0.02, None, 0.03]) == [None, pytest.approx(0.04), None, pytest.approx(0.04)]
    assert holm([]) == [] and holm([None]) == [None] and holm([0.04]) == [0.04] and holm([0.9, 0.8]) == [1.0, 1.0]


def test_connor_s_formula_gives_the_value_worked_out_by_hand() -> None:
    # ψ = 0.3, δ = 0.1: (1.95996 · √0.3 + 0.84162 · √0.29)² / 0.01.
    assert connor(0.1, 0.2) == pytest.approx((1.95996 * sqrt(0.3) + 0.84162 * sqrt(0.29)) ** 2 / 0.01, rel=1e-5)


def test_the_prompts_are_those_of_a_validated_example() -> None:
    """The checks of ``power_mcnemar_test`` in the R package MESS (C. T. Ekstrøm): 22 pairs for shares of 0.05 and 0.45
    by the normal approximation, and a power of 0.80 of the exact test with 144 pairs for 0.25 and 0.45."""
    assert round(connor(0.05, 0.45)) == 22
    assert round(mcnemar_power(144, 0.25, 0.45), 2) == 0.80


def test_the_power_is_how_often_the_test_finds_the_difference() -> None:
    draw = np.random.default_rng(9)
    counts = draw.multinomial(70, [0.08, 0.25, 0.67], size=4000)
    found = np.mean([mcnemar(first, second) <= 0.05 for first, second in counts[:, :2].tolist()])
    assert mcnemar_power(70, 0.08, 0.25) == pytest.approx(found, abs=0.02)


def test_the_power_is_the_sum_over_all_outcomes() -> None:
    by_hand = 0.0
    chances = (0.1, 0.6, 0.3)
    for first in range(9):
        for second in range(9 - first):
            ways = np.prod(np.arange(1, 9)) / np.prod(
                [np.prod(np.arange(1, k + 1)) for k in (first, second, 8 - first - second)]
            )
            chance = ways * chances[0] ** first * chances[1] ** second * chances[2] ** (8 - first - second)
            by_hand += chance * (mcnemar(first, second) <= 0.05)
    assert mcnemar_power(8, 0.1, 0.6) == pytest.approx(by_hand)


@pytest.mark.parametrize("shares", [(0.05, 0.45), (0.1, 0.2), (0.0, 0.3), (0.02, 0.05), (0.3, 0.1)])
def test_the_prompts_needed_are_enough_and_one_fewer_is_not(shares: tuple[float, float]) -> None:
    needed = prompts_for_rates(*shares)
    assert needed is not None
    assert mcnemar_power(needed, *shares) >= 0.8 > mcnemar_power(needed - 1, *shares)
    # The exact test is the more cautious one, by about 1 / δ prompts.
    assert connor(*shares) - 1 <= needed <= connor(*shares) + 3 / abs(shares[0] - shares[1])


def test_six_prompts_are_the_fewest_on_which_exact_mcnemar_finds_anything() -> None:
    assert prompts_for_rates(0.0, 1.0) == prompts_for_rates(1.0, 0.0) == 6
    assert mcnemar_power(5, 0.0, 1.0) == 0


def test_a_tiny_difference_needs_many_prompts_and_none_needs_no_number() -> None:
    assert prompts_for_rates(0.1, 0.1) is None and prompts_for_rates(0.0, 0.0) is None
    tiny = prompts_for_rates(0.1, 0.101)
    assert tiny is not None and tiny > 1_000_000
    assert prompts_for_means(0.0) is None


@pytest.mark.parametrize("effect", [0.05, 0.2, 0.5, -0.5, 0.8, 1.2, 2.0])
def test_the_prompts_for_means_are_those_of_statsmodels_paired_t_test(effect: float) -> None:
    power = pytest.importorskip("statsmodels.stats.power")
    expected = float(power.TTestPower().solve_power(effect_size=abs(effect), alpha=0.05, power=0.8))
    assert prompts_for_means(effect) == pytest.approx(expected, abs=1.05)


def test_the_prompts_for_means_are_cohen_s() -> None:
    """J. Cohen, *Statistical Power Analysis*, 2nd ed. 1988: a medium effect, d_z = 0.5, needs 34 pairs."""
    assert prompts_for_means(0.5) == 34
