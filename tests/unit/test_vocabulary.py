"""Moves and personas: the data agree with their types and with one another."""

from typing import get_args

from friction.moves import MOVES, Focus, MoveName
from friction.personas import PERSONAS, AgentType, MomentType


def test_every_move_is_there_once_with_a_twin_of_its_own() -> None:
    assert tuple(MOVES) == get_args(MoveName)
    assert MOVES["hold"].twin == "concede"
    assert len({move.twin for move in MOVES.values()} | set(MOVES)) == 12
    assert {move.focus for move in MOVES.values()} == set(get_args(Focus))


def test_examples_are_twins_of_near_the_same_length() -> None:
    for move in MOVES.values():
        due, not_due = move.example, move.twin_example
        assert due != not_due
        assert 0.5 < len(due) / len(not_due) < 2


def test_every_persona_is_there_once_and_every_moment_is_made_by_someone() -> None:
    assert tuple(PERSONAS) == get_args(AgentType)
    assert {moment for persona in PERSONAS.values() for moment in persona.moments} == set(get_args(MomentType))
