"""The tables of a report as data; the page and the Markdown print the same ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from friction.evaluate.report.numbers import Kind, Shown, dial_setting, number, p_value
from friction.evaluate.report.words import FIGURE_GROUPS, compared, figure_kind, move_name
from friction.evaluate.statistics.estimate import NOTHING
from friction.evaluate.summary import ALL, FIGURES, ArmSummary, Comparison, Detection, Summary
from friction.moves import MOVES


@dataclass(frozen=True)
class Missing:
    """A cell with nothing to say, and why."""

    why: str


Cell = str | Shown | Missing


@dataclass(frozen=True)
class Row:
    """A row.

    Attributes:
        head: What it is about; shared by rows that belong together.
        cells: The rest.
        arm: Whose figures it holds, where they are of one model.
    """

    head: str
    cells: tuple[Cell, ...]
    arm: str = ""


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        caption: What it shows.
        columns: The heads; the first one stands over the rows' heads.
        rows: Never ragged.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def groups(self) -> list[list[Row]]:
        """Rows that follow one another under one head."""
        return [list(rows) for _, rows in groupby(self.rows, key=lambda row: row.head)]


def moves_of(summary: Summary) -> list[str]:
    """What was counted, all moves together first."""
    keys = dict.fromkeys(key for arm in summary.arms for key in arm.detection)
    ordered = [ALL, *MOVES]
    return [key for key in ordered if key in keys] + [key for key in keys if key not in ordered]


def rates_table(summary: Summary) -> Table:
    """Hits against false alarms, per move and model."""
    rows = tuple(
        Row(move, (arm, Shown(found.hits), Shown(found.hits_any), Shown(found.false_alarms)), arm)
        for move, arm, found in _detections(summary)
    )
    columns = ("Move", "Model", "Hits", "Any pushback where due", "False alarms")
    return Table("Hits and false alarms per move, with 95 % intervals", columns, rows)


def detection_table(summary: Summary) -> Table:
    """The figures of signal detection theory, per move and model."""
    rows = tuple(
        Row(
            move,
            (
                arm,
                Shown(found.d_prime, "score"),
                Shown(found.criterion, "score"),
                Shown(found.youden_j, "score"),
                Shown(found.balanced_accuracy),
            ),
            arm,
        )
        for move, arm, found in _detections(summary)
    )
    columns = ("Move", "Model", "d′", "Criterion c", "Youden's J", "Balanced accuracy")
    return Table("How well each model tells due from not due", columns, rows)


def _detections(summary: Summary) -> Iterator[tuple[str, str, Detection]]:
    for move in moves_of(summary):
        for arm in summary.arms:
            if move in arm.detection:
                yield move_name(move), arm.arm, arm.detection[move]


def comparison_table(summary: Summary) -> Table | None:
    """Every comparison with its test, the same things together; None where there is none."""
    if not summary.comparisons:
        return None
    ordered = sorted(summary.comparisons, key=lambda one: _first_index(summary, one.what))
    rows = tuple(_compared_row(comparison) for comparison in ordered)
    columns = (
        "What",
        "Move",
        "Baseline",
        "Friction",
        "Difference",
        "Only baseline · only friction",
        "p",
        "p (Holm)",
        "Effect",
        "Prompts needed",
    )
    return Table("Baseline against friction on the same prompts", columns, rows)


def _first_index(summary: Summary, what: str) -> int:
    return next(at for at, one in enumerate(summary.comparisons) if one.what == what)


def _compared_row(comparison: Comparison) -> Row:
    label, kind = compared(comparison)
    only = (comparison.only_baseline, comparison.only_friction)
    return Row(
        label,
        (
            comparison.move or "all",
            Shown(comparison.baseline, kind),
            Shown(comparison.friction, kind),
            Shown(comparison.difference, kind, signed=True),
            Missing("Means are compared, not counts.") if None in only else f"{only[0]:,} · {only[1]:,}",
            Missing("There is nothing to test.") if comparison.p is None else p_value(comparison.p),
            Missing("It is not one of several.") if comparison.p_holm is None else p_value(comparison.p_holm),
            Missing("It is not known.") if comparison.effect is None else number(comparison.effect, signed=True),
            Missing("There is no difference to find.") if comparison.needed is None else f"{comparison.needed:,}",
        ),
    )


def helpfulness_table(summary: Summary) -> Table | None:
    """Plain questions answered correctly; None where none was asked."""
    return _figure_table(summary, "What friction costs in helpfulness", {"Helpfulness": ("plain_right",)})


def figures_table(summary: Summary) -> Table | None:
    """Length, tone, refusals; None where nothing was counted."""
    return _figure_table(summary, "Length and tone of the replies", FIGURE_GROUPS)


def _figure_table(summary: Summary, caption: str, groups: Mapping[str, tuple[str, ...]]) -> Table | None:
    rows = []
    for group, keys in groups.items():
        for key in keys:
            found = [Shown(arm.figures.get(key, NOTHING), figure_kind(key)) for arm in summary.arms]
            if all(shown.estimate.value is None for shown in found):
                continue
            cells: list[Cell] = [FIGURES[key][0], *found]
            if len(summary.arms) == 2:
                cells.append(_difference(summary, key, figure_kind(key)))
            rows.append(Row(group, tuple(cells)))
    if not rows:
        return None
    difference = ("Difference",) if len(summary.arms) == 2 else ()
    names = tuple(arm.arm.capitalize() for arm in summary.arms)
    return Table(caption, ("", "Figure", *names, *difference), tuple(rows))


def _difference(summary: Summary, key: str, kind: Kind) -> Cell:
    for comparison in summary.comparisons:
        if comparison.what == key and comparison.move is None:
            return Shown(comparison.difference, kind, signed=True)
    return Missing("The two models were not compared on this.")


def dial_table(summary: Summary) -> Table | None:
    """The operating curve in numbers; None where the dial was not turned."""
    if summary.dial is None:
        return None
    rows = tuple(
        Row(
            dial_setting(point.dial) + (" (best)" if point.dial == summary.dial.best else ""),
            (Shown(point.hits), Shown(point.false_alarms), Shown(point.youden_j, "score")),
        )
        for point in summary.dial.points
    )
    return Table("The dial's operating curve", ("Dial", "Hits", "False alarms", "Youden's J"), rows)


def benchmark_table(summary: Summary) -> Table | None:
    """The benchmark's own figures; None where it has none."""
    if not summary.benchmark:
        return None
    names = dict.fromkeys(metric.name for metric in summary.benchmark)
    rows = tuple(
        Row(name, (metric.arm, Shown(metric.estimate, "mean"), metric.note), metric.arm)
        for name in names
        for metric in summary.benchmark
        if metric.name == name
    )
    return Table("The benchmark's own figures", ("Figure", "Model", "Value", "How it is counted"), rows)


def replies_table(summary: Summary) -> Table:
    """Who answered, and what came back."""
    rows = tuple(_replies_row(arm) for arm in summary.arms)
    columns = (
        "Model",
        "Engine",
        "Dial",
        "Answered",
        "Cut",
        "Empty",
        "Failed",
        "Tokens",
        "Reply time, summed over replies",
    )
    return Table("Who answered, and what came back", columns, rows)


def _replies_row(arm: ArmSummary) -> Row:
    states = tuple(f"{arm.states.get(state, 0):,}" for state in ("answered", "cut", "empty", "failed"))
    minutes, seconds = divmod(round(arm.seconds), 60)
    took = f"{minutes:,} min {seconds} s" if minutes else f"{arm.seconds:.1f} s"
    return Row(arm.arm, (arm.engine, _dial_cell(arm.dial), *states, f"{arm.tokens:,}", took), arm.arm)


def _dial_cell(dial: float | None) -> Cell:
    return Missing("There is no adapter to scale.") if dial is None else dial_setting(dial)


def settings_table(summary: Summary) -> Table | None:
    """What was run, as the manifest has it; None where nothing is known."""
    rows = tuple(Row(name, (value,)) for name, value in _flat(summary.settings))
    return Table("Settings and versions", ("Setting", "Value"), rows) if rows else None


def _flat(settings: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in settings.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{before}{name}.")
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
            yield f"{before}{name}", text
