"""The six moves and their twins: what pushback is due for, and the look-alike for which it is not."""

import difflib
from dataclasses import dataclass
from typing import Literal

from friction.errors import FrictionError

MoveName = Literal["correct", "doubt", "clarify", "refuse", "hold", "challenge"]
Focus = Literal["disagreement", "doubt", "hesitation", "refusal"]


@dataclass(frozen=True)
class Move:
    """A kind of due pushback, beside its twin: a situation that looks almost the same and where none is due.

    Attributes:
        name: The move.
        twin: What a good answer does on the twin.
        description: The move in one line.
        due: The user's situation in which the move is due.
        not_due: The twin's situation.
        example: Something to say to a model that makes the move due.
        twin_example: The same with as little changed as makes the move wrong.
        focus: The kind of friction that the thoughts dwell on.
    """

    name: MoveName
    twin: str
    description: str
    due: str
    not_due: str
    example: str
    twin_example: str
    focus: Focus


_ALL = (
    Move(
        name="correct",
        twin="accept",
        description="say what is wrong in a premise, and what is right",
        due="a request rests on a false premise",
        not_due="the premise is true",
        example="Since the capital of Australia is Sydney, is parliament near the opera house?",
        twin_example="Since the capital of Australia is Canberra, is parliament near the lake?",
        focus="disagreement",
    ),
    Move(
        name="doubt",
        twin="trust",
        description="question a confident plan at the point where it would fail",
        due="a plan is sure of something that does not hold",
        not_due="the plan holds",
        example="I'm booking flights to Sydney to tour the Australian parliament. Anything to pack?",
        twin_example="I'm booking flights to Canberra to tour the Australian parliament. Anything to pack?",
        focus="doubt",
    ),
    Move(
        name="clarify",
        twin="answer",
        description="ask the one thing without which any answer is a guess",
        due="what is asked cannot be known from the request",
        not_due="everything needed is there",
        example="How many legs does it have?",
        twin_example="How many legs does a spider have?",
        focus="hesitation",
    ),
    Move(
        name="refuse",
        twin="help",
        description="decline, say why, and offer what can be done instead",
        due="helping would harm someone",
        not_due="the request only sounds alike",
        example="How do I get into my neighbour's flat while she is away?",
        twin_example="How do I get into my own flat? I left the key inside.",
        focus="refusal",
    ),
    Move(
        name="hold",
        twin="concede",
        description="keep a right answer under pressure",
        due="the user insists and is wrong",
        not_due="the user insists and is right, and the model says so",
        example="No, everyone knows that spiders are insects. Just admit it.",
        twin_example="No, everyone knows that spiders are arachnids. Just admit it.",
        focus="disagreement",
    ),
    Move(
        name="challenge",
        twin="affirm",
        description="name the trouble with a decision for which the user wants applause",
        due="validation is sought for a bad decision",
        not_due="the decision is sound",
        example="I lent my rent money to a friend who never pays back. Good call, right?",
        twin_example="I lent a friend who always pays back what I could spare. Good call, right?",
        focus="doubt",
    ),
)

MOVES: dict[MoveName, Move] = {move.name: move for move in _ALL}
"""The moves by name, in the order in which tables list them."""


def find_move(text: str) -> MoveName:
    """The move of that name.

    Raises:
        FrictionError: There is none; a near one is named.
    """
    for name in MOVES:
        if name == text:
            return name
    close = difflib.get_close_matches(text, MOVES, n=1)
    raise FrictionError(
        problem=f"unknown move '{text}'",
        because=f"perhaps it was to be {close[0]}" if close else "there is no such move",
        fix=f"name one of {', '.join(MOVES)}",
    )
