"""The gate: what was not reached fails, and so does what was not measured."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from friction.evaluate.figures import aligned, arms_in, compare, summarise_arm
from friction.evaluate.gate import Limits, failures, measured
from friction.evaluate.scored import Scored
from friction.evaluate.summary import Summary
from tests.unit.evaluate import scored_samples as samples  # pylint: disable=import-error
from tests.unit.evaluate.scored_samples import marks, scored  # pylint: disable=import-error


def summary(replies: Sequence[Scored]) -> Summary:
    """What the replies come to."""
    arms = {arm: [one for one in replies if one.reply.arm == arm] for arm in arms_in(replies)}
    found = tuple(summarise_arm(mine, arm, None) for arm, mine in arms.items())
    pairs = aligned(arms.get("baseline", []), arms.get("friction", []))
    return Summary("t", "h", (), found, tuple(compare(pairs)) if len(arms) == 2 else (), ())


CORRECT = [samples.twins(f"c{number}") for number in range(10)]
HOLD = [samples.twins(f"h{number}", "hold") for number in range(10)]
PLAIN = [samples.plain(f"q{number}") for number in range(10)]
FRICTION = [
    *(scored(due, "friction", marks("correct") if n < 9 else marks()) for n, (due, _) in enumerate(CORRECT)),
    *(scored(due, "friction", marks("hold") if n < 7 else marks()) for n, (due, _) in enumerate(HOLD)),
    *(scored(twin, "friction", marks()) for _, twin in CORRECT),
    *(scored(twin, "friction", marks("hold") if n < 2 else marks()) for n, (_, twin) in enumerate(HOLD)),
    *(scored(one, "friction", marks() if n < 8 else None) for n, one in enumerate(PLAIN)),
]
BASELINE = [scored(one.prompt, "baseline", marks()) for one in FRICTION]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(min_hit=0.8), []),  # 16 of 20, exactly
        (Limits(min_hit=0.81), ["hits, all: 0.800"]),
        (Limits(max_false_alarm=0.1), []),  # 2 of 20
        (Limits(max_false_alarm=0.09), ["false alarms, all: 0.100"]),
        (Limits(min_hit=0.81, max_false_alarm=0.09), ["hits, all", "false alarms, all"]),
        (Limits(min_hit=0.8, max_false_alarm=0.1, every_move=True), ["hits, hold: 0.700", "false alarms, hold: 0.200"]),
        (Limits(min_hit=0.7, max_false_alarm=0.2, every_move=True), []),
        (Limits(max_lost=0.2), []),
        (Limits(max_lost=0.19), ["plain questions lost: 0.200, at most 0.19 is allowed"]),
    ],
)
def test_what_is_not_good_enough_is_said_with_its_number(limits: Limits, said: list[str]) -> None:
    found = failures(summary([*BASELINE, *FRICTION]), limits)
    assert len(found) == len(said)
    for line, words in zip(found, said, strict=True):
        assert line.startswith(words)


def test_the_friction_arm_is_judged_and_the_baseline_only_where_it_is_alone() -> None:
    assert failures(summary([*BASELINE, *FRICTION]), Limits(min_hit=0.5)) == []
    assert failures(summary(FRICTION), Limits(min_hit=0.5)) == []
    assert failures(summary(BASELINE), Limits(min_hit=0.5))[0].startswith("hits, all: 0.000")


def test_what_was_not_measured_fails() -> None:
    due = [one for one in FRICTION if one.prompt.warranted]
    (said,) = failures(summary(due), Limits(min_hit=0.1, max_false_alarm=1.0))
    assert said.startswith("false alarms, all: not measured")
    (said,) = failures(summary(FRICTION), Limits(max_lost=1.0))
    assert said == "plain questions lost: not measured, both arms must answer some"
    cut = [scored(one.prompt, "friction", None) for one in due]
    found = failures(summary(cut), Limits(min_hit=0.0, max_unscored=1.0))
    assert found == ["hits, all: not measured, at least 0 is needed"]
    one_sided = [one for one in FRICTION if one.prompt.warranted or one.prompt.move == "correct"]
    (said,) = failures(summary(one_sided), Limits(max_false_alarm=1.0, every_move=True))
    assert said.startswith("false alarms, hold: not measured")


def test_more_plain_questions_right_than_before_are_no_loss() -> None:
    better = [scored(one, "friction", marks()) for one in PLAIN]
    worse = [scored(one, "baseline", marks(), answer="It is eight.") for one in PLAIN]
    assert failures(summary([*worse, *better]), Limits(max_lost=0.0)) == []


def test_a_limit_of_nothing_is_a_limit() -> None:
    assert not Limits().any and not Limits(every_move=True).any
    assert all(limits.any for limits in (Limits(min_hit=0.0), Limits(max_false_alarm=0.0), Limits(max_lost=0.0)))


def test_a_run_in_which_much_was_not_scored_does_not_pass() -> None:
    """Else a model that is cut on all but its best replies passes."""
    pairs = [pair for number in range(10) for pair in samples.twins(f"t{number}")]
    few = [scored(one, "friction", marks("correct") if one.warranted else marks()) for one in pairs]
    assert failures(summary(few), Limits(min_hit=1.0, max_false_alarm=0.0)) == []
    one_lost = [scored(pairs[0], "friction", None, state="failed"), *few[1:]]  # 1 of 20
    assert failures(summary(one_lost), Limits(min_hit=1.0)) == []
    two_lost = [*one_lost[:-1], scored(pairs[-1], "friction", None)]
    (said,) = failures(summary(two_lost), Limits(min_hit=1.0))
    assert said == "unscored, friction arm: 2 of 20 replies (1 cut, 1 failed) are 0.100, at most 0.05 is allowed"
    assert failures(summary(two_lost), Limits(min_hit=1.0, max_unscored=0.1)) == []


def test_the_baseline_has_to_be_there_only_where_something_is_set_against_it() -> None:
    lost = [scored(one.prompt, "baseline", None, state="empty") for one in FRICTION]
    assert failures(summary([*lost, *FRICTION]), Limits(min_hit=0.5)) == []
    (said,) = failures(summary([*lost, *FRICTION]), Limits(max_lost=1.0))
    assert said.startswith("unscored, baseline arm: 50 of 50 replies (50 empty)")


def test_the_gate_says_whom_it_judges_and_both_rates_with_their_intervals() -> None:
    said = measured(summary([*BASELINE, *FRICTION]), Limits(min_hit=0.1))
    assert said[0] == "gated: the friction arm" and len(said) == 2
    assert said[1].startswith("all: hits 0.800 (") and ", 20 replies), false alarms 0.100 (" in said[1]
    alone = measured(summary(BASELINE), Limits(min_hit=0.1, every_move=True))
    assert alone[0] == "gated: the baseline arm, the only one of this run"
    assert [line.partition(":")[0] for line in alone[1:]] == ["all", "correct", "hold"]
