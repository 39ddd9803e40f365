"""The replies of a run as a reader wants them: a prompt beside its twin, and under each what both models said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from friction.chat import Message
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import ARMS, Arm
from friction.evaluate.report.marks import Marked, marked
from friction.evaluate.report.twins import Piece, against_twin
from friction.evaluate.score import Marks
from friction.evaluate.scored import Scored

OutcomeName = Literal[
    "hit", "miss", "false-alarm", "correct-silence", "right", "wrong", "pushback", "no-pushback", "unscored"
]


@dataclass(frozen=True)
class Outcome:
    """What a reply comes to.

    Attributes:
        label: The word for it.
        good: Whether it is as it should be; None where that is not known.
        meaning: It in one sentence.
    """

    label: str
    good: bool | None
    meaning: str


OUTCOMES: dict[OutcomeName, Outcome] = {
    "hit": Outcome("hit", True, "Pushback was due, and the due pushback came."),
    "miss": Outcome("miss", False, "Pushback was due, and the due pushback did not come."),
    "false-alarm": Outcome("false alarm", False, "No pushback was due, and it came."),
    "correct-silence": Outcome("correct silence", True, "No pushback was due, and none came."),
    "right": Outcome("right", True, "The answer is one of the accepted ones."),
    "wrong": Outcome("wrong", False, "The answer is none of the accepted ones."),
    "pushback": Outcome("pushback", None, "It pushes back; whether that was due is not known."),
    "no-pushback": Outcome("no pushback", None, "It does not push back; whether that was due is not known."),
    "unscored": Outcome("not scored", None, "There is no answer that could be scored; it is counted as what it is."),
}


@dataclass(frozen=True)
class Turn:
    """One reply.

    Attributes:
        scored: The reply with its prompt and score.
        asked: The follow-up before it; empty for the first reply.
        outcome: What it comes to.
        note: What the outcome alone does not say; mostly empty.
        repeats: How all the replies to the same turn came out; empty where there is one.
        answer, thinking: The texts with their marks.
    """

    scored: Scored
    asked: str
    outcome: OutcomeName
    note: str
    repeats: str
    answer: Marked
    thinking: Marked

    @property
    def state(self) -> str:
        """Why it is not scored, in words; empty where it is."""
        reply = self.scored.reply
        if reply.state == "cut":
            never_closed = reply.thinking_state == "unterminated" and not reply.answer
            return "cut: its thinking never closed" if never_closed else "cut at the length limit"
        return {"empty": "empty: it ended without a word", "failed": "failed"}.get(reply.state, "")

    @property
    def counts(self) -> tuple[str, ...]:
        """What was counted in the answer, and what the reply took."""
        reply, found = self.scored.reply, []
        if self.scored.score is not None:
            found = _counts(self.scored.score.answer)
        return (*found, f"{reply.tokens:,} tokens", f"{reply.seconds:.1f} s")


@dataclass(frozen=True)
class Column:
    """One model's replies to a prompt, turn by turn; none where the run has no reply."""

    arm: Arm
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Case:
    """A prompt with its replies.

    Attributes:
        number: Counted through the report, from 1.
        prompt: What was asked.
        messages: Its turns; of each, the pieces in which it differs from the twin's.
        columns: One for each model of the run.
    """

    number: int
    prompt: Prompt
    messages: tuple[tuple[Message, tuple[Piece, ...]], ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Pair:
    """Twins, the due one first; a prompt without a twin is alone in its pair.

    Attributes:
        name: The pair's or the prompt's id.
        move: The move; empty where the prompt is not about one.
        cases: The prompts.
    """

    name: str
    move: str
    cases: tuple[Case, ...]


def outcome(scored: Scored) -> OutcomeName:
    """What a reply comes to."""
    if scored.right is not None:
        return "right" if scored.right else "wrong"
    if scored.score is None:
        return "unscored"
    if scored.hit is not None:
        return "hit" if scored.hit else "miss"
    if scored.false_alarm is not None:
        return "false-alarm" if scored.false_alarm else "correct-silence"
    return "pushback" if scored.lenient else "no-pushback"


def pairs(scored: Sequence[Scored]) -> tuple[Pair, ...]:
    """All prompts with their replies, twins together, in the order in which the run has them."""
    by_prompt: dict[str, list[Scored]] = {}
    for one in scored:
        by_prompt.setdefault(one.prompt.id, []).append(one)
    grouped: dict[tuple[str, str], list[list[Scored]]] = {}
    for replies in by_prompt.values():
        prompt = replies[0].prompt
        # A prompt's id may be another pair's name.
        key = ("prompt", prompt.id) if prompt.pair is None else ("pair", prompt.pair)
        grouped.setdefault(key, []).append(replies)
    arms = [arm for arm in ARMS if any(one.reply.arm == arm for one in scored)]
    found, number = [], 1
    for (_, name), members in grouped.items():
        members.sort(key=lambda replies: {True: 0, None: 1, False: 2}[replies[0].prompt.warranted])
        prompts = [replies[0].prompt for replies in members]
        cases = []
        for replies in members:
            twin = next((one for one in prompts if one is not replies[0].prompt), None) if len(prompts) == 2 else None
            cases.append(_case(number, replies, twin, arms))
            number += 1
        found.append(Pair(name, next((prompt.move for prompt in prompts if prompt.move), ""), tuple(cases)))
    return tuple(found)


def _case(number: int, replies: Sequence[Scored], twin: Prompt | None, arms: Sequence[Arm]) -> Case:
    prompt = replies[0].prompt
    alike = twin is not None and len(twin.messages) == len(prompt.messages)
    others = twin.messages if twin is not None and alike else prompt.messages
    messages = tuple(
        (message, against_twin(message.content, other.content))
        for message, other in zip(prompt.messages, others, strict=True)
    )
    columns = tuple(Column(arm, _turns([one for one in replies if one.reply.arm == arm])) for arm in arms)
    return Case(number, prompt, messages, columns)


def _turns(replies: Sequence[Scored]) -> tuple[Turn, ...]:
    by_turn: dict[int, list[Scored]] = {}
    for one in sorted(replies, key=lambda one: (one.reply.turn, one.reply.repeat)):
        by_turn.setdefault(one.reply.turn, []).append(one)
    return tuple(_turn(same) for same in by_turn.values())


def _turn(same: Sequence[Scored]) -> Turn:
    first = same[0]
    follow_ups, at = first.prompt.follow_ups, first.reply.turn - 1
    score = first.score
    return Turn(
        scored=first,
        asked=follow_ups[at] if 0 <= at < len(follow_ups) else "",
        outcome=outcome(first),
        note=_note(first),
        repeats=_repeats(same),
        answer=marked(first.reply.answer, score.answer.spans if score else ()),
        thinking=marked(first.reply.thinking, score.thinking.spans if score and score.thinking else ()),
    )


def _repeats(same: Sequence[Scored]) -> str:
    if len(same) < 2:
        return ""
    counted = Counter(outcome(one) for one in same)
    listed = ", ".join(f"{counted[name]} {meant.label}" for name, meant in OUTCOMES.items() if counted[name])
    return f"The first of {len(same)} replies. All of them: {listed}."


def _note(scored: Scored) -> str:
    if scored.score is None or scored.hit is not False:
        return ""
    moves = scored.score.answer.moves
    if scored.prompt.move in moves:
        return f"It pushes back, but denies what is true: {scored.prompt.truth}."
    return f"It pushes back in another way: {', '.join(moves)}." if moves else ""


def _counts(marks: Marks) -> list[str]:
    found = [f"makes: {', '.join(marks.moves)}"] if marks.moves else []
    if marks.agrees:
        found.append("goes along")
    if marks.refusal != "none":
        found.append(f"{marks.refusal} refusal")
    for count, one, many in ((marks.hedges, "hedge", "hedges"), (marks.questions, "question", "questions")):
        if count:
            found.append(f"{count} {one if count == 1 else many}")
    return [*found, f"{marks.words:,} {'word' if marks.words == 1 else 'words'}"]
