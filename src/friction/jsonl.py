"""Records as JSON Lines: read with every problem named by file, line and field; written whole."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, BinaryIO, NoReturn

from pydantic import ValidationError

from friction.errors import FrictionError
from friction.files import whole_file
from friction.record import Record

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes; a longer line is not a record, and is not held in memory."""


class LineError(FrictionError):
    """A line that is no record.

    Attributes:
        line: Its number, the first is 1.
        problems: What is wrong, field by field; the field is empty where the line is not even JSON.
    """

    def __init__(self, path: Path, line: int, problems: Sequence[tuple[str, str]]) -> None:
        self.path, self.line, self.problems = path, line, tuple(problems)
        super().__init__(
            problem=f"'{path}' line {line} is not a record",
            because="; ".join(f"{field}: {message}" if field else message for field, message in problems),
            fix="mend the line, or remove it",
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return LineError, (self.path, self.line, self.problems)


def scan_records(path: Path) -> Iterator[tuple[int, Record | LineError]]:
    """Every line with its number (the first is 1), as a record or as what is wrong with it.

    One record is held in memory at a time. A byte order mark and CRLF line ends are accepted: editors add them.

    Raises:
        FrictionError: When the file cannot be read at all.
    """
    for number, line in _open_lines(path):
        try:
            yield number, _parse(line)
        except ValueError as error:
            yield number, LineError(path, number, _problems(error))


def pick_records(path: Path, wanted: Collection[int]) -> Iterator[tuple[int, Record]]:
    """The records in these lines, which must be records; the others are not even parsed.

    Raises:
        FrictionError: When the file cannot be read.
    """
    for number, line in _open_lines(path):
        if number in wanted:
            yield number, _parse(line)


def read_records(path: Path) -> Iterator[Record]:
    """The records of a file, one by one.

    Raises:
        FrictionError: Naming file, line and field of the first line that is not a record.
    """
    for _, found in scan_records(path):
        if isinstance(found, LineError):
            raise found
        yield found


def write_records(path: Path, records: Iterable[Record]) -> int:
    """Write records and return how many. The file appears complete or not at all."""
    with whole_file(path) as file:
        return write_lines(file, records)


def write_lines(file: IO[bytes], records: Iterable[Record]) -> int:
    """Write records into an open file and return how many."""
    count = 0
    for record in records:
        file.write(record.model_dump_json(exclude_defaults=True).encode() + b"\n")
        count += 1
    return count


def require_files(paths: Iterable[Path]) -> None:
    """Makes sure that files can be read more than once.

    Raises:
        FrictionError: One is missing, or is a folder, a pipe or the like.
    """
    for path in paths:
        if not path.is_file():
            because = "it is a folder" if path.is_dir() else "it is no regular file, and it is read more than once"
            raise FrictionError(
                problem=f"cannot read '{path}'",
                because=because if path.exists() else "No such file or directory",
                fix="write it to a file first" if path.exists() and not path.is_dir() else "check the path",
            )


def no_records(path: Path | str) -> FrictionError:
    """What is said of a file that holds nothing to work on."""
    return FrictionError(problem=f"'{path}' holds no records", because="it is empty", fix="name another file")


def strict_json(text: str) -> Any:
    """JSON as the standard has it: no key twice, no NaN.

    Raises:
        ValueError: It is not that.
    """
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _open_lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    try:
        with path.open("rb") as file:
            yield from _lines(file)
    except OSError as error:
        raise FrictionError(
            problem=f"cannot read '{path}'", because=error.strerror or str(error), fix="check the path and its rights"
        ) from error


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
    strict_json(text)
    return Record.model_validate_json(text)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"key '{next(name for name in names if names.count(name) > 1)}' occurs twice")
    return fields


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _problems(error: ValueError) -> list[tuple[str, str]]:
    """What is wrong with a line, as field and message."""
    if isinstance(error, ValidationError):
        return [
            (".".join(map(str, problem["loc"])) or "record", problem["msg"].removeprefix("Value error, "))
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
        ]
    if isinstance(error, UnicodeDecodeError):
        return [("", f"it is not UTF-8 at byte {error.start + 1}")]
    if isinstance(error, json.JSONDecodeError):
        return [("", f"it is not JSON: {error.msg} at column {error.colno}")]
    return [("", str(error))]
