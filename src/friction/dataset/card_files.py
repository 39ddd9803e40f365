"""Puts a card together from the files that it is about."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from friction.dataset.card import CURATED_STATEMENT, NO_STATEMENT, TITLE, About, card, shortcut_table
from friction.dataset.curated import TEST, TRAIN
from friction.dataset.statistics import statistics, tables
from friction.dataset.validate import validate
from friction.errors import FrictionError
from friction.files import real, whole_file
from friction.jsonl import no_records, read_records


def write_card(
    out: Path,
    files: dict[str, Path],
    *,
    statement: str | None = None,
    croissant: Path | None = None,
    url: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Writes the card of ``train`` and ``test``, and of ``micro`` where it is given.

    Args:
        out: Where the card goes.
        files: The files by split.
        statement: Who wrote the records and how, as Markdown; the curated ones have theirs.
        croissant: Where the description in Croissant goes, if it is wanted.
        url: Where the dataset is published.
        progress: Called with the number of records read so far.

    Raises:
        FrictionError: A file cannot be read or is empty, holds a line that is no record, or two have one name.
        ModuleNotFoundError: The extra ``inspect`` is not installed.
    """
    if len({path.name for path in files.values()}) < len(files):
        raise FrictionError(
            problem="two files of the card have one name",
            because=f"they are {', '.join(str(path) for path in files.values())}",
            fix="rename one: on the Hub they lie in one folder",
        )
    places: dict[Path, Path] = {}
    for path in (*files.values(), out, *([croissant] if croissant else [])):
        if places.setdefault(real(path), path) is not path:
            raise FrictionError(
                problem=f"'{path}' is another file of the card",
                because="it would be written over",
                fix="name files of their own for what is written",
            )
    train, test = list(read_records(files["train"])), list(read_records(files["test"]))
    for name, found in (("train", train), ("test", test)):
        if not found:
            raise no_records(files[name])
    records = [*train, *test]
    curated = [real(files[name]) for name in ("train", "test")] == [real(TRAIN), real(TEST)]
    about = About(
        title=TITLE if curated else files["train"].stem,
        name="friction-twins" if curated else files["train"].stem,
        licenses=sorted({record.metadata.license.lower() for record in records}),
        languages=sorted({record.metadata.language for record in records}),
        statement=statement or (CURATED_STATEMENT if curated else NO_STATEMENT),
    )
    report = validate([files["train"], files["test"]], progress)
    counted = statistics(records)
    text = card(
        files,
        about,
        counted=counted,
        tables=tables(counted),
        findings=report.findings,
        shortcut=shortcut_table(train, test),
    )
    described = _described(files, about, url, max(r.metadata.created for r in records).isoformat()) if croissant else ""
    with whole_file(out) as file:
        file.write(text.encode())
    if croissant is not None:
        with whole_file(croissant) as file:
            file.write(described.encode())


def _described(files: dict[str, Path], about: About, url: str | None, published: str) -> str:
    from friction.dataset.croissant import croissant

    return json.dumps(croissant(files, about, url=url, published=published), indent=1, ensure_ascii=False)
