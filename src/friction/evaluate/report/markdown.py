"""The report as Markdown: for a pull request, an issue, a model card."""

from __future__ import annotations

import re

from friction.evaluate.report import tables
from friction.evaluate.report.numbers import NONE, Shown
from friction.evaluate.report.tables import Cell, Missing, Table
from friction.evaluate.report.visible import visible
from friction.evaluate.report.words import about, in_words, overall
from friction.evaluate.summary import Summary

_HOW_TO_READ = (
    "A *hit* is pushback where it is due; a *false alarm* is pushback where it is not. Every situation where pushback "
    "is due has a *twin* that looks almost the same and where it is not, so a model cannot win by always pushing back."
)


def markdown_report(summary: Summary) -> str:
    """The summary as Markdown, with the same tables as the page; the replies themselves are only there."""
    parts = [f"# {_escaped(summary.title)}", f"**{_escaped(summary.headline)}**"]
    parts += ["\n>\n".join(f"> {_escaped(sentence)}" for sentence in summary.honesty)]
    parts += [_HOW_TO_READ, _asked(summary)]
    parts += _section(tables.rates_table(summary))
    parts += _section(tables.detection_table(summary))
    parts += _section(tables.comparison_table(summary))
    words = [f"- **{_escaped(about(one))}.** {in_words(one)}" for one in overall(summary.comparisons)]
    parts += ["\n".join(words)] if words else []
    helpfulness = tables.helpfulness_table(summary)
    parts += _section(helpfulness) if helpfulness else ["No plain questions were asked: what it costs is not known."]
    parts += _section(tables.dial_table(summary))
    if summary.dial:
        parts.append(f"Area under the operating curve: {summary.dial.auc:.2f}. Best dial by J: {summary.dial.best:g}.")
    parts += _section(tables.figures_table(summary))
    parts += _section(tables.benchmark_table(summary))
    parts += ["## Limitations", _list(summary.limitations)]
    parts += _section(tables.replies_table(summary))
    parts += _section(tables.settings_table(summary))
    return "\n\n".join(part for part in parts if part) + "\n"


def _asked(summary: Summary) -> str:
    repeats = f", each asked {summary.repeats} times" if summary.repeats > 1 else ""
    return f"{summary.prompts:,} prompts in {summary.pairs:,} pairs{repeats}. Intervals are 95 % intervals."


def _section(table: Table | None) -> list[str]:
    if table is None:
        return []
    lines = [_line(table.columns), "|" + " --- |" * len(table.columns)]
    lines += [_line([row.head, *(_cell(cell) for cell in row.cells)]) for row in table.rows]
    return [f"## {table.caption}", "\n".join(lines)]


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Missing):
        return NONE
    if isinstance(cell, Shown):
        return cell.with_cases
    return cell


def _list(sentences: tuple[str, ...]) -> str:
    return "\n".join(f"- {_escaped(sentence)}" for sentence in sentences) or "None was found by the checks of this run."


def _escaped(text: str) -> str:
    """One line in which nothing is markup, whatever a person or a model called a thing."""
    one_line = " ".join(visible(text).split())
    # Underscores and pluses inside words mean nothing, and names are full of them.
    quoted = re.sub(r"([\\`*\[\]<>|~#$]|(?<!\w)_|_(?!\w)|&(?=\w|#)|!(?=\[))", r"\\\1", one_line)
    return re.sub(r"^(\d*)([-+.)]\s)", r"\1\\\2", quoted)  # no list either
