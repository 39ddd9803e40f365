"""What tells a prompt from its twin: the words in which they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

_LONGEST = 6000
"""Characters beyond which two prompts are not compared: the time grows with the square, and no eye follows."""


@dataclass(frozen=True)
class Piece:
    """A piece of a prompt's text; `differs`: the twin has something else here."""

    text: str
    differs: bool


def against_twin(text: str, twin: str) -> tuple[Piece, ...]:
    """A text in pieces that the twin shares or not; one piece that does not differ where they are little alike."""
    whole = (Piece(text, False),)
    if max(len(text), len(twin)) > _LONGEST:
        return whole
    ours, theirs = _words(text), _words(twin)
    swapped = twin < text  # What is alike depends on which side comes first, and twins must agree on it.
    matcher = SequenceMatcher(None, *((theirs, ours) if swapped else (ours, theirs)), autojunk=False)
    if matcher.ratio() < 0.5:
        return whole
    differing = [True] * len(ours)
    for first, second, size in matcher.get_matching_blocks():
        start = second if swapped else first
        differing[start : start + size] = [False] * size
    for at, word in enumerate(ours):
        if word.isspace():  # A space between two words that differ is part of what differs, and no other one is.
            differing[at] = 0 < at < len(ours) - 1 and differing[at - 1] and differing[at + 1]
    by_kind = groupby(zip(ours, differing, strict=True), key=lambda one: one[1])
    return tuple(Piece("".join(word for word, _ in words), differs) for differs, words in by_kind)


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[\w'’]+|[^\w\s]", text)
