"""Signal detection theory: d′, criterion, Youden's J and balanced accuracy, with intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from friction.evaluate.statistics.accuracy import balanced_accuracy
from friction.evaluate.statistics.detection import DetectionEstimates, detection, detection_estimates
from friction.evaluate.statistics.estimate import Estimate


def _outcomes(count: int, cases: int) -> list[bool]:
    return [place < count for place in range(cases)]


def _units(cases: int) -> list[str]:
    return [f"pair {place}" for place in range(cases)]


def _estimates(hits: int, signal: int, false_alarms: int, noise: int) -> DetectionEstimates:
    return detection_estimates(
        _outcomes(hits, signal), _units(signal), _outcomes(false_alarms, noise)[::-1], _units(noise)
    )


def _limits(estimate: Estimate) -> tuple[float, float]:
    assert estimate.low is not None and estimate.high is not None
    return estimate.low, estimate.high


def test_the_figures_are_those_of_a_published_example() -> None:
    """The example of ``signal`` in D. G. Bonett's R package statpsych, which follows T. D. Wickens, *Elementary Signal
    Detection Theory*, 2002, and adds 0.5 and 1 as we do: d′ 1.002793, bias (c) -0.4019603."""
    found = detection(82, 100, 46, 100)
    assert found.d_prime == pytest.approx(1.002793, abs=5e-7)
    assert found.criterion == pytest.approx(-0.4019603, abs=5e-8)
    assert found.youden_j == pytest.approx(0.36)
    assert found.balanced_accuracy == pytest.approx(0.68)


def test_the_figures_are_those_worked_out_by_hand() -> None:
    # (15.5 / 20, 4.5 / 20) = (0.775, 0.225), whose quantiles in any table are 0.7554 and -0.7554.
    found = detection(15, 19, 4, 19)
    assert found.d_prime == pytest.approx(2 * 0.7554, abs=1e-4)
    assert found.criterion == pytest.approx(0, abs=1e-12)
    # (19.5 / 20, 19.5 / 39) = (0.975, 0.5): 1.95996 and 0; who pushes back readily has a criterion below 0.
    found = detection(19, 19, 19, 38)
    assert found.d_prime == pytest.approx(1.95996, abs=1e-5)
    assert found.criterion == pytest.approx(-1.95996 / 2, abs=1e-5)


@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_d_prime_and_criterion_are_the_sum_and_difference_of_two_quantiles(
    signal: int, noise: int, data: st.DataObject
) -> None:
    hits, false_alarms = data.draw(st.integers(0, signal)), data.draw(st.integers(0, noise))
    found = detection(hits, signal, false_alarms, noise)
    hit, false_alarm = norm.ppf((hits + 0.5) / (signal + 1)), norm.ppf((false_alarms + 0.5) / (noise + 1))
    assert found.d_prime == pytest.approx(hit - false_alarm, abs=1e-9)
    assert found.criterion == pytest.approx(-(hit + false_alarm) / 2, abs=1e-9)
    assert found.youden_j == pytest.approx(hits / signal - false_alarms / noise)


@given(st.integers(1, 100), st.data())
def test_a_contrarian_and_a_sycophant_mirror_one_another(cases: int, data: st.DataObject) -> None:
    hits, false_alarms = data.draw(st.integers(0, cases)), data.draw(st.integers(0, cases))
    one = detection(hits, cases, false_alarms, cases)
    other = detection(cases - false_alarms, cases, cases - hits, cases)
    assert one.d_prime == pytest.approx(other.d_prime, abs=1e-9)
    assert one.criterion is not None and other.criterion is not None
    assert one.criterion == pytest.approx(-other.criterion, abs=1e-9)


def test_pushing_back_on_everything_is_no_better_than_on_nothing() -> None:
    for count in (0, 50):
        found = detection(count, 50, count, 50)
        assert (found.d_prime, found.youden_j, found.balanced_accuracy) == (0.0, 0.0, 0.5)


def test_with_one_side_only_nothing_can_be_told_apart() -> None:
    found = detection(3, 5, 0, 0)
    assert (found.hit_rate, found.false_alarm_rate) == (0.6, None)
    assert found.d_prime is found.criterion is found.youden_j is found.balanced_accuracy is None
    nothing = Estimate(None, None, None, 5)
    estimates = detection_estimates(_outcomes(3, 5), _units(5), [], [])
    assert estimates == DetectionEstimates(nothing, nothing, nothing, nothing)
    assert detection_estimates([], [], [], []).youden_j == Estimate(None, None, None, 0)


@pytest.mark.parametrize("counts", [(-1, 5, 0, 5), (6, 5, 0, 5), (0, 5, 6, 5), (0, 0, 1, 0)])
def test_a_count_above_its_cases_is_an_error(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="count"):
        detection(*counts)


@pytest.mark.parametrize("counts", [(40, 60, 10, 60), (59, 60, 1, 60), (60, 60, 0, 60), (0, 60, 0, 60), (3, 3, 0, 2)])
def test_every_figure_has_an_interval_that_holds_it(counts: tuple[int, int, int, int]) -> None:
    figures, found = detection(*counts), _estimates(*counts)
    for name in ("d_prime", "criterion", "youden_j", "balanced_accuracy"):
        estimate: Estimate = getattr(found, name)
        low, high = _limits(estimate)
        assert estimate.value == getattr(figures, name)
        assert estimate.value is not None and low < high
        assert low - 1e-12 <= estimate.value <= high + 1e-12
        assert estimate.n == counts[1] + counts[3]


def test_a_perfect_record_is_no_certainty() -> None:
    """60 of 60 and 0 of 60 are the same in every resample: the interval comes from those of the rates instead."""
    perfect, nearly = _estimates(60, 60, 0, 60), _estimates(59, 60, 0, 60)
    assert _limits(perfect.youden_j) == pytest.approx((1 - 0.0602 * 2**0.5, 1), abs=1e-3)
    assert _limits(nearly.youden_j)[0] < _limits(perfect.youden_j)[0]
    assert _limits(perfect.d_prime)[0] < 4 < _limits(perfect.d_prime)[1]


def test_of_a_single_pair_hardly_anything_is_known() -> None:
    low, high = _limits(detection_estimates([True], ["pair"], [False], ["pair"]).youden_j)
    assert low < 0 and high == 1


def test_balanced_accuracy_is_youden_s_j_on_another_scale() -> None:
    found = _estimates(40, 60, 10, 60)
    assert _limits(found.balanced_accuracy) == pytest.approx([(1 + limit) / 2 for limit in _limits(found.youden_j)])


def test_independent_sides_have_the_textbook_standard_error() -> None:
    """Var J = H(1 - H)/n + F(1 - F)/m, of two independent proportions."""
    low, high = _limits(
        detection_estimates(
            _outcomes(120, 200),
            [f"due {place}" for place in range(200)],
            _outcomes(60, 200),
            [f"not {place}" for place in range(200)],
        ).youden_j
    )
    assert (high - low) / 2 == pytest.approx(1.96 * (0.6 * 0.4 / 200 + 0.3 * 0.7 / 200) ** 0.5, rel=0.08)


def test_twins_that_fall_together_narrow_the_interval_of_j_and_widen_that_of_c() -> None:
    """Topics that draw pushback on both sides: the difference of the rates is surer than their sum."""
    both = _outcomes(30, 60)
    together = detection_estimates(both, _units(60), [*both[:27], *both[30:33], *both[27:30], *both[33:]], _units(60))
    apart = detection_estimates(both, _units(60), both[::2] + both[1::2], _units(60))
    widths = [
        [high - low for low, high in (_limits(found.youden_j), _limits(found.criterion))] for found in (together, apart)
    ]
    assert widths[0][0] < widths[1][0] and widths[0][1] > widths[1][1]


def test_repeats_of_the_same_replies_add_no_certainty() -> None:
    hits, false_alarms = _outcomes(40, 60), _outcomes(10, 60)
    once = detection_estimates(hits, _units(60), false_alarms, _units(60))
    four = detection_estimates(hits * 4, _units(60) * 4, false_alarms * 4, _units(60) * 4)
    assert _limits(four.youden_j) == pytest.approx(_limits(once.youden_j))
    assert four.youden_j.n == 4 * once.youden_j.n


def test_the_order_of_the_replies_decides_nothing() -> None:
    hits, units, false_alarms = _outcomes(40, 60), _units(60), _outcomes(10, 60)
    assert detection_estimates(hits[::-1], units[::-1], false_alarms[::-1], units[::-1]) == detection_estimates(
        hits, units, false_alarms, units
    )


def test_a_unit_is_needed_for_each_reply() -> None:
    with pytest.raises(ValueError, match="unit"):
        detection_estimates([True], [], [False], ["pair"])


def test_balanced_accuracy_of_two_sequences_is_scikit_learn_s() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    draw = np.random.default_rng(3)
    truth = (draw.random(150) < 0.3).tolist()
    predicted = [(draw.random() < 0.8) == due for due in truth]
    found = balanced_accuracy(truth, predicted)
    assert found.value == pytest.approx(metrics.balanced_accuracy_score(truth, predicted))
    low, high = _limits(found)
    assert low < 0.8 < high and found.n == 150


def test_balanced_accuracy_needs_both_kinds_of_truth() -> None:
    assert balanced_accuracy([True, True], [True, False]).value is None
    with pytest.raises(ValueError):
        balanced_accuracy([True], [True, False])
