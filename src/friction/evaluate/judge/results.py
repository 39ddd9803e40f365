"""What came of it: each answer with its rating, each pair of answers with both orders' verdicts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Generic, TypeVar

from friction.evaluate.judge.tasks import ORDERS, CompareTask, RateTask
from friction.evaluate.judge.verdict import Preference, Rating, Verdict
from friction.evaluate.replies import Arm
from friction.evaluate.scored import Scored

JUDGEMENTS, SUMMARY = "judgements.jsonl", "judge.json"
V = TypeVar("V", bound=Verdict)


@dataclass(frozen=True)
class Outcome(Generic[V]):
    """What became of a question.

    Attributes:
        verdict: What the judge said; None where it said nothing usable, or was not asked yet.
        reason: Why it is of no use; empty otherwise.
        finished: Nothing is to be asked any more.
    """

    verdict: V | None
    reason: str
    finished: bool

    @property
    def unjudged(self) -> bool:
        """Whether it was asked, and no verdict came of it."""
        return self.finished and self.verdict is None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"unjudged": self.reason} if self.verdict is None else self.verdict.model_dump()


@dataclass(frozen=True)
class Rated:
    """An answer and what the judge says of it."""

    task: RateTask
    outcome: Outcome[Rating]

    def as_dict(self) -> dict[str, Any]:
        """A line of the file."""
        item = self.task.scored
        return {
            "mode": "rate",
            **_prompt(item),
            "arm": item.reply.arm,
            "dial": item.reply.dial,
            "repeat": item.reply.repeat,
            "turn": item.reply.turn,
            "judge": self.outcome.as_dict(),
            "rules": {"strict": item.strict, "lenient": item.lenient},
            "key": self.task.question.key,
        }


@dataclass(frozen=True)
class Compared:
    """Both arms' answers and what the judge says of them in each order; no outcomes where both said the same."""

    task: CompareTask
    outcomes: tuple[Outcome[Preference], ...]

    @property
    def choices(self) -> tuple[Arm | None, ...] | None:
        """The winner in each order, None for a tie; None where an order has no verdict."""
        found: list[Arm | None] = []
        for (first, second), outcome in zip(ORDERS, self.outcomes, strict=False):
            if outcome.verdict is None:
                return None
            found.append({"A": first, "B": second, "tie": None}[outcome.verdict.better])
        return tuple(found)

    @property
    def finished(self) -> bool:
        """Whether nothing is to be asked any more."""
        return all(outcome.finished for outcome in self.outcomes)

    @property
    def winner(self) -> Arm | None:
        """Who wins in both orders; None for a tie, and where a verdict is missing."""
        return self.choices[0] if self.choices and len(set(self.choices)) == 1 else None

    @property
    def flipped(self) -> bool:
        """Whether each order has another winner: then it was the place that won."""
        return bool(self.choices) and set(self.choices or ()) == {"baseline", "friction"}

    @property
    def wavered(self) -> bool:
        """Whether one order has a winner and the other a tie."""
        return len(set(self.choices or ())) == 2 and not self.flipped

    def as_dict(self) -> dict[str, Any]:
        """A line of the file."""
        item = self.task.friction
        orders = [
            {"first": order[0], **outcome.as_dict(), "key": question.key}
            for order, outcome, question in zip(
                ORDERS, self.outcomes, self.task.questions, strict=False  # none where both are the same
            )
        ]
        return {
            "mode": "compare",
            **_prompt(item),
            "dial": item.reply.dial,
            "repeat": item.reply.repeat,
            "winner": "unjudged" if self.choices is None else self.winner or "tie",
            "flipped": self.flipped,
            "same_words": not self.outcomes,
            "orders": orders,
        }


def _prompt(item: Scored) -> dict[str, Any]:
    return {"prompt": item.prompt.id, "move": item.prompt.move, "warranted": item.prompt.warranted}


def keep_other(folder: Path, judge: str) -> None:
    """Gives the results of another judge a number, so that those of this one do not take their place.

    Args:
        folder: The run's.
        judge: Whose results are about to be written.
    """
    try:
        found = json.loads((folder / SUMMARY).read_bytes())
    except (FileNotFoundError, ValueError):
        return
    if not isinstance(found, dict) or found.get("judge") == judge:
        return
    number = next(number for number in count(1) if not (folder / f"judge-{number}.json").exists())
    for name in (SUMMARY, JUDGEMENTS):
        path = folder / name
        if path.exists():
            path.replace(path.with_stem(f"{path.stem}-{number}"))
