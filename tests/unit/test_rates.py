"""Rates: counted, and never without their interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.organism.rates import Rate


@pytest.mark.parametrize(
    "count, total, low, high",
    [
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998),
        # table I, method 3: the score method without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # scipy.stats.binomtest(count, total).proportion_ci(method="wilson")
        (5, 10, 0.2366, 0.7634),
        (99, 100, 0.9455, 0.9982),
        (100, 100, 0.9630, 1.0),
    ],
)
def test_the_interval_is_wilson_s(count: int, total: int, low: float, high: float) -> None:
    assert list(Rate(count, total).interval) == pytest.approx([low, high], abs=5e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_rate_lies_in_its_interval_and_the_other_outcome_mirrors_it(count: int, others: int) -> None:
    rate, mirror = Rate(count, count + others), Rate(others, count + others)
    low, high = rate.interval
    assert 0 <= low < high <= 1
    if count + others:
        assert low - 1e-12 <= rate.share <= high + 1e-12
    assert list(mirror.interval) == pytest.approx([1 - high, 1 - low])


def test_where_nothing_was_counted_everything_is_possible() -> None:
    assert Rate().share == 0.0
    assert Rate().interval == (0.0, 1.0)


def test_counting() -> None:
    rate = Rate()
    for happened in (True, False, True, True):
        rate.add(happened)
    assert (rate.count, rate.total, rate.share) == (3, 4, 0.75)
    assert rate.as_dict() == {"count": 3, "total": 4, "items": 0, "rate": 0.75, "low": 0.3006, "high": 0.9544}
    assert str(rate) == "3 of 4 (30-95 %)"


def test_cases_about_one_thing_make_no_interval_narrower() -> None:
    often, once = Rate(), Rate()
    for item in "abcdefghij":
        once.add(item < "d", item)
        for _ in range(11):
            often.add(item < "d", item)
    assert (often.total, often.independent, once.independent) == (110, 10, 10)
    assert often.interval == once.interval
