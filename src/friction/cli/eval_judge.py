"""`friction eval judge`: a model says what rules cannot see."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from friction.cli.eval_report import RunArgument, rate_text, scored_run
from friction.cli.eval_run import RUN

if TYPE_CHECKING:
    from friction.evaluate.judge.plan import Mode
    from friction.evaluate.judge.run import JudgeProgress
    from friction.evaluate.judge.summary import JudgeSummary
    from friction.evaluate.report.numbers import Kind


def judge(  # pylint: disable=too-many-arguments,too-many-positional-arguments,dangerous-default-value
    judge_engine: Annotated[
        str, typer.Option("--judge", help="Who judges: openai:MODEL@URL, ollama:NAME ...", show_default=False)
    ],
    run: RunArgument = RUN,
    mode: Annotated[
        list[str], typer.Option(help="rate: each answer on its rubric. compare: both arms' answers, in both orders.")
    ] = [
        "rate",
        "compare",
    ],  # typer copies it
    max_calls: Annotated[int | None, typer.Option(min=1, help="Stop before more calls than this.")] = None,
    max_cost: Annotated[float | None, typer.Option(min=0.0, help="Stop before more dollars than this.")] = None,
    price_in: Annotated[float, typer.Option(min=0.0, help="Dollars for a million tokens read.")] = 0.0,
    price_out: Annotated[float, typer.Option(min=0.0, help="Dollars for a million tokens written.")] = 0.0,
    max_tokens: Annotated[int, typer.Option(min=1, help="The judge's longest reply, its thinking included.")] = 2000,
    workers: Annotated[int, typer.Option(min=1, help="Answers judged at the same time.")] = 4,
    retry_unjudged: Annotated[bool, typer.Option(help="Ask anew for what an earlier start gave up.")] = False,
) -> None:
    """Have a model judge what rules cannot see: tone, specificity, whether a correction is right.

    It sees the answer alone, never which arm gave it. Every judgement is on disk before it is used; a second start
    asks nothing again. Its agreement with the rules stands beside its scores.
    """
    from friction.engine.patience import Patience
    from friction.evaluate.judge.plan import JudgePlan
    from friction.evaluate.judge.run import judge_run

    plan = JudgePlan(
        judge=judge_engine,
        modes=_modes(mode),
        max_calls=max_calls,
        max_cost=max_cost,
        price_in=price_in,
        price_out=price_out,
        max_tokens=max_tokens,
        workers=workers,
        retry_unjudged=retry_unjudged,
    )
    plan.check()
    _, scored = scored_run(run)
    with _shown() as (report, note):
        summary = judge_run(scored, run, plan, patience=Patience(notify=note), report=report)
    print_judgement(summary, run)


def _modes(named: Sequence[str]) -> tuple[Mode, ...]:
    from friction.errors import FrictionError
    from friction.evaluate.judge.plan import MODES

    if unknown := next((name for name in named if name not in MODES), None):
        raise FrictionError(
            problem=f"unknown mode '{unknown}'", because="there is no such mode", fix=f"name one of {', '.join(MODES)}"
        )
    return tuple(known for known in MODES if known in named)


@contextmanager
def _shown() -> Iterator[tuple[Callable[[JudgeProgress], None], Callable[[str], None]]]:
    """A bar on stderr; where there is no terminal, a line every ten seconds at most.

    Yields:
        What takes the progress, and what takes a note that the person should read.
    """
    columns = (TextColumn("judged"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"))
    meter = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), disable=not sys.stderr.isatty())
    task = meter.add_task("judged", total=None)
    said = time.monotonic()

    def report(progress: JudgeProgress) -> None:
        nonlocal said
        meter.update(task, completed=progress.done, total=progress.total)
        now = time.monotonic()
        if meter.disable and (now - said > 10 or progress.done == progress.total):
            said = now
            print(f"{progress.done:,} of {progress.total:,} judged", file=sys.stderr, flush=True)

    def note(text: str) -> None:
        meter.console.print(Text(text), soft_wrap=True)

    with meter:
        yield report, note


def print_judgement(summary: JudgeSummary, run: Path) -> None:
    """Means by arm and side, preferences, agreement with the rules, and what is left."""
    console = Console(highlight=False)
    console.width = max(console.width, 120)
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    for column in ("criterion", *(f"{arm}, {_side(side)}" for arm, sides in summary.ratings.items() for side in sides)):
        table.add_column(column, justify="left" if column == "criterion" else "right")
    criteria = dict.fromkeys(name for sides in summary.ratings.values() for found in sides.values() for name in found)
    for name in criteria:
        kind: Kind = "share" if name == "makes_the_move" else "mean"
        cells = [rate_text(found.get(name), kind) for sides in summary.ratings.values() for found in sides.values()]
        table.add_row(name.replace("_", " "), *cells)
    console.print(table)
    for side, found in summary.preferences.items():
        console.print(
            f"friction against baseline, {_side(side)}: wins {rate_text(found.wins)}, ties {rate_text(found.ties)}, "
            f"losses {rate_text(found.losses)}",
            soft_wrap=True,
        )
    for rules, by_move in summary.agreement.items():
        if "all" in by_move:
            console.print(f"agreement with the rules ({rules}): kappa {rate_text(by_move['all'].kappa, 'score')}")
    if summary.position is not None:
        console.print(f"comparisons that flipped with the order: {rate_text(summary.position.flipped)}")
    console.print(
        f"{summary.judged:,} judged, {summary.unjudged:,} without a verdict, {summary.left:,} left; "
        f"{summary.spent.calls:,} calls in this start"
    )
    if summary.advice:
        console.print(summary.advice, soft_wrap=True)
    print(f"written: '{run / 'judge.json'}' and '{run / 'judgements.jsonl'}'")


def _side(side: str) -> str:
    return side.replace("_", " ")
