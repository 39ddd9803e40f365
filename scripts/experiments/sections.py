"""The six experiments as parts of the page: tables, sentences, a figure and the numbers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from friction.evaluate.assess import dial_curve
from friction.evaluate.figures import summarise_arm
from friction.evaluate.report.dial import dial_svg
from friction.evaluate.report.numbers import Shown
from friction.evaluate.report.rates import rates_svg
from friction.evaluate.summary import Summary
from friction.moves import MOVES
from scripts.experiments.drawings import Group, Rates, curve_svg, lanes_svg
from scripts.experiments.scoring import Contrast, Measured, Pooled, contrast, pool
from scripts.experiments.settings import Settings
from scripts.experiments.text import (
    RATES_COLUMNS,
    contrast_as_dict,
    contrast_in_words,
    contrast_table,
    difference_cells,
    pooled_as_dict,
    rates_cells,
    table,
)
from scripts.experiments.units import Variant


@dataclass(frozen=True)
class Section:
    """What the page says of one experiment.

    Attributes:
        name: Of its figure.
        done: Seeds that are there; for the shipped weights 1 if they were measured.
        of: Seeds that there are to be.
        words: What came out, in sentences with their numbers.
        tables: By name, in Markdown.
        svg: The figure; empty where nothing was run.
        numbers: Those behind the figure.
    """

    name: str
    done: int = 0
    of: int = 1
    words: str = ""
    tables: dict[str, str] = field(default_factory=dict)
    svg: str = ""
    numbers: dict[str, Any] = field(default_factory=dict)


def arms_section(found: Sequence[Measured]) -> Section:
    """Baseline against friction on the whole held-out world."""
    mine = [one for one in found if one.unit.part == "arms"]
    if len(mine) != 2:
        return Section("arms")
    baseline, friction = sorted(mine, key=lambda one: one.arm)
    scored = [one for measured in mine for one in measured.scored]
    arms = tuple(summarise_arm(scored, one.arm, one.dial) for one in (baseline, friction))
    summary = Summary("", "", (), arms, (), ())
    made = contrast([baseline], [friction])
    by_move = {
        move: (pool([baseline], move), pool([friction], move), contrast([baseline], [friction], move)) for move in MOVES
    }
    return Section(
        "arms",
        done=1,
        words=contrast_in_words("for the baseline", "for friction", made),
        tables={
            "overall": contrast_table("baseline", "friction", made),
            "moves": _by_move("baseline", "friction", by_move),
        },
        svg=rates_svg(summary),
        numbers=_as_dict(("baseline", "friction"), (pool([baseline]), pool([friction]), made), by_move),
    )


ByMove = dict[Any, tuple[Pooled, Pooled, Contrast]]


def _by_move(first: str, second: str, found: ByMove) -> str:
    columns = ["move", f"hits, {first}", f"hits, {second}", f"false alarms, {first}", f"false alarms, {second}"]
    rows = []
    for move, (one, other, _) in found.items():
        sides = (one.detection.hits, other.detection.hits, one.detection.false_alarms, other.detection.false_alarms)
        rows.append([f"`{move}`", *(Shown(side).text for side in sides)])
    return table(columns, rows)


def _as_dict(names: tuple[str, str], overall: tuple[Pooled, Pooled, Contrast], by_move: ByMove) -> dict[str, Any]:
    return {
        name: {
            names[0]: pooled_as_dict(one),
            names[1]: pooled_as_dict(other),
            "contrast": contrast_as_dict(made),
        }
        for name, (one, other, made) in {"all": overall, **by_move}.items()
    }


_EXTRA = ["replies with thinking", "cut or empty"]


def _extra_cells(found: Pooled) -> list[str]:
    return [Shown(found.thought).value, Shown(found.cut).value]


def dial_section(found: Sequence[Measured]) -> Section:
    """The shipped adapter at several scales."""
    mine = [one for one in found if one.unit.part == "dial" and one.arm == "friction"]
    curve = dial_curve([one for measured in mine for one in measured.scored])
    if curve is None:
        return Section("dial")
    rows = [[f"{one.dial:g}", *rates_cells(pool([one])), *_extra_cells(pool([one]))] for one in mine]
    words = (
        f"- The best dial by Youden's J is **{curve.best:g}**; the area under the operating curve is {curve.auc:.2f}."
    )
    return Section(
        "dial",
        done=1,
        words=words,
        tables={"dials": table(["dial", *RATES_COLUMNS, *_EXTRA], rows)},
        svg=dial_svg(curve),
        numbers={
            "auc": round(curve.auc, 4),
            "best": curve.best,
            "dials": {f"{one.dial:g}": pooled_as_dict(pool([one])) for one in mine},
        },
    )


def variant_section(name: str, found: Sequence[Measured], settings: Settings, names: tuple[str, str]) -> Section:
    """A variant against the reference, on the seeds that both have.

    Args:
        name: Of the section, and of the variant but for its ``no-``.
        found: All that was measured.
        settings: Of the experiments.
        names: What the reference and the variant are called.
    """
    variant: Variant = "no-twins" if name == "twins" else "no-thinking"
    theirs = _at_the_end(found, variant, settings)
    seeds = {one.unit.seed for one in theirs}
    reference = [one for one in _at_the_end(found, "reference", settings) if one.unit.seed in seeds]
    theirs = [one for one in theirs if one.unit.seed in {there.unit.seed for there in reference}]
    if not theirs:
        return Section(name, of=len(settings.seeds))
    made = contrast(reference, theirs)
    by_move = {move: (pool(reference, move), pool(theirs, move), contrast(reference, theirs, move)) for move in MOVES}
    one, other = pool(reference), pool(theirs)
    groups = [Group("all moves", _lanes(names, reference, theirs, None))]
    groups += [Group(move, _lanes(names, reference, theirs, move)) for move in MOVES]
    titles = {"twins": "Trained with and without twins", "thinking": "Trained with and without thinking"}
    return Section(
        name,
        done=len(theirs),
        of=len(settings.seeds),
        words=contrast_in_words(names[0], names[1], made),
        tables={
            "overall": contrast_table(names[0], names[1], made),
            "moves": _by_move(names[0], names[1], by_move),
            "length": _lengths(names, one, other),
        },
        svg=lanes_svg(name, titles[name], groups),
        numbers=_as_dict(("reference", variant), (one, other, made), by_move),
    )


def _lengths(names: tuple[str, str], one: Pooled, other: Pooled) -> str:
    rows = [
        [name, Shown(found.words, "mean").text, Shown(found.cut).text]
        for name, found in zip(names, (one, other), strict=True)
    ]
    return table(["", "words of thinking", "replies cut or empty"], rows)


def _lanes(
    names: tuple[str, str], first: Sequence[Measured], second: Sequence[Measured], move: Any
) -> tuple[Rates, ...]:
    return (_rates(names[0], first, move, "baseline"), _rates(names[1], second, move))


def _rates(label: str, found: Sequence[Measured], move: Any = None, colour: str = "friction") -> Rates:
    overall = pool(found, move).detection
    seeds = tuple((own.hits.value, own.false_alarms.value) for own in (pool([one], move).detection for one in found))
    return Rates(label, overall.hits, overall.false_alarms, seeds if len(seeds) > 1 else (), colour)


def _at_the_end(found: Sequence[Measured], variant: Variant, settings: Settings) -> list[Measured]:
    mine = [one for one in found if one.unit.variant == variant and one.step == settings.steps]
    return sorted(mine, key=lambda one: one.unit.seed or 0)


def pairs_section(found: Sequence[Measured], settings: Settings, unlimited: float) -> Section:
    """Hits and false alarms by the number of training pairs.

    Args:
        found: All that was measured.
        settings: Of the experiments.
        unlimited: How many pairs the rows of the reference would make.
    """
    reference = _at_the_end(found, "reference", settings)
    sizes = {
        size: [one for one in _at_the_end(found, "pairs", settings) if one.unit.pairs == size]
        for size in settings.sizes
    }
    there = {size: mine for size, mine in sizes.items() if mine}
    if not there or not reference:
        return Section("pairs", of=len(settings.seeds))
    named = [(float(size), f"{size:,}", mine) for size, mine in there.items()]
    named.append((unlimited, "no repeats", reference))
    made = {f"{size:,}": contrast(reference, mine) for size, mine in there.items()}
    points = [(at, _rates(label, mine)) for at, label, mine in named]
    return Section(
        "pairs",
        done=min(len(mine) for mine in sizes.values()),
        of=len(settings.seeds),
        words="\n".join(_of_size(label, against) for label, against in made.items()),
        tables={
            "sizes": table(
                ["pairs", "seeds", *RATES_COLUMNS],
                [[label, str(len(mine)), *rates_cells(pool(mine))] for _, label, mine in named],
            ),
        },
        svg=curve_svg("pairs", "Hits and false alarms by the number of training pairs", "training pairs", points),
        numbers={
            **{label: pooled_as_dict(pool(mine)) for _, label, mine in named},
            "no repeats would make": unlimited,
            "contrast": {label: contrast_as_dict(against) for label, against in made.items()},
        },
    )


def _of_size(label: str, against: Contrast) -> str:
    hits, p_hits = difference_cells(against.hits, against.p_holm["hits"])
    alarms, p_alarms = difference_cells(against.false_alarms, against.p_holm["false_alarms"])
    rates = f"hits {hits}, p {p_hits}; false alarms {alarms}, p {p_alarms}"
    return f"- {label} pairs, against rows that never repeat: {rates}."


def steps_section(found: Sequence[Measured], settings: Settings) -> Section:
    """The reference over its training."""
    by_step = {
        step: sorted(
            (one for one in found if one.unit.variant == "reference" and one.step == step),
            key=lambda one: one.unit.seed or 0,
        )
        for step in settings.milestones
    }
    if not all(by_step.values()):
        return Section("steps", of=len(settings.seeds))
    untrained = [one for one in found if one.unit.part == "dial" and one.arm == "baseline"]
    named = [("0 (the baseline)", untrained)] if untrained else []
    named += [(str(step), mine) for step, mine in by_step.items()]
    rows = [[name, *rates_cells(pool(mine)), *_extra_cells(pool(mine))] for name, mine in named]
    points = [(float(step), _rates(str(step), mine)) for step, mine in by_step.items()]
    worst = max(settings.milestones, key=lambda step: pool(by_step[step]).detection.false_alarms.value or 0.0)
    fall = contrast(by_step[worst], by_step[settings.steps])
    return Section(
        "steps",
        done=min(len(mine) for mine in by_step.values()),
        of=len(settings.seeds),
        words=_over_steps(by_step, worst, fall, settings),
        tables={"steps": table(["step", *RATES_COLUMNS, *_EXTRA], rows)},
        svg=curve_svg("steps", "Hits and false alarms over the training", "optimizer steps", points),
        numbers={
            **({"0": pooled_as_dict(pool(untrained))} if untrained else {}),
            **{str(step): pooled_as_dict(pool(mine)) for step, mine in by_step.items()},
            "most_false_alarms": {"step": worst, "contrast_with_the_end": contrast_as_dict(fall)},
        },
    )


def _over_steps(by_step: dict[int, list[Measured]], worst: int, fall: Contrast, settings: Settings) -> str:
    rates = {step: pool(mine).detection for step, mine in by_step.items()}
    last = rates[settings.steps].hits.value or 0.0
    early = next(step for step in by_step if (rates[step].hits.value or 0.0) >= 0.9 * last)
    change, p = difference_cells(fall.false_alarms, fall.p_holm["false_alarms"])
    sentences = [
        f"- Nine tenths of the hits at the end ({Shown(rates[settings.steps].hits).text}) were there after "
        f"**{early:,}** steps, with false alarms at {Shown(rates[early].false_alarms).text}."
    ]
    if worst == settings.steps:
        sentences.append("- Of the steps that were measured, false alarms were never more than at the end.")
    else:
        sentences.append(
            f"- Of the steps that were measured, false alarms were most after **{worst:,}**: "
            f"{Shown(rates[worst].false_alarms).text}; from there to the end {change}, p {p}."
        )
    return "\n".join(sentences)
