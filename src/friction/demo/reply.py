"""One arm's reply as far as it is written, and what is known about it."""

import re
from dataclasses import dataclass, field
from typing import Any

from friction.engine.base import Completion, Delta
from friction.errors import FrictionError

# A model's or a server's text may not move the cursor, ring the bell or recolour the terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_LONGEST_PROMPT = 800


def printable(text: str) -> str:
    """Text without the characters that would steer a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def excerpt(text: str) -> str:
    """A prompt as it is shown: printable, and of a pasted book only the beginning."""
    text = printable(text)
    return text if len(text) <= _LONGEST_PROMPT else f"{text[:_LONGEST_PROMPT]} […]"


@dataclass
class Reply:
    """A reply that grows.

    Attributes:
        title: The arm.
        dial: Its adapter's scale; None means without an adapter.
        thinking: What it thought so far.
        answer: What it said so far.
        completion: The whole, once it is there.
        error: Why there is no whole.
        pushed_back: The judge's word on the answer; None where nobody judges.
    """

    title: str
    dial: float | None = None
    thinking: str = ""
    answer: str = ""
    completion: Completion | None = None
    error: FrictionError | None = field(default=None)
    pushed_back: bool | None = None

    def take(self, event: Delta | Completion | FrictionError) -> None:
        """Add what the arm wrote, or how it ended."""
        if isinstance(event, FrictionError):
            self.error = event
        elif isinstance(event, Completion):
            # The whole has the last word: a server may have sent thoughts as if they were the answer.
            self.completion = event
            self.thinking, self.answer = printable(event.reply.thinking), printable(event.reply.answer)
        elif event.section == "thinking":
            self.thinking += printable(event.text)
        else:
            self.answer += printable(event.text)

    @property
    def is_whole(self) -> bool:
        """Whether the arm ended its turn by itself."""
        return self.completion is not None and self.completion.stop_reason == "stop"

    def as_json(self, *, thinking: bool = True) -> dict[str, Any]:
        """The finished reply as plain data, its thoughts left empty where nobody wants them."""
        assert self.completion is not None
        reply = self.completion.reply
        return {
            "thinking": reply.thinking if thinking else "",
            "answer": reply.answer,
            "state": reply.state,
            "tokens": self.completion.tokens,
            "seconds": round(self.completion.seconds, 3),
        }
