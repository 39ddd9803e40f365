"""The report as one page that needs nothing else: no network, no font, no script but its own, which only filters."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from friction.evaluate.report import tables
from friction.evaluate.report.cases import OUTCOMES, Pair, outcome, pairs
from friction.evaluate.report.dial import dial_svg
from friction.evaluate.report.numbers import dial_setting
from friction.evaluate.report.rates import rates_svg
from friction.evaluate.report.visible import visible
from friction.evaluate.report.words import about, in_words, overall
from friction.evaluate.scored import Scored
from friction.evaluate.summary import Summary
from friction.moves import MOVES

_FOLDER = Path(__file__).parent / "templates"


def html_report(summary: Summary, scored: Sequence[Scored]) -> str:
    """The whole page.

    Every text of a model, a prompt or a person is escaped, characters that would steer the page are made visible,
    and a content security policy forbids all but the page's own script.

    Args:
        summary: What every number is taken from.
        scored: The replies, in the order in which they are to be shown.
    """
    script, style = (_own(name) for name in ("filter.js", "style.css"))
    shown = pairs(scored)
    return (
        _environment()
        .get_template("page.jinja")
        .render(
            summary=summary,
            script=script,
            script_hash=b64encode(sha256(script.encode()).digest()).decode(),
            style=style,
            rates_figure=Markup(rates_svg(summary)),
            dial_figure=Markup(dial_svg(summary.dial)) if summary.dial else None,
            rates=tables.rates_table(summary),
            detection=tables.detection_table(summary),
            comparisons=tables.comparison_table(summary),
            sentences=[(about(one), in_words(one)) for one in overall(summary.comparisons)],
            helpfulness=tables.helpfulness_table(summary),
            helpfulness_words=[in_words(one) for one in overall(summary.comparisons) if one.what == "plain_right"],
            dial=tables.dial_table(summary),
            figures=tables.figures_table(summary),
            benchmark=tables.benchmark_table(summary),
            replies=tables.replies_table(summary),
            settings=tables.settings_table(summary),
            pairs=shown,
            prompts=sum(len(pair.cases) for pair in shown),
            **_choices(shown, scored),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printed,
    )
    environment.globals |= {"OUTCOMES": OUTCOMES, "MOVES": MOVES}
    environment.filters |= {"dial": dial_setting}
    return environment


def _printed(value: object) -> object:
    # Here, and not in the templates, so that no text is forgotten. Our own markup went through it part by part.
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _own(name: str) -> Markup:
    return Markup((_FOLDER / name).read_text("utf-8"))


def _choices(shown: Sequence[Pair], scored: Sequence[Scored]) -> dict[str, list[str]]:
    """What the filters offer: only what is there."""
    found = {outcome(one) for one in scored}
    moves = {pair.move for pair in shown}
    return {
        "moves": [move for move in MOVES if move in moves] + ([""] if "" in moves and len(moves) > 1 else []),
        "outcomes": [name for name in OUTCOMES if name in found],
        "arms": list(dict.fromkeys(column.arm for pair in shown for case in pair.cases for column in case.columns)),
    }
