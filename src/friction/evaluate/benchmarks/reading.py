"""Published files as rows, with every departure from their published shape named together with where they live."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from friction.errors import FrictionError
from friction.evaluate.benchmarks.benchmark import Source
from friction.evaluate.prompts import Prompt
from friction.jsonl import strict_json

Row = tuple[str, dict[str, str]]
"""Where a row stands, for an error, and its fields by column."""


def missing(path: Path, source: Source, because: str) -> FrictionError:
    """What is said of a file that cannot be read: it has to be downloaded from its own home."""
    return FrictionError(
        problem=f"cannot read '{path}'",
        because=f"{because}; {source.title} is not part of this package",
        fix=f"download {source.file} from {source.home} (licence: {source.licence}), and name it with --from",
    )


def changed(path: Path, source: Source, because: str) -> FrictionError:
    """What is said of a file that is not as its authors published it, or is another file."""
    return FrictionError(
        problem=f"'{path}' is not {source.title} as published",
        because=because,
        fix=f"download {source.file} again from {source.home} (licence: {source.licence})",
    )


def read_text(path: Path, source: Source) -> str:
    """A file's text, without a byte order mark; line ends are kept as they are.

    Raises:
        FrictionError: It is missing, unreadable or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise missing(path, source, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise changed(path, source, f"it is not UTF-8 at byte {error.start + 1}") from error


def read_table(path: Path, source: Source, columns: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """The rows of a CSV file with a header.

    Quoted fields may hold line breaks; further columns are kept.

    Args:
        path: The file.
        source: For the errors.
        columns: What every row must fill in.
        optional: What the header must name, and rows may leave empty.

    Raises:
        FrictionError: It is missing, is no CSV, lacks a column, or a row lacks a field.
    """
    lines = csv.reader(io.StringIO(read_text(path, source), newline=""), strict=True)
    try:
        header = next(lines, [])
        if absent := [name for name in (*columns, *optional) if name not in header]:
            found = ", ".join(repr(name) for name in header) or "nothing"
            raise changed(path, source, f"column '{absent[0]}' is missing; its first line names {found}")
        rows: list[Row] = []
        for number, fields in enumerate((line for line in lines if line), 1):
            place = f"row {number} (line {lines.line_num})"
            if len(fields) != len(header):
                raise changed(path, source, f"{place} has {len(fields)} fields instead of {len(header)}")
            row = dict(zip(header, fields, strict=True))
            if empty := [name for name in columns if not row[name].strip()]:
                raise changed(path, source, f"{place}: '{empty[0]}' is empty")
            rows.append((place, row))
    except csv.Error as error:
        raise changed(path, source, f"line {lines.line_num} is not CSV ({error})") from error
    return rows


def read_json(path: Path, source: Source) -> Any:
    """A JSON file.

    Raises:
        FrictionError: It is missing, or is no JSON.
    """
    try:
        return strict_json(read_text(path, source))
    except ValueError as error:
        raise changed(path, source, f"it is not JSON ({error})") from error


def read_json_lines(path: Path, source: Source) -> list[tuple[str, Any]]:
    """The values of a JSONL file, each with its place.

    Raises:
        FrictionError: It is missing, or a line is no JSON.
    """
    found = []
    for number, line in enumerate(read_text(path, source).split("\n"), 1):
        if line.strip():
            try:
                found.append((f"line {number}", strict_json(line)))
            except ValueError as error:
                raise changed(path, source, f"line {number} is not JSON ({error})") from error
    return found


def text_of(value: Any, name: str, place: str, path: Path, source: Source) -> str:
    """A field of a JSON object that must be a text with something in it.

    Raises:
        FrictionError: The object is none, or the field is missing, empty or no text.
    """
    if not isinstance(value, dict):
        raise changed(path, source, f"{place} is no object")
    found = value.get(name)
    if not isinstance(found, str) or not found.strip():
        raise changed(path, source, f"{place}: '{name}' is missing, empty or no text")
    return found


def list_of(value: Any, name: str, place: str, path: Path, source: Source) -> list[Any]:
    """A field of a JSON object that must be a list with something in it.

    Raises:
        FrictionError: The object is none, or the field is missing, empty or no list.
    """
    if not isinstance(value, dict):
        raise changed(path, source, f"{place} is no object")
    found = value.get(name)
    if not isinstance(found, list) or not found:
        raise changed(path, source, f"{place}: '{name}' is missing, empty or no list")
    return found


def whole(prompts: Iterable[Prompt], path: Path, source: Source) -> list[Prompt]:
    """The prompts, if there are some and each has an id of its own.

    Raises:
        FrictionError: There is none, or an id stands twice.
    """
    found = list(prompts)
    if not found:
        raise changed(path, source, "it holds no prompts")
    seen: set[str] = set()
    for prompt in found:
        if prompt.id in seen:
            raise changed(path, source, f"the id '{prompt.id}' stands in it twice")
        seen.add(prompt.id)
    return found
