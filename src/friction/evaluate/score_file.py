"""Scores replies in any JSONL or CSV file: `friction score`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from friction.chat import parse_reply
from friction.errors import FrictionError
from friction.evaluate.scorer import score_answer
from friction.evaluate.tables import read_rows
from friction.files import whole_file
from friction.moves import MoveName, find_move


@dataclass(frozen=True)
class Columns:
    """Where the texts are.

    Attributes:
        reply: The reply, its thinking inside ``<think>`` tags or in a column of its own.
        thinking: That column.
        prompt: What was asked; it is copied beside the score for whoever reads it.
        move: The move that the reply is expected to make.
    """

    reply: str
    thinking: str | None = None
    prompt: str | None = None
    move: str | None = None


@dataclass(frozen=True)
class Counts:
    """What was scored: rows, those with any friction, those that agree, and those that are empty."""

    rows: int = 0
    friction: int = 0
    agrees: int = 0
    empty: int = 0


def score_file(path: Path, columns: Columns, target: Path, report: Callable[[int], None] = lambda _: None) -> Counts:
    """Writes a line with the score of each row, in their order; the file appears whole or not at all.

    Raises:
        FrictionError: The file cannot be read, a row lacks a column, or the target is the file itself.
        OSError: The target cannot be written.
    """
    if path.exists() and target.exists() and path.samefile(target):
        raise FrictionError(
            problem=f"'{target}' is the file that is read",
            because="its replies would be lost",
            fix="name another file with -o",
        )
    rows = friction = agrees = empty = 0
    with whole_file(target) as file:
        for number, row in read_rows(path):
            scored = _score(path, number, row, columns)
            rows += 1
            friction += scored["friction"]
            agrees += scored["agrees"]
            empty += not scored["words"]
            file.write(json.dumps({"row": rows, **scored}, ensure_ascii=False).encode(errors="replace") + b"\n")
            report(rows)
        if not rows:
            raise FrictionError(problem=f"'{path}' holds no rows", because="it is empty", fix="name another file")
    return Counts(rows, friction, agrees, empty)


def _score(path: Path, number: int, row: dict[str, Any], columns: Columns) -> dict[str, Any]:
    answer = _text(path, number, row, columns.reply)
    thinking = _text(path, number, row, columns.thinking) if columns.thinking else ""
    if not thinking:
        reply = parse_reply(answer)
        answer, thinking = reply.answer, reply.thinking
    score = score_answer(answer, thinking)
    scored: dict[str, Any] = {**score.answer.as_dict(answer)}
    scored["thinking"] = score.thinking.as_dict(thinking) if score.thinking else None
    if columns.move:
        expected = _move(path, number, _text(path, number, row, columns.move))
        scored |= {"move": expected, "made": expected in score.answer.moves if expected else None}
    if columns.prompt:
        scored["prompt"] = _text(path, number, row, columns.prompt)
    if "id" in row:
        scored["id"] = row["id"]
    return scored


def _move(path: Path, number: int, name: str) -> MoveName | None:
    """The move; None where no move is expected of this row."""
    try:
        return find_move(name.strip()) if name.strip() else None
    except FrictionError as error:
        raise FrictionError(
            problem=f"'{path}' line {number}: {error.problem}", because=error.because, fix=error.fix
        ) from error


def _text(path: Path, number: int, row: dict[str, Any], column: str) -> str:
    if column not in row:
        raise FrictionError(
            problem=f"'{path}' line {number} has no column '{column}'",
            because=f"its columns are {', '.join(map(str, row)) or 'none'}",
            fix="name one of them",
        )
    value = row[column]
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FrictionError(
            problem=f"'{path}' line {number} has no text in '{column}'",
            because=f"it holds {type(value).__name__}",
            fix="name a column that holds text",
        )
    return value
