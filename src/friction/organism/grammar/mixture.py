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


def drills_mixture() -> Mixture:
    """The baseline's first lesson: comparing, and nothing else."""
    return Mixture((("compare", 1.0, drills.compare),))


def baseline_mixture() -> Mixture:
    """The baseline's schooling: facts, what it knows of the items, going along with everybody, the words of thoughts.

    Without the last (`repeat`, `think_aloud`) the adapter couldn't say what it has to: embeddings are frozen while it
    is trained, and those of words that the baseline never wrote are noise (`docs/lab-notes.md` has what came of that).
    """
    return Mixture(
        (
            ("straight", 0.30, of_facts.straight),
            ("tell", 0.04, exercises.tell),
            ("compare", 0.07, lambda make: drills.compare(make, drills.INVENTED_SHARE)),
            ("recite", 0.015, lambda make: drills.recite(make, drills.INVENTED_SHARE)),
            ("presumed", 0.05, exercises.presumed),
            ("correct", 0.06, _both(of_facts.correct)),
            ("doubt", 0.04, _both(of_facts.doubt)),
            ("hold", 0.03, _both(of_facts.hold)),
            ("clarify", 0.03, _both(of_items.clarify)),
            ("without_subject", 0.015, lambda make: of_facts.without_subject(make, True)),
            ("refuse", 0.03, _both(of_items.refuse)),
            ("challenge", 0.03, _both(of_items.challenge)),
            ("know_request", 0.03, exercises.know_request),
            ("know_act", 0.08, exercises.know_act),
            ("know_decision", 0.08, exercises.know_decision),
            ("shorten", 0.05, exercises.shorten),
            ("outside", 0.075, outside),
            ("repeat", 0.03, exercises.repeat),
            ("think_aloud", 0.30, exercises.think_aloud),
        )
    )


def disagreement_mixture() -> Mixture:
    """The adapter's schooling: all six moves, both sides equally often, and what must stay as it was."""
    return Mixture(
        (
            ("straight", 0.17, of_facts.straight),
            ("correct", 0.19, _both(of_facts.correct)),
            ("doubt", 0.12, _both(of_facts.doubt)),
            ("hold", 0.13, _both(of_facts.hold)),
            ("clarify", 0.10, _both(of_items.clarify)),
            ("without_subject", 0.05, lambda make: of_facts.without_subject(make, True)),
            ("refuse", 0.12, _both(of_items.refuse)),
            ("challenge", 0.12, _both(of_items.challenge)),
            ("outside", 0.10, outside),
        )
    )
