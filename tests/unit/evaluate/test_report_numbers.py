"""Figures, p values and comparisons as text."""

from __future__ import annotations

from typing import Any

import pytest

from friction.evaluate.report.numbers import Kind, Shown, dial_setting, number, p_value
from friction.evaluate.report.words import FIGURE_GROUPS, about, in_words, overall
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.summary import FIGURES
from tests.unit.evaluate import report_samples as samples  # pylint: disable=import-error


def test_an_estimate_is_never_printed_without_its_interval() -> None:
    """The form that every table uses."""
    shown = Shown(Estimate(0.8333, 0.7799, 0.8712, 60, 50))
    assert shown.text == "0.83 (0.78 to 0.87)"
    assert shown.cases == "50 of 60"


def test_a_figure_without_an_interval_says_so() -> None:
    """Rather than to look sure."""
    assert Shown(Estimate(0.5, None, None, 2)).text == "0.50 (no interval)"


def test_nothing_counted_is_a_dash_with_its_reason() -> None:
    """No cases, and cases that give no figure, are two things."""
    assert Shown(NOTHING).text == "–"
    assert Shown(NOTHING).cases == "n 0"
    assert "Nothing was counted" in Shown(NOTHING).why_none
    assert "5 cases" in Shown(Estimate(None, None, None, 5)).why_none
    assert Shown(Estimate(0.0, 0.0, 0.1, 5)).why_none == ""


def test_a_difference_has_its_sign_and_zero_has_none() -> None:
    """A hyphen is no minus, and rounding must not make a negative zero."""
    assert Shown(Estimate(-0.12, -0.204, 0.001, 60), signed=True).text == "−0.12 (−0.20 to 0.00)"
    assert number(-0.001) == "0.00"
    assert number(0.3, signed=True) == "+0.30"


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [(84.26, "mean", "84.3"), (0.417, "mean", "0.42"), (1234.5, "mean", "1,234"), (12.3456, "score", "12.35")],
)
def test_a_mean_has_the_decimals_that_its_size_deserves(value: float, kind: Kind, text: str) -> None:
    """And its interval as many."""
    assert Shown(Estimate(value, value, value, 9), kind).value == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0, "< 0.001"), (0.00099, "< 0.001"), (0.0123, "0.012"), (0.25, "0.25"), (1.0, "1.00")],
)
def test_a_p_value_is_never_zero(p: float, text: str) -> None:
    """However small it is."""
    assert p_value(p) == text


def test_a_dial_is_printed_as_one_types_it() -> None:
    """Without zeros that say nothing."""
    assert [dial_setting(dial) for dial in (0.0, 1.0, 0.25)] == ["0", "1", "0.25"]


def test_a_clear_difference_is_told_in_hundredths_with_its_range() -> None:
    """For people who read no tables."""
    assert in_words(samples.comparison("hits", None)).startswith("The friction model: 69 more in 100 (58 to 78).")


@pytest.mark.parametrize("changes", [{"p": 0.25}, {"p": 0.01, "p_holm": 0.06}])
def test_what_chance_could_make_is_not_called_a_difference(changes: dict[str, Any]) -> None:
    """The corrected p decides, where there is one."""
    around_zero = Estimate(0.03, -0.02, 0.08, 100)
    told = in_words(samples.comparison("hits", "hold", needed=1640, difference=around_zero, **changes))
    assert told.startswith("No clear difference: 3 more in 100") and "which chance alone could make" in told
    assert "1,640 prompts" in told


def test_where_interval_and_test_disagree_the_words_say_so() -> None:
    """6 to 47 more, and yet "chance alone could make it", would contradict itself."""
    told = in_words(samples.comparison("hits", None, p=0.07, difference=Estimate(0.22, 0.06, 0.47, 9)))
    assert told.startswith("No clear difference, but a borderline one: 22 more in 100 (6 to 47). ")
    assert "The interval leaves out zero, the exact test does not leave out chance (p 0.070)." in told
    told = in_words(samples.comparison("hits", None, p=0.03, difference=Estimate(0.22, -0.01, 0.47, 9)))
    assert told.startswith("A borderline difference: 22 more in 100 (1 fewer to 47 more). ")
    told = in_words(samples.comparison("hits", "hold", p=0.01, p_holm=0.06))
    assert "corrected for testing every move" in told and "chance alone" not in told


def test_without_a_test_the_interval_decides() -> None:
    """It is clear if it leaves out zero."""
    unclear = samples.comparison("hits", None, p=None, difference=Estimate(0.03, -0.02, 0.08, 100))
    assert in_words(unclear).startswith("No clear difference: 3 more in 100 (2 fewer to 8 more)")
    assert in_words(samples.comparison("hits", None, p=None)).startswith("The friction model")


def test_fewer_is_told_from_the_small_end_to_the_large_one() -> None:
    """28.5 fewer, 20.4 to 36.2: not −36.2 to −20.4."""
    fewer = samples.comparison("answer_words", None, difference=Estimate(-28.5, -36.2, -20.4, 110), only_baseline=None)
    assert "28.5 fewer on average (20.4 to 36.2)" in in_words(fewer)


def test_a_comparison_of_nothing_and_one_without_any_difference_say_so() -> None:
    """Neither is a small difference."""
    assert in_words(samples.comparison("hits", None, difference=NOTHING)).startswith("Nothing to compare")
    assert in_words(samples.comparison("hits", None, difference=Estimate(0.0, 0.0, 0.0, 9))) == "No difference at all."


def test_comparisons_on_single_moves_are_told_only_where_there_are_no_others() -> None:
    """And then they name the move."""
    single, whole = samples.comparison("hits", "hold"), samples.comparison("hits", None)
    assert overall([single, whole]) == [whole]
    assert [about(one) for one in overall([single])] == ["hits: the due pushback (hold)"]


def test_every_figure_of_a_summary_has_its_place_in_the_tables() -> None:
    """A figure that is added must not be lost."""
    placed = [key for keys in FIGURE_GROUPS.values() for key in keys]
    assert sorted([*placed, "plain_right"]) == sorted(FIGURES)
