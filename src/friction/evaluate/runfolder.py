"""A run's folder: ``prompts.jsonl``, ``replies.jsonl``, and ``manifest.json`` last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from friction.errors import FrictionError
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import ReplyState, StoredReply
from friction.evaluate.suites import Suite, read_prompts
from friction.files import whole_file
from friction.journal import Journal
from friction.manifest import NAME, SCRATCH, Manifest, read_manifest, verify, write_manifest

PROMPTS, REPLIES = "prompts.jsonl", "replies.jsonl"
PAGES = ("report.html", "report.md", "report.json", "dial.svg")
"""What `friction eval report` makes of the replies; it goes when they change."""
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
        FrictionError: The folder holds another run, something else, or a manifest that cannot be understood.
    """
    if (folder / NAME).is_file():
        begun = _begun(folder)
        other = next((name for name in settings if begun.get(name) != settings[name]), None)
        if other:
            raise FrictionError(
                problem=f"'{folder}' holds another evaluation",
                because=f"its {other} is {begun.get(other)!r}, not {settings[other]!r}",
                fix="name another folder with -o, or give the settings that it was begun with",
            )
    return Journal(folder / SCRATCH, settings, work="evaluation")


def earlier_replies(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """The replies of a complete run by their keys, but for those that failed: they are asked for again.

    Raises:
        FrictionError: A line is no reply.
    """
    path = folder / REPLIES
    if not (folder / NAME).is_file() or not path.is_file():
        return []
    try:
        lines = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise _damaged(path, f"it is not UTF-8 text: {error}") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            key, reply = _keyed(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            because = f"it has no {error}" if isinstance(error, KeyError) else str(error)
            raise _damaged(path, f"line {number} is no reply: {because}") from error
        if reply.state != "failed":
            found.append((key, reply.as_dict()))
    return found


def write_run(folder: Path, info: RunInfo, replies: Sequence[tuple[str, StoredReply]]) -> Manifest:
    """Writes a run's files; the manifest last. Pages that describe other prompts or replies are removed."""
    (folder / NAME).unlink(missing_ok=True)
    texts = {
        folder / PROMPTS: b"".join(_line(prompt.as_dict()) for prompt in info.suite.prompts),
        folder / REPLIES: b"".join(_line({"key": key, **reply.as_dict()}) for key, reply in replies),
    }
    if not all(path.is_file() and path.read_bytes() == text for path, text in texts.items()):
        for page in PAGES:  # before the files: a kill in between must not leave them beside the new ones
            (folder / page).unlink(missing_ok=True)
    for path, text in texts.items():
        with whole_file(path) as file:
            file.write(text)
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


def _keyed(row: Any) -> tuple[str, StoredReply]:
    """A line as a reply and its key.

    Raises:
        ValueError, KeyError, TypeError: It is none, or cannot be written again.
    """
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")
    key = row.pop("key")
    reply = StoredReply.of(row)
    texts = (key, reply.prompt, reply.thinking, reply.answer)
    if not all(isinstance(text, str) for text in texts) or reply.state not in get_args(ReplyState):
        raise ValueError("its fields hold something else")
    _line(row)
    return key, reply


def _begun(folder: Path) -> dict[str, Any]:
    """The settings of a complete run."""
    try:
        manifest = read_manifest(folder)
    except (FrictionError, RecursionError) as error:
        raise _damaged(folder / NAME, getattr(error, "because", str(error))) from error
    extra: Any = _own(folder, manifest).extra
    settings = extra.get("settings") if isinstance(extra, dict) else None
    if not isinstance(settings, dict):
        raise _damaged(folder / NAME, "it does not say with which settings the run was made")
    return settings


def _damaged(path: Path, because: str) -> FrictionError:
    return FrictionError(
        problem=f"'{path}' is damaged", because=because, fix="name another folder with -o, or remove this one"
    )


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
