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
    """

    min_hit: float | None = None
    max_false_alarm: float | None = None
    max_lost: float | None = None
    every_move: bool = False

    @property
    def any(self) -> bool:
        """Whether there is any limit."""
        return any(limit is not None for limit in (self.min_hit, self.max_false_alarm, self.max_lost))


def failures(summary: Summary, limits: Limits) -> list[str]:
    """What is not good enough, each a sentence; what was not measured is not good enough either."""
    arm = next((found for found in summary.arms if found.arm == "friction"), summary.arms[0])
    said: list[str] = []
    for move in [ALL, *(name for name in arm.detection if name != ALL)] if limits.every_move else [ALL]:
        said += _of_move(arm, move, limits)
    if limits.max_lost is not None:
        lost = next((one for one in summary.comparisons if one.what == "plain_right"), None)
        if lost is None or lost.difference.value is None:
            said.append("plain questions lost: not measured, both arms must answer some")
        elif -lost.difference.value > limits.max_lost:
            said.append(f"plain questions lost: {-lost.difference.value:.3f}, at most {limits.max_lost:g} is allowed")
    return said


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
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f}, {found.n:,} replies)"
