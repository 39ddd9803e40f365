"""A run's folder: ``prompts.jsonl``, ``replies.jsonl``, and ``manifest.json`` last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from friction.errors import FrictionError
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import StoredReply
from friction.evaluate.suites import Suite, read_prompts
from friction.files import whole_file
from friction.journal import Journal
from friction.manifest import NAME, SCRATCH, Manifest, read_manifest, verify, write_manifest

PROMPTS, REPLIES = "prompts.jsonl", "replies.jsonl"
KIND = "evaluation"


@dataclass(frozen=True)
class RunInfo:
    """What a manifest says of a run.

    Attributes:
        suite: The prompts and where they come from.
        settings: What every reply depends on.
        repeats: Replies to each prompt of each arm.
        dials: The adapter's scales of each arm.
    """

    suite: Suite
    settings: Mapping[str, Any]
    repeats: int
    dials: Mapping[str, Sequence[float | None]]


@dataclass(frozen=True)
class FinishedRun:
    """A complete run, as it is read.

    Attributes:
        folder: Where it lies.
        manifest: What it says of itself.
        prompts: What was asked.
        replies: What came back.
    """

    folder: Path
    manifest: Manifest
    prompts: tuple[Prompt, ...]
    replies: tuple[StoredReply, ...]

    @property
    def info(self) -> dict[str, Any]:
        """Suite, settings, repeats and dials, as JSON."""
        return self.manifest.extra


def journal_of(folder: Path, settings: dict[str, Any]) -> Journal:
    """What a run has so far.

    Raises:
        FrictionError: The folder holds another run, or something else.
    """
    if (folder / NAME).is_file():
        begun = _own(folder, read_manifest(folder)).extra["settings"]
        other = next((name for name in settings if begun.get(name) != settings[name]), None)
        if other:
            raise FrictionError(
                problem=f"'{folder}' holds another evaluation",
                because=f"its {other} is {begun.get(other)!r}, not {settings[other]!r}",
                fix="name another folder with -o, or give the settings that it was begun with",
            )
    return Journal(folder / SCRATCH, settings, work="evaluation")


def earlier_replies(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The replies of a complete run by their keys, but for those that failed: they are asked for again."""
    path = folder / REPLIES
    if not (folder / NAME).is_file() or not path.is_file():
        return
    for row in _rows(path):
        key = row.pop("key")
        if row["state"] != "failed":
            yield key, row


def write_run(folder: Path, info: RunInfo, replies: Sequence[tuple[str, StoredReply]]) -> Manifest:
    """Writes a run's files; the manifest last."""
    (folder / NAME).unlink(missing_ok=True)
    with whole_file(folder / PROMPTS) as file:
        for prompt in info.suite.prompts:
            file.write(_line(prompt.as_dict()))
    with whole_file(folder / REPLIES) as file:
        for key, reply in replies:
            file.write(_line({"key": key, **reply.as_dict()}))
    return write_manifest(
        folder,
        kind=KIND,
        inputs={path.name: path for path in info.suite.files},
        seed=info.settings["seed"],
        extra={
            "suite": info.suite.name,
            "title": info.suite.title,
            "benchmark": info.suite.benchmark,
            "settings": dict(info.settings),
            "repeats": info.repeats,
            "dials": {arm: list(dials) for arm, dials in info.dials.items()},
        },
        files=[folder / PROMPTS, folder / REPLIES],  # reports and judgements come later, and change
    )


def read_run(folder: Path) -> FinishedRun:
    """A complete run.

    Raises:
        FrictionError: It is not complete, its prompts or replies were changed, or the folder holds something else.
    """
    manifest = _own(folder, verify(folder))
    rows = list(_rows(folder / REPLIES))
    replies = tuple(StoredReply.of({name: row[name] for name in row if name != "key"}) for row in rows)
    return FinishedRun(folder, manifest, tuple(read_prompts(folder / PROMPTS)), replies)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file; a reply may hold other marks that Python takes for the end of a line."""
    for line in path.read_text("utf-8").split("\n"):
        if line:
            yield json.loads(line)


def _own(folder: Path, manifest: Manifest) -> Manifest:
    if manifest.kind != KIND:
        raise FrictionError(
            problem=f"'{folder}' holds no evaluation",
            because=f"its manifest says that it is of kind '{manifest.kind}'",
            fix="name a folder that `friction eval run` wrote, or a new one",
        )
    return manifest


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"
