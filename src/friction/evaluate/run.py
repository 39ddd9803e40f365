"""A run: the same prompts to both arms, many at once, each reply on disk before the next is asked for."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from friction.chat import Message
from friction.engine.base import Completion, Engine, Sampling, complete
from friction.engine.patience import Patience, status_of
from friction.engine.workers import work_through
from friction.errors import FrictionError
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import Arm, ReplyState, StoredReply
from friction.evaluate.runfolder import RunInfo, earlier_replies, journal_of, write_run
from friction.evaluate.suites import Suite

GIVEN_UP = 8
"""Failures of one engine in a row, nothing in between, after which its server is taken to be gone."""
_NOBODY_HELPS = {401, 402, 403, 404}
"""Statuses with which every other request will end, too."""
_OF_THE_PROMPT = {400, 403, 413, 422}
"""Statuses with which a server that answers other prompts turns one down: a filter, too many tokens."""


@dataclass(frozen=True)
class ArmPlan:
    """Who answers for an arm.

    Attributes:
        arm: Which.
        engine: Who.
        dials: The adapter's scales; one None stands for no adapter, or for an engine without a dial.
    """

    arm: Arm
    engine: Engine
    dials: tuple[float | None, ...] = (None,)


@dataclass(frozen=True)
class Plan:
    """What is to be asked.

    Attributes:
        suite: The prompts.
        arms: Baseline, friction, or one of them.
        repeats: Replies to each prompt of each arm; more than one needs a temperature.
        temperature, top_p, max_tokens: How replies are sampled.
        seed: From it, the prompt and the repeat comes the seed of each reply; both arms have the same.
        workers: Replies that are asked for at the same time.
    """

    suite: Suite
    arms: tuple[ArmPlan, ...]
    repeats: int = 1
    temperature: float = 0.0
    top_p: float = 0.95
    max_tokens: int | None = None
    seed: int = 0
    workers: int = 8

    def settings(self) -> dict[str, Any]:
        """What every reply depends on, as JSON; which prompts of the suite, which dials, how many repeats may change.

        Another suite is another run, so that no run takes the place of one on other prompts.
        """
        return {
            "engines": {arm.arm: arm.engine.name for arm in self.arms},
            "weights": {arm.arm: getattr(arm.engine, "weights_digest", None) for arm in self.arms},
            "temperature": self.temperature,
            "top_p": self.top_p,
            "max_tokens": self.max_tokens,
            "seed": self.seed,
            "suite": self.suite.name,
        }


@dataclass
class Progress:
    """How far a run is.

    Attributes:
        done, total: Replies; a conversation of several turns has several.
        kept: Of those, how many earlier starts had.
        tokens: Written in this start.
        failed: Replies that could not be had.
        reason: Why the last of them could not.
        waits: How often the server was given time.
    """

    done: int = 0
    total: int = 0
    kept: int = 0
    tokens: int = 0
    failed: int = 0
    reason: str = ""
    waits: int = 0


@dataclass(frozen=True)
class _Conversation:
    """One prompt, put to one arm at one dial, once."""

    prompt: Prompt
    arm: ArmPlan
    dial: float | None
    repeat: int

    def key(self, turn: int) -> str:
        """Identifies a reply by what it answers: a prompt that was changed is another one."""
        asked = [message.as_dict() for message in self.prompt.messages]
        words = json.dumps([asked, self.prompt.follow_ups[:turn]], ensure_ascii=False)
        digest = hashlib.sha256(words.encode(errors="surrogatepass")).hexdigest()[:16]
        dial = "-" if self.dial is None else f"{self.dial:.12g}"
        return f"{self.prompt.id}/{digest}/{self.arm.arm}/{dial}/{self.repeat}/{turn}"

    @property
    def turns(self) -> int:
        """How many replies it has."""
        return 1 + len(self.prompt.follow_ups)


@dataclass
class _Server:
    """What one engine is known to do; the other arm's may be busy, or gone, while this one answers."""

    patience: Patience
    answered: bool = False
    in_a_row: int = 0


@dataclass
class Run:
    """One start of a run.

    Attributes:
        plan: What is to be asked.
        folder: Where it is kept.
        patience: How long a server is given; each engine has one like it, shared by the workers.
        report: Called after every reply.
    """

    plan: Plan
    folder: Path
    patience: Patience = field(default_factory=Patience)
    report: Callable[[Progress], None] = lambda _: None

    def __post_init__(self) -> None:
        check_repeats(self.plan.repeats, self.plan.temperature)
        self.progress = Progress()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._failures: dict[str, StoredReply] = {}
        self._servers = {arm.engine.name: _Server(copy(self.patience)) for arm in self.plan.arms}
        self._journal = journal_of(self.folder, self.plan.settings())

    def run(self) -> Progress:
        """Asks what is missing, then writes the folder's files; the manifest comes last.

        What earlier starts asked for and this one doesn't stays in the journal.

        Raises:
            FrictionError: The engine refuses everything or is gone; what is there is kept, and the next start goes on.
        """
        conversations = list(_conversations(self.plan))
        todo = self._open(conversations)
        try:
            work_through(todo, self._converse, self.plan.workers, self._stop)
            self._write(conversations)
        finally:
            self._journal.close()
        return self.progress

    def _open(self, conversations: Iterable[_Conversation]) -> list[_Conversation]:
        """The conversations that are not complete yet; those of both arms on one prompt are neighbours."""
        try:
            earlier = earlier_replies(self.folder)
        except FrictionError:
            self._journal.close()
            raise
        for reply_key, reply in earlier:
            if self._journal.get(reply_key) is None:
                self._journal.put(reply_key, reply)
        todo: list[_Conversation] = []
        for one in conversations:
            kept = sum(self._journal.get(one.key(turn)) is not None for turn in range(one.turns))
            self.progress.total += one.turns
            self.progress.done += kept
            self.progress.kept += kept
            if kept < one.turns:
                todo.append(one)
        return todo

    def _converse(self, one: _Conversation) -> None:
        """All turns of a conversation; one that has no answer ends it, and what would have followed fails with it."""
        messages = list(one.prompt.messages)
        for turn in range(one.turns):
            if turn:
                messages.append(Message("user", one.prompt.follow_ups[turn - 1]))
            key = one.key(turn)
            kept = self._journal.get(key)
            if kept is None:
                reply = self._reply(one, turn, messages)
                if reply is None:
                    return
                if reply.state == "failed":
                    self._fail(one, turn, reply)
                    return
                self._journal.put(key, reply.as_dict())
                self._count(reply)
            else:
                reply = StoredReply.of(kept)
            messages.append(Message("assistant", reply.answer or "…"))

    def _reply(self, one: _Conversation, turn: int, messages: Sequence[Message]) -> StoredReply | None:
        """One reply, of whatever state; None when nobody wants it any more."""
        sampling = Sampling(
            self.plan.temperature, _seed(self.plan.seed, one, turn), self.plan.max_tokens, self.plan.top_p
        )
        frame, server = _frame(one, turn, sampling), self._servers[one.arm.engine.name]
        begun = time.perf_counter()
        try:
            found = server.patience.ask(lambda: _asked(one, messages, sampling), self._stop.is_set)
        except FrictionError as error:
            if self._stop.is_set():
                return None
            self._give_up_if_hopeless(server, error)
            return _failed(frame, error, begun)
        with self._lock:
            server.answered, server.in_a_row = True, 0
        return _failed(frame, found, begun) if isinstance(found, FrictionError) else _with(frame, found)

    def _give_up_if_hopeless(self, server: _Server, error: FrictionError) -> None:
        """Raises the error where asking for the other replies would end the same way."""
        status = status_of(error)
        with self._lock:
            if status in _OF_THE_PROMPT and (server.answered or self.progress.kept):
                return
            server.in_a_row += 1
            hopeless = status in _NOBODY_HELPS or server.in_a_row >= GIVEN_UP
            nobody_there = not server.answered and status is None
        if hopeless or nobody_there:
            raise error

    def _fail(self, one: _Conversation, turn: int, reply: StoredReply) -> None:
        """Keeps a failure and those that follow from it, for the files only: the next start asks again."""
        with self._lock:
            self.progress.reason = reply.error
            for later in range(turn, one.turns):
                error = reply.error if later == turn else f"turn {turn} failed"
                self._failures[one.key(later)] = replace(reply, turn=later, error=error)
                self.progress.done += 1
                self.progress.failed += 1
        self.report(self.progress)

    def _count(self, reply: StoredReply) -> None:
        with self._lock:
            self.progress.done += 1
            self.progress.tokens += reply.tokens
            self.progress.waits = sum(server.patience.waits for server in self._servers.values())
        self.report(self.progress)

    def _write(self, conversations: Sequence[_Conversation]) -> None:
        """The replies in the order of the prompts, whoever came first."""
        rows: list[tuple[str, StoredReply]] = []
        for one in conversations:
            for turn in range(one.turns):
                key = one.key(turn)
                kept = self._journal.get(key)
                rows.append((key, StoredReply.of(kept) if kept is not None else self._failures[key]))
        plan = self.plan
        info = RunInfo(
            suite=plan.suite,
            settings=plan.settings(),
            repeats=plan.repeats,
            dials={arm.arm: arm.dials for arm in plan.arms},
        )
        write_run(self.folder, info, rows)


def check_repeats(repeats: int, temperature: float) -> None:
    """Makes sure that more than one reply to a prompt says more than one.

    Raises:
        FrictionError: All would be the same.
    """
    if repeats > 1 and temperature == 0:
        raise FrictionError(
            problem=f"{repeats} repeats at temperature 0 are all the same",
            because="greedy replies leave nothing to chance",
            fix="give a temperature, such as --temperature 0.7, or leave --repeats out",
        )


def _conversations(plan: Plan) -> Iterator[_Conversation]:
    for repeat in range(plan.repeats):
        for prompt in plan.suite.prompts:
            for arm in plan.arms:
                for dial in arm.dials:
                    yield _Conversation(prompt, arm, dial, repeat)


def _asked(one: _Conversation, messages: Sequence[Message], sampling: Sampling) -> Completion | FrictionError:
    """A reply, or why this prompt will never have one: that is an answer too, and no reason to ask again.

    Raises:
        FrictionError: There is none for any other reason.
    """
    try:
        return complete(one.arm.engine, messages, sampling=sampling, dial=one.dial)
    except FrictionError as error:
        if "too long" in error.problem or "content_filter" in error.because:
            return error
        raise


def _seed(seed: int, one: _Conversation, turn: int) -> int:
    """Both arms draw with the same seed, so that chance differs no more than it must."""
    text = f"{seed}/{one.prompt.id}/{one.repeat}/{turn}"
    return int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:4], "big") % 2**31


def _frame(one: _Conversation, turn: int, sampling: Sampling) -> StoredReply:
    """A reply that failed, until there is one."""
    return StoredReply(
        prompt=one.prompt.id,
        arm=one.arm.arm,
        engine=one.arm.engine.name,
        dial=one.dial,
        repeat=one.repeat,
        turn=turn,
        state="failed",
        thinking="",
        answer="",
        thinking_state="absent",
        stop_reason="error",
        tokens=0,
        seconds=0.0,
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        seed=sampling.seed,
        max_tokens=sampling.max_tokens,
    )


def _failed(frame: StoredReply, error: FrictionError, begun: float) -> StoredReply:
    return replace(frame, seconds=round(time.perf_counter() - begun, 3), error=str(error))


def _with(frame: StoredReply, completion: Completion) -> StoredReply:
    reply = completion.reply
    return replace(
        frame,
        state=_state(completion),
        thinking=_kept(reply.thinking),
        answer=_kept(reply.answer),
        thinking_state=reply.state,
        stop_reason=completion.stop_reason,
        tokens=completion.tokens,
        seconds=round(completion.seconds, 3),
    )


def _state(completion: Completion) -> ReplyState:
    if completion.stop_reason == "length" or completion.reply.state == "unterminated":
        return "cut"
    return "answered" if completion.reply.answer.strip() else "empty"


def _kept(text: str) -> str:
    """The text as a file can hold it: half a character becomes a replacement character."""
    return text.encode(errors="replace").decode()
