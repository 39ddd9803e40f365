"""What came back: one reply of one arm to one turn of one prompt, as a run keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Arm = Literal["baseline", "friction"]
ARMS: tuple[Arm, ...] = ("baseline", "friction")

ReplyState = Literal["answered", "cut", "empty", "failed"]
"""`answered`: it can be scored. `cut`: it stopped at the length limit, or its thinking never closed. `empty`: it ended
by itself and said nothing. `failed`: there is no reply. Only the first is ever scored as an answer; all are counted."""


@dataclass(frozen=True)
class StoredReply:  # pylint: disable=too-many-instance-attributes  # a row of a file
    """A reply and what it took.

    Attributes:
        prompt: The prompt's id.
        arm: Whose reply.
        engine: Who answered, as named on the command line.
        dial: The adapter's scale; None where no adapter was asked for.
        repeat: Which of several replies to the same prompt, from 0.
        turn: 0 for the reply to the prompt, 1 for the one to its first follow-up, and so on.
        state: Whether it can be scored.
        thinking: What was thought; empty where nothing was.
        answer: What the user was told.
        thinking_state: ``complete``, ``absent`` or ``unterminated``, as :class:`friction.chat.Reply` has it.
        stop_reason: ``stop`` or ``length``; ``error`` where there is no reply.
        tokens: Tokens written.
        seconds: Wall-clock time from the request to the last token.
        temperature, top_p, seed, max_tokens: How it was sampled.
        error: Why it failed; empty otherwise.
    """

    prompt: str
    arm: Arm
    engine: str
    dial: float | None
    repeat: int
    turn: int
    state: ReplyState
    thinking: str
    answer: str
    thinking_state: str
    stop_reason: str
    tokens: int
    seconds: float
    temperature: float
    top_p: float
    seed: int
    max_tokens: int | None
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For a JSONL file."""
        return asdict(self)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> StoredReply:
        """A line of a JSONL file as a reply.

        Raises:
            TypeError: It is none.
        """
        return cls(**row)
