"""Prompts, replies and scores made by hand, and an engine that says what a test tells it to, for the runner's tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from friction.chat import Message, parse_reply
from friction.engine.base import Completion, Delta, Sampling
from friction.engine.patience import Patience
from friction.errors import FrictionError
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import Arm, StoredReply
from friction.evaluate.run import ArmPlan, Plan, Progress, Run
from friction.evaluate.score import Marks, Refusal, Score
from friction.evaluate.scored import Scored
from friction.evaluate.suites import Suite
from friction.moves import MoveName


def prompt(name: str, move: MoveName | None = None, warranted: bool | None = None, **more: Any) -> Prompt:
    """A prompt that says its own name."""
    return Prompt(name, (Message("user", f"{name}?"),), move, warranted, **more)


def twins(pair: str, move: MoveName = "correct") -> tuple[Prompt, Prompt]:
    """A prompt where the move is due, and its twin."""
    return prompt(f"{pair}-due", move, True, pair=pair), prompt(f"{pair}-twin", move, False, pair=pair)


def plain(name: str, *accept: str) -> Prompt:
    """An ordinary question."""
    return prompt(name, accept=accept or ("seven",))


def suite(*prompts: Prompt, files: tuple[Path, ...] = ()) -> Suite:
    """Prompts as a suite."""
    return Suite("hand", "prompts made by hand", prompts, files)


def marks(*moves: MoveName, agrees: bool = False, refusal: Refusal = "none", hedges: int = 0, **more: int) -> Marks:
    """What a text does."""
    return Marks(moves, agrees, refusal, hedges, more.get("questions", 0), more.get("words", 10), ())


def scored(asked: Prompt, arm: Arm, found: Marks | None, thinking: Marks | None = None, **more: Any) -> Scored:
    """A reply with its score; without marks it was cut, if nothing else is said."""
    fields: dict[str, Any] = {
        "engine": "openai:m@http://127.0.0.1/v1",
        "dial": None,
        "repeat": 0,
        "turn": 0,
        "state": "cut" if found is None else "answered",
        "thinking": "" if thinking is None else "Hm.",
        "answer": "It is seven.",
        "thinking_state": "absent" if thinking is None else "complete",
        "stop_reason": "length" if found is None else "stop",
        "tokens": 10,
        "seconds": 0.5,
        "temperature": 0.0,
        "top_p": 0.95,
        "seed": 1,
        "max_tokens": None,
        **more,
    }
    reply = StoredReply(prompt=asked.id, arm=arm, **fields)
    return Scored(asked, reply, None if found is None else Score(found, thinking))


Say = Callable[[Sequence[Message], Sampling, float | None], str | Completion]
"""What an engine says to a conversation."""


def completion(text: str, *, tokens: int = 5, cut: bool = False) -> Completion:
    """A reply as an engine gives it; one that is cut stopped at the length limit."""
    return Completion(parse_reply(text, stopped=not cut), tokens, 0.125, "length" if cut else "stop")


class Spoken:
    """An engine that says what a test tells it to, and remembers what it was asked."""

    def __init__(self, say: Say, name: str = "spoken", has_dial: bool = True) -> None:
        self.name, self.has_dial, self.say = name, has_dial, say
        self.asked: list[tuple[tuple[Message, ...], Sampling, float | None]] = []
        self._lock = threading.Lock()

    def start(self) -> None:
        """Nothing to load."""

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling = Sampling(), dial: float | None = None
    ) -> Iterator[Delta | Completion]:
        """The reply, all at once."""
        with self._lock:
            self.asked.append((tuple(messages), sampling, dial))
        said = self.say(messages, sampling, dial)
        yield completion(said) if isinstance(said, str) else said

    def close(self) -> None:
        """Nothing to free."""


def plan(engine: Spoken, asked: Suite, **changes: Any) -> Plan:
    """Both arms of one engine."""
    arms = (ArmPlan("baseline", engine), ArmPlan("friction", engine, (1.0,)))
    return Plan(**{"suite": asked, "arms": arms, "workers": 4, **changes})


def never(seconds: float) -> None:
    """For where nothing is to be waited for."""
    raise AssertionError(f"it waited {seconds} s")


def run(engine: Spoken, asked: Suite, folder: Path, *, tries: int = 1, **changes: Any) -> Progress:
    """A run that does not wait."""
    return Run(plan(engine, asked, **changes), folder, Patience(tries=tries, sleep=never)).run()


class Answered(Exception):
    """What a client raises where a server answered with a status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status_code = status


def failure(status: int | None = None, problem: str = "no reply", because: str = "it is a test") -> FrictionError:
    """An engine's error as it follows from a status, or from a connection that broke."""
    error = FrictionError(problem=problem, because=because, fix="none")
    error.__cause__ = ConnectionError("reset") if status is None else Answered(status)
    return error
