"""The operating curve and Cohen's kappa."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.evaluate.statistics.curve import auc, best_dial
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.statistics.kappa import kappa, standard_error

_SHARE = st.floats(0, 1)

# Two pathologists on carcinoma in situ, four grades: κ = 0.493, SE 0.057 (A. Agresti, *Categorical Data Analysis*, 2nd
# ed. 2002, section 10.5).
_PATHOLOGISTS = [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]]


def _ratings(table: list[list[int]]) -> tuple[list[str], list[str]]:
    pairs = [
        (f"grade {i}", f"grade {j}") for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)
    ]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _limits(estimate: Estimate) -> tuple[float, float]:
    assert estimate.low is not None and estimate.high is not None
    return estimate.low, estimate.high


def test_chance_has_an_area_of_one_half_and_perfection_of_one() -> None:
    assert auc([]) == auc([(0.3, 0.3), (0.7, 0.7)]) == 0.5
    assert auc([(0.0, 1.0)]) == 1.0
    assert auc([(1.0, 0.0)]) == 0.0


@given(_SHARE, _SHARE)
def test_the_area_through_one_point_is_balanced_accuracy(false_alarms: float, hits: float) -> None:
    assert auc([(false_alarms, hits)]) == pytest.approx((1 + hits - false_alarms) / 2)


@given(st.lists(st.tuples(_SHARE, _SHARE), max_size=10), st.randoms())
def test_the_area_lies_between_zero_and_one_in_any_order(points: list[tuple[float, float]], order: Random) -> None:
    shuffled = list(points)
    order.shuffle(shuffled)
    assert auc(shuffled) == auc(points)
    assert -1e-12 <= auc(points) <= 1 + 1e-12


def test_the_area_is_scikit_learn_s() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    draw = np.random.default_rng(4)
    truth, scores = draw.random(200) < 0.4, draw.normal(size=200)
    scores[truth] += 1
    false_alarms, hits, _ = metrics.roc_curve(truth, scores)
    points = list(zip(false_alarms.tolist(), hits.tolist(), strict=True))
    assert auc(points) == pytest.approx(metrics.roc_auc_score(truth, scores))


def test_the_best_dial_has_the_largest_j_and_of_equals_the_fewest_false_alarms() -> None:
    assert best_dial([(0.0, 0.0, 0.1), (0.5, 0.1, 0.8), (1.0, 0.3, 0.95)]) == 0.5
    # As floats, 0.7 - 0.3 and 0.6 - 0.2 are not equal; nor are 0.4 - 0.1 and 0.3.
    assert best_dial([(1.5, 0.3, 0.7), (1.0, 0.2, 0.6), (0.5, 0.2, 0.6)]) == 0.5
    assert best_dial([(1.0, 0.1, 0.4), (0.5, 0.0, 0.3)]) == 0.5
    with pytest.raises(ValueError):
        best_dial([])


def test_kappa_of_a_published_example_is_as_published() -> None:
    found = kappa(*_ratings(_PATHOLOGISTS))
    assert found.value == pytest.approx(0.493, abs=5e-4) and found.n == 118
    assert standard_error(np.array(_PATHOLOGISTS, dtype=np.float64)) == pytest.approx(0.057, abs=5e-4)
    assert _limits(found) == pytest.approx((0.493 - 1.96 * 0.057, 0.493 + 1.96 * 0.057), abs=2e-3)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=3, max_size=60))
def test_kappa_and_its_standard_error_are_statsmodels(cases: list[tuple[str, str]]) -> None:
    raters = pytest.importorskip("statsmodels.stats.inter_rater")
    table = np.array([[cases.count((one, other)) for other in "abc"] for one in "abc"], dtype=np.float64)
    found = kappa([case[0] for case in cases], [case[1] for case in cases])
    if found.value is not None:
        with np.errstate(all="ignore"):  # its tests divide by standard errors of 0
            expected = raters.cohens_kappa(table)
        assert found.value == pytest.approx(float(expected.kappa), abs=1e-9)
        assert standard_error(table) ** 2 == pytest.approx(float(expected.var_kappa), abs=1e-9)
        low, high = _limits(found)
        assert -1 <= low <= found.value + 1e-12 and found.value - 1e-12 <= high <= 1


def test_kappa_is_scikit_learn_s() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    first, second = [True, True, False, False, True, False], [True, False, False, False, True, True]
    assert kappa(first, second).value == pytest.approx(metrics.cohen_kappa_score(first, second))


def test_units_of_one_case_give_about_the_large_sample_interval() -> None:
    first, second = _ratings(_PATHOLOGISTS)
    found = kappa(first, second, [f"slide {place}" for place in range(118)])
    assert _limits(found) == pytest.approx(_limits(kappa(first, second)), abs=0.02)


def test_copies_of_ratings_add_no_certainty() -> None:
    first, second = _ratings(_PATHOLOGISTS)
    slides = [f"slide {place}" for place in range(118)]
    once, thrice = kappa(first, second, slides), kappa(first * 3, second * 3, slides * 3)
    assert _limits(thrice) == pytest.approx(_limits(once))


@pytest.mark.parametrize("units", [None, [f"prompt {place}" for place in range(20)]])
def test_full_agreement_is_no_certainty(units: list[str] | None) -> None:
    said = [True] * 10 + [False] * 10
    found = kappa(said, said, units)
    # Wilson's lower limit of 20 of 20 is 0.8389; chance is 0.5.
    assert found.value == 1 and _limits(found) == pytest.approx((2 * 0.8389 - 1, 1), abs=1e-4)
    other = kappa(said, [not one for one in said], units)
    assert other.value == -1 and _limits(other) == pytest.approx((-1, 1 - 2 * 0.8389), abs=1e-4)


def test_where_both_always_say_the_same_one_thing_agreement_means_nothing() -> None:
    assert kappa([True] * 8, [True] * 8) == Estimate(None, None, None, 8)
    assert kappa([], []) == NOTHING


def test_judgements_that_are_not_aligned_are_an_error() -> None:
    with pytest.raises(ValueError, match="both judgements"):
        kappa([True], [True, False])
    with pytest.raises(ValueError, match="unit"):
        kappa([True], [True], ["a", "b"])
