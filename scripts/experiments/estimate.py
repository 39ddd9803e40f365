"""How long what is left will take: from the results that there are, or from what an idle core needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scripts.experiments.results import Result
from scripts.experiments.settings import Settings
from scripts.experiments.training import milestones_of
from scripts.experiments.units import Unit

STEP, STEP_WITHOUT_THINKING, REPLY = 1.0, 0.7, 0.06
"""Seconds of a training step of 16 rows, and of a reply, on one core that has nothing else to do."""
WHOLE_PROMPTS = 1620
"""Prompts of the whole held-out world; a guess is enough here."""


def replies_of(unit: Unit, settings: Settings) -> int:
    """How many replies a unit asks for, about."""
    prompts = 12 * settings.pairs_of_each_move + settings.plain
    if unit.part == "arms":
        return 2 * WHOLE_PROMPTS
    return prompts * (len(settings.dials) + 1 if unit.part else len(milestones_of(unit, settings)))


def idle_seconds(unit: Unit, settings: Settings) -> float:
    """What a unit takes on an idle core."""
    step = STEP_WITHOUT_THINKING if unit.variant == "no-thinking" else STEP
    return (0 if unit.part else settings.steps * step) + replies_of(unit, settings) * REPLY


def seconds_left(done: Iterable[tuple[Unit, Result]], left: Sequence[Unit], settings: Settings) -> float:
    """What the units that are left will take if they go as those that are done did."""
    measured = [(sum(result.seconds.values()), idle_seconds(unit, settings)) for unit, result in done]
    taken, idle = sum(seconds for seconds, _ in measured), sum(seconds for _, seconds in measured)
    return sum(idle_seconds(unit, settings) for unit in left) * (taken / idle if idle else 1.0)
