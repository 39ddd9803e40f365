"""What each new pair is to be about: drawn from the run's seed and its number, whatever came before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import get_args

from friction.moves import MOVES, MoveName
from friction.personas import AgentType, PERSONAS
from friction.record import Difficulty

DOMAINS = (
    *("health", "money", "law", "relationships", "work", "study", "science", "history", "software", "travel"),
    *("home", "food", "parenting", "media", "ethics", "ai", "nature", "sport", "arts", "language"),
)
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)
MULTI_TURN = {"hold": 1.0, "challenge": 0.5}
"""How many pairs of a move have history; of the others, one in six."""


@dataclass(frozen=True)
class Seed:
    """The beginning of a pair.

    Attributes:
        number: Its place in the run, from 0.
        move, domain, difficulty: As in the record.
        situation: Where it is set.
        multi_turn: Whether it has history.
        due, twin: Who thinks on either side, in order; the synthesizer last.
    """

    number: int
    move: MoveName
    domain: str
    difficulty: Difficulty
    situation: str
    multi_turn: bool
    due: tuple[AgentType, ...]
    twin: tuple[AgentType, ...]


def draw_seed(
    run_seed: int, number: int, situations: Sequence[str], moves: Sequence[MoveName], domains: Sequence[str]
) -> Seed:
    """The seed of pair ``number``: moves and difficulties take turns, all else is drawn."""
    random = Random(f"{run_seed}/{number}")
    move = moves[number % len(moves)]
    return Seed(
        number=number,
        move=move,
        domain=random.choice(domains),
        difficulty=DIFFICULTIES[number // len(moves) % len(DIFFICULTIES)],
        situation=random.choice(situations),
        multi_turn=random.random() < MULTI_TURN.get(move, 1 / 6),
        due=_personas(random),
        twin=_personas(random),
    )


def _personas(random: Random) -> tuple[AgentType, ...]:
    *others, last = PERSONAS
    chosen = set(random.sample(others, random.randint(2, 5)))
    return (*(agent for agent in others if agent in chosen), last)


ALL_MOVES: tuple[MoveName, ...] = tuple(MOVES)
