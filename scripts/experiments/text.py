"""Numbers as the page prints them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friction.evaluate.report.numbers import Shown, p_value
from friction.evaluate.statistics.paired import ComparedRates
from scripts.experiments.scoring import Contrast, Pooled

WHAT = {
    "hits": "hits",
    "false_alarms": "false alarms",
    "plain": "plain questions right",
}


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def rates_cells(found: Pooled) -> list[str]:
    """Hits, any pushback where due, false alarms, Youden's J, plain questions right."""
    detection = found.detection
    shares = (detection.hits, detection.hits_any, detection.false_alarms)
    return [
        *(Shown(share).text for share in shares),
        Shown(detection.youden_j, "score", signed=True).text,
        Shown(found.plain).text,
    ]


RATES_COLUMNS = ["hits", "any pushback where due", "false alarms", "J", "plain questions right"]


def contrast_table(first: str, second: str, found: Contrast) -> str:
    """Two variants against each other: rates, their difference, and how surely there is one."""
    rows = [
        [what, Shown(one.baseline).text, Shown(one.friction).text, *difference_cells(one, found.p_holm[name])]
        for name, what in WHAT.items()
        if (one := _of(found, name)).baseline.n
    ]
    return table(["", first, second, "difference", "p (Holm)"], rows)


def difference_cells(one: ComparedRates, p: float | None) -> list[str]:
    """The difference with its interval, and its p-value."""
    return [Shown(one.difference, signed=True).text, "–" if p is None else p_value(p)]


def in_words(what: str, first: str, second: str, one: ComparedRates, p: float | None) -> str:
    """What came out, as a sentence: a difference only where the test finds one."""
    rates = f"{Shown(one.friction).value} {second}, {Shown(one.baseline).value} {first}"
    if p is None or one.difference.value is None:
        return f"{what.capitalize()}: nothing to compare."
    difference = f"difference {Shown(one.difference, signed=True).text}, p {_sign(p)}"
    if p >= 0.05:
        pairs = f"{one.difference.n:,} pairs of replies"
        return f"{what.capitalize()}: no difference that {pairs} could show: {rates}; {difference}."
    way = "more" if one.difference.value > 0 else "fewer"
    return f"{what.capitalize()}: **{way}** {second}: {rates}; {difference}."


def _sign(p: float) -> str:
    shown = p_value(p)
    return shown if shown.startswith("<") else f"= {shown}"


def contrast_in_words(first: str, second: str, found: Contrast) -> str:
    """The three comparisons as a list of sentences."""
    sentences = [
        in_words(what, first, second, one, found.p_holm[name])
        for name, what in WHAT.items()
        if (one := _of(found, name)).baseline.n
    ]
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _of(found: Contrast, name: str) -> ComparedRates:
    compared: ComparedRates = getattr(found, name)
    return compared


def pooled_as_dict(found: Pooled) -> dict[str, Any]:
    """For JSON."""
    detection = found.detection
    return {
        "seeds": list(found.seeds),
        "hits": detection.hits.as_dict(),
        "hits_any": detection.hits_any.as_dict(),
        "false_alarms": detection.false_alarms.as_dict(),
        "d_prime": detection.d_prime.as_dict(),
        "youden_j": detection.youden_j.as_dict(),
        "plain_right": found.plain.as_dict(),
        "cut_or_empty": found.cut.as_dict(),
        "thought": found.thought.as_dict(),
        "thinking_words": found.words.as_dict(),
    }


def contrast_as_dict(found: Contrast) -> dict[str, Any]:
    """For JSON: the second minus the first."""
    return {
        name: {
            "first": (one := _of(found, name)).baseline.as_dict(),
            "second": one.friction.as_dict(),
            "difference": one.difference.as_dict(),
            "only_first": one.only_baseline,
            "only_second": one.only_friction,
            "p": one.p,
            "p_holm": found.p_holm[name],
        }
        for name in WHAT
    }
