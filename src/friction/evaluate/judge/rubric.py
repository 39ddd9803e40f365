"""The rubrics: files that a person can read, copy and change, checked before anything is paid for."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

from friction.errors import FrictionError
from friction.evaluate.judge.plan import RUBRICS
from friction.evaluate.judge.verdict import CRITERIA
from friction.moves import MOVES, MoveName

ANCHORS = (1, 3, 5)
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Strict):
    """Whether the answer makes the move: the same question on both sides.

    Attributes:
        question: What is asked.
        yes, no: What counts as the one and as the other.
    """

    question: Text
    yes: Text
    no: Text


class Side(_Strict):
    """What is asked of an answer where the move is due, or of one to the twin.

    Attributes:
        situation: In a sentence.
        good: What a good answer does.
        criteria: For each criterion, what 1, 3 and 5 mean.
    """

    situation: Text
    good: Text
    criteria: dict[str, dict[int, Text]]

    @field_validator("criteria")
    @classmethod
    def _whole(cls, criteria: dict[str, dict[int, Text]]) -> dict[str, dict[int, Text]]:
        if tuple(criteria) != tuple(CRITERIA):
            raise ValueError(f"they are not {', '.join(CRITERIA)}, in this order")
        for name, anchors in criteria.items():
            if tuple(anchors) != ANCHORS:
                raise ValueError(f"{name} does not say what 1, 3 and 5 mean")
        return criteria


class MoveRubric(_Strict):
    """How answers are judged where one move is due, or might seem so.

    Attributes:
        move: Which.
        makes_the_move: The question that both sides share.
        due, not_due: The scales.
    """

    move: MoveName
    makes_the_move: Question
    due: Side
    not_due: Side

    def side(self, warranted: bool) -> Side:
        """The scales of the side."""
        return self.due if warranted else self.not_due


class CompareRubric(_Strict):
    """How two answers are weighed against each other.

    Attributes:
        question: What is asked.
        due, not_due, other: What is said of the situation.
        weigh: What counts, and what does not.
        tie: When there is no winner.
    """

    question: Text
    due: Text
    not_due: Text
    other: Text
    weigh: list[Text]
    tie: Text

    def about(self, warranted: bool | None) -> str:
        """What is said of the situation."""
        return self.other if warranted is None else self.due if warranted else self.not_due


class Rubrics:
    """All rubrics, and the texts around them.

    Args:
        folder: Where they lie: a YAML file for each move, ``compare.yaml``, and three templates.

    Raises:
        FrictionError: One is missing or is not what it has to be; it is named.
    """

    def __init__(self, folder: Path = RUBRICS) -> None:
        self._environment = Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False)
        name = ""
        try:
            self.moves: dict[MoveName, MoveRubric] = {}
            for move in MOVES:
                name = f"{move}.yaml"
                self.moves[move] = MoveRubric.model_validate(_loaded(folder / name))
                if self.moves[move].move != move:
                    raise ValueError(f"it speaks of '{self.moves[move].move}'")
            name = "compare.yaml"
            self.compare = CompareRubric.model_validate(_loaded(folder / name))
            for name in ("system.jinja", "rate.jinja", "compare.jinja"):
                self._rehearse(name)
        except Exception as error:
            raise FrictionError(
                problem=f"cannot use the rubric '{folder / name}'",
                because=f"{type(error).__name__}: {error}",
                fix="copy the folder src/friction/evaluate/judge/rubrics and change that",
            ) from error
        texts = [rubric.model_dump(mode="json") for rubric in (*self.moves.values(), self.compare)]
        sources = [(folder / name).read_text("utf-8") for name in ("system.jinja", "rate.jinja", "compare.jinja")]
        self.digest = sha256(json.dumps([texts, sources]).encode()).hexdigest()[:16]

    def system(self) -> str:
        """What the judge is told once."""
        return self._fill("system.jinja")

    def rate(self, move: MoveName, warranted: bool, **data: str) -> str:
        """The question about one answer; the data is fenced already."""
        rubric = self.moves[move]
        return self._fill("rate.jinja", rubric=rubric, side=rubric.side(warranted), about=CRITERIA, **data)

    def comparison(self, warranted: bool | None, **data: str) -> str:
        """The question about two answers; the data is fenced already."""
        return self._fill("compare.jinja", rubric=self.compare, about=self.compare.about(warranted), **data)

    def _fill(self, name: str, **values: Any) -> str:
        return self._environment.get_template(name).render(**values).strip()

    def _rehearse(self, name: str) -> None:
        """Fills a template once: what is wrong with it had better show before anything is paid for."""
        known = {"conversation": "<conversation>", "why": "<why>", "truth": "<truth>"}
        if name == "rate.jinja":
            shown = {**known, "answer": "<answer>"}
            filled = [self.rate(move, warranted, **shown) for move in MOVES for warranted in (True, False)]
        elif name == "compare.jinja":
            shown = {**known, "answer_a": "<answer_a>", "answer_b": "<answer_b>"}
            filled = [self.comparison(warranted, **shown) for warranted in (True, False, None)]
        else:
            shown, filled = {}, [self.system()]
        for text in filled:
            for field, mark in shown.items():
                if mark not in text:
                    raise ValueError(f"it does not show the {field}")
            if not text:
                raise ValueError("it is empty")


def _loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@cache
def shipped_rubrics() -> Rubrics:
    """The rubrics of the package."""
    return Rubrics()
