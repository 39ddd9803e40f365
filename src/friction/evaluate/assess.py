"""A finished run, scored and summed up: scores are made anew each time, so a better scorer needs no new replies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from friction.errors import FrictionError
from friction.evaluate.figures import Pairs, aligned, arms_in, compare, summarise_arm
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import Arm
from friction.evaluate.runfolder import FinishedRun
from friction.evaluate.scored import Scored
from friction.evaluate.scorer import score_reply
from friction.evaluate.sentences import headline, honesty, limitations
from friction.evaluate.statistics.curve import auc, best_dial
from friction.evaluate.summary import ALL, ArmSummary, Dial, DialPoint, Summary

FULL = 1.0
"""The dial at which an adapter is as it was trained."""
Report = Callable[[int, int], None]


def score_run(run: FinishedRun, report: Report = lambda _done, _total: None) -> list[Scored]:
    """Every reply with its prompt and its score, in the order of the run."""
    prompts: dict[str, Prompt] = {prompt.id: prompt for prompt in run.prompts}
    scored = []
    for number, reply in enumerate(run.replies, 1):
        scored.append(Scored(prompts[reply.prompt], reply, score_reply(reply)))
        report(number, len(run.replies))
    return scored


def summarise(run: FinishedRun, scored: Sequence[Scored]) -> Summary:
    """What a run comes to."""
    arms = main_arms(scored)
    summaries = tuple(summarise_arm(scored, arm, dial) for arm, dial in arms.items())
    comparisons = tuple(compare(arm_pairs(scored, arms))) if len(arms) == 2 else ()
    repeats = int(run.info["repeats"])
    return Summary(
        title=str(run.info["title"]),
        headline=headline(summaries),
        honesty=honesty([arm.engine for arm in summaries]),
        arms=summaries,
        comparisons=comparisons,
        limitations=limitations(summaries, comparisons, repeats),
        dial=dial_curve(scored),
        benchmark=_benchmark(run, at_main_dials(scored, arms)),
        prompts=len(run.prompts),
        pairs=_pairs(run.prompts),
        repeats=repeats,
        settings=_settings(run),
    )


def main_arms(scored: Sequence[Scored]) -> dict[Arm, float | None]:
    """The arms of a run, each at the one dial that the report is about: full, or what is nearest to it."""
    found = arms_in(scored)
    if not found:
        raise FrictionError(problem="the run holds no replies", because="nothing was asked", fix="run it again")
    return {
        arm: min(dials, key=lambda dial: abs((FULL if dial is None else dial) - FULL)) for arm, dials in found.items()
    }


def at_main_dials(scored: Sequence[Scored], arms: dict[Arm, float | None]) -> list[Scored]:
    """The replies that the report is about."""
    return [one for one in scored if one.reply.arm in arms and one.reply.dial == arms[one.reply.arm]]


def arm_pairs(scored: Sequence[Scored], arms: dict[Arm, float | None]) -> Pairs:
    """Baseline and friction on the same prompts."""
    chosen = at_main_dials(scored, arms)
    return aligned(
        [one for one in chosen if one.reply.arm == "baseline"], [one for one in chosen if one.reply.arm == "friction"]
    )


def dial_curve(scored: Sequence[Scored]) -> Dial | None:
    """The operating curve of the friction arm; None where it was run at one dial only."""
    dials = sorted(dial for dial in arms_in(scored).get("friction", []) if dial is not None)
    if len(dials) < 2:
        return None
    points = tuple(_point(summarise_arm(scored, "friction", dial), dial) for dial in dials)
    known = [
        (point.dial, point.false_alarms.value, point.hits.value)
        for point in points
        if point.hits.value is not None and point.false_alarms.value is not None
    ]
    if len(known) < 2:
        return None
    return Dial(points, auc((alarm, hit) for _, alarm, hit in known), best_dial(known))


def _point(arm: ArmSummary, dial: float) -> DialPoint:
    found = arm.detection[ALL]
    return DialPoint(dial, found.hits, found.false_alarms, found.youden_j)


def _benchmark(run: FinishedRun, scored: Sequence[Scored]) -> tuple[Any, ...]:
    name = run.info.get("benchmark")
    if not name:
        return ()
    from friction.evaluate.benchmarks import find_benchmark

    return tuple(find_benchmark(name).headline(scored))


def _pairs(prompts: Sequence[Prompt]) -> int:
    sides: dict[str, set[bool | None]] = {}
    for prompt in prompts:
        if prompt.pair is not None:
            sides.setdefault(prompt.pair, set()).add(prompt.warranted)
    return sum({True, False} <= found for found in sides.values())


def _settings(run: FinishedRun) -> dict[str, Any]:
    """What was run, for a reader: settings, dials, versions, and the digest that identifies the replies."""
    return {
        "suite": run.info["suite"],
        **run.info["settings"],
        "dials": run.info["dials"],
        "versions": run.manifest.versions,
        "run": run.manifest.digest[:16],
    }
