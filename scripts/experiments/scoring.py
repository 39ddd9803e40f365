"""Results as scored replies: they are scored anew each time, so a better scorer needs no new training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from friction.evaluate.figures import detect
from friction.evaluate.replies import Arm
from friction.evaluate.scored import Scored
from friction.evaluate.scorer import score_reply
from friction.evaluate.statistics.estimate import Estimate
from friction.evaluate.statistics.holm import holm
from friction.evaluate.statistics.means import mean
from friction.evaluate.statistics.paired import ComparedRates, compare_rates
from friction.evaluate.statistics.rates import rate
from friction.evaluate.summary import Detection
from friction.moves import MoveName
from scripts.experiments.measuring import Kept, read_replies, suite_of, whole_suite
from scripts.experiments.results import Result, replies_path
from scripts.experiments.settings import Settings
from scripts.experiments.units import Unit


@dataclass(frozen=True)
class Measured:
    """The replies of one adapter at one step and dial, or of the baseline.

    Attributes:
        unit: What was trained.
        step: After which step; None for the shipped weights.
        arm, dial: Who answered.
        kept: The replies as they lie beside the result.
        scored: The same with their prompts and scores, in the same order.
    """

    unit: Unit
    step: int | None
    arm: Arm
    dial: float | None
    kept: tuple[Kept, ...]
    scored: tuple[Scored, ...]

    def of_move(self, move: MoveName | None) -> list[Scored]:
        """The replies about a move; all where it is None."""
        return [one for one in self.scored if move is None or one.prompt.move == move]


def load(done: Sequence[tuple[Unit, Result]], results: Path, settings: Settings) -> list[Measured]:
    """All that was measured, unit by unit."""
    return [measured for unit, _ in done for measured in _of_unit(unit, results, settings)]


def _of_unit(unit: Unit, results: Path, settings: Settings) -> list[Measured]:
    suite = whole_suite() if unit.part == "arms" else suite_of(settings)
    prompts = {prompt.id: prompt for prompt in suite.prompts}
    ordered = sorted(read_replies(replies_path(results, unit)), key=_place)  # a stable sort: prompts keep their order
    found = []
    for _, group in groupby(ordered, key=_place):
        kept = tuple(group)
        scored = tuple(Scored(prompts[one.reply.prompt], one.reply, score_reply(one.reply)) for one in kept)
        found.append(Measured(unit, kept[0].step, kept[0].reply.arm, kept[0].reply.dial, kept, scored))
    return found


def _place(one: Kept) -> tuple[int, str, float]:
    return one.step or 0, one.reply.arm, -1.0 if one.reply.dial is None else one.reply.dial


@dataclass(frozen=True)
class Pooled:
    """What replies of several seeds come to, each prompt's item being what is drawn.

    Attributes:
        seeds: Whose.
        detection: Hits, false alarms and what follows from them.
        plain: Plain questions answered correctly.
        cut: Replies that were cut or empty, of all.
        thought: Replies with a thinking, of all.
        words: Words of a thinking, over all replies; none count as 0.
    """

    seeds: tuple[int, ...]
    detection: Detection
    plain: Estimate
    cut: Estimate
    thought: Estimate
    words: Estimate


def pool(found: Sequence[Measured], move: MoveName | None = None) -> Pooled:
    """The rates over all seeds. Their intervals are about other prompts: there are too few seeds to speak of others."""
    scored = [one for measured in found for one in measured.of_move(move)]
    units = [one.prompt.unit for one in scored]
    plain = [(right, one.prompt.unit) for one in scored if (right := one.right) is not None]
    thoughts = [float(one.thinking_words) for measured in found for one in measured.kept]
    all_units = [one.prompt.unit for measured in found for one in measured.scored]
    return Pooled(
        seeds=tuple(measured.unit.seed for measured in found if measured.unit.seed is not None),
        detection=detect(scored),
        plain=rate([right for right, _ in plain], [unit for _, unit in plain]),
        cut=rate([one.score is None for one in scored], units),
        thought=rate([words > 0 for words in thoughts], all_units),
        words=mean(thoughts, all_units),
    )


def rates_of(measured: Measured, move: MoveName | None) -> dict[str, Estimate]:
    """One adapter's rates on a move, or on all."""
    scored = measured.of_move(move)
    cases: dict[str, list[tuple[bool | None, str]]] = {
        "hits": [(one.hit, one.prompt.unit) for one in scored],
        "false_alarms": [(one.false_alarm, one.prompt.unit) for one in scored],
        "plain_right": [(one.right, one.prompt.unit) for one in scored],
    }
    known = {name: [(value, unit) for value, unit in found if value is not None] for name, found in cases.items()}
    return {
        name: rate([value for value, _ in found], [unit for _, unit in found]) for name, found in known.items() if found
    }


@dataclass(frozen=True)
class Contrast:
    """A variant against another on the same prompts and seeds.

    Attributes:
        hits, false_alarms, plain: The first is called baseline, the second friction.
        p_holm: Their p-values by name after Holm's correction over the three.
    """

    hits: ComparedRates
    false_alarms: ComparedRates
    plain: ComparedRates
    p_holm: dict[str, float | None]


def contrast(first: Sequence[Measured], second: Sequence[Measured], move: MoveName | None = None) -> Contrast:
    """Compares two variants, the seeds that both have, prompt by prompt."""
    pairs = _aligned(first, second, move)
    made = {
        "hits": _compared([(one.hit, other.hit, one.prompt.unit) for one, other in pairs]),
        "false_alarms": _compared([(one.false_alarm, other.false_alarm, one.prompt.unit) for one, other in pairs]),
        "plain": _compared([(one.right, other.right, one.prompt.unit) for one, other in pairs]),
    }
    corrected = holm([found.p for found in made.values()])
    return Contrast(made["hits"], made["false_alarms"], made["plain"], dict(zip(made, corrected, strict=True)))


def _aligned(
    first: Sequence[Measured], second: Sequence[Measured], move: MoveName | None
) -> list[tuple[Scored, Scored]]:
    others = {(there.unit.seed, one.prompt.id): one for there in second for one in there.of_move(move)}
    here = [((there.unit.seed, one.prompt.id), one) for there in first for one in there.of_move(move)]
    return [(one, others[place]) for place, one in here if place in others]


def _compared(cases: Sequence[tuple[bool | None, bool | None, str]]) -> ComparedRates:
    both = [(one, other, unit) for one, other, unit in cases if one is not None and other is not None]
    return compare_rates([one for one, _, _ in both], [other for _, other, _ in both], [unit for *_, unit in both])
