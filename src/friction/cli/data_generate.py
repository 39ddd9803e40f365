"""`friction data generate`: how a generation is asked for, shown and summed up."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

if TYPE_CHECKING:
    from friction.dataset.generate.run import Plan, Progress
    from friction.dataset.generate.writer import Prompts

PROMPT_TOKENS, REPLY_TOKENS = 700, 180
"""About what one reply reads and writes, by the lengths of the prompts and of the curated records."""


@dataclass(frozen=True)
class Price:
    """Dollars for a million tokens; zero where nothing is paid."""

    read: float
    written: float

    def of(self, read: int, written: int) -> float:
        """Dollars."""
        return (read * self.read + written * self.written) / 1e6


def print_preview(plan: Plan, prompts: Prompts, count: int, price: Price) -> None:
    """The first pairs' seeds and first prompts, and what the whole would take; nothing is asked of any engine."""
    from friction.dataset.generate.writer import scenario_prompt, steps

    console = Console(highlight=False)
    seeds = list(plan.seeds(prompts))
    for seed in seeds[:count]:
        about = f"pair {seed.number}: {seed.move} · {seed.domain} · {seed.difficulty}"
        console.print(Text(about, "bold"))
        console.print(Text(f"who thinks: {', '.join(seed.due)} (due); {', '.join(seed.twin)} (twin)\n"), soft_wrap=True)
        console.print(Text(scenario_prompt(prompts, seed) + "\n"), soft_wrap=True)
    calls = sum(map(steps, seeds))
    read, written = calls * PROMPT_TOKENS, calls * REPLY_TOKENS
    cost = f", about ${price.of(read, written):,.2f}" if price.read or price.written else ""
    console.print(
        f"{plan.pairs:,} pairs: {calls:,} replies, about {read:,} tokens to read and {written:,} to write{cost}. "
        "Nothing was asked yet; leave --preview out to begin.",
        soft_wrap=True,
    )


@contextmanager
def shown(plan: Plan, price: Price) -> Iterator[tuple[Callable[[Progress], None], Callable[[str], None]]]:
    """A bar on stderr with the rate, the cost so far and the time left; lines where there is no terminal.

    Yields:
        What takes the progress, and what takes a note that the person should read.
    """
    console = Console(stderr=True)
    meter = Bar(
        TextColumn("pairs"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[more]}"),
        console=console,
        disable=not sys.stderr.isatty(),
    )
    task = meter.add_task("pairs", total=plan.pairs, more="")
    begun, said, before = time.monotonic(), 0, -1

    def report(progress: Progress) -> None:
        nonlocal said, before
        over = progress.done + progress.failed
        before = over if before < 0 else before  # what earlier starts have done is no work of this one
        rate = 60 * (over - before) / max(1e-9, time.monotonic() - begun)
        more = f"{rate:.1f} pairs/min, {_more(progress, price)}"
        meter.update(task, completed=over, more=more)
        if meter.disable and over >= said + max(1, plan.pairs // 20):
            said = over
            print(f"{over} of {plan.pairs} pairs; {more}", file=sys.stderr, flush=True)

    def note(text: str) -> None:
        meter.console.print(Text(text), soft_wrap=True)  # above the bar, where there is one

    with meter:
        yield report, note


def _more(progress: Progress, price: Price) -> str:
    parts = [f"{progress.calls:,} replies"]
    if progress.rejects:
        parts.append(f"{progress.rejects} begun anew")
    if progress.waits:
        parts.append(f"waited {progress.waits}×")
    if price.read or price.written:
        parts.append(f"${price.of(progress.tokens_in, progress.tokens_out):,.2f}")
    return ", ".join(parts)


def print_sum(progress: Progress, plan: Plan, folder: Path, price: Price) -> None:
    """The last lines."""
    from friction.dataset.generate.run import PAIRS, REJECTS

    print(f"written: '{folder / PAIRS}', {progress.done:,} pairs; {_more(progress, price)}")
    if progress.rejects or progress.failed:
        print(f"why beginnings came to nothing: '{folder / REJECTS}'")
    if progress.failed:
        print(f"{progress.failed:,} of {plan.pairs:,} pairs were given up: start again, or try a better model")


def generate(  # pylint: disable=too-many-arguments,too-many-positional-arguments,too-many-locals
    engine: Annotated[str, typer.Option(help="Who writes: openai:MODEL@URL, ollama:NAME ...", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", help="A folder; a second start goes on.", show_default=False)],
    pairs: Annotated[int, typer.Option(min=1, help="How many pairs.")] = 12,
    move: Annotated[list[str] | None, typer.Option(help="Only this move; may be given again.")] = None,
    domain: Annotated[list[str] | None, typer.Option(help="Only this domain; may be given again.")] = None,
    seed: Annotated[int, typer.Option(help="Decides what each pair is about.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Pairs that are written at the same time.")] = 4,
    temperature: Annotated[float, typer.Option(min=0.0)] = 0.9,
    max_tokens: Annotated[int, typer.Option(min=100, help="The longest reply, thinking included.")] = 2000,
    preview: Annotated[
        int | None, typer.Option(min=1, help="Print so many pairs' beginnings and the cost; ask nothing.")
    ] = None,
    price_in: Annotated[float, typer.Option(help="Dollars for a million tokens read.")] = 0.0,
    price_out: Annotated[float, typer.Option(help="Dollars for a million tokens written.")] = 0.0,
    prompts: Annotated[Path | None, typer.Option(help="A folder of your own prompts.")] = None,
) -> None:
    """Have a model write new pairs, persona by persona, and keep those that pass the checks.

    Every reply is on disk before it is used: killed at any moment, the next start goes on. Beginnings of pairs that
    the checks turn down are kept in rejects.jsonl with the reason. Nothing new may resemble the curated records, or
    quote the test set.
    """
    from friction.dataset.curated import TEST, TRAIN
    from friction.dataset.generate.run import Generation, Plan
    from friction.dataset.generate.seeds import ALL_MOVES, DOMAINS
    from friction.dataset.generate.writer import Prompts, shipped_prompts
    from friction.engine.parse import open_engine
    from friction.engine.patience import Patience
    from friction.errors import FrictionError
    from friction.jsonl import read_records
    from friction.moves import find_move

    if not all(name.strip() for name in domain or ()):
        raise FrictionError(
            problem="'' is no domain", because="a record has to name one", fix="name one, or leave --domain out"
        )
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
        with shown(plan, price) as (report, note):
            generation = Generation(
                engine=writer,
                plan=plan,
                folder=out,
                prompts=files,
                test=list(read_records(TEST)),
                known=list(read_records(TRAIN)),
                patience=Patience(notify=note),
                report=report,
            )
            progress = generation.run()
    finally:
        writer.close()
    print_sum(progress, plan, out, price)
    raise typer.Exit(1 if progress.failed else 0)
