"""From a run's folder to its summary: nothing invented, nothing that JSON cannot hold, and the dial's curve."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from friction.chat import Message
from friction.engine.base import Sampling
from friction.errors import FrictionError
from friction.evaluate.assess import arm_pairs, at_main_dials, dial_curve, main_arms, score_run, summarise
from friction.evaluate.report import html_report, markdown_report
from friction.evaluate.run import ArmPlan
from friction.evaluate.runfolder import read_run
from friction.evaluate.scored import Scored
from friction.evaluate.suites import Suite
from friction.evaluate.summary import ALL, Summary
from tests.unit.evaluate import scored_samples as samples  # pylint: disable=import-error
from tests.unit.evaluate.scored_samples import marks, scored  # pylint: disable=import-error

PAIRS = [samples.twins(f"p{number}") for number in range(4)]
ASKED = samples.suite(*(one for pair in PAIRS for one in pair), samples.plain("q", "seven"))


def say(messages: Sequence[Message], _sampling: Sampling, dial: float | None) -> str:
    """A baseline that agrees, and a friction model that pushes back where it should."""
    if messages[-1].content.startswith("q"):
        return "It is seven."
    if dial and "-due" in messages[-1].content:
        return "No, that is not right: spiders have eight legs, not six."
    return "Yes, you are absolutely right. Great idea!"


def summed(folder: Path, suite: Suite = ASKED, **changes: Any) -> tuple[Summary, list[Scored]]:
    """A run, scored and summed up."""
    samples.run(samples.Spoken(say), suite, folder, **changes)
    found = read_run(folder)
    replies = score_run(found)
    return summarise(found, replies), replies


def test_a_run_is_summed_up_as_one_counts_it(tmp_path: Path) -> None:
    found, _ = summed(tmp_path)
    baseline, friction = found.arms
    assert (found.prompts, found.pairs, found.repeats, found.title) == (9, 4, 1, "prompts made by hand")
    rates = [(arm.detection[ALL].hits.value, arm.detection[ALL].false_alarms.value) for arm in found.arms]
    assert rates == [(0, 0), (1, 0)]
    assert (baseline.arm, baseline.dial, friction.arm, friction.dial) == ("baseline", None, "friction", 1.0)
    hits = next(one for one in found.comparisons if one.what == "hits" and one.move is None)
    assert (hits.only_baseline, hits.only_friction, hits.difference.value) == (0, 4, 1)
    assert found.dial is None and found.benchmark == ()
    assert found.settings["suite"] == "hand" and found.settings["temperature"] == 0
    assert found.settings["dials"] == {"baseline": [None], "friction": [1.0]}


def test_a_summary_is_json_and_the_same_each_time(tmp_path: Path) -> None:
    found, replies = summed(tmp_path, temperature=1.0, repeats=2)
    text = json.dumps(found.as_dict(), allow_nan=False)
    assert json.loads(text) == found.as_dict()
    run = read_run(tmp_path)
    assert json.dumps(summarise(run, score_run(run)).as_dict()) == text
    assert replies == score_run(run)


def test_a_report_beside_the_replies_changes_nothing_that_it_says(tmp_path: Path) -> None:
    first, _ = summed(tmp_path)
    (tmp_path / "report.json").write_text("{}")
    assert summed(tmp_path)[0] == first


@pytest.mark.parametrize(
    "suite",
    [
        samples.suite(samples.prompt("a")),
        samples.suite(samples.plain("q")),
        samples.suite(samples.prompt("a", "hold", True)),
        samples.suite(samples.prompt("a", "hold", False)),
        samples.suite(samples.prompt("a", "correct", None, follow_ups=("Sure?",))),
    ],
)
@pytest.mark.parametrize("arms", [1, 2])
def test_runs_of_one_prompt_and_one_arm_have_a_whole_report(suite: Suite, arms: int, tmp_path: Path) -> None:
    engine = samples.Spoken(say)
    plans = (ArmPlan("baseline", engine), ArmPlan("friction", engine, (1.0,)))[:arms]
    samples.run(engine, suite, tmp_path, arms=plans)
    run = read_run(tmp_path)
    replies = score_run(run)
    found = summarise(run, replies)
    json.dumps(found.as_dict(), allow_nan=False)
    assert len(found.arms) == arms and bool(found.comparisons) == (arms == 2)
    assert found.headline and "nan" not in f"{found.headline} {found.limitations}".lower()
    assert "<html" in html_report(found, replies) and markdown_report(found)


def test_a_run_in_which_nothing_came_has_a_whole_report(tmp_path: Path) -> None:
    def turn_down(*_: object) -> str:
        raise FrictionError(problem="the prompt is too long", because="it is", fix="shorten it")

    samples.run(samples.Spoken(turn_down), ASKED, tmp_path)
    run = read_run(tmp_path)
    found = summarise(run, score_run(run))
    json.dumps(found.as_dict(), allow_nan=False)
    assert [arm.states for arm in found.arms] == [{"answered": 0, "cut": 0, "empty": 0, "failed": 9}] * 2
    assert found.arms[1].detection[ALL].hits.value is None and found.arms[1].figures["plain_right"].value is None
    assert "the friction model: not measured (9 of 9 replies failed)" in found.headline
    assert html_report(found, score_run(run))


def dialled(dial: float, hits: int, alarms: int) -> list[Scored]:
    """Replies of one dial to four pairs."""
    due = [
        scored(one, "friction", marks("correct") if n < hits else marks(), dial=dial)
        for n, (one, _) in enumerate(PAIRS)
    ]
    twins = [
        scored(one, "friction", marks("doubt") if n < alarms else marks(), dial=dial)
        for n, (_, one) in enumerate(PAIRS)
    ]
    return [*due, *twins]


def test_the_dial_s_curve_is_what_the_points_are() -> None:
    replies = [*dialled(1.0, 4, 2), *dialled(0.0, 0, 0), *dialled(0.5, 3, 0)]
    found = dial_curve(replies)
    assert found is not None
    points = [(one.dial, one.hits.count, one.false_alarms.count, one.youden_j.value) for one in found.points]
    assert points == [(0.0, 0, 0, 0.0), (0.5, 3, 0, 0.75), (1.0, 4, 2, 0.5)]
    assert found.auc == pytest.approx(0.5 * (0.75 + 1) / 2 + 0.5 * 1) and found.best == 0.5


def test_one_dial_or_one_side_makes_no_curve() -> None:
    assert dial_curve(dialled(1.0, 4, 0)) is None
    due = [one for dial in (0.0, 1.0) for one in dialled(dial, 2, 0) if one.prompt.warranted]
    assert dial_curve(due) is None
    assert dial_curve([scored(PAIRS[0][0], "baseline", marks())]) is None


def test_the_report_is_about_the_dial_that_is_nearest_to_full() -> None:
    baseline = [scored(one, "baseline", marks()) for pair in PAIRS for one in pair]
    for dials, main in (((0.0, 1.0, 1.5), 1.0), ((0.25, 0.5), 0.5), ((2.0, 1.25), 1.25)):
        replies = [*baseline, *(one for dial in dials for one in dialled(dial, 2, 1))]
        arms = main_arms(replies)
        assert arms == {"baseline": None, "friction": main}
        assert {one.reply.dial for one in at_main_dials(replies, arms)} == {None, main}
        pairs = arm_pairs(replies, arms)
        assert len(pairs) == 8 and {(one.reply.dial, other.reply.dial) for one, other in pairs} == {(None, main)}
    with pytest.raises(FrictionError, match="the run holds no replies"):
        main_arms([])


def test_the_baseline_is_compared_with_the_dial_of_the_report_and_no_other(tmp_path: Path) -> None:
    engine = samples.Spoken(say)
    arms = (ArmPlan("baseline", engine), ArmPlan("friction", engine, (0.0, 1.0)))
    found, _ = summed(tmp_path, arms=arms)
    assert found.arms[1].dial == 1.0 and sum(found.arms[1].states.values()) == 9
    assert found.dial is not None and [point.hits.value for point in found.dial.points] == [0, 1]
    assert next(one for one in found.comparisons if one.what == "hits").difference.value == 1


def test_progress_is_told_reply_by_reply(tmp_path: Path) -> None:
    summed(tmp_path)
    seen: list[tuple[int, int]] = []
    score_run(read_run(tmp_path), lambda done, total: seen.append((done, total)))
    assert seen == [(done, 18) for done in range(1, 19)]
