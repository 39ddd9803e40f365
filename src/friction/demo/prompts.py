"""Prompts in twins: the organism's held-out world, and open-world ones for every other engine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from friction.chat import Message
from friction.errors import FrictionError
from friction.files import shipped
from friction.moves import MOVES, MoveName

HELDOUT = Path(__file__).parents[1] / "organism" / "checks" / "heldout.jsonl"
"""The organism's prompts: facts, phrasings and items that its training never saw."""

OPEN_WORLD = shipped("prompts") / "demo.jsonl"
"""Prompts about anything, for models that know more than one small world."""

PAIRS_PER_MOVE = 6
"""Pairs shown when one move is asked for."""


@dataclass(frozen=True)
class Prompt:
    """What is said to both arms.

    Attributes:
        messages: The conversation; the last turn is the user's.
        move: The move that is due, here or in the twin; None for a prompt that a person typed.
        warranted: Whether it is due here; None for a prompt that a person typed.
        pair: Shared by twins; None for a prompt that a person typed.
        why: Why it is due, or why not, for the audience.
        truth: The true value, where a value is claimed: an answer that denies it is no hit.
    """

    messages: tuple[Message, ...]
    move: MoveName | None = None
    warranted: bool | None = None
    pair: str | None = None
    why: str | None = None
    truth: str | None = None

    @property
    def text(self) -> str:
        """The user's last turn."""
        return self.messages[-1].content

    @property
    def history(self) -> tuple[Message, ...]:
        """The turns before it."""
        return self.messages[:-1]


Pair = tuple[Prompt, Prompt]
"""Twins: due, not due."""


def typed(text: str) -> Prompt:
    """A prompt of the person's own.

    Raises:
        FrictionError: When there is nothing in it.
    """
    if not text.strip():
        raise FrictionError(
            problem="the prompt is empty",
            because="there is nothing to agree or disagree with",
            fix="type something between the quotes, or leave the prompt away to see a selection",
        )
    # A shell hands over bytes that are no text as half characters, which no tokenizer and no server takes.
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Prompt((Message("user", whole.strip()),))


def load_pairs(path: Path) -> list[Pair]:
    """The twins in a JSONL file.

    A line has `pair`, `move`, `warranted` and `messages`; and `why`, or what is `claimed` and the `truth`.

    Raises:
        FrictionError: Naming the line that is no prompt, or the pair that has no twin.
    """
    try:
        lines = path.read_text(encoding="utf-8").strip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path, str(error)) from error
    sides: dict[str, dict[bool, Prompt]] = {}
    for number, line in enumerate(lines, 1):
        try:
            prompt = _prompt(json.loads(line))
        except (ValueError, KeyError, TypeError, FrictionError) as error:
            raise _damaged(path, f"line {number} is no prompt ({error})") from error
        sides.setdefault(str(prompt.pair), {})[bool(prompt.warranted)] = prompt
    if alone := [pair for pair, found in sides.items() if len(found) != 2]:
        raise _damaged(path, f"'{alone[0]}' has no twin")
    return [(found[True], found[False]) for found in sides.values()]


def select(pairs: Sequence[Pair], move: MoveName | None, seed: int) -> list[Pair]:
    """One pair of each move, or some of one move; the seed picks which. In the moves' usual order."""
    random = Random(seed)
    chosen: list[Pair] = []
    for name in MOVES:
        of_move = [pair for pair in pairs if pair[0].move == name]
        count = 1 if move is None else PAIRS_PER_MOVE if move == name else 0
        chosen += random.sample(of_move, min(count, len(of_move)))
    return chosen


def twin_of(prompt: Prompt, pairs: Sequence[Pair]) -> Prompt | None:
    """The other side of a prompt of the set, or of a typed one that says the same; None where there is none."""
    for due, not_due in pairs:
        for side, other in ((due, not_due), (not_due, due)):
            if prompt.messages == side.messages:
                return other
    return None


def situation(prompt: Prompt) -> str:
    """Why pushback is due or not: of this very prompt where that is known, else of its move in general."""
    if prompt.why or prompt.move is None:
        return prompt.why or ""
    move = MOVES[prompt.move]
    return move.due if prompt.warranted else move.not_due


def _prompt(row: dict[str, Any]) -> Prompt:
    messages = tuple(Message(turn["role"], turn["content"]) for turn in row["messages"])
    if not messages or messages[-1].role != "user":
        raise ValueError("its last turn is not the user's")
    if row["move"] not in MOVES or not isinstance(row["warranted"], bool):
        raise ValueError("its move or its side is unknown")
    why = row.get("why") or _why(row)
    return Prompt(messages, row["move"], row["warranted"], str(row["pair"]), why, row.get("truth"))


def _why(row: dict[str, Any]) -> str | None:
    """Where a value is claimed, the truth is what the audience may not know."""
    claimed, truth = row.get("claimed"), row.get("truth")
    if not truth:
        return None
    return f"it is {truth}, not {claimed}" if claimed and claimed != truth else f"it is {truth}"


def _damaged(path: Path, because: str) -> FrictionError:
    return FrictionError(problem=f"cannot use the prompts in '{path}'", because=because, fix="install friction again")
