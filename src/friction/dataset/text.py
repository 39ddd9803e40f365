"""What the checks read of a record: its words, and which of its parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from friction.record import Record

_APOSTROPHES = "'’"


class _Separators(dict[int, str]):
    """What `str.translate` puts for a character: a space where no word goes on. Filled as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = character if character.isalnum() or character in _APOSTROPHES else " "
        return self[code]


_SEPARATORS = _Separators()
_NAMED = re.compile(r"(?m)^[a-z_]+: ")


@lru_cache(maxsize=64)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without punctuation; an apostrophe inside one stays.

    Translating and splitting is three times as fast as a regular expression, and every check begins with it; several
    checks in a row ask for the words of one text.
    """
    found = text.lower().translate(_SEPARATORS).split()
    if "'" in text or "’" in text:
        found = [stripped for word in found if (stripped := word.strip(_APOSTROPHES))]
    return tuple(found)


def asked(record: Record) -> str:
    """What the person is answered for: the history and the last message."""
    return "\n".join([*(turn.content for turn in record.history), record.user_input])


def told(record: Record) -> tuple[str, ...]:
    """The words of the conversation as its reader sees it: what was asked and what is answered."""
    return words(asked(record)) + words(record.final_answer)


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
    return list(map(" ".join, zip(*(tokens[at:] for at in range(length)), strict=False)))


def opening(text: str, length: int = 4) -> str:
    """The first words of a text."""
    return " ".join(words(text[:200])[:length])


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of words that two texts have in common, each as often as it occurs: Dice's coefficient, 0 to 1."""
    if not one and not other:
        return 1.0
    left = dict(Counter(other))
    common = 0
    for word in one:
        count = left.get(word)
        if count:
            left[word] = count - 1
            common += 1
    return 2 * common / (len(one) + len(other))
