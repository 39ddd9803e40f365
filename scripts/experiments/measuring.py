"""Replies to the held-out prompts: the evaluation's own run, and what of its replies is kept for good."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from friction.engine.embedded import EmbeddedPair
from friction.evaluate.replies import StoredReply
from friction.evaluate.run import ArmPlan, Plan, Progress, Run
from friction.evaluate.runfolder import read_run
from friction.evaluate.suites import Suite, read_suite, shortened
from friction.files import whole_file
from scripts.experiments.settings import Settings

SLOTS = 8
_KEPT = ("prompt", "arm", "dial", "state", "answer", "thinking_state", "stop_reason", "tokens")


@dataclass(frozen=True)
class Kept:
    """A reply as it lies beside a result.

    Attributes:
        step: Of the training, after which it was given; None for the shipped weights.
        thinking_words: The length of its thinking; the text is not kept.
        reply: All else; thinking, time and sampling are blanks.
    """

    step: int | None
    thinking_words: int
    reply: StoredReply


def suite_of(settings: Settings) -> Suite:
    """The prompts that every adapter answers."""
    return _with_few_plain(shortened(read_suite("organism"), settings.pairs_of_each_move), settings.plain)


def whole_suite() -> Suite:
    """The whole held-out world, for baseline against friction."""
    return read_suite("organism")


def _with_few_plain(suite: Suite, plain: int) -> Suite:
    ordinary = [prompt for prompt in suite.prompts if prompt.is_plain][:plain]
    return replace(suite, prompts=(*(prompt for prompt in suite.prompts if not prompt.is_plain), *ordinary))


def ask_adapter(
    adapter: Path, settings: Settings, folder: Path, report: Callable[[Progress], None]
) -> tuple[StoredReply, ...]:
    """The replies of a trained adapter over the shipped base; what the folder has is not asked for again."""
    with ExitStack() as cleanup:
        pair = EmbeddedPair.of_checkpoint(settings.weights / "base", adapter, slots=SLOTS)
        cleanup.callback(pair.close)
        arms = (ArmPlan("friction", pair, (1.0,)),)
        return _run(Plan(suite_of(settings), arms, max_tokens=settings.longest_reply, workers=SLOTS), folder, report)


def ask_shipped(
    suite: Suite, dials: Sequence[float], settings: Settings, folder: Path, report: Callable[[Progress], None]
) -> tuple[StoredReply, ...]:
    """The replies of the shipped organism: the baseline's, and friction's at some dials."""
    with ExitStack() as cleanup:
        pair = EmbeddedPair(settings.weights, slots=SLOTS)
        cleanup.callback(pair.close)
        arms = (ArmPlan("baseline", pair), ArmPlan("friction", pair, tuple(dials)))
        return _run(Plan(suite, arms, max_tokens=settings.longest_reply, workers=2 * SLOTS), folder, report)


def _run(plan: Plan, folder: Path, report: Callable[[Progress], None]) -> tuple[StoredReply, ...]:
    Run(plan, folder, report=report).run()
    return read_run(folder).replies


def kept(replies: Iterable[StoredReply], step: int | None) -> list[Kept]:
    """What is kept of replies."""
    return [Kept(step, len(reply.thinking.split()), reply) for reply in replies]


def write_replies(path: Path, replies: Iterable[Kept]) -> None:
    """Writes replies as compressed JSONL; the same replies make the same bytes."""
    with whole_file(path) as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
        for one in replies:
            row = one.reply.as_dict()
            line = {"step": one.step, **{name: row[name] for name in _KEPT}, "thinking_words": one.thinking_words}
            packed.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def read_replies(path: Path) -> list[Kept]:
    """The replies beside a result."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_kept(json.loads(line)) for line in lines]


def _kept(row: Mapping[str, Any]) -> Kept:
    blanks: dict[str, Any] = {
        "engine": "embedded", "repeat": 0, "turn": 0, "thinking": "", "seconds": 0.0, "temperature": 0.0,
        "top_p": 1.0, "seed": 0, "max_tokens": None,
    }  # fmt: skip
    return Kept(row["step"], row["thinking_words"], StoredReply(**blanks, **{name: row[name] for name in _KEPT}))
