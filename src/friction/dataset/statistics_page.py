"""Statistics as one page that needs nothing else: tables beside charts drawn in SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from friction.dataset.statistics import Statistics, Table
from friction.moves import MOVES
from friction.personas import PERSONAS

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --paper: #fdfdfb; --soft: #6a737d; --due: #c2543f; --twin: #2d7f6b; --line: #d8dcdf; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ea; --paper: #15191d; --soft: #98a2ab; --due: #e07a63; --twin: #57b59c; --line: #343b42; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
table { border-collapse: collapse; } th, td { padding: .15rem 1.2rem .15rem 0; text-align: right; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child { text-align: left; }
svg { max-width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif; fill: var(--ink); }
.due { fill: var(--due); } .twin { fill: var(--twin); } .key { color: var(--soft); }
"""
_BAR, _GAP, _NAME, _WIDTH = 14, 9, 170, 720


def page(counted: Statistics, tables: Sequence[Table], names: Sequence[str]) -> str:
    """The whole page.

    Args:
        counted: What the charts are drawn from.
        tables: What is printed in a terminal, too.
        names: The files that were read.
    """
    charts = {
        "Moves": _bars([(name, counted.moves[name, True], counted.moves[name, False]) for name in MOVES], "records"),
        "Domains": _bars(_both(tables, "Domains"), "records"),
        "Difficulties": _bars(_both(tables, "Difficulties"), "records"),
        "Friction moments by persona": _moments(counted),
    }
    parts = [f"<h2>{escape(table.title)}</h2>\n{charts.get(table.title, '')}\n{_table(table)}" for table in tables]
    title = f"{', '.join(names)}: {counted.records:,} records, {counted.pairs:,} pairs"
    return (
        "<!doctype html>\n<html lang='en'>\n<head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n<p class='key'>Red: pushback is due. Green: the twin, not due.</p>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _both(tables: Sequence[Table], title: str) -> list[tuple[str, int, int]]:
    table = next(table for table in tables if table.title == title)
    return [(row[0], int(row[1]), int(row[2])) for row in table.rows]


def _bars(rows: Sequence[tuple[str, int, int]], unit: str) -> str:
    """Two bars for each row, one for each side."""
    most = max((max(due, twin) for _, due, twin in rows), default=1) or 1
    height = len(rows) * (2 * _BAR + _GAP)
    described = "; ".join(f"{name}: {due} due, {twin} not due" for name, due, twin in rows)
    parts = [f"<svg viewBox='0 0 {_WIDTH} {height}' role='img' aria-label='{escape(described, quote=True)} {unit}'>"]
    for at, (name, *counts) in enumerate(rows):
        top = at * (2 * _BAR + _GAP)
        parts.append(f"<text x='{_NAME - 10}' y='{top + _BAR + 4}' text-anchor='end'>{escape(name)}</text>")
        for side, (kind, count) in enumerate(zip(("due", "twin"), counts, strict=True)):
            width = round((_WIDTH - _NAME - 60) * count / most, 1)
            y = top + side * _BAR
            parts.append(f"<rect class='{kind}' x='{_NAME}' y='{y}' width='{width}' height='{_BAR - 1}' rx='2'/>")
            parts.append(f"<text x='{_NAME + width + 6}' y='{y + _BAR - 3}'>{count}</text>")
    return "".join(parts) + "</svg>"


def _moments(counted: Statistics) -> str:
    """A grid of circles, one row for each persona: the more moments of a kind, the larger."""
    kinds = sorted({kind for _, kind in counted.moments})
    names = [name for name in PERSONAS if counted.agents[name]]
    most = max(counted.moments.values(), default=1)
    column, row = 90, 34
    width, height = _NAME + column * len(kinds), row * (len(names) + 1)
    described = "; ".join(
        f"{name}: " + ", ".join(f"{counted.moments[name, kind]} {kind}" for kind in kinds) for name in names
    )
    parts = [f"<svg viewBox='0 0 {width} {height}' role='img' aria-label='{escape(described, quote=True)}'>"]
    for at, kind in enumerate(kinds):
        parts.append(f"<text x='{_NAME + column * at + column / 2}' y='14' text-anchor='middle'>{escape(kind)}</text>")
    for line, name in enumerate(names, 1):
        y = row * line + 10
        parts.append(f"<text x='{_NAME - 10}' y='{y + 4}' text-anchor='end'>{escape(name)}</text>")
        for at, kind in enumerate(kinds):
            x, count = _NAME + column * at + column / 2, counted.moments[name, kind]
            radius = round(15 * (count / most) ** 0.5, 1)  # the area shows the count
            parts.append(f"<circle class='twin' cx='{x}' cy='{y}' r='{radius}'><title>{count}</title></circle>")
    return "".join(parts) + "</svg>"


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
