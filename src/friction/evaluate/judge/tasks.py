"""What there is to judge in a run: a question for each answer, two for each pair of answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from friction.chat import Message
from friction.evaluate.judge.plan import JudgePlan, Mode
from friction.evaluate.judge.question import compare_question, rate_question
from friction.evaluate.judge.rubric import Rubrics
from friction.evaluate.judge.verdict import Preference, Rating, schema_of
from friction.evaluate.replies import Arm
from friction.evaluate.scored import Scored

ORDERS: tuple[tuple[Arm, Arm], ...] = (("baseline", "friction"), ("friction", "baseline"))
"""Whose answer is A, and whose is B."""


@dataclass(frozen=True)
class Question:
    """One thing that the judge is asked.

    Attributes:
        key: Identifies it by all that shapes the verdict: who judges, how it is sampled, and every word that it
            reads, so that a changed rubric asks anew only where it says something else.
        mode: What it belongs to.
        unit: What it is about; a budget that ends early leaves whole units out.
        kind: What the reply has to be.
        messages: What is asked.
    """

    key: str
    mode: Mode
    unit: str
    kind: type[Rating] | type[Preference]
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class RateTask:
    """An answer that is judged on its own."""

    scored: Scored
    question: Question


@dataclass(frozen=True)
class CompareTask:
    """Both arms' answers to one prompt.

    Attributes:
        baseline, friction: The answers.
        questions: One for each order: the baseline's first, and the friction's first. Empty where the answers are
            the same, for then there is nothing to ask.
    """

    baseline: Scored
    friction: Scored
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Tasks:
    """All that there is to judge.

    Attributes:
        ratings, comparisons: By the order of the run.
        without_rubric: Answers that are not rated: the prompt is not about a move, or nobody knows whether it is due,
            or the turns before are missing.
    """

    ratings: tuple[RateTask, ...]
    comparisons: tuple[CompareTask, ...]
    without_rubric: int

    def questions(self, modes: Iterable[Mode]) -> list[Question]:
        """What has to be asked, each once, in an order that chance decides but the same one every time.

        What a budget leaves unasked is then a random part of the prompts, and not the last move; twins, arms and
        orders stay together.
        """
        found = [task.question for task in self.ratings]
        found += [question for task in self.comparisons for question in task.questions]
        wanted = {question.key: question for question in found if question.mode in set(modes)}
        return sorted(wanted.values(), key=lambda question: order_of(question.unit))


def order_of(unit: str) -> bytes:
    """When a unit's turn comes."""
    return sha256(unit.encode(errors="replace")).digest()


def tasks_of(scored: Sequence[Scored], plan: JudgePlan, rubrics: Rubrics) -> Tasks:
    """The tasks of a run; only answers are judged, so replies that were cut, empty or failed have none."""
    answers = {_place(item, item.reply.turn): item.reply.answer for item in scored}
    answered = [item for item in scored if item.reply.state == "answered"]
    ratings = []
    for item in answered:
        history = _history(item, answers)
        if item.prompt.move is None or item.prompt.warranted is None or history is None:
            continue
        messages = rate_question(rubrics, item.prompt, item.prompt.move, history, item.reply.answer)
        ratings.append(RateTask(item, _question(item, "rate", messages, plan)))
    comparisons = tuple(_compare_task(*both, plan, rubrics) for both in _both_arms(answered))
    return Tasks(tuple(ratings), comparisons, len(answered) - len(ratings))


def _both_arms(answered: Sequence[Scored]) -> list[tuple[Scored, Scored]]:
    """Answers to the same prompt; later turns reply to different conversations and are not compared."""
    first = [item for item in answered if item.reply.turn == 0]
    baseline = {(item.prompt.id, item.reply.repeat): item for item in first if item.reply.arm == "baseline"}
    others = [item for item in first if item.reply.arm == "friction"]
    places = [(item, (item.prompt.id, item.reply.repeat)) for item in others]
    return [(baseline[place], item) for item, place in places if place in baseline]


def _compare_task(baseline: Scored, friction: Scored, plan: JudgePlan, rubrics: Rubrics) -> CompareTask:
    answers = baseline.reply.answer, friction.reply.answer
    if answers[0].strip() == answers[1].strip():
        return CompareTask(baseline, friction, ())
    asked = [compare_question(rubrics, baseline.prompt, *order) for order in (answers, answers[::-1])]
    return CompareTask(baseline, friction, tuple(_question(baseline, "compare", each, plan) for each in asked))


def _question(item: Scored, mode: Mode, messages: Sequence[Message], plan: JudgePlan) -> Question:
    kind: type[Rating] | type[Preference] = Rating if mode == "rate" else Preference
    words = [message.as_dict() for message in messages]
    shaped = [plan.judge, plan.temperature, plan.seed, schema_of(kind), words]
    key = sha256(json.dumps(shaped, sort_keys=True).encode()).hexdigest()
    return Question(key, mode, item.prompt.unit, kind, tuple(messages))


Place = tuple[str, Arm, float | None, int, int]


def _place(item: Scored, turn: int) -> Place:
    return item.prompt.id, item.reply.arm, item.reply.dial, item.reply.repeat, turn


def _history(item: Scored, answers: dict[Place, str]) -> list[Message] | None:
    """What a reply replies to; None where the turns before it are not known."""
    messages = list(item.prompt.messages)
    for turn in range(item.reply.turn):
        before = answers.get(_place(item, turn))
        if before is None or turn >= len(item.prompt.follow_ups):
            return None
        messages += [Message("assistant", before), Message("user", item.prompt.follow_ups[turn])]
    return messages
