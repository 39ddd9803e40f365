"""A generation: many pairs at once, each reply kept as soon as it is there, resumable wherever it was cut off."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from friction.chat import Message
from friction.dataset.duplicates import LIMIT, jaccard, word_runs
from friction.journal import Journal
from friction.dataset.generate.seeds import ALL_MOVES, DOMAINS, Seed, draw_seed
from friction.dataset.generate.writer import Parse, Prompts, Unusable, shipped_prompts, write_pair
from friction.dataset.leak import Leaks
from friction.dataset.record_checks import check_pair, check_record, side_of
from friction.engine.base import Engine, Sampling, complete
from friction.engine.patience import Patience
from friction.engine.workers import work_through
from friction.files import whole_file
from friction.jsonl import write_records
from friction.moves import MoveName
from friction.record import Call, Record

PAIRS, REJECTS = "pairs.jsonl", "rejects.jsonl"
ATTEMPTS = 3
"""How often a pair is begun in one start before it is given up; the next start begins it again."""
ASKED_AGAIN = 3
"""How often one reply is asked for before the pair is begun anew: a reply that is not JSON is often so only once."""


@dataclass(frozen=True)
class Plan:
    """What is to be made.

    Attributes:
        pairs: How many pairs.
        seed: Decides what each is about.
        moves, domains: What they are drawn from.
        temperature, max_tokens: How replies are sampled.
        workers: How many pairs are written at the same time.
    """

    pairs: int
    seed: int = 0
    moves: tuple[MoveName, ...] = ALL_MOVES
    domains: tuple[str, ...] = DOMAINS
    temperature: float = 0.9
    max_tokens: int = 2000
    workers: int = 4

    def seeds(self, prompts: Prompts) -> Iterator[Seed]:
        """The seed of every pair."""
        for number in range(self.pairs):
            yield draw_seed(self.seed, number, prompts.situations, self.moves, self.domains)


@dataclass
class Progress:
    """How far a generation is; counted by all workers.

    Attributes:
        done, failed: Pairs that are finished, and given up.
        calls, tokens_in, tokens_out: Replies of this start and their tokens; those read are estimated.
        rejects: Beginnings of pairs that came to nothing.
        waits: How often the server was given time.
    """

    done: int = 0
    failed: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    rejects: int = 0
    waits: int = 0


@dataclass
class Generation:  # pylint: disable=too-many-instance-attributes  # what it is given, and what its threads share
    """One start of a generation.

    Attributes:
        engine: Who writes.
        plan: What is to be made.
        folder: Where the journal lies, and the results.
        prompts: The prompts' files.
        test: Records that no new one may resemble or quote.
        known: Records that no new one may resemble.
        patience: Shared by the workers.
        report: Called whenever something was finished.
    """

    engine: Engine
    plan: Plan
    folder: Path
    prompts: Prompts = field(default_factory=shipped_prompts)
    test: Sequence[Record] = ()
    known: Sequence[Record] = ()
    patience: Patience = field(default_factory=Patience)
    report: Callable[[Progress], None] = lambda _: None

    def __post_init__(self) -> None:
        self.progress = Progress()
        self._stop = threading.Event()
        self._begun: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._leaks = Leaks(self.test)
        self._runs = [(f"{record.id} of the test set", word_runs(record)) for record in self.test]
        self._runs += [(record.id, word_runs(record)) for record in self.known]
        self._journal = Journal(
            self.folder,
            {
                "engine": self.engine.name,
                "seed": self.plan.seed,
                "moves": list(self.plan.moves),
                "domains": list(self.plan.domains),
                "temperature": self.plan.temperature,
                "max_tokens": self.plan.max_tokens,
                "prompts": self.prompts.digest,
            },
        )

    def run(self) -> Progress:
        """Makes what is missing, and writes ``pairs.jsonl`` and ``rejects.jsonl``.

        Raises:
            FrictionError: The engine refuses, or fails for good; what is there is kept, and the next start goes on.
        """
        self._finished()
        seeds = self.plan.seeds(self.prompts)
        todo = [seed for seed in seeds if self._journal.get(_done(seed.number)) is None]
        try:
            work_through(todo, self._pair, self.plan.workers, self._stop)
        finally:
            self._write()
            self._journal.close()
        return self.progress

    def _finished(self) -> None:
        """Counts what earlier starts have finished, and how often they began what they did not finish."""
        self._begun = Counter(int(key.partition("/")[0]) for key, _ in self._journal.under("/reject"))
        for value in self._done_pairs():
            self.progress.done += 1
            self._runs += [(r.id, word_runs(r)) for r in map(_record, value)]

    def _done_pairs(self) -> list[list[dict[str, Any]]]:
        found = self._journal.under("/done")
        return [value for key, value in found if int(key.partition("/")[0]) < self.plan.pairs]

    def _pair(self, seed: Seed) -> None:
        """Begins a pair until one beginning comes to something; an earlier start's are not begun again."""
        before = self._begun[seed.number]
        for attempt in range(before, before + ATTEMPTS):
            base = _base(seed.number, attempt)
            calls: list[dict[str, Any]] = []
            try:
                records = write_pair(seed, partial(self._ask, base, calls), self.prompts, self._source())
                self._accept(seed, [_with_calls(record, calls) for record in records])
                return
            except Unusable as unusable:
                if self._stop.is_set():
                    return
                reject = {"pair": seed.number, "attempt": attempt, "reason": str(unusable)}
                self._journal.put(f"{base}/reject", reject)
                with self._lock:
                    self.progress.rejects += 1
        with self._lock:
            self.progress.failed += 1
        self.report(self.progress)

    def _source(self) -> str:
        return f"generated by {self.engine.name}, prompts {self.prompts.digest}"

    def _ask(self, base: str, calls: list[dict[str, Any]], step: str, prompt: str, parse: Parse) -> Any:
        """One step's reply: from the journal, or from the engine; never an error's text."""
        reason = ""
        for again in range(ASKED_AGAIN):
            key = f"{base}/{step}/{again}"
            kept = self._journal.get(key)
            if kept is None:
                kept = self._reply(prompt + (f"\n\nYour last reply was of no use: {reason}." if reason else ""), key)
                self._journal.put(key, kept)
            try:
                found = parse(_json_of(kept))
            except Unusable as unusable:
                reason = str(unusable)
                continue
            except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
                reason = "it is not of the form that was asked for"  # a list for a text, and the like
                continue
            calls.append({name: kept[name] for name in ("seed", "tokens", "seconds")} | {"step": step})
            return found
        raise Unusable(f"{step}: {reason}")

    def _reply(self, prompt: str, key: str) -> dict[str, Any]:
        seed = _number_of(f"{self.plan.seed}/{key}")
        sampling = Sampling(self.plan.temperature, seed, self.plan.max_tokens)
        messages = [Message("system", self.prompts.fill("system")), Message("user", prompt)]

        def ask() -> Any:
            if self._stop.is_set():
                raise Unusable("stopped")
            return complete(self.engine, messages, sampling=sampling)

        begun = time.monotonic()
        completion = self.patience.ask(ask, self._stop.is_set)
        with self._lock:
            self.progress.calls += 1
            self.progress.tokens_out += completion.tokens
            self.progress.tokens_in += _tokens_of(messages)
            self.progress.waits = self.patience.waits
        self.report(self.progress)
        return {
            "text": completion.reply.answer.encode(errors="replace").decode(),  # half a character cannot be kept
            "stop": completion.stop_reason,
            "seed": seed,
            "tokens": completion.tokens,
            "seconds": round(time.monotonic() - begun, 2),
        }

    def _accept(self, seed: Seed, records: list[Record]) -> None:
        """Keeps a pair that passes what the curated ones pass.

        Raises:
            Unusable: It does not.
        """
        reasons = [f"{r.id}: {field} {message}" for r in records for field, _, message in check_record(r)]
        reasons += [message for _, _, message in check_pair(*(side_of(r, r.id, 1) for r in records))]
        reasons += [leak.message for r in records if (leak := self._leaks.find(r, "", 0))]
        runs = [(record.id, word_runs(record)) for record in records]
        with self._lock:
            for _, mine in runs:
                reasons += [
                    f"says nearly what {name} says" for name, theirs in self._runs if jaccard(mine, theirs) > LIMIT
                ]
            if not reasons:
                self._runs += runs
        if reasons:
            raise Unusable("; ".join(reasons))
        self._journal.put(_done(seed.number), [json.loads(r.model_dump_json(exclude_defaults=True)) for r in records])
        with self._lock:
            self.progress.done += 1
        self.report(self.progress)

    def _write(self) -> None:
        """The results so far, from the journal."""
        write_records(self.folder / PAIRS, (_record(fields) for value in self._done_pairs() for fields in value))
        with whole_file(self.folder / REJECTS) as file:
            replies: dict[str, dict[str, str]] = defaultdict(dict)
            for key, value in self._journal.under():
                base, step = key[: len(_base(0, 0))], key[len(_base(0, 0)) + 1 :]
                if isinstance(value, dict) and "text" in value:
                    replies[base][step] = value["text"]
            for key, value in self._journal.under("/reject"):
                row = {**value, "replies": replies[key.removesuffix("/reject")]}
                file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def _base(number: int, attempt: int) -> str:
    """The beginning of the keys of one attempt at a pair; all are of one length."""
    return f"{number:06d}/{attempt:03d}"


def _done(number: int) -> str:
    return f"{number:06d}/done"


def _record(fields: dict[str, Any]) -> Record:
    return Record.model_validate_json(json.dumps(fields))


def _with_calls(record: Record, calls: Sequence[dict[str, Any]]) -> Record:
    """The record with the calls that made it: those for both sides, and those for its own."""
    side = "due" if record.warranted else "twin"
    own = [Call(**call) for call in calls if call["step"].startswith((side, "scenario"))]
    return record.model_copy(update={"metadata": record.metadata.model_copy(update={"calls": own})})


def _number_of(text: str) -> int:
    """A number below 2³¹, as servers take it for a seed, that depends on the text alone."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") % 2**31


def _tokens_of(messages: Sequence[Message]) -> int:
    """About how many tokens a prompt has: four characters each, as English prose comes to."""
    return sum(len(message.content) for message in messages) // 4


def _json_of(kept: dict[str, Any]) -> dict[str, Any]:
    """The JSON object in a reply; models like to put a fence or a sentence around it.

    Raises:
        Unusable: There is none, or the reply was cut off.
    """
    if kept["stop"] == "length":
        raise Unusable("it was cut off at the length limit")
    text = kept["text"]
    start, end = text.find("{"), text.rfind("}")
    try:
        found = json.loads(text[start : end + 1])
    except ValueError as error:
        raise Unusable("it is empty" if not text.strip() else "it is not a JSON object") from error
    if not isinstance(found, dict):
        raise Unusable("it is not a JSON object")
    return found
