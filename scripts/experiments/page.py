"""docs/experiments.md, its figures and the numbers behind them, from the results that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from friction.files import whole_file
from friction.moves import MOVES
from scripts.experiments.estimate import idle_seconds
from scripts.experiments.results import Result
from scripts.experiments.schedule import parted
from scripts.experiments.scoring import Measured, load, rates_of
from scripts.experiments.sections import (
    Section,
    arms_section,
    dial_section,
    pairs_section,
    steps_section,
    variant_section,
)
from scripts.experiments.settings import Settings
from scripts.experiments.text import table
from scripts.experiments.units import Unit, all_units

TEMPLATE = Path(__file__).with_name("page.md.jinja")


def make_page(settings: Settings, results: Path, docs: Path) -> Path:
    """Writes the page and its figures; what was not run yet is said to be so.

    Args:
        settings: Of the experiments.
        results: The folder of results.
        docs: Where ``experiments.md`` and the folder ``experiments`` go.

    Returns:
        The page.
    """
    units = all_units(settings)
    done, left = parted(units, settings, results)
    found = load(done, results, settings)
    sections = make_sections(found, done, settings)
    figures = docs / "experiments"
    for section in sections.values():
        _write_figure(figures, section)
    _write(figures / "rates.json", "[\n" + ",\n".join(json.dumps(_rates(one)) for one in found) + "\n]\n")
    page = docs / "experiments.md"
    _write(page, _filled(sections, done, left, settings))
    return page


def make_sections(
    found: Sequence[Measured], done: Sequence[tuple[Unit, Result]], settings: Settings
) -> dict[str, Section]:
    """The six experiments, by name."""
    rows = [result.rows for unit, result in done if unit.variant == "reference"]
    unlimited = sum(counts["due"] + counts["not_due"] for counts in rows) / 2 / max(1, len(rows))
    return {
        "arms": arms_section(found),
        "dial": dial_section(found),
        "twins": variant_section("twins", found, settings, ("with twins", "without twins")),
        "pairs": pairs_section(found, settings, round(unlimited, -2)),
        "thinking": variant_section("thinking", found, settings, ("with thinking", "without thinking")),
        "steps": steps_section(found, settings),
    }


def _filled(
    sections: dict[str, Section], done: Sequence[tuple[Unit, Result]], left: Sequence[Unit], settings: Settings
) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(  # Markdown, not HTML; nothing that a model wrote is in it
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    text = template.render(
        **sections,
        settings=settings,
        results=table(["result", "replies", "minutes"], [_took(unit, result) for unit, result in done]) if done else "",
        left=[unit.name for unit in left],
        hours=sum(idle_seconds(unit, settings) for unit in all_units(settings)) / 3600 / 2,
        trainings=sum(unit.seed is not None for unit in all_units(settings)),
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def _took(unit: Unit, result: Result) -> list[str]:
    return [f"`{unit.name}`", f"{result.replies:,}", f"{sum(result.seconds.values()) / 60:.0f}"]


def _write_figure(folder: Path, section: Section) -> None:
    """Writes a figure with its numbers; those of a result that is no longer there go."""
    for ending, text in ((".svg", section.svg), (".json", _json(section.numbers) if section.numbers else "")):
        path = folder / f"{section.name}{ending}"
        if text:
            _write(path, text)
        else:
            path.unlink(missing_ok=True)


def _rates(one: Measured) -> dict[str, Any]:
    made = {
        move or "all": {name: rate.as_dict() for name, rate in rates_of(one, move).items()} for move in (None, *MOVES)
    }
    return {"result": one.unit.name, "step": one.step, "arm": one.arm, "dial": one.dial, "rates": made}


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    with whole_file(path) as file:
        file.write(text.encode())
