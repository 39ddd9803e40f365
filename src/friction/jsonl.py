"""Records as JSON Lines: read with every problem named by file, line and field; written whole."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from pydantic import ValidationError

from friction.errors import FrictionError
from friction.files import whole_file
from friction.record import Record

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes; a longer line is not a record, and is not held in memory."""


def scan_records(path: Path) -> Iterator[tuple[int, Record | FrictionError]]:
    """Every line with its number (the first is 1), as a record or as what is wrong with it.

    One record is held in memory at a time. A byte order mark and CRLF line ends are accepted: editors add them.

    Raises:
        FrictionError: When the file cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            for number, line in _lines(file):
                try:
                    yield number, _parse(line)
                except ValueError as error:
                    yield number, _bad_line(path, number, error)
    except OSError as error:
        raise FrictionError(
            problem=f"cannot read '{path}'", because=error.strerror or str(error), fix="check the path and its rights"
        ) from error


def read_records(path: Path) -> Iterator[Record]:
    """The records of a file, one by one.

    Raises:
        FrictionError: Naming file, line and field of the first line that is not a record.
    """
    for _, found in scan_records(path):
        if isinstance(found, FrictionError):
            raise found
        yield found


def write_records(path: Path, records: Iterable[Record]) -> int:
    """Write records and return how many. The file appears complete or not at all."""
    count = 0
    with whole_file(path) as file:
        for record in records:
            file.write(record.model_dump_json().encode() + b"\n")
            count += 1
    return count


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines without a byte order mark; None stands for one that is too long."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) <= LONGEST_LINE:
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
        yield number, None


def _parse(line: bytes | None) -> Record:
    if line is None:
        raise ValueError(f"it is longer than {LONGEST_LINE:,} bytes")
    text = line.decode().rstrip("\r\n")
    if not text.strip():
        raise ValueError("it is empty")
    # pydantic takes the last of two equal keys, and NaN for a number, without a word.
    try:
        json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return Record.model_validate_json(text)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"key '{next(name for name in names if names.count(name) > 1)}' occurs twice")
    return fields


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _bad_line(path: Path, number: int, error: ValueError) -> FrictionError:
    because = str(error)
    if isinstance(error, ValidationError):
        problems = [
            f"{'.'.join(map(str, problem['loc'])) or 'record'}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        because = "; ".join(problems)
    elif isinstance(error, UnicodeDecodeError):
        because = f"it is not UTF-8 at byte {error.start + 1}"
    elif isinstance(error, json.JSONDecodeError):
        because = f"it is not JSON: {error.msg} at column {error.colno}"
    return FrictionError(
        problem=f"'{path}' line {number} is not a record", because=because, fix="mend the line, or remove it"
    )
