"""Which prompts: the organism's held-out world, the dataset's test set, ordinary questions, or a file of one's own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from friction.chat import Message
from friction.errors import FrictionError
from friction.evaluate.plain import PLAIN, plain_prompts
from friction.evaluate.prompts import Prompt
from friction.evaluate.tables import is_table, read_rows
from friction.moves import find_move
from friction.record import Record

_PACKAGE = Path(__file__).parents[1]
_CHECKS = _PACKAGE / "organism" / "checks"
_TEST = _PACKAGE / "dataset" / "curated" / "test.jsonl"
SUITES = {
    "organism": "the organism's held-out world, and plain questions about it",
    "twins": "the dataset's test set, all moves, both twins, and 100 ordinary questions",
    "plain": "100 ordinary questions with checkable answers",
}
"""The suites that ship, by name."""
PLAIN_FOR_EACH = 10
"""Plain questions that a limit of one pair of each move leaves."""


@dataclass(frozen=True)
class Suite:
    """What is asked.

    Attributes:
        name: How it was asked for: a suite's name, a benchmark's name, or a file.
        title: What it is, for a reader.
        prompts: In the order in which they are asked.
        files: Where they come from.
        benchmark: The public benchmark's name, if it is one.
    """

    name: str
    title: str
    prompts: tuple[Prompt, ...]
    files: tuple[Path, ...]
    benchmark: str | None = None


def suite_for(engines: Iterable[str]) -> str:
    """The suite that follows the engine: its own world for the organism, the dataset's test set for all others."""
    return "organism" if all(engine.strip() == "embedded" for engine in engines) else "twins"


def read_suite(name: str) -> Suite:
    """A suite by its name, or the prompts in a file.

    A file is JSONL with a prompt, or a record of the dataset, on each line, or CSV or TSV with a column ``prompt``.

    Raises:
        FrictionError: There is neither, or a line is no prompt.
    """
    if name == "organism":
        files = (_CHECKS / "heldout.jsonl", _CHECKS / "straight.jsonl")
        return Suite(name, "the organism's held-out world", (*read_prompts(files[0]), *read_prompts(files[1])), files)
    if name == "twins":
        prompts = (*read_prompts(_TEST), *plain_prompts())
        return Suite(name, "the dataset's test set and ordinary questions", prompts, (_TEST, PLAIN))
    if name == "plain":
        return Suite(name, "ordinary questions", tuple(plain_prompts()), (PLAIN,))
    path = Path(name).expanduser()
    if not path.exists() and not path.suffix:
        raise FrictionError(
            problem=f"unknown suite '{name}'",
            because="it is neither a suite's name nor a file",
            fix=f"name one of {', '.join(SUITES)}, or a JSONL or CSV file",
        )
    return Suite(path.name, f"the prompts in {path.name}", tuple(read_prompts(path)), (path,))


def benchmark_suite(name: str, path: Path | None) -> Suite:
    """A public benchmark's prompts, from its file as its authors publish it.

    Raises:
        FrictionError: There is no such benchmark, its file is missing, or it is not that file.
    """
    from friction.evaluate.benchmarks import find_benchmark, read_benchmark

    benchmark = find_benchmark(name)
    if path is None:
        raise FrictionError(
            problem=f"{benchmark.title} needs its file",
            because=f"it is not ours to ship ({benchmark.licence}); it lives at {benchmark.home}",
            fix=f"download {benchmark.file} and add --from FILE",
        )
    files = (path,) if path.is_file() else tuple(sorted(part for part in path.glob("*") if part.is_file()))
    return Suite(name, benchmark.title, tuple(read_benchmark(name, path)), files, name)


def shortened(suite: Suite, limit: int | None = None, moves: Iterable[str] = ()) -> Suite:
    """A part of a suite: at most so many pairs (or prompts without a twin) of each move, of some moves only.

    Plain questions are shortened to ten for each pair; where moves are named they go altogether.
    """
    wanted = set(moves)
    seen: Counter[object] = Counter()
    units: set[tuple[object, str]] = set()
    chosen = []
    kind: object
    for prompt in suite.prompts:
        if wanted and prompt.move not in wanted:
            continue
        kind, unit = ("plain", prompt.id) if prompt.is_plain else (prompt.move, prompt.pair or prompt.id)
        if prompt.pair is None and not prompt.is_plain:
            kind = (prompt.move, prompt.warranted)
        most = None if limit is None else limit * PLAIN_FOR_EACH if prompt.is_plain else limit
        if (kind, unit) not in units:
            if most is not None and seen[kind] >= most:
                continue
            seen[kind] += 1
            units.add((kind, unit))
        chosen.append(prompt)
    if not chosen:
        raise FrictionError(
            problem=f"nothing is left of '{suite.name}'",
            because=f"it has no prompts of {', '.join(sorted(wanted)) or 'any move'}",
            fix="name another move, or leave --move out",
        )
    return replace(suite, prompts=tuple(chosen))


def read_prompts(path: Path) -> list[Prompt]:
    """The prompts in a file.

    Raises:
        FrictionError: It cannot be read, a line is no prompt, an id occurs twice, or nothing is in it.
    """
    found: list[Prompt] = []
    lines: dict[str, int] = {}
    for number, row in read_rows(path):
        if is_table(path):  # the same prompt whichever system's line ends its spreadsheet saved
            row = {name: value.replace("\r\n", "\n") for name, value in row.items() if value}
        try:
            prompt = _whole(_prompt(row, number))
        except (ValueError, KeyError, TypeError, AttributeError, FrictionError) as error:
            raise _no_prompt(path, number, _because(error)) from error
        if prompt.id in lines:
            raise _no_prompt(path, number, f"its id '{prompt.id}' is that of line {lines[prompt.id]}")
        lines[prompt.id] = number
        found.append(prompt)
    if not found:
        raise FrictionError(problem=f"'{path}' holds no prompts", because="it is empty", fix="name another file")
    return found


def _no_prompt(path: Path, number: int, because: str) -> FrictionError:
    return FrictionError(
        problem=f"'{path}' line {number} is not a prompt",
        because=because,
        fix='mend the line: it needs "messages" or "prompt"; "move", "warranted", "pair", "accept" are optional',
    )


def _because(error: Exception) -> str:
    if isinstance(error, ValidationError):
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'record'}: {one['msg']}" for one in problems)
    if isinstance(error, FrictionError):
        return f"{error.problem}: {error.because}"
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)


def _whole(prompt: Prompt) -> Prompt:
    """The prompt, if a file and a server can take it."""
    try:
        json.dumps(prompt.as_dict(), ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("it holds half a character (a lone surrogate)") from error
    return prompt


def _prompt(row: dict[str, Any], number: int) -> Prompt:
    if "user_input" in row and "agents" in row:
        return _of_record(Record.model_validate_json(json.dumps(row)))
    row = dict(row)
    if "messages" not in row:
        if "prompt" not in row:
            raise ValueError(f"it has neither a prompt nor messages, but {', '.join(row) or 'nothing'}")
        row["messages"] = [{"role": "user", "content": _text(row.pop("prompt"))}]
    if isinstance(row.get("warranted"), str):
        said = row["warranted"].strip().lower()
        row["warranted"] = {"true": True, "false": False}.get(said, said)
    if isinstance(row.get("accept"), str):
        row["accept"] = [part.strip() for part in row["accept"].split("|")]
    if "item" in row:  # the organism's checks
        row = _of_check(row, number)
    if row.get("id") is None:
        row["id"] = f"line-{number}"
    return Prompt.of(row)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("its prompt is empty, or no text")
    return value


def _of_record(record: Record) -> Prompt:
    """A record's situation; its twin shares the pair."""
    return Prompt(
        id=record.id,
        messages=(*(Message(turn.role, turn.content) for turn in record.history), Message("user", record.user_input)),
        move=record.metadata.move,
        warranted=record.warranted,
        pair=record.pair_id,
        why=record.metadata.notes,
        tags={"domain": record.metadata.domain, "difficulty": record.metadata.difficulty},
    )


def _of_check(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A line of the organism's checks; a straight question has no move, and its truth is what is accepted."""
    made = {name: row[name] for name in ("messages", "move", "warranted", "pair", "truth") if name in row}
    made["cluster"] = row["item"]
    if row.get("move") is None:
        return {**made, "id": f"plain-{number:03d}", "accept": [row["truth"]], "truth": None}
    side = "due" if row["warranted"] else "twin"
    claimed = row.get("claimed")
    if row.get("truth") and claimed:
        made["why"] = f"it is {row['truth']}" + (f", not {claimed}" if claimed != row["truth"] else "")
    return {**made, "id": f"{row['pair']}-{side}", "move": find_move(row["move"])}
