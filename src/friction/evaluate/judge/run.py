"""A judging: many questions at once, each reply kept as soon as it is there, resumable wherever it was cut off."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from friction.chat import Message
from friction.engine.base import Sampling
from friction.engine.patience import Patience
from friction.engine.workers import work_through
from friction.errors import FrictionError
from friction.evaluate.judge.budget import Budget, OverBudget, Spent
from friction.evaluate.judge.plan import RUBRICS, JudgePlan
from friction.evaluate.judge.results import JUDGEMENTS, SUMMARY, Compared, Outcome, Rated, keep_other
from friction.evaluate.judge.rubric import Rubrics, shipped_rubrics
from friction.evaluate.judge.server import Judge, Said, is_about_one_prompt, may_be_charged, open_judge
from friction.evaluate.judge.summary import JudgeSummary, summarise
from friction.evaluate.judge.tasks import Question, Tasks, order_of, tasks_of
from friction.evaluate.judge.verdict import Preference, Rating, Unusable, Verdict, read_verdict, schema_of
from friction.evaluate.scored import Scored
from friction.files import whole_file
from friction.journal import Journal

FOLDER = "judge"
TRIES = 3
"""How often one question is asked before it is given up: what is no verdict is often so only once."""

V = TypeVar("V", bound=Verdict)


@dataclass
class JudgeProgress:
    """How far a judging is; counted by all workers.

    Attributes:
        total: Questions that the plan asks.
        done: Those that are over, with a verdict or without.
        unjudged: Those without.
        waits: How often the server was given time.
        spent: What this start paid for.
    """

    total: int = 0
    done: int = 0
    unjudged: int = 0
    waits: int = 0
    spent: Spent = field(default_factory=Spent)


def judge_run(
    scored: Sequence[Scored],
    folder: Path,
    plan: JudgePlan,
    *,
    judge: Judge | None = None,
    patience: Patience | None = None,
    report: Callable[[JudgeProgress], None] = lambda _: None,
) -> JudgeSummary:
    """Has a model judge a run's answers; what an earlier start has judged is not asked again.

    Writes ``judgements.jsonl`` and ``judge.json`` into the folder, and keeps every reply in ``judge/journal.jsonl``.
    The results of another judge that are there already are kept as ``judge-1.json`` and so on.
    Both results hold what is known in both modes from this judge, whichever mode this start asks in.

    Args:
        scored: The run's replies with the rules' scores.
        folder: The run's.
        plan: What is asked, and what it may cost.
        judge: Who judges, if it is open already; it is then left open.
        patience: How a server is given time.
        report: Called whenever something is over.

    Returns:
        The summary. A budget that ends the work is no error: ``left`` says what is not judged, and ``advice`` how to
        go on.

    Raises:
        FrictionError: The plan or a rubric cannot be used, another start is at work in the folder, or the server
            refuses or fails for good; what is there is kept and written, and the next start goes on.
    """
    plan.check()
    rubrics = shipped_rubrics() if plan.rubrics == RUBRICS else Rubrics(plan.rubrics)
    server = judge or open_judge(plan.judge)
    try:
        tasks = tasks_of(scored, plan, rubrics)
        return _Judging(server, plan, folder, tasks, rubrics, patience or Patience(), report).run()
    finally:
        if judge is None:
            server.close()


class _Unaskable(Exception):
    """The server refuses this one question: what it says."""


@dataclass
class _Judging:  # pylint: disable=too-many-instance-attributes  # what it is given, and what its threads share
    judge: Judge
    plan: JudgePlan
    folder: Path
    tasks: Tasks
    rubrics: Rubrics
    patience: Patience
    report: Callable[[JudgeProgress], None]

    def __post_init__(self) -> None:
        self._journal = Journal(self.folder / FOLDER, {"format": 1}, work="judging")
        self._budget = Budget(self.plan.max_calls, self.plan.max_cost)
        self._progress = JudgeProgress()
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> JudgeSummary:
        """Asks what is missing, then writes what is known."""
        todo: list[Question] = []
        for question in self.tasks.questions(self.plan.modes):
            self._progress.total += 1
            outcome = self._outcome(question, question.kind)
            if not outcome.finished or outcome.unjudged and self.plan.retry_unjudged:
                todo.append(question)
            else:
                self._progress.done += 1
                self._progress.unjudged += outcome.unjudged
        try:
            work_through(todo, self._settle, self.plan.workers, self._stop, enough=(OverBudget,))
        finally:
            self._journal.close()
            summary = self._write()
        return summary

    def _settle(self, question: Question) -> None:
        """Asks a question until there is a verdict, or it was asked often enough."""
        before = self._outcome(question, question.kind)
        attempt, reason = (0, "") if before.finished else self._next(question)
        verdict = None
        while attempt < TRIES and verdict is None:
            kept = self._reply(question, reason, attempt)
            self._journal.put(f"{question.key}/{attempt}", kept)
            if "refused" in kept:
                break
            try:
                verdict = read_verdict(kept["text"], kept["stop"], question.kind)
            except Unusable as unusable:
                attempt, reason = attempt + 1, str(unusable)
        with self._lock:
            self._progress.done += 1
            self._progress.unjudged += verdict is None
        self._tell()

    def _reply(self, question: Question, reason: str, attempt: int) -> dict[str, Any]:
        """One reply as the journal keeps it; a request that broke off is made again, and is paid for again."""
        messages = list(question.messages)
        if reason:
            again = f"{messages[-1].content}\n\nYour last reply was of no use: {reason}. Reply with the object alone."
            messages[-1] = Message("user", again)
        sampling = Sampling(self.plan.temperature, self.plan.seed + attempt, self.plan.max_tokens)
        schema = schema_of(question.kind)
        begun = time.monotonic()
        try:
            said = self.patience.ask(lambda: self._paid(messages, schema, sampling), self._stop.is_set)
        except _Unaskable as refusal:
            return {"refused": str(refusal)}
        finally:
            self._tell()
        return {
            "text": said.text.encode(errors="replace").decode(),  # half a character cannot be kept
            "stop": said.stop,
            "max_tokens": self.plan.max_tokens,
            "tokens_in": said.tokens_in,
            "tokens_out": said.tokens_out,
            "counted": said.counted,
            "seconds": round(time.monotonic() - begun, 2),
        }

    def _paid(self, messages: Sequence[Message], schema: dict[str, Any], sampling: Sampling) -> Said:
        """One request within the budget."""
        most = _at_most(messages, schema), self.plan.max_tokens
        worst = self.plan.cost(*most)
        self._budget.reserve(worst, self._stop.is_set)
        spent = Spent()
        try:
            # pylint: disable-next=assignment-from-no-return  # a protocol's method has no body
            said = self.judge.ask(messages, schema, sampling)
            cost = self.plan.cost(said.tokens_in, said.tokens_out)
            spent = Spent(1, said.tokens_in, said.tokens_out, cost, not said.counted)
            return said
        except FrictionError as error:
            if may_be_charged(error):
                spent = Spent(1, *most, worst, 1)
            if is_about_one_prompt(error):
                raise _Unaskable(error.because) from error
            raise
        finally:
            self._budget.settle(worst, spent)

    def _outcome(self, question: Question, kind: type[V]) -> Outcome[V]:
        """What the journal knows of a question."""
        reason = ""
        for attempt in range(TRIES):
            kept = self._kept(question, attempt)
            if kept is None:
                return Outcome(None, reason, False)
            if "refused" in kept:
                return Outcome(None, kept["refused"], True)
            try:
                return Outcome(read_verdict(kept["text"], kept["stop"], kind), "", True)
            except Unusable as unusable:
                reason = str(unusable)
        return Outcome(None, reason, True)

    def _next(self, question: Question) -> tuple[int, str]:
        """Which attempt is to be made, and why the last one was of no use."""
        attempt = next(number for number in range(TRIES) if self._kept(question, number) is None)
        return attempt, self._outcome(question, question.kind).reason

    def _kept(self, question: Question, attempt: int) -> dict[str, Any] | None:
        """A reply of an earlier start; one that was cut at a limit lower than this plan's is asked for again."""
        kept: dict[str, Any] | None = self._journal.get(f"{question.key}/{attempt}")
        if kept is not None and kept.get("stop") == "length" and kept["max_tokens"] < self.plan.max_tokens:
            return None
        return kept

    def _tell(self) -> None:
        with self._lock:
            self._progress.spent = self._budget.spent
            self._progress.waits = self.patience.waits
            shown = replace(self._progress)
        self.report(shown)

    def _write(self) -> JudgeSummary:
        """The results, from the journal alone."""
        rated = [Rated(task, self._outcome(task.question, Rating)) for task in self.tasks.ratings]
        compared = [
            Compared(task, tuple(self._outcome(question, Preference) for question in task.questions))
            for task in self.tasks.comparisons
        ]
        compared = _to_be_counted(compared, "compare" in self.plan.modes)
        asked = self.tasks.questions(self.plan.modes)
        summary = summarise(
            rated,
            compared,
            plan=self.plan,
            rubrics=self.rubrics.digest,
            without_rubric=self.tasks.without_rubric,
            spent=self._budget.spent,
            left=sum(not self._outcome(question, question.kind).finished for question in asked),
            over=self._budget.over,
        )
        known: list[Rated | Compared] = [item for item in rated if item.outcome.finished]
        known += [item for item in compared if item.finished]
        keep_other(self.folder, self.plan.judge)
        with whole_file(self.folder / JUDGEMENTS) as file:
            for item in known:
                file.write(json.dumps(item.as_dict(), ensure_ascii=False).encode() + b"\n")
        with whole_file(self.folder / SUMMARY) as file:
            file.write(json.dumps(summary.as_dict(), ensure_ascii=False, indent=2).encode() + b"\n")
        return summary


def _to_be_counted(compared: Sequence[Compared], asked: bool) -> list[Compared]:
    """Without the pairs of equal answers that the judge has not come to yet.

    They are ties without a call; counted before their turn they would make a half judged run look like ties.
    """
    if asked and all(item.finished for item in compared):
        return list(compared)
    judged = [order_of(item.task.friction.prompt.unit) for item in compared if item.outcomes and item.finished]
    last = max(judged, default=b"")
    return [item for item in compared if item.outcomes or order_of(item.task.friction.prompt.unit) <= last]


def _at_most(messages: Sequence[Message], schema: dict[str, Any]) -> int:
    """The most tokens that a question can have: no tokenizer makes more of a text than its bytes.

    What the chat format adds to a message is far less than the difference to the about four bytes of a real token.
    """
    return sum(len(message.content.encode()) for message in messages) + len(json.dumps(schema))
