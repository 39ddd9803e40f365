"""`friction data dedup`, `split`, `micro`, `merge`, `export`, `import`, `card`: files of records made into others."""

import json
from pathlib import Path
from typing import Annotated

import typer

from friction.cli.data_tokens import visible
from friction.errors import FrictionError

File = Annotated[Path, typer.Argument(help="A JSONL of records.", show_default=False)]
Out = Annotated[Path, typer.Option("-o", "--out", help="Where to write.", show_default=False)]
Seed = Annotated[int, typer.Option(help="The same seed makes the same choice.")]


def dedup(
    files: Annotated[list[Path], typer.Argument(help="JSONL of records; earlier ones win.", show_default=False)],
    out: Out,
) -> None:
    """Write the pairs that say nothing an earlier pair says; never one side of a pair alone."""
    from friction.cli.data_output import reading
    from friction.dataset.deduplicate import deduplicate
    from friction.jsonl import write_records

    with reading(files) as tick:
        dropped = deduplicate(files, tick.to)
        kept = write_records(out, dropped.keep())
    for later, earlier, index in dropped.reasons:
        print(visible(f"dropped '{later}': nearly the same as '{earlier}' (Jaccard {index:.2f})"))
    again = f", {len(dropped.repeated) // 2:,} were there twice" if dropped.repeated else ""
    print(f"written: '{out}', {kept // 2:,} pairs; {len(dropped.pair_ids):,} dropped{again}")


def split(
    file: File,
    train: Annotated[Path, typer.Option(help="Where the pairs for training go.", show_default=False)],
    test: Annotated[Path, typer.Option(help="Where the pairs for the test go.", show_default=False)],
    test_share: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the pairs for the test.")] = 0.2,
    seed: Seed = 0,
) -> None:
    """Divide a file pair by pair, every move and difficulty at about the same share."""
    from friction.dataset.pairs import in_pairs, in_records, split_pairs
    from friction.files import real, whole_file
    from friction.jsonl import read_records, write_lines

    if len({real(path) for path in (file, train, test)}) < 3:
        raise FrictionError(
            problem=f"cannot split '{file}' into '{train}' and '{test}'",
            because="two of the three are one file, and one would be lost",
            fix="name three different files",
        )
    parts = split_pairs(in_pairs(read_records(file), str(file)), test_share, seed)
    with whole_file(train) as first, whole_file(test) as second:  # both appear, or neither
        for lines, pairs in zip((first, second), parts, strict=True):
            write_lines(lines, in_records(pairs))
    for path, pairs in zip((train, test), parts, strict=True):
        print(f"written: '{path}', {len(pairs):,} pairs")


def micro(file: File, out: Out, pairs: Annotated[int, typer.Option(min=1)] = 12, seed: Seed = 0) -> None:
    """Copy a few pairs that a newcomer can read: all moves, as many domains as there are."""
    from friction.dataset.pairs import in_pairs, in_records, sample_pairs
    from friction.jsonl import read_records, write_records

    chosen = sample_pairs(in_pairs(read_records(file), str(file)), pairs, seed)
    write_records(out, in_records(chosen))
    print(f"written: '{out}', {len(chosen):,} pairs")


def merge(files: Annotated[list[Path], typer.Argument(help="JSONL of records.", show_default=False)], out: Out) -> None:
    """Put files together; a pair that is in two of them is written once."""
    from friction.dataset.pairs import in_pairs, in_records, merge_pairs
    from friction.jsonl import read_records, write_records

    merged, again = merge_pairs([(str(path), in_pairs(read_records(path), str(path))) for path in files])
    write_records(out, in_records(merged))
    print(f"written: '{out}', {len(merged):,} pairs; {again:,} were there twice")


def export(
    out: Out,
    form: Annotated[str, typer.Option("--format", help="One of the forms above.", show_default=False)],
    files: Annotated[
        list[Path] | None, typer.Argument(help="JSONL of records; the curated training set if none.")
    ] = None,
) -> None:
    """Write records in another form: messages, prompt-completion, preference, parquet, alpaca or sharegpt."""
    from friction.dataset.curated import TRAIN
    from friction.dataset.export import export_records
    from friction.jsonl import read_records

    paths = files or [TRAIN]
    count = export_records(form, (record for path in paths for record in read_records(path)), out)
    print(f"written: '{out}', {count:,} rows")


def import_(
    file: Annotated[Path, typer.Argument(help="JSONL or JSON of records with 'question' and 'agent_responses'.")],
    out: Out,
    move: Annotated[str, typer.Option(help="The move of those that name none.")] = "correct",
    source: Annotated[str | None, typer.Option(help="Where they come from; the file's name if not given.")] = None,
) -> None:
    """Turn records of the older shape into drafts of ours, and say what each still lacks."""
    from datetime import date

    from friction.dataset.older import read_older
    from friction.files import whole_file
    from friction.moves import find_move

    created = date.today().isoformat()
    drafts = read_older(file, move=find_move(move), source=source or file.name, created=created)
    with whole_file(out) as lines:
        for draft in drafts:
            lines.write(json.dumps(draft.fields).encode() + b"\n")
    for draft in drafts:
        print(visible(f"{draft.fields['id']} lacks {', '.join(draft.lacking)}"))
        if draft.dropped:
            print(visible(f"{draft.fields['id']} left behind: {', '.join(draft.dropped)}"))
    print(f"written: '{out}', {len(drafts):,} drafts. Fill in what they lack, then: friction data validate {out}")


def card(  # pylint: disable=too-many-positional-arguments
    out: Out,
    train: Annotated[Path | None, typer.Option(help="The training set; the curated one if not given.")] = None,
    test: Annotated[Path | None, typer.Option(help="The test set; the curated one if not given.")] = None,
    micro_file: Annotated[Path | None, typer.Option("--micro", help="The small one; likewise.")] = None,
    statement: Annotated[Path | None, typer.Option(help="Markdown: who wrote your records, and how.")] = None,
    croissant: Annotated[Path | None, typer.Option(help="Also write the Croissant description here.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the dataset is published, for Croissant.")] = None,
) -> None:
    """Write the dataset's card for the Hub: data statement, statistics, checks; and its Croissant description."""
    from friction.cli.data_output import reading
    from friction.dataset.card_files import write_card
    from friction.dataset.curated import MICRO, TEST, TRAIN

    files = {"train": train or TRAIN, "test": test or TEST, "micro": micro_file or (MICRO if train is None else None)}
    given = {name: path for name, path in files.items() if path is not None}
    try:
        said = statement.read_text("utf-8") if statement else None
    except UnicodeDecodeError as error:
        raise FrictionError(
            problem=f"cannot read '{statement}'", because="it is not UTF-8", fix="save it as UTF-8"
        ) from error
    with reading([given["train"], given["test"]]) as tick:
        write_card(out, given, statement=said, croissant=croissant, url=url, progress=tick.to)
    print(f"written: '{out}'")
    if croissant:
        print(f"written: '{croissant}'")
