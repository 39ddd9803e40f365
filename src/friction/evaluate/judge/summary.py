"""What the judge says of a run, in figures: each with its interval, and with what the rules say beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from friction.evaluate.judge.budget import Spent
from friction.evaluate.judge.plan import JudgePlan
from friction.evaluate.judge.results import Compared, Rated
from friction.evaluate.judge.verdict import CRITERIA
from friction.evaluate.replies import ARMS, Arm
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.summary import ALL
from friction.moves import MOVES

Side = Literal["all", "due", "not_due"]
SIDES: tuple[Side, ...] = ("all", "due", "not_due")
Rules = Literal["strict", "lenient"]


@dataclass(frozen=True)
class Preferences:
    """Friction against baseline on the same prompts; only a winner in both orders wins.

    Attributes:
        wins, ties, losses: Friction's shares.
    """

    wins: Estimate
    ties: Estimate
    losses: Estimate


@dataclass(frozen=True)
class Position:
    """How much the place of an answer decided, of the comparisons that were asked in both orders.

    Attributes:
        flipped: Each order has another winner; counted as a tie.
        wavered: One order has a winner, the other a tie; counted as a tie.
        first: The answer that was shown first won, of the single verdicts with a winner; 0.5 is no bias.
    """

    flipped: Estimate
    wavered: Estimate
    first: Estimate


@dataclass(frozen=True)
class Agreement:
    """The judge's ``makes_the_move`` against the rules' word for the same answers.

    Attributes:
        kappa: Cohen's κ: agreement beyond chance.
        same: The share on which both say the same.
    """

    kappa: Estimate
    same: Estimate


@dataclass(frozen=True)
class JudgeSummary:
    """A judged run.

    Attributes:
        judge: Who judged.
        rubrics: The digest of the rubrics.
        ratings: By arm, by side, by criterion: the mean from 1 to 5; ``makes_the_move`` is a share.
        preferences: By side, where anything was compared; prompts that are about no move count under "all" alone.
        position: Of the same; None where nothing was compared.
        agreement: By ``strict`` (the rules see this move) and ``lenient`` (any move), by move and under "all".
        judged: Questions with a verdict.
        unjudged: Questions without one, although they were asked as often as is reasonable.
        left: Questions of this plan that are still to be asked.
        without_rubric: Answers that are not rated, because nobody knows whether a move is due.
        spent: What this start paid for.
        over: The limit that ended it; empty where none did.
        advice: How to go on; empty where all is judged.
    """

    judge: str
    rubrics: str
    ratings: dict[Arm, dict[Side, dict[str, Estimate]]]
    preferences: dict[Side, Preferences]
    position: Position | None
    agreement: dict[Rules, dict[str, Agreement]]
    judged: int
    unjudged: int
    left: int
    without_rubric: int
    spent: Spent
    over: str
    advice: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {name: _plain(value) for name, value in vars(self).items()}


def summarise(
    rated: Sequence[Rated],
    compared: Sequence[Compared],
    *,
    plan: JudgePlan,
    rubrics: str,
    without_rubric: int,
    spent: Spent,
    left: int,
    over: str,
) -> JudgeSummary:
    """The figures of what was judged so far."""
    outcomes = [item.outcome for item in rated] + [outcome for item in compared for outcome in item.outcomes]
    unjudged = sum(outcome.unjudged for outcome in outcomes)
    whole = [item for item in compared if item.choices is not None]
    asked = [item for item in whole if item.outcomes]
    return JudgeSummary(
        judge=plan.judge,
        rubrics=rubrics,
        ratings=_ratings(rated),
        preferences=_preferences(whole) if whole else {},
        position=_position(asked) if asked else None,
        agreement=_agreement(rated),
        judged=sum(outcome.verdict is not None for outcome in outcomes),
        unjudged=unjudged,
        left=left,
        without_rubric=without_rubric,
        spent=spent,
        over=over,
        advice=_advice(left, unjudged, over),
    )


def _ratings(rated: Sequence[Rated]) -> dict[Arm, dict[Side, dict[str, Estimate]]]:
    found: dict[Arm, dict[Side, dict[str, Estimate]]] = {}
    for arm in ARMS:
        mine = [item for item in rated if item.outcome.verdict and item.task.scored.reply.arm == arm]
        if mine:
            found[arm] = {
                side: _means([item for item in mine if _on(side, item.task.scored.prompt.warranted)]) for side in SIDES
            }
    return found


def _means(rated: Sequence[Rated]) -> dict[str, Estimate]:
    units = [item.task.scored.prompt.unit for item in rated]
    verdicts = [item.outcome.verdict.model_dump() for item in rated if item.outcome.verdict]
    means = {name: _mean([verdict[name] for verdict in verdicts], units) for name in CRITERIA}
    return {"makes_the_move": _share([verdict["makes_the_move"] for verdict in verdicts], units), **means}


def _preferences(compared: Sequence[Compared]) -> dict[Side, Preferences]:
    found = {}
    for side in SIDES:
        mine = [item for item in compared if _on(side, item.task.friction.prompt.warranted)]
        units = [item.task.friction.prompt.unit for item in mine]
        found[side] = Preferences(
            wins=_share([item.winner == "friction" for item in mine], units),
            ties=_share([item.winner is None for item in mine], units),
            losses=_share([item.winner == "baseline" for item in mine], units),
        )
    return found


def _position(compared: Sequence[Compared]) -> Position:
    units = [item.task.friction.prompt.unit for item in compared]
    single = [
        (outcome.verdict.better == "A", item.task.friction.prompt.unit)
        for item in compared
        for outcome in item.outcomes
        if outcome.verdict and outcome.verdict.better != "tie"
    ]
    return Position(
        flipped=_share([item.flipped for item in compared], units),
        wavered=_share([item.wavered for item in compared], units),
        first=_share([first for first, _ in single], [unit for _, unit in single]),
    )


def _agreement(rated: Sequence[Rated]) -> dict[Rules, dict[str, Agreement]]:
    found: dict[Rules, dict[str, Agreement]] = {}
    names: tuple[Rules, ...] = ("strict", "lenient")
    for name in names:
        pairs = [
            (item.outcome.verdict.makes_the_move, says, item.task.scored.prompt)
            for item in rated
            if item.outcome.verdict and (says := getattr(item.task.scored, name)) is not None
        ]
        for group in (ALL, *MOVES):
            mine = [pair for pair in pairs if group in (ALL, pair[2].move)]
            if mine:
                judge, rules, units = [p[0] for p in mine], [p[1] for p in mine], [p[2].unit for p in mine]
                same = _share([a == b for a, b in zip(judge, rules, strict=True)], units)
                found.setdefault(name, {})[group] = Agreement(_kappa(judge, rules, units), same)
    return found


def _on(side: Side, warranted: bool | None) -> bool:
    return side == "all" or warranted is (side == "due")


def _advice(left: int, unjudged: int, over: str) -> str:
    parts = []
    if left:
        why = f"{over}; " if over else ""
        parts.append(f"{why}{left:,} questions are left: start again with the same folder, and it goes on from here")
    if unjudged:
        parts.append(f"{unjudged:,} have no verdict: ask for them again with --retry-unjudged, or name a better judge")
    return ". ".join(parts)


def _share(happened: Sequence[bool], units: Sequence[str]) -> Estimate:
    from friction.evaluate.statistics.rates import rate

    return rate(happened, units) if happened else NOTHING


def _mean(values: Sequence[float], units: Sequence[str]) -> Estimate:
    from friction.evaluate.statistics.means import mean

    return mean(values, units) if values else NOTHING


def _kappa(judge: Sequence[bool], rules: Sequence[bool], units: Sequence[str]) -> Estimate:
    from friction.evaluate.statistics.kappa import kappa

    return kappa(judge, rules, units)


def _plain(value: Any) -> Any:
    if isinstance(value, Estimate):
        return value.as_dict()
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, Preferences | Position | Agreement | Spent):
        return {name: _plain(part) for name, part in vars(value).items()}
    return round(value, 6) if isinstance(value, float) else value
