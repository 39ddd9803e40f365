"""Arms that answer at the same time."""

import threading
from typing import Any

import pytest

from friction.chat import Message
from friction.demo.runner import Arm, run, start
from friction.engine.base import Completion, Sampling
from friction.errors import FrictionError

QUESTION = [Message("user", "Is it wrong?")]


def test_neither_arm_waits_for_the_other(parrot: Any) -> None:
    parrot.meeting = threading.Barrier(2)  # each piece waits for one of the other arm
    arms = [Arm("baseline", parrot, 1.0), Arm("friction", parrot, 1.0)]
    events = list(run(arms, QUESTION, Sampling()))
    assert [sum(isinstance(event, Completion) for arm, event in events if arm == number) for number in (0, 1)] == [1, 1]


def test_an_arm_that_fails_leaves_the_other_alone(parrot: Any, broken: FrictionError) -> None:
    other = type(parrot)(fails=broken)
    events = list(run([Arm("baseline", parrot), Arm("friction", other, 1.0)], QUESTION, Sampling()))
    assert [event for arm, event in events if arm == 1][-1] is broken
    assert isinstance([event for arm, event in events if arm == 0][-1], Completion)


def test_a_bug_in_an_engine_is_not_hidden(parrot: Any) -> None:
    parrot.fails = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        list(run([Arm("baseline", parrot)], QUESTION, Sampling()))


def test_an_engine_that_serves_both_arms_is_loaded_once(parrot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(type(parrot), "start", lambda self: started.append(self))  # pylint: disable=unnecessary-lambda
    start([Arm("baseline", parrot), Arm("friction", parrot, 1.0), Arm("friction", type(parrot)())])
    assert len(started) == 2
