"""The dialogue grammar: turns the world's facts, items and phrases into conversations, always in twins."""

from friction.organism.grammar.dialogue import Dialogue, Maker
from friction.organism.grammar.kinds import KINDS, twins
from friction.organism.grammar.mixture import (
    Mixture,
    baseline_mixture,
    disagreement_mixture,
    drills_mixture,
)

__all__ = [
    "KINDS",
    "Dialogue",
    "Maker",
    "Mixture",
    "baseline_mixture",
    "disagreement_mixture",
    "drills_mixture",
    "twins",
]
