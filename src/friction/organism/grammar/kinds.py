"""The six moves as makers of twins."""

from __future__ import annotations

from collections.abc import Callable

from friction.organism.grammar import of_facts, of_items
from friction.organism.grammar.dialogue import Dialogue, Maker

TwinMaker = Callable[[Maker, bool], Dialogue]


def _clarify(make: Maker, due: bool) -> Dialogue:
    """Two thirds writing jobs, one third questions without a subject."""
    return of_facts.without_subject(make, due) if make.random.random() < 1 / 3 else of_items.clarify(make, due)


KINDS: dict[str, TwinMaker] = {
    "correct": of_facts.correct,
    "doubt": of_facts.doubt,
    "clarify": _clarify,
    "refuse": of_items.refuse,
    "hold": of_facts.hold,
    "challenge": of_items.challenge,
}


def twins(make: Maker, move: str) -> tuple[Dialogue, Dialogue]:
    """A pair about the same thing in the same words: pushback due, and not due.

    Both sides are made from the same state of the source of chance, so they choose alike until the first choice that
    depends on the side.
    """
    state = make.random.getstate()
    due = KINDS[move](make, True)
    make.random.setstate(state)
    return due, KINDS[move](make, False)
