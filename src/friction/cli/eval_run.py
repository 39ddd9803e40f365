"""`friction eval run` and `friction eval dial`: the same prompts to both arms."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

if TYPE_CHECKING:
    from friction.engine.base import Engine
    from friction.evaluate.run import ArmPlan, Plan, Progress
    from friction.evaluate.suites import Suite

RUN = Path("runs/eval")
DIAL = (0.0, 4.0)
"""The scales that may be measured: further than those that are of use, so that a curve shows where it falls."""
EMBEDDED_SLOTS = 8
"""Replies of one arm of the organism at the same time; more gain nothing on two cores (docs/lab-notes.md)."""

EngineOption = Annotated[
    list[str], typer.Option("--engine", help="Who answers; give it twice for baseline and friction.", show_default=True)
]
DialEngineOption = Annotated[
    list[str],
    typer.Option("--engine", help="Whose dial is turned; a first of two is the baseline only.", show_default=True),
]
SuiteOption = Annotated[
    str | None, typer.Option(help="organism, twins, plain, or a JSONL or CSV file; else it follows the engine.")
]
BenchmarkOption = Annotated[str | None, typer.Option(help="A public benchmark; `friction eval suites` lists them.")]
FromOption = Annotated[Path | None, typer.Option("--from", help="The benchmark's file, as its authors publish it.")]
OutOption = Annotated[Path, typer.Option("-o", "--out", help="The run's folder; a second start goes on.")]
LimitOption = Annotated[
    int | None, typer.Option(min=1, help="At most so many pairs of each move, and ten times as many plain questions.")
]
MoveOption = Annotated[list[str] | None, typer.Option(help="Only this move; may be given again.")]
SeedOption = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the sampling.")]
TemperatureOption = Annotated[float, typer.Option(min=0.0, max=2.0, help="0 takes the likeliest token.")]
TokensOption = Annotated[int | None, typer.Option(min=1, help="The longest reply, thinking included.")]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Replies asked for at the same time.")]


def run(  # pylint: disable=too-many-arguments,too-many-positional-arguments,dangerous-default-value
    engine: EngineOption = ["embedded"],  # typer copies it
    suite: SuiteOption = None,
    benchmark: BenchmarkOption = None,
    from_file: FromOption = None,
    out: OutOption = RUN,
    friction: Annotated[
        float | None, typer.Option(help="The dial: the adapter's scale, 0 to 4; else 1, as it was trained.")
    ] = None,
    limit: LimitOption = None,
    move: MoveOption = None,
    repeats: Annotated[int, typer.Option(min=1, help="Replies to each prompt; more than one needs a temperature.")] = 1,
    seed: SeedOption = 0,
    temperature: TemperatureOption = 0.0,
    max_tokens: TokensOption = None,
    workers: WorkersOption = None,
) -> None:
    """Put the same prompts to the baseline and the friction model.

    Every reply is on disk before the next is asked for: killed at any moment, the same command goes on. Then
    `friction eval report` makes the page.
    """
    from friction.evaluate.assess import FULL

    chosen = chosen_suite(engine, suite, benchmark, from_file, limit, move or [])
    _start(
        engine, chosen, out, (FULL if friction is None else friction,), repeats, seed, temperature, max_tokens, workers
    )


def dial(  # pylint: disable=too-many-arguments,too-many-positional-arguments,dangerous-default-value
    engine: DialEngineOption = ["embedded"],
    lowest: Annotated[float, typer.Option("--from", help="The first setting.")] = 0.0,
    highest: Annotated[float, typer.Option("--to", help="The last setting.")] = 1.5,
    steps: Annotated[int, typer.Option(min=2, max=50, help="How many settings, the ends included.")] = 7,
    suite: SuiteOption = None,
    out: OutOption = Path("runs/dial"),
    limit: LimitOption = None,
    move: MoveOption = None,
    seed: SeedOption = 0,
    temperature: TemperatureOption = 0.0,
    max_tokens: TokensOption = None,
    workers: WorkersOption = None,
) -> None:
    """Measure the operating curve: hits against false alarms as the dial turns.

    The report of such a run has the curve, the area under it and the best setting.
    """
    from friction.errors import FrictionError

    if highest <= lowest:
        raise FrictionError(
            problem=f"the dial cannot go from {lowest:g} to {highest:g}",
            because="the last setting must be above the first",
            fix="give --from and --to the other way round",
        )
    dials = tuple(dict.fromkeys(round(lowest + (highest - lowest) * step / (steps - 1), 4) for step in range(steps)))
    chosen = chosen_suite(engine, suite, None, None, limit, move or [])
    _start(engine, chosen, out, dials, 1, seed, temperature, max_tokens, workers)


def chosen_suite(  # pylint: disable=too-many-positional-arguments
    engines: Sequence[str],
    suite: str | None,
    benchmark: str | None,
    from_file: Path | None,
    limit: int | None,
    moves: Sequence[str],
) -> Suite:
    """The prompts that the options name.

    Raises:
        FrictionError: They name none, or two things at once.
    """
    from friction.errors import FrictionError
    from friction.evaluate.suites import benchmark_suite, read_suite, shortened, suite_for
    from friction.moves import find_move

    if benchmark and suite:
        raise FrictionError(
            problem="--suite does not go with --benchmark",
            because="each says what is asked",
            fix="leave one of the two away",
        )
    if from_file and not benchmark:
        raise FrictionError(
            problem="--from says nothing without --benchmark",
            because="it is the benchmark's file",
            fix="name the benchmark, or give the file as --suite FILE",
        )
    found = benchmark_suite(benchmark, from_file) if benchmark else read_suite(suite or suite_for(engines))
    return shortened(found, limit, [find_move(move) for move in moves])


def _start(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    specs: Sequence[str],
    suite: Suite,
    out: Path,
    dials: tuple[float, ...],
    repeats: int,
    seed: int,
    temperature: float,
    max_tokens: int | None,
    workers: int | None,
) -> None:
    from friction.engine.patience import Patience
    from friction.evaluate.run import Plan, Run, check_repeats

    check_repeats(repeats, temperature)
    _check_dials(dials)
    with ExitStack() as cleanup:
        engines = _open(specs, workers, cleanup)
        arms = _arms(engines, dials)
        plan = Plan(
            suite=suite,
            arms=arms,
            repeats=repeats,
            temperature=temperature,
            max_tokens=max_tokens,
            seed=seed,
            workers=workers or 2 * EMBEDDED_SLOTS,
        )
        with shown(plan) as (report, note):
            progress = Run(plan, out, Patience(notify=note), report).run()
    _print_sum(progress, out)


def _check_dials(dials: Sequence[float]) -> None:
    from friction.errors import FrictionError

    low, high = DIAL
    for value in dials:
        if not low <= value <= high:  # true for NaN, too
            raise FrictionError(
                problem=f"the dial cannot be {value:g}",
                because=f"it goes from {low:g}, the baseline, over 1, the trained model, to {high:g}",
                fix="give a number in that range, such as 1",
            )


def _open(specs: Sequence[str], workers: int | None, cleanup: ExitStack) -> list[Engine]:
    from friction.engine.parse import open_engine
    from friction.errors import FrictionError

    if len(specs) > 2:
        raise FrictionError(
            problem=f"{len(specs)} engines are too many",
            because="there are two arms: baseline and friction",
            fix="give --engine once or twice",
        )
    at_once = max(1, workers // 2) if workers else EMBEDDED_SLOTS
    engines = []
    for spec in specs:
        opened = open_engine(spec, notify=_note, alone=len(specs) == 1, at_once=at_once)
        cleanup.callback(opened.close)
        engines.append(opened)
    for opened in engines:
        opened.start()
    return engines


def _arms(engines: Sequence[Engine], dials: tuple[float, ...]) -> tuple[ArmPlan, ...]:
    from friction.errors import FrictionError
    from friction.evaluate.assess import FULL
    from friction.evaluate.run import ArmPlan

    baseline, friction = engines[0], engines[-1]
    arms = [ArmPlan("baseline", baseline)]
    if friction.has_dial:
        arms.append(ArmPlan("friction", friction, dials))
    elif dials != (FULL,):
        raise FrictionError(
            problem=f"'{friction.name}' has no dial",
            because="it has no adapter whose scale could be chosen",
            fix="name an engine with an adapter: embedded, gguf:MODEL+ADAPTER",
        )
    elif len(engines) == 2:
        arms.append(ArmPlan("friction", friction))
        if baseline.name == friction.name:
            _note(f"both arms are '{friction.name}': whatever differs between them is chance")
    else:
        _note(f"'{friction.name}' has no adapter: it runs as the baseline only. Compare it with a second --engine.")
    return tuple(arms)


@contextmanager
def shown(plan: Plan) -> Iterator[tuple[Callable[[Progress], None], Callable[[str], None]]]:
    """A bar on stderr with the time left; lines where there is no terminal.

    Yields:
        What takes the progress, and what takes a note that the person should read.
    """
    console = Console(stderr=True)
    columns = (TextColumn("replies"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"))
    meter = Bar(
        *columns, TimeRemainingColumn(), TextColumn("{task.fields[more]}"), console=console,
        disable=not sys.stderr.isatty(),
    )  # fmt: skip
    task = meter.add_task("replies", total=None, more="")
    begun, said = time.monotonic(), 0.0
    names = ", ".join(dict.fromkeys(arm.engine.name for arm in plan.arms))
    console.print(Text(f"{plan.suite.title}: {len(plan.suite.prompts):,} prompts, answered by {names}"), soft_wrap=True)

    def report(progress: Progress) -> None:
        nonlocal said
        seconds = time.monotonic() - begun
        asked = max(1, progress.done - progress.kept)
        more = f"{progress.tokens / max(1e-9, seconds):,.0f} tokens/s"
        more += f", {progress.failed:,} failed" if progress.failed else ""
        meter.update(task, completed=progress.done, total=progress.total, more=more)
        if meter.disable and (seconds - said > 10 or progress.done == progress.total):
            said = seconds
            left = seconds / asked * (progress.total - progress.done)
            print(
                f"{progress.done:,} of {progress.total:,} replies, {left:.0f} s left; {more}",
                file=sys.stderr,
                flush=True,
            )

    def note(text: str) -> None:
        meter.console.print(Text(text), soft_wrap=True)

    with meter:
        yield report, note


def _print_sum(progress: Progress, out: Path) -> None:
    kept = f", {progress.kept:,} of them from earlier starts" if progress.kept else ""
    print(f"written: '{out}', {progress.total:,} replies{kept}")
    if progress.failed:
        print(f"{progress.failed:,} replies could not be had, the last because: {progress.reason}")
        print("the same command asks for those again")
    print(f"the page: friction eval report {shlex.quote(str(out))}")


def _note(text: str) -> None:
    print(f"friction: {text}", file=sys.stderr, flush=True)
