"""`friction organism`: the embedded model, its world, its numbers and how it is made."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from friction.cli import NOUNS
from friction.errors import FrictionError
from friction.files import shipped

if TYPE_CHECKING:
    from friction.organism.check import Rates

app = typer.Typer(help=NOUNS["organism"], no_args_is_help=True)


@app.callback()
def organism() -> None:
    """Look at the embedded model: its world, its numbers, how it is made."""


@app.command()
def show(
    seed: Annotated[int, typer.Option(help="Picks the samples.")] = 0,
    move: Annotated[str | None, typer.Option(help="Only this move.")] = None,
) -> None:
    """Samples of the world: a pair of twins of every move, with what both arms are taught to reply."""
    from friction.cli.organism_samples import print_samples

    print_samples(Console(), seed, move)


@app.command()
def check(
    json_file: Annotated[
        Path | None, typer.Option("--replies", help="Also write every reply to this JSONL file.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many prompts of each kind, for a quick look.")] = None,
    weights: Annotated[Path | None, typer.Option(help="A weights folder; the shipped one if not given.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the numbers into the manifest.")] = False,
) -> None:
    """Measure both arms on everything that was held out; exit code 1 where a target is missed."""
    if limit is not None and write:
        raise FrictionError(
            problem="--limit does not go with --write",
            because="the manifest holds the numbers of the whole check",
            fix="leave one of the two away",
        )
    if not measure(Console(), weights, limit=limit, replies=json_file, write=write):
        raise typer.Exit(1)


def measure(
    console: Console,
    weights: Path | None,
    *,
    limit: int | None = None,
    replies: Path | None = None,
    write: bool = False,
) -> bool:
    """Asks, counts, prints and, if wanted, keeps; returns whether every target was reached."""
    from friction.engine.embedded import EmbeddedPair
    from friction.engine.gguf_cache import WEIGHTS
    from friction.organism.check import as_rows, ask, count, missed
    from friction.organism.weights import add_numbers

    if replies is not None:
        replies.touch()  # better to learn now than after all replies that it can't be written
    progress = Console(stderr=True)
    started = time.monotonic()

    def report(done: int, total: int) -> None:
        left = (time.monotonic() - started) / done * (total - done)
        progress.print(f"{done:,} of {total:,} replies, {left:.0f} s left", highlight=False)

    with EmbeddedPair(weights, slots=4, threads=2) as pair:
        asked = ask(pair, report, limit)
    rates = count(asked)
    console.print(_table(rates))
    if replies is not None:
        replies.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in as_rows(asked)), "utf-8")
    if write:
        add_numbers(weights or WEIGHTS, {name: rate.as_dict() for name, rate in sorted(rates.items())})
    failures = missed(rates)
    console.print(f"missed: {', '.join(failures)}" if failures else "every target is reached", highlight=False)
    return not failures


def _table(rates: "Rates") -> Table:
    from friction.organism.check import TARGETS
    from friction.organism.weights import HONESTY

    columns = ("what", "measured", "95 % interval", "n", "items", "target")
    table = Table(*columns, title="The organism on what was held out", caption=HONESTY)
    targets = {target.what: target for target in TARGETS}
    order = list(targets)
    for name, rate in sorted(rates.items(), key=lambda row: (order.index(row[0]) if row[0] in order else 99, row[0])):
        low, high = rate.interval
        target = targets.get(name)
        wanted = ""
        if target is not None:
            bound = f"≥ {target.at_least:.2f}" if target.at_least is not None else f"≤ {target.at_most:.2f}"
            wanted = f"{bound} {'reached' if target.reached(rate) else 'MISSED'}"
        table.add_row(
            name, f"{rate.share:.3f}", f"{low:.3f} to {high:.3f}", str(rate.total), str(len(rate.items) or ""), wanted
        )
    return table


@app.command()
def build(
    output: Annotated[Path, typer.Option(help="Where the run's folders lie.")] = Path("runs/organism"),
    install: Annotated[
        bool | None,
        typer.Option(
            help="Put the result in the package's place, whatever it reaches, or never; "
            "if neither is said, a full build goes there where it reaches every target.",
            show_default=False,
        ),
    ] = None,
    steps: Annotated[int | None, typer.Option(help="Pretraining steps, for a trial; the numbers suffer.")] = None,
) -> None:
    """Make the embedded model from its seed: tokenizer, baseline, adapter, check. Resumes where it was interrupted."""
    from dataclasses import asdict, replace

    from friction.cli.train import run_recipe
    from friction.organism.pretrain import PretrainConfig, lessons, pretrain
    from friction.organism.weights import assemble
    from friction.organism.weights import install as put_in_place

    console = Console(stderr=True)
    config = PretrainConfig() if steps is None else replace(PretrainConfig(), steps=steps)
    console.print("1 of 3: the agreeable baseline")
    base = pretrain(
        output / "base",
        config,
        _progress(console, output / "base" / "pretrain.jsonl", lessons(config)[-1][0]),
    )
    console.print("2 of 3: the disagreement adapter")
    run = run_recipe(shipped("recipes") / "organism.yaml", output / "adapter", console, base=base)
    console.print("3 of 3: the check")
    weights = output / "weights"
    assemble(base, run, weights, pretraining=asdict(config))
    reached = measure(Console(), weights, write=True)
    if install or (install is None and reached and steps is None):
        put_in_place(weights)
        console.print("the package has the new weights")
    else:
        console.print(f"the weights are in '{weights}'; to put them in the package's place, add --install")
    if not reached:
        raise typer.Exit(1)


@app.command()
def checks() -> None:
    """Make the held-out prompts of the check anew, after a change of the world or the grammar."""
    from friction.organism.checkset import CHECKS, write_checks

    write_checks()
    Console().print(f"written: '{CHECKS / 'heldout.jsonl'}' and '{CHECKS / 'straight.jsonl'}'")


def _progress(console: Console, log: Path, steps: int) -> Any:
    """Prints a line and writes one to the log every fifty steps."""
    started = time.monotonic()
    losses: list[float] = []
    log.parent.mkdir(parents=True, exist_ok=True)

    def report(step: int, loss: float) -> None:
        losses.append(loss)
        if step % 50 == 0 or step == steps:
            mean = sum(losses[-50:]) / len(losses[-50:])
            left = (time.monotonic() - started) / len(losses) * (steps - step) / 60
            console.print(f"step {step:,} of {steps:,}  loss {mean:.3f}  {left:.0f} min left", highlight=False)
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"step": step, "loss": round(mean, 4)}) + "\n")

    return report
