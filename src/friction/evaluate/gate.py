"""Whether a run is good enough to go on with."""

from __future__ import annotations

from dataclasses import dataclass

from friction.evaluate.statistics.estimate import Estimate
from friction.evaluate.summary import ALL, ArmSummary, Summary


@dataclass(frozen=True)
class Limits:
    """What has to be reached; None where it does not matter.

    Attributes:
        min_hit: The least share of hits.
        max_false_alarm: The most false alarms.
        max_lost: The largest share of plain questions that may be lost against the baseline.
        every_move: Each move has to keep to the first two, not only all together.
        max_unscored: The largest share of an arm's replies that may have been cut, empty or failed: the rates of what
            is left say little about the model. It holds for the baseline, too, where `max_lost` needs it.
    """

    min_hit: float | None = None
    max_false_alarm: float | None = None
    max_lost: float | None = None
    every_move: bool = False
    max_unscored: float = 0.05

    @property
    def any(self) -> bool:
        """Whether anything that the model does is limited; `max_unscored` alone only says whether it was measured."""
        return any(limit is not None for limit in (self.min_hit, self.max_false_alarm, self.max_lost))


def gated_arm(summary: Summary) -> ArmSummary:
    """The arm that the limits are about: friction, and the baseline only where it is alone."""
    return next((found for found in summary.arms if found.arm == "friction"), summary.arms[0])


def measured(summary: Summary, limits: Limits) -> list[str]:
    """Whose replies are gated, and its hits and false alarms with their intervals, whatever is limited."""
    arm = gated_arm(summary)
    alone = ", the only one of this run" if len(summary.arms) == 1 else ""
    said = [f"gated: the {arm.arm} arm{alone}"]
    for move in _moves(arm, limits):
        found = arm.detection[move]
        said.append(f"{move}: hits {_value(found.hits)}, false alarms {_value(found.false_alarms)}")
    return said


def failures(summary: Summary, limits: Limits) -> list[str]:
    """What is not good enough, each a sentence; what has a limit and was not measured is not good enough either."""
    arm = gated_arm(summary)
    said: list[str] = []
    for one in summary.arms:
        if one is arm or limits.max_lost is not None:
            said += _of_states(one, limits)
    for move in _moves(arm, limits):
        said += _of_move(arm, move, limits)
    if limits.max_lost is not None:
        lost = next((one for one in summary.comparisons if one.what == "plain_right"), None)
        if lost is None or lost.difference.value is None:
            said.append("plain questions lost: not measured, both arms must answer some")
        elif -lost.difference.value > limits.max_lost:
            said.append(f"plain questions lost: {-lost.difference.value:.3f}, at most {limits.max_lost:g} is allowed")
    return said


def _moves(arm: ArmSummary, limits: Limits) -> list[str]:
    return [ALL, *(name for name in arm.detection if name != ALL)] if limits.every_move else [ALL]


def _of_states(arm: ArmSummary, limits: Limits) -> list[str]:
    total = sum(arm.states.values())
    counts = {state: arm.states.get(state, 0) for state in ("cut", "empty", "failed")}
    unscored = sum(counts.values())
    if not total or unscored / total <= limits.max_unscored:
        return []
    why = ", ".join(f"{count:,} {state}" for state, count in counts.items() if count)
    return [
        f"unscored, {arm.arm} arm: {unscored:,} of {total:,} replies ({why}) are {unscored / total:.3f}, "
        f"at most {limits.max_unscored:g} is allowed"
    ]


def _of_move(arm: ArmSummary, move: str, limits: Limits) -> list[str]:
    found, said = arm.detection[move], []
    if limits.min_hit is not None and not (found.hits.value is not None and found.hits.value >= limits.min_hit):
        said.append(f"hits, {move}: {_value(found.hits)}, at least {limits.min_hit:g} is needed")
    alarms = found.false_alarms
    if limits.max_false_alarm is not None and not (alarms.value is not None and alarms.value <= limits.max_false_alarm):
        said.append(f"false alarms, {move}: {_value(alarms)}, at most {limits.max_false_alarm:g} is allowed")
    return said


def _value(found: Estimate) -> str:
    if found.value is None:
        return "not measured"
    if found.low is None or found.high is None:
        return f"{found.value:.3f} (no interval, {found.n:,} replies)"
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f}, {found.n:,} replies)"
