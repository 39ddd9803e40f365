"""What the checks read of a record: its words, and which of its parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from friction.record import Record

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NAMED = re.compile(r"(?m)^[a-z_]+: ")


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def asked(record: Record) -> str:
    """What the person is answered for: the history and the last message."""
    return "\n".join([*(turn.content for turn in record.history), record.user_input])


def told(record: Record) -> str:
    """The conversation as its reader sees it: what was asked and what is answered."""
    return f"{asked(record)}\n{record.final_answer}"


def everything(record: Record) -> list[str]:
    """Every text that somebody wrote for the record, one by one; notes are about it, not of it."""
    return [
        *(turn.content for turn in record.history),
        record.user_input,
        *(agent.thought_stream for agent in record.agents),
        record.final_answer,
        record.rejected,
        *_NAMED.sub("", record.rejected_thinking).split("\n\n"),
    ]


def runs(tokens: Sequence[str], length: int) -> list[str]:
    """All runs of so many words, in their order; one shorter run where there are fewer words."""
    if len(tokens) <= length:
        return [" ".join(tokens)] if tokens else []
    return [" ".join(tokens[at : at + length]) for at in range(len(tokens) - length + 1)]


def opening(text: str, length: int = 4) -> str:
    """The first words of a text."""
    return " ".join(words(text[:200])[:length])


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of words that two texts have in common, each as often as it occurs: Dice's coefficient, 0 to 1."""
    if not one and not other:
        return 1.0
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other))
