"""`friction score`: what the replies in any file do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from friction.cli import NOUNS

app = typer.Typer(help=NOUNS["score"])


@app.command(help=NOUNS["score"])
def score(  # pylint: disable=too-many-positional-arguments
    file: Annotated[Path, typer.Argument(help="JSONL or CSV.", show_default=False)],
    reply: Annotated[str, typer.Option(help="The column with the reply.", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="A line for each row.", show_default=False)],
    thinking: Annotated[str | None, typer.Option(help="The column with the thinking, if it is apart.")] = None,
    prompt: Annotated[
        str | None, typer.Option(help="The column with the prompt, to be copied beside the score.")
    ] = None,
    move: Annotated[str | None, typer.Option(help="The column with the move that is expected.")] = None,
) -> None:
    """Says of every reply which moves it makes, whether it agrees, and which words say so."""
    from rich.console import Console

    from friction.evaluate.score_file import Columns, score_file

    console = Console(stderr=True)
    with console.status("scoring") as status:

        def report(rows: int) -> None:
            if rows % 200 == 0 and sys.stderr.isatty():
                status.update(f"scoring: {rows:,} rows")

        counts = score_file(file, Columns(reply, thinking, prompt, move), output, report)
    print(
        f"written: '{output}', {counts.rows:,} rows: {counts.friction:,} with friction, {counts.agrees:,} that agree, "
        f"{counts.empty:,} empty"
    )
