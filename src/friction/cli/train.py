"""`friction train`: adapters from recipes."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from friction.cli import NOUNS

app = typer.Typer(help=NOUNS["train"], no_args_is_help=True)


@app.callback()
def train() -> None:
    """Train an adapter from a recipe."""


def run_recipe(recipe_path: Path, output: Path | None, console: Console, *, base: Path | None = None) -> Path:
    """Trains what a recipe says and shows how it goes; `friction organism build` calls it, too.

    Args:
        recipe_path: The recipe.
        output: The run's folder; ``runs/NAME`` if None.
        console: Where progress goes.
        base: The base model's folder, in place of the recipe's.

    Returns:
        The run's folder.
    """
    from friction.engine.gguf_cache import WEIGHTS
    from friction.organism.dialogues import write_dialogues
    from friction.organism.rows import fingerprint
    from friction.train.recipe import load_recipe
    from friction.train.sft import train_adapter

    recipe = load_recipe(recipe_path)
    folder = output or Path("runs") / recipe.name
    data = Path(recipe.data)
    if recipe.data == "organism":
        console.print(f"making {recipe.rows:,} dialogues from seed {recipe.seed}")
        data = write_dialogues(
            folder / f"dialogues-{recipe.seed}-{recipe.rows}-{fingerprint(recipe.seed)[:8]}.jsonl",
            seed=recipe.seed,
            count=recipe.rows,
        )
    base = base or (WEIGHTS / "base" if recipe.base == "embedded" else Path(recipe.base))
    started = time.monotonic()
    first: list[int] = []

    def report(step: int, steps: int, figures: dict[str, float]) -> None:
        first.append(step)
        done = max(1, step - first[0])
        left = (time.monotonic() - started) / done * (steps - step) if len(first) > 1 else 0.0
        loss = f"loss {float(figures['loss']):.3f}  " if "loss" in figures else ""
        console.print(f"step {step:,} of {steps:,}  {loss}{left / 60:.0f} min left", highlight=False)

    train_adapter(recipe, base=base, data=data, folder=folder, report=report)
    console.print(f"the adapter is in {folder / 'adapter'}")
    return folder


@app.command()
def run(
    recipe: Annotated[Path, typer.Argument(help="The recipe, such as recipes/organism.yaml.")],
    output: Annotated[Path | None, typer.Option(help="The run's folder; runs/NAME if not given.")] = None,
) -> None:
    """Train the adapter that a recipe describes, or go on where an earlier call was interrupted."""
    run_recipe(recipe, output, Console(stderr=True))
