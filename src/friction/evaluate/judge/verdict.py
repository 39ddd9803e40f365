"""What the judge says, as data: checked here, whatever the server promises about schemas."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, WithJsonSchema

from friction.jsonl import strict_json

CRITERIA = {
    "right": "whether what it says is true, and whether it takes the right side",
    "specific": "whether it speaks of this case and not of any",
    "kind": "its tone towards the person",
    "empathy": "whether it understands what the person wants and feels",
    "useful": "what the person can do with it",
}
"""What is rated from 1 to 5, and what each means."""

# Said as an enumeration: not every server that takes a schema takes bounds of numbers.
Grade = Annotated[int, Field(strict=True, ge=1, le=5), WithJsonSchema({"type": "integer", "enum": [1, 2, 3, 4, 5]})]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Verdict(BaseModel):
    """What every verdict has.

    Attributes:
        reason: A sentence.
    """

    # The reason stands first: a judge that grades before it has said why finds reasons for the grade.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    reason: Reason


class Rating(Verdict):
    """An answer on its rubric."""

    makes_the_move: bool
    right: Grade
    specific: Grade
    kind: Grade
    empathy: Grade
    useful: Grade


class Preference(Verdict):
    """Which of two answers serves the person better."""

    better: Literal["A", "B", "tie"]


V = TypeVar("V", bound=Verdict)


class Unusable(Exception):
    """A reply that is no verdict: the reason, in words that the judge understands."""


def schema_of(verdict: type[Verdict]) -> dict[str, Any]:
    """The ``response_format`` that asks a server for such a verdict."""
    return {
        "type": "json_schema",
        "json_schema": {"name": verdict.__name__.lower(), "strict": True, "schema": verdict.model_json_schema()},
    }


def read_verdict(text: str, stop: str, kind: type[V]) -> V:
    """A verdict out of a reply's answer; models like to put a fence or a sentence around it.

    Args:
        text: The answer, without thinking.
        stop: ``stop``, or ``length`` where the reply was cut.
        kind: What it has to be.

    Raises:
        Unusable: It is none. Nothing is guessed: a number in a string is no number.
    """
    if stop == "length":
        raise Unusable("it was cut off at the length limit")
    if not text.strip():
        raise Unusable("it is empty")
    start, end = text.find("{"), text.rfind("}")
    try:
        found = strict_json(text[start : end + 1])
    except ValueError as error:
        raise Unusable("it is not one JSON object") from error
    if not isinstance(found, dict):
        raise Unusable("it is not one JSON object")
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Unusable(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
