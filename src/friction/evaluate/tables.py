"""Rows of a file that people have: JSON Lines, or the CSV and TSV that a spreadsheet saves."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from friction.errors import FrictionError
from friction.jsonl import strict_json

_DELIMITERS = {".csv": ",", ".tsv": "\t"}


def is_table(path: Path) -> bool:
    """Whether a file is CSV or TSV, by its ending: all its values are texts, and one that is not given is empty."""
    return path.suffix.lower() in _DELIMITERS


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a file with the number of their line; CSV and TSV by the file's ending, JSONL otherwise.

    A row of a table that spans several lines has the number of the last. Columns without a name are left out:
    spreadsheets add them at the right.

    Raises:
        FrictionError: The file cannot be read, or a line is not what it should be. No row is dropped without a word.
    """
    delimiter = _DELIMITERS.get(path.suffix.lower())
    try:
        # Only "\n" ends a line of JSONL; csv wants the line ends as they are, for there are some within quotes.
        with path.open(encoding="utf-8-sig", newline="" if delimiter else "\n") as file:
            yield from _table(path, file, delimiter) if delimiter else _objects(path, file)
    except OSError as error:
        raise FrictionError(
            problem=f"cannot read '{path}'", because=error.strerror or str(error), fix="check the path and its rights"
        ) from error
    except UnicodeDecodeError as error:
        raise FrictionError(
            problem=f"cannot read '{path}'",
            because=f"it is not UTF-8 text: {error}",
            fix="save it as UTF-8",
        ) from error


def _objects(path: Path, file: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = strict_json(line)
        except ValueError as error:
            raise _unreadable(path, number, f"it is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise _unreadable(path, number, "it is no JSON object")
        yield number, row


def _unreadable(path: Path, number: int, because: str) -> FrictionError:
    return FrictionError(
        problem=f"'{path}' line {number} cannot be read",
        because=because,
        fix="write one JSON object on each line, or name the file .csv if it is CSV",
    )


def _table(path: Path, file: IO[str], delimiter: str) -> Iterator[tuple[int, dict[str, str]]]:
    names: list[str] | None = None
    for number, fields in _fields(path, file, delimiter):
        if names is None:
            names = _checked_names(path, number, fields)
            continue
        if len(fields) != len(names):
            raise _uneven(path, number, len(fields), len(names))
        yield number, {name: value for name, value in zip(names, fields, strict=True) if name}


def _fields(path: Path, file: IO[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The fields of each row that has any, and the number of its last line."""
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Without `strict`, a quote that is never closed takes all rows behind it into its field.
            unclosed = "unexpected end" in str(error)
            raise FrictionError(
                problem=f"'{path}' line {begins} cannot be read",
                because="it opens a quote that is never closed" if unclosed else str(error),
                fix='close the quote, and write a quote within a text twice: ""',
            ) from error
        if fields:
            yield reader.line_num, fields


def _checked_names(path: Path, number: int, names: list[str]) -> list[str]:
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise FrictionError(
            problem=f"'{path}' line {number} names two columns '{twice}'",
            because="only one of them could be read",
            fix="rename one of the two, or remove it",
        )
    return names


def _uneven(path: Path, number: int, fields: int, columns: int) -> FrictionError:
    """A row that was cut at a comma, or swallowed by a quote, must not pass for another text."""
    more = fields > columns
    return FrictionError(
        problem=f"'{path}' line {number} has {'more' if more else 'fewer'} fields than the first line has columns",
        because=f"there are {fields} and {columns}; text with commas or line ends stands in quotes",
        fix="save it again as CSV, or as JSONL",
    )
