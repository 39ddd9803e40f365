"""`friction eval report`, `compare`, `gate`, `suites`: what a run says."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from friction.cli.eval_run import RUN

if TYPE_CHECKING:
    from friction.evaluate.replies import Arm
    from friction.evaluate.report.numbers import Kind
    from friction.evaluate.runfolder import FinishedRun
    from friction.evaluate.scored import Scored
    from friction.evaluate.statistics.estimate import Estimate
    from friction.evaluate.summary import Comparison, Summary

RunArgument = Annotated[Path, typer.Argument(help="A folder that `friction eval run` wrote.")]


def report(
    run: RunArgument = RUN,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="Where report.html, .md and .json go; else into the run's folder."),
    ] = None,
) -> None:
    """Score a run and make its page: report.html, and the same as Markdown and JSON."""
    from friction.evaluate.assess import at_main_dials, main_arms, summarise
    from friction.evaluate.report import dial_svg, html_report, markdown_report
    from friction.files import whole_file

    found, scored = scored_run(run)
    summary = summarise(found, scored)
    folder = out or run
    files = {
        "report.html": html_report(summary, at_main_dials(scored, main_arms(scored))),
        "report.md": markdown_report(summary),
        "report.json": json.dumps(summary.as_dict(), indent=2, ensure_ascii=False) + "\n",
    }
    if summary.dial is not None:
        files["dial.svg"] = dial_svg(summary.dial)
    for name, text in files.items():
        with whole_file(folder / name) as file:
            file.write(text.encode(errors="replace"))
    print_summary(summary)
    print(f"written: {', '.join(repr(str(folder / name)) for name in files)}")


def compare(run: RunArgument, other: Annotated[Path, typer.Argument(help="A second run on the same prompts.")]) -> None:
    """Compare the friction arms of two runs, prompt by prompt: which of two adapters, recipes or models is better."""
    from friction.errors import FrictionError
    from friction.evaluate.figures import aligned
    from friction.evaluate.figures import compare as compare_arms

    sides, told, asked = [], [], []
    for name, folder in (("first", run), ("second", other)):
        found, scored = scored_run(folder)
        arm, replies = _to_compare(scored)
        sides.append(replies)
        asked.append({prompt.id: prompt.messages for prompt in found.prompts})
        told.append(f"{name}: '{folder}', its {arm}, {len(found.prompts):,} prompts")
    shared = {name for name, messages in asked[0].items() if asked[1].get(name) == messages}
    pairs = [pair for pair in aligned(sides[0], sides[1]) if pair[0].prompt.id in shared]
    if not pairs:
        raise FrictionError(
            problem=f"'{run}' and '{other}' have no prompt in common",
            because="they were run on different suites",
            fix="run both on the same suite",
        )
    console = _console()
    for line in told:
        console.print(Text(line), soft_wrap=True)
    rest = "" if all(len(prompts) == len(shared) for prompts in asked) else "; the rest is left out"
    console.print(
        f"shared: {len(shared):,} prompts, {len(pairs):,} replies of each{rest}. The difference is second minus first.",
        soft_wrap=True,
    )
    console.print(_comparisons(compare_arms(pairs)))


def _to_compare(scored: Sequence[Scored]) -> tuple[str, list[Scored]]:
    """The arm of a run that is compared, in words, and its replies."""
    from friction.evaluate.assess import at_main_dials, main_arms

    arms = main_arms(scored)
    arm: Arm = "friction" if "friction" in arms else "baseline"
    dial = "" if arms[arm] is None else f" at dial {arms[arm]:g}"
    return f"{arm} arm{dial}", [one for one in at_main_dials(scored, arms) if one.reply.arm == arm]


def gate(  # pylint: disable=too-many-positional-arguments
    run: RunArgument = RUN,
    min_hit: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="The least hit rate.")] = None,
    max_false_alarm: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="The most false alarms.")] = None,
    max_lost: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="The most plain questions lost against the baseline.")
    ] = None,
    every_move: Annotated[
        bool, typer.Option("--every-move", help="Each move has to pass, not only all of them.")
    ] = False,
    max_unscored: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="The largest share of replies that were cut, empty or failed."),
    ] = 0.05,
) -> None:
    """Fail (exit code 1) where a run is not good enough, or too little of it was measured: for CI.

    The limits are about the friction arm, or about the baseline where it is alone.
    """
    from friction.errors import FrictionError
    from friction.evaluate.assess import summarise
    from friction.evaluate.gate import Limits, failures, measured

    limits = Limits(min_hit, max_false_alarm, max_lost, every_move, max_unscored)
    if not limits.any:
        raise FrictionError(
            problem="the gate has no limit",
            because="none was given",
            fix="add --min-hit 0.8 --max-false-alarm 0.1, as you need",
        )
    found, scored = scored_run(run)
    summary = summarise(found, scored)
    for line in measured(summary, limits):
        print(line)
    wrong = failures(summary, limits)
    for line in wrong:
        print(f"failed: {line}")
    if wrong:
        raise typer.Exit(1)
    print("passed")


def suites() -> None:
    """List the suites that ship, and the public benchmarks with where they live and their licences."""
    from friction.evaluate.benchmarks import BENCHMARKS
    from friction.evaluate.suites import SUITES

    console = _console()
    table = Table(box=None, padding=(0, 3, 0, 0), show_header=False)
    for name, about in SUITES.items():
        table.add_row(Text(name, "bold"), about)
    console.print("suites: friction eval run --suite NAME")
    console.print(table)
    console.print()
    console.print("benchmarks: friction eval run --benchmark NAME --from FILE")
    table = Table(box=None, padding=(0, 3, 0, 0), show_header=False)
    for name, benchmark in BENCHMARKS.items():
        table.add_row(Text(name, "bold"), benchmark.title, benchmark.file, benchmark.licence, benchmark.home)
    console.print(table)


def scored_run(folder: Path) -> tuple[FinishedRun, list[Scored]]:
    """A run and its scored replies, with progress where that takes a while.

    Raises:
        FrictionError: There is no such folder, or it holds no complete run.
    """
    from friction.errors import FrictionError
    from friction.evaluate.assess import score_run
    from friction.evaluate.runfolder import read_run

    if not folder.is_dir():
        raise FrictionError(
            problem=f"there is no folder '{folder}'",
            because="it is a file" if folder.exists() else "nothing is there",
            fix="name the folder of a run, or make one: friction eval run -o FOLDER",
        )
    found = read_run(folder)
    with Console(stderr=True).status("scoring") as status:

        def progress(done: int, total: int) -> None:
            if done % 200 == 0 and sys.stderr.isatty():
                status.update(f"scoring: {done:,} of {total:,} replies")

        return found, score_run(found, progress)


def print_summary(summary: Summary) -> None:
    """The headline, the rates by move, what differs, and the limitations."""
    from friction.evaluate.report.words import move_name

    console = _console()
    console.print(Text(summary.headline, "bold"), soft_wrap=True)
    for line in summary.honesty:
        console.print(Text(line, "dim"), soft_wrap=True)
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("")
    for arm in summary.arms:
        for what in ("hits", "false alarms"):
            table.add_column(f"{arm.arm} {what}", justify="right")
    moves = dict.fromkeys(move for arm in summary.arms for move in arm.detection)
    for move in moves:
        cells = []
        for arm in summary.arms:
            found = arm.detection.get(move)
            cells += [rate_text(found.hits if found else None), rate_text(found.false_alarms if found else None)]
        table.add_row(move_name(move), *cells)
    console.print(table)
    for metric in summary.benchmark:
        console.print(Text(f"{metric.name}, {metric.arm}: {rate_text(metric.estimate, 'mean')}"), soft_wrap=True)
    for line in summary.limitations:
        console.print(Text(f"- {line}"), soft_wrap=True)


def rate_text(found: Estimate | None, kind: Kind = "share") -> str:
    """A figure with its interval and what it was counted on, as the report prints it."""
    from friction.evaluate.report.numbers import NONE, Shown

    return NONE if found is None else Shown(found, kind).with_cases


def _comparisons(found: Sequence[Comparison]) -> Table:
    from friction.evaluate.report.numbers import NONE, Shown, p_value
    from friction.evaluate.report.words import compared, move_name

    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    for column in ("what", "move", "first", "second", "difference", "p", "p (Holm)", "prompts needed"):
        table.add_column(column, justify="left" if column in ("what", "move") else "right")
    for one in found:
        label, kind = compared(one)
        table.add_row(
            label,
            move_name(one.move),
            rate_text(one.baseline, kind),
            rate_text(one.friction, kind),
            Shown(one.difference, kind, signed=True).text,
            *(NONE if p is None else p_value(p) for p in (one.p, one.p_holm)),
            f"{one.needed:,}" if one.needed else NONE,
        )
    return table


def _console() -> Console:
    console = Console(highlight=False)
    console.width = max(console.width, 120 if console.is_terminal else 200)
    return console
