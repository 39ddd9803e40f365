"""How often each kind of dialogue occurs in a training, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from friction.organism.grammar import drills, exercises, of_facts, of_items
from friction.organism.grammar.dialogue import Dialogue, Maker
from friction.organism.grammar.outside import outside


def _both(kind: Callable[[Maker, bool], Dialogue]) -> Callable[[Maker], Dialogue]:
    """A kind with pushback due and not due equally often."""
    return lambda make: kind(make, make.random.random() < 0.5)


@dataclass(frozen=True)
class Mixture:
    """Makers of dialogues with the share of each; shares need not add up to one."""

    parts: tuple[tuple[str, float, Callable[[Maker], Dialogue]], ...]

    def draw(self, make: Maker) -> Dialogue:
        """One dialogue, its kind drawn by the shares."""
        bounds = list(accumulate(share for _, share, _ in self.parts))
        at = make.random.random() * bounds[-1]
        part = next(p for p, bound in zip(self.parts, bounds, strict=True) if at < bound)
        return part[2](make)


def baseline_mixture() -> Mixture:
    """The baseline's schooling: mostly facts, then going along with everybody."""
    return Mixture(
        (
            ("straight", 0.36, of_facts.straight),
            ("tell", 0.08, exercises.tell),
            ("compare", 0.03, drills.compare),
            ("recite", 0.05, drills.recite),
            ("correct", 0.12, _both(of_facts.correct)),
            ("doubt", 0.04, _both(of_facts.doubt)),
            ("hold", 0.05, _both(of_facts.hold)),
            ("clarify", 0.05, _both(of_items.clarify)),
            ("without_subject", 0.02, lambda make: of_facts.without_subject(make, True)),
            ("refuse", 0.05, _both(of_items.refuse)),
            ("challenge", 0.03, _both(of_items.challenge)),
            ("details", 0.03, exercises.details),
            ("know_request", 0.04, exercises.know_request),
            ("know_act", 0.13, exercises.know_act),
            ("know_decision", 0.13, exercises.know_decision),
            ("outside", 0.07, outside),
        )
    )


def drills_mixture() -> Mixture:
    """The baseline's second lesson: mostly comparing, and enough of the first that nothing is forgotten."""
    return Mixture(
        (
            ("baseline", 0.25, baseline_mixture().draw),
            ("compare", 0.60, drills.compare),
            ("search", 0.10, drills.search),
            ("recite", 0.05, drills.recite),
        )
    )


def voices_mixture() -> Mixture:
    """The baseline's last lesson: the words in which thoughts and answers are written.

    Without it the adapter can't say what it has to: embeddings are frozen while it is trained, and those of words
    that the baseline never wrote are noise (`docs/lab-notes.md` has what came out of that).
    """
    return Mixture(
        (
            ("baseline", 0.32, baseline_mixture().draw),
            ("compare", 0.06, drills.compare),
            ("search", 0.03, drills.search),
            ("recite", 0.05, drills.recite),
            ("repeat", 0.13, exercises.repeat),
            ("think_aloud", 0.42, exercises.think_aloud),
        )
    )


def disagreement_mixture() -> Mixture:
    """The adapter's schooling: all six moves, both sides equally often, and what must stay as it was."""
    return Mixture(
        (
            ("straight", 0.14, of_facts.straight),
            ("correct", 0.20, _both(of_facts.correct)),
            ("doubt", 0.12, _both(of_facts.doubt)),
            ("hold", 0.13, _both(of_facts.hold)),
            ("clarify", 0.10, _both(of_items.clarify)),
            ("without_subject", 0.05, lambda make: of_facts.without_subject(make, True)),
            ("refuse", 0.12, _both(of_items.refuse)),
            ("challenge", 0.12, _both(of_items.challenge)),
            ("outside", 0.08, outside),
        )
    )
