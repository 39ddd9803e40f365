"""What is held out: 15 % of the facts, 20 % of the phrasings, 20 % of the items of every move.

The choice is made by a hash of the text itself, so it does not move when a file grows or is reordered, and a person
can find out for any one phrase on which side it stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from friction.organism.world.load import Fact

T = TypeVar("T")
Side = Literal["train", "held", "all"]

FACTS_HELD = 0.15
PHRASES_HELD = 0.20
ITEMS_HELD = 0.20


def _fraction(kind: str, text: str) -> float:
    """A number in [0, 1) that depends on the text alone."""
    digest = hashlib.sha256(f"{kind}\0{text}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _first(kind: str, texts: Sequence[str], share: float) -> frozenset[str]:
    """The ``share`` of the texts with the smallest hashes, rounded up: exact also for short lists."""
    ordered = sorted(texts, key=lambda text: _fraction(kind, text))
    return frozenset(ordered[: -(-len(ordered) * round(share * 100) // 100)])


def _mirrored(fact: Fact, facts: Sequence[Fact]) -> bool:
    """Whether the relation also says it the other way round, as opposites do."""
    return any(other.subject == fact.value and other.value == fact.subject for other in facts)


@dataclass(frozen=True)
class Split:
    """Which texts a dialogue may be made of.

    Attributes:
        facts: ``train`` for the facts and items that the disagreement training may use, ``held`` for those that it
            never sees, ``all`` for the baseline, which has to know them all.
        phrases: ``train`` for what any training may use, ``held`` for the phrasings of the checks.
    """

    facts: Side
    phrases: Side

    @staticmethod
    def _choose(values: Sequence[T], held: frozenset[str], keys: Sequence[str], side: Side) -> list[T]:
        if side == "all":
            return list(values)
        return [value for value, key in zip(values, keys, strict=True) if (key in held) == (side == "held")]

    def choose_facts(self, facts: Sequence[Fact]) -> list[Fact]:
        """The facts of one relation on this split's side; a pair told both ways round stays together."""
        keys = [min(fact.subject, fact.value) if _mirrored(fact, facts) else fact.subject for fact in facts]
        relation = facts[0].relation
        return self._choose(facts, _first(relation, sorted(set(keys)), FACTS_HELD), keys, self.facts)

    def choose_items(self, kind: str, items: Sequence[T], keys: Sequence[str]) -> list[T]:
        """The items (requests, acts, decisions) on this split's side."""
        return self._choose(items, _first(kind, keys, ITEMS_HELD), keys, self.facts)

    def choose_phrases(self, kind: str, phrases: Sequence[str]) -> list[str]:
        """The phrasings of one list on this split's side."""
        return self._choose(phrases, _first(kind, phrases, PHRASES_HELD), phrases, self.phrases)
