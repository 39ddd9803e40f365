"""An engine that has its lines by heart: what the demo does with replies is tested, not the replies."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pytest

from friction.chat import Message, Reply, Section
from friction.engine.base import Completion, Delta, Sampling
from friction.errors import FrictionError

THOUGHTS = 'problem_framer: The word is "Sydney".\nsynthesizer: Mend it.'


@dataclass
class Parrot:
    """Says the same every time: agrees without a dial, and objects to `wrong` with one.

    Attributes:
        name: As engines have it.
        has_dial: As engines have it.
        asked: What it was asked: prompt, sampling, dial.
        fails: Raised after half a reply.
        stop_reason: How its replies end.
        closed: Whether it was closed.
    """

    name: str = "embedded"
    has_dial: bool = True
    asked: list[tuple[Sequence[Message], Sampling, float | None]] = field(default_factory=list)
    fails: BaseException | None = None
    stop_reason: Literal["stop", "length"] = "stop"
    closed: bool = False
    meeting: threading.Barrier | None = None

    def start(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Remember it."""
        self.closed = True

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling = Sampling(), dial: float | None = None
    ) -> Iterator[Delta | Completion]:
        """The line by heart."""
        self.asked.append((messages, sampling, dial))
        objects = dial is not None and dial > 0 and "wrong" in messages[-1].content
        thoughts = THOUGHTS if dial else ""
        answer = "No, it is not. \x1b[31mCanberra it is." if objects else "Yes, of course!"
        parts: list[tuple[Section, str]] = [("thinking", thoughts), ("answer", answer)]
        for section, text in parts:
            for start in range(0, len(text), 7):
                yield Delta(section, text[start : start + 7])
                if self.fails:
                    raise self.fails
                if self.meeting:
                    self.meeting.wait(5)
        yield Completion(Reply(thoughts, answer, "complete" if thoughts else "absent"), 12, 0.25, self.stop_reason)


@pytest.fixture(name="parrot")
def _parrot() -> Parrot:
    return Parrot()


@pytest.fixture(name="broken")
def _broken() -> FrictionError:
    return FrictionError(problem="'server' sent half a reply", because="it fell over", fix="lift it up")
