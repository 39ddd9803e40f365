"""One training of a unit: the organism's own recipe, shorter, and the adapter kept at every milestone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from friction.files import shipped
from friction.manifest import SCRATCH
from friction.train.recipe import Recipe, load_recipe
from friction.train.sft import train_adapter
from scripts.experiments.settings import Settings
from scripts.experiments.units import Unit

ADAPTERS = "adapters"
"""Where the adapters of the milestones lie, by step."""


def recipe_of(unit: Unit, settings: Settings) -> Recipe:
    """The organism's recipe with the experiments' steps, over the base as it is.

    No 4-bit base: what it costs in speed is a tenth, what it changes is nothing (docs/lab-notes.md).
    """
    recipe = load_recipe(shipped("recipes") / "organism.yaml")
    changes: dict[str, Any] = {
        "name": unit.name,
        "data": f"experiment:{unit.name}",
        "rows": settings.rows,
        "quantization": "none",
        "batch_size": settings.batch_size,
        "steps": settings.steps,
        "save_steps": settings.save_steps,
        "seed": unit.seed,
    }
    return Recipe.model_validate({**recipe.model_dump(), **changes})


def milestones_of(unit: Unit, settings: Settings) -> tuple[int, ...]:
    """The steps after which a unit's adapter is measured: only the reference's before the end."""
    return settings.milestones if unit.variant == "reference" else (settings.steps,)


def train_unit(
    unit: Unit, settings: Settings, *, rows: Path, folder: Path, report: Callable[[int], None]
) -> dict[int, Path]:
    """Trains, or goes on from the last checkpoint.

    Args:
        unit: What is trained.
        settings: Of the experiments.
        rows: The JSONL of its conversations.
        folder: The training's folder.
        report: Called with the steps that are done.

    Returns:
        The adapters by step.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = milestones_of(unit, settings)

    def watch(step: int, _steps: int, _figures: dict[str, float]) -> None:
        _keep(folder, wanted)
        report(step)

    recipe = recipe_of(unit, settings)
    train_adapter(recipe, base=settings.weights / "base", data=rows, folder=folder, report=watch)
    _keep(folder, wanted)
    kept = {step: folder / ADAPTERS / str(step) for step in wanted if step != settings.steps}
    return {**kept, settings.steps: folder / "adapter"}


def _keep(folder: Path, wanted: tuple[int, ...]) -> None:
    """Copies the adapters of complete checkpoints before the trainer removes them: it leaves the newest two alone."""
    for step in wanted:
        checkpoint, target = folder / SCRATCH / f"checkpoint-{step}", folder / ADAPTERS / str(step)
        if target.exists() or not (checkpoint / "trainer_state.json").exists():
            continue
        part = target.with_name(target.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for name in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copyfile(checkpoint / name, part / name)
        os.replace(part, target)
