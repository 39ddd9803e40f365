"""The report as Markdown."""

from __future__ import annotations

import re

from friction.evaluate.report import markdown_report
from friction.evaluate.report.tables import Table, comparison_table, detection_table, rates_table
from friction.evaluate.statistics.estimate import NOTHING
from tests.unit.evaluate import report_samples as samples  # pylint: disable=import-error


def rows(text: str) -> list[str]:
    """The lines of all tables."""
    return [line for line in text.splitlines() if line.startswith("|")]


def test_headline_honesty_and_limitations_are_said_before_and_after_the_numbers() -> None:
    """Whoever reads only the top has read what it is worth."""
    summary = samples.summary()
    text = markdown_report(summary)
    assert text.index(summary.headline) < text.index(summary.honesty[0]) < text.index("| Move |")
    assert all(sentence in text for sentence in (*summary.honesty, *summary.limitations))


def test_every_table_row_has_as_many_cells_as_its_head() -> None:
    """Else the rest of the table slips."""
    tables = [block for block in markdown_report(samples.summary()).split("\n\n") if block.startswith("|")]
    assert len(tables) > 5
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_the_tables_are_those_of_the_page() -> None:
    """One run, one set of numbers."""
    summary = samples.summary()
    text = markdown_report(summary)
    for table in (rates_table(summary), detection_table(summary), comparison_table(summary)):
        assert isinstance(table, Table)
        assert f"## {table.caption}" in text
    assert "0.78 (0.70 to 0.86), 78 of 100" in text
    assert "– (n 0)" in text


def test_names_cannot_break_a_table_or_become_markup() -> None:
    """Engines, titles and settings are somebody's text."""
    nasty = "a|b\n# c <img src=x onerror=alert(1)> [d](javascript:e) `f` *g* \u202e\ud800"
    text = markdown_report(
        samples.summary(title=nasty, honesty=(nasty,), limitations=(nasty,), settings={nasty: nasty})
    )
    text.encode()
    assert "\u202e" not in text
    assert not re.search(r"(?<!\\)<img", text)
    assert not re.search(r"(?<!\\)\[d", text)
    assert "\n# c" not in text
    (line,) = [line for line in rows(text) if "onerror" in line]
    assert len(re.findall(r"(?<!\\)\|", line)) == 3


def test_a_run_of_one_model_with_nothing_counted_is_a_report() -> None:
    """It says what is not known."""
    arm = samples.arm_summary("friction")
    bare = samples.summary(
        arms=(type(arm)("friction", "embedded", None, {}, {}, {"plain_right": NOTHING}, 0, 0.0),),
        comparisons=(),
        limitations=(),
        honesty=(),
        dial=None,
        benchmark=(),
        settings={},
    )
    text = markdown_report(bare)
    assert "No plain questions were asked" in text
    assert "None was found by the checks of this run." in text
    assert "Baseline against friction" not in text
