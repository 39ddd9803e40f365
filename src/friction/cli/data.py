"""`friction data`: look at the data that teaches friction, check it, and work on it pair by pair."""

import json
from pathlib import Path
from random import Random
from typing import Annotated, Any

import typer
from rich.console import Console

from friction.cli import NOUNS
from friction.errors import FrictionError

app = typer.Typer(help=NOUNS["data"], no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A JSONL of records.", show_default=False)]
Out = Annotated[Path, typer.Option("-o", "--out", help="Where to write.", show_default=False)]
Seed = Annotated[int, typer.Option(help="The same seed makes the same choice.")]


@app.callback()
def data() -> None:
    """Look at the data that teaches friction, check it, work on it."""


@app.command()
def show(
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
    if organism and (file or what or move or random):
        raise FrictionError(
            problem=f"both '{file or what or move or '--random'}' and --organism are given",
            because="one call shows one source",
            fix="leave one of them out",
        )
    if file is not None and not file.is_file():
        raise FrictionError(
            problem=f"cannot read the records in '{file}'",
            because="it is a folder" if file.is_dir() else "there is no such file",
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


def _holds_conversations(file: Path) -> bool:
    """Whether the first line of a file is a conversation; whatever else is wrong with it is said by who reads it."""
    try:
        with file.open("rb") as lines:
            first = json.loads(lines.readline(1 << 22))
    except (OSError, ValueError):
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


@app.command()
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
        print(json.dumps([{"title": t.title, "columns": t.columns, "rows": t.rows} for t in found], ensure_ascii=False))
    else:
        print_tables(counted.records, len(counted.pairs), found)


@app.command()
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
        print(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        print_report(report)
    raise typer.Exit(0 if report.passed else 1)


@app.command()
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
        print(f"dropped '{later}': nearly the same as '{earlier}' (Jaccard {index:.2f})")
    print(f"written: '{out}', {kept // 2:,} pairs; {len(dropped.pair_ids):,} dropped")


@app.command()
def split(
    file: File,
    train: Annotated[Path, typer.Option(help="Where the pairs for training go.", show_default=False)],
    test: Annotated[Path, typer.Option(help="Where the pairs for the test go.", show_default=False)],
    test_share: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the pairs for the test.")] = 0.2,
    seed: Seed = 0,
) -> None:
    """Divide a file pair by pair, every move and difficulty at about the same share."""
    from friction.dataset.pairs import in_pairs, in_records, split_pairs
    from friction.jsonl import read_records, write_records

    parts = split_pairs(in_pairs(read_records(file), str(file)), test_share, seed)
    for path, pairs in zip((train, test), parts, strict=True):
        write_records(path, in_records(pairs))
        print(f"written: '{path}', {len(pairs):,} pairs")


@app.command()
def micro(file: File, out: Out, pairs: Annotated[int, typer.Option(min=1)] = 12, seed: Seed = 0) -> None:
    """Copy a few pairs that a newcomer can read: all moves, as many domains as there are."""
    from friction.dataset.pairs import in_pairs, in_records, sample_pairs
    from friction.jsonl import read_records, write_records

    chosen = sample_pairs(in_pairs(read_records(file), str(file)), pairs, seed)
    write_records(out, in_records(chosen))
    print(f"written: '{out}', {len(chosen):,} pairs")


@app.command()
def merge(files: Annotated[list[Path], typer.Argument(help="JSONL of records.", show_default=False)], out: Out) -> None:
    """Put files together; a pair that is in two of them is written once."""
    from friction.dataset.pairs import in_pairs, in_records, merge_pairs
    from friction.jsonl import read_records, write_records

    merged, again = merge_pairs([(str(path), in_pairs(read_records(path), str(path))) for path in files])
    write_records(out, in_records(merged))
    print(f"written: '{out}', {len(merged):,} pairs; {again:,} were there twice")


@app.command()
def export(
    out: Out,
    form: Annotated[str, typer.Option("--format", help="The form; see below.", show_default=False)],
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


@app.command()
def card(
    out: Out,
    train: Annotated[Path | None, typer.Option(help="The training set; the curated one if not given.")] = None,
    test: Annotated[Path | None, typer.Option(help="The test set; the curated one if not given.")] = None,
    micro_file: Annotated[Path | None, typer.Option("--micro", help="The small one; likewise.")] = None,
    croissant: Annotated[Path | None, typer.Option(help="Also write the Croissant description here.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the dataset is published, for Croissant.")] = None,
) -> None:
    """Write the dataset's card for the Hub: data statement, statistics, checks; and its Croissant description."""
    from friction.cli.data_output import reading
    from friction.dataset.card_files import write_card
    from friction.dataset.curated import MICRO, TEST, TRAIN
    from friction.dataset.card import croissant as describe
    from friction.files import whole_file

    files = {"train": train or TRAIN, "test": test or TEST, "micro": micro_file or (MICRO if train is None else None)}
    given = {name: path for name, path in files.items() if path is not None}
    with reading([given["train"], given["test"]]) as tick:
        published = write_card(out, given, tick.to)
    print(f"written: '{out}'")
    if croissant:
        with whole_file(croissant) as file:
            file.write(json.dumps(describe(given, url=url, published=published), indent=1, ensure_ascii=False).encode())
        print(f"written: '{croissant}'")


@app.command(name="import")
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
            lines.write(json.dumps(draft.fields, ensure_ascii=False).encode() + b"\n")
    for draft in drafts:
        print(f"{draft.fields['id']} lacks {', '.join(draft.lacking)}")
        if draft.dropped:
            print(f"{draft.fields['id']} left behind: {', '.join(draft.dropped)}")
    print(f"written: '{out}', {len(drafts):,} drafts. Fill in what they lack, then: friction data validate {out}")


@app.command()
def generate(
    engine: Annotated[str, typer.Option(help="Who writes: openai:MODEL@URL, ollama:NAME ...", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", help="A folder; a second start goes on.", show_default=False)],
    pairs: Annotated[int, typer.Option(min=1, help="How many pairs.")] = 12,
    move: Annotated[list[str] | None, typer.Option(help="Only this move; may be given again.")] = None,
    domain: Annotated[list[str] | None, typer.Option(help="Only this domain; may be given again.")] = None,
    seed: Seed = 0,
    workers: Annotated[int, typer.Option(min=1, help="Pairs that are written at the same time.")] = 4,
    temperature: Annotated[float, typer.Option(min=0.0)] = 0.9,
    max_tokens: Annotated[int, typer.Option(min=100, help="The longest reply, thinking included.")] = 2000,
    preview: Annotated[int, typer.Option(min=0, help="Print so many pairs' beginnings and the cost; ask nothing.")] = 0,
    price_in: Annotated[float, typer.Option(help="Dollars for a million tokens read.")] = 0.0,
    price_out: Annotated[float, typer.Option(help="Dollars for a million tokens written.")] = 0.0,
    prompts: Annotated[Path | None, typer.Option(help="A folder of your own prompts.")] = None,
) -> None:
    """Have a model write new pairs, persona by persona, and keep those that pass the checks.

    Every reply is on disk before it is used: killed at any moment, the next start goes on. Replies that the checks
    turn down are kept in rejects.jsonl with the reason. Nothing new may quote or resemble the curated test set.
    """
    from friction.cli.data_generate import Price, print_preview, print_sum, shown
    from friction.dataset.curated import TEST
    from friction.dataset.generate.run import Generation, Plan
    from friction.dataset.generate.seeds import ALL_MOVES, DOMAINS
    from friction.dataset.generate.writer import Prompts, shipped_prompts
    from friction.engine.parse import open_engine
    from friction.jsonl import read_records
    from friction.moves import find_move

    plan = Plan(
        pairs=pairs,
        seed=seed,
        moves=tuple(map(find_move, move)) if move else ALL_MOVES,
        domains=tuple(domain) if domain else DOMAINS,
        temperature=temperature,
        max_tokens=max_tokens,
        workers=workers,
    )
    files = Prompts(prompts) if prompts else shipped_prompts()
    price = Price(price_in, price_out)
    if preview:
        return print_preview(plan, files, preview, price)
    writer = open_engine(engine)
    writer.start()
    try:
        with shown(plan, price) as report:
            test = list(read_records(TEST))
            progress = Generation(writer, plan, out, files, test, report=report).run()
    finally:
        writer.close()
    print_sum(progress, plan, out, price)
    raise typer.Exit(1 if progress.failed else 0)


def _curated() -> list[Path]:
    from friction.dataset.curated import TEST, TRAIN

    return [TRAIN, TEST]
