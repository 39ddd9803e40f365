"""`friction data generate`: how a generation is asked for, shown and summed up."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from friction.dataset.generate.run import PAIRS, REJECTS, Plan, Progress
from friction.dataset.generate.writer import Prompts, scenario_prompt, steps

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
def shown(plan: Plan, price: Price) -> Iterator[Callable[[Progress], None]]:
    """A bar on stderr with the rate, the cost so far and the time left; lines where there is no terminal."""
    console = Console(stderr=True)
    bar = Bar(
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
    task = bar.add_task("pairs", total=plan.pairs, more="")
    said = 0

    def report(progress: Progress) -> None:
        nonlocal said
        over = progress.done + progress.failed
        bar.update(task, completed=over, more=_more(progress, price))
        if bar.disable and over >= said + max(1, plan.pairs // 20):
            said = over
            print(f"{over} of {plan.pairs} pairs; {_more(progress, price)}", file=sys.stderr, flush=True)

    with bar:
        yield report


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
    print(f"written: '{folder / PAIRS}', {progress.done:,} pairs; {_more(progress, price)}")
    if progress.rejects or progress.failed:
        print(f"why beginnings came to nothing: '{folder / REJECTS}'")
    if progress.failed:
        print(f"{progress.failed:,} of {plan.pairs:,} pairs were given up: try another --seed, or a better model")
