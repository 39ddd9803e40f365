"""`friction data show`, `stats` and `validate`: the data as a person reads it, counted, and checked."""

import json
from pathlib import Path
from random import Random
from typing import Annotated, Any

import typer
from rich.console import Console

from friction.errors import FrictionError


def show(  # pylint: disable=too-many-positional-arguments
    what: Annotated[str | None, typer.Argument(metavar="[ID]", help="A record, a pair, or a JSONL file.")] = None,
    move: Annotated[str | None, typer.Option(help="Pairs of this move.")] = None,
    random: Annotated[bool, typer.Option("--random", help="Another pair each time.")] = False,
    file: Annotated[Path | None, typer.Option(help="Look here, not in the curated records.")] = None,
    organism: Annotated[bool, typer.Option("--organism", help="Dialogues of the organism's training.")] = False,
    mask: Annotated[bool, typer.Option("--mask", help="Show the tokens, and mark those that are learned.")] = False,
    number: Annotated[int | None, typer.Option(min=1, help="How many pairs (1) or conversations (3).")] = None,
    seed: Annotated[int, typer.Option(help="Picks what is shown where nothing is named.")] = 0,
) -> None:
    """Print a record and its twin: who thought what, with the moments marked, and what was answered and rejected.

    A file may also hold conversations, one object with "messages" on a line. With --mask everything is shown as the
    tokens that training reads, the learned ones in colour or in brackets.
    """
    from friction.cli.data_records import print_pair
    from friction.cli.data_tokens import of_the_organism, print_conversations
    from friction.dataset.curated import TEST, TRAIN

    if what is not None and file is None and (what.endswith(".jsonl") or Path(what).exists()):
        file, what = Path(what), None
    if what is not None and (move or random or number):
        raise FrictionError(
            problem=f"'{what}' is named, and --move, --random or --number beside it",
            because="a name says already what to show",
            fix="leave one of them out",
        )
    if organism and (file or what or move or random):
        raise FrictionError(
            problem=f"both '{file or what or move or '--random'}' and --organism are given",
            because="one call shows one source",
            fix="leave one of them out",
        )
    if file is not None and not file.is_file():
        raise FrictionError(
            problem=f"cannot read the records in '{file}'",
            because=_why_not(file),
            fix="name a JSONL of records or of conversations, or leave it out for the curated records",
        )
    console = Console(highlight=False)
    if organism:
        return print_conversations(console, of_the_organism(seed, number or 3), mask=mask)
    if file is not None and _holds_conversations(file):
        return _show_conversations(console, file, number or 3, mask=mask)
    chosen = _choose([file] if file else [TRAIN, TEST], what, move, Random() if random else Random(seed), number or 1)
    if mask:
        return print_conversations(console, [record.messages() for pair in chosen for record in pair], mask=True)
    for pair in chosen:
        print_pair(console, pair)
    return None


def _why_not(file: Path) -> str:
    if file.is_dir():
        return "it is a folder"
    return "it is no regular file, and it is read twice" if file.exists() else "there is no such file"


def _holds_conversations(file: Path) -> bool:
    """Whether the first line of a file is a conversation; whatever else is wrong with it is said by who reads it."""
    try:
        with file.open("rb") as lines:
            first = json.loads(lines.readline(1 << 22))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and "messages" in first


def _show_conversations(console: Console, file: Path, number: int, *, mask: bool) -> None:
    from friction.cli.data_tokens import of_a_file, print_conversations

    print_conversations(console, of_a_file(file, number), mask=mask)


def _choose(files: list[Path], what: str | None, move: str | None, random: Random, number: int) -> list[Any]:
    """The records to show, with their twins, as lists of two; the one that was named first."""
    import difflib

    from friction.dataset.pairs import in_pairs
    from friction.jsonl import read_records
    from friction.moves import find_move

    pairs = [pair for file in files for pair in in_pairs(read_records(file), str(file))]
    if what is not None:
        for pair in pairs:
            names = [pair.pair_id, *(record.id for record in pair.records)]
            if what in names:
                return [list(pair.records if what != pair.twin.id else (pair.twin, pair.due))]
        close = difflib.get_close_matches(what, [name for p in pairs for name in (p.pair_id, p.due.id, p.twin.id)], n=1)
        raise FrictionError(
            problem=f"there is no record or pair '{what}'",
            because=f"perhaps it was to be {close[0]}" if close else f"{len(pairs)} pairs have other names",
            fix="name another, or see a few: friction data show --random --number 5",
        )
    if move is not None:
        name = find_move(move)
        pairs = [pair for pair in pairs if pair.due.metadata.move == name]
    if not pairs:
        raise FrictionError(
            problem=f"nothing to show in '{files[0]}'", because="it holds no such pair", fix="name another file or move"
        )
    return [list(pair.records) for pair in random.sample(pairs, min(number, len(pairs)))]


def stats(
    files: Annotated[list[Path] | None, typer.Argument(help="JSONL of records; the curated ones if none.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one offline page with charts.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the tables as JSON.")] = False,
) -> None:
    """Counts by move, domain and difficulty, lengths, openings, moments by persona."""
    from friction.cli.data_output import print_tables, reading
    from friction.dataset.statistics import statistics, tables
    from friction.dataset.statistics_page import page
    from friction.files import whole_file
    from friction.jsonl import read_records

    paths = files or _curated()
    with reading(paths) as tick:
        counted = statistics(tick(record for path in paths for record in read_records(path)))
    found = tables(counted)
    if html:
        with whole_file(html) as out:
            out.write(page(counted, found, [path.name for path in paths]).encode())
        print(f"written: '{html}'")
    elif as_json:
        print(json.dumps([{"title": t.title, "columns": t.columns, "rows": t.rows} for t in found]))
    else:
        print_tables(counted.records, counted.pairs, found)


def validate(
    files: Annotated[list[Path] | None, typer.Argument(help="JSONL of records; the curated ones if none.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
) -> None:
    """Check files of records together; exit code 1 where anything is wrong.

    All problems are printed, with file, line and field. The file that is named test.jsonl (or ...-test.jsonl) is the
    test set: the others must share no run of eight words with it.
    """
    from friction.cli.data_output import print_report, reading
    from friction.dataset.validate import validate as check

    paths = files or _curated()
    with reading(paths) as tick:
        report = check(paths, tick.to)
    if as_json:
        print(json.dumps(report.as_dict()))
    else:
        print_report(report)
    raise typer.Exit(0 if report.passed else 1)


def _curated() -> list[Path]:
    from friction.dataset.curated import TEST, TRAIN

    return [TRAIN, TEST]
