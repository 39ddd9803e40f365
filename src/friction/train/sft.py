"""Supervised fine-tuning of an adapter with TRL and PEFT, interruptible and resumable."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from friction.errors import FrictionError
from friction.files import sha256, whole_file
from friction.manifest import NAME, SCRATCH, write_manifest
from friction.train.arguments import adapter_config, quantization_config, training_arguments
from friction.train.data import read_conversations, rows
from friction.train.recipe import Recipe

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Report = Callable[[int, int, dict[str, float]], None]


def _require_base(folder: Path) -> None:
    if not (folder / "config.json").exists():
        raise FrictionError(
            problem=f"there is no base model in '{folder}'",
            because="it has no config.json",
            fix="check the recipe's field 'base'; `make organism` makes the embedded one",
        )


def _base(recipe: Recipe, folder: Path) -> PreTrainedModel:
    import torch
    from transformers import AutoModelForCausalLM

    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
        folder,
        dtype=torch.float32,
        quantization_config=quantization_config(recipe),
        attn_implementation="eager" if not torch.cuda.is_available() else "sdpa",
    )
    return model


def _keep_adapter_exact(model: Any) -> None:
    """Trains the adapter in float32, autocast or not.

    TRL 1.x turns the adapter of a 4-bit base into bfloat16, whose steps are 1/256: at a rate of 1e-3 most updates of a
    weight are rounded away.
    """
    import torch

    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.to(torch.float32)


def _callbacks(report: Report, folder: Path) -> list[Any]:
    """Progress, a log of every figure, and both as they come, so that a kill loses nothing that was shown."""
    from transformers import TrainerCallback

    class Monitor(TrainerCallback):
        """Hands the trainer's figures on."""

        def on_log(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            """Called by the trainer every ten steps."""
            logs = kwargs.get("logs") or {}
            with (folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps({"step": state.global_step, **logs}) + "\n")
            report(state.global_step, state.max_steps, logs)

    return [Monitor()]


def _last_checkpoint(folder: Path) -> str | None:
    """The newest checkpoint that was written to its end (the trainer's state is its last file)."""
    found = [p for p in folder.glob("checkpoint-*") if (p / "trainer_state.json").exists()]
    return str(max(found, key=lambda p: int(p.name.split("-")[1]))) if found else None


def _claim(folder: Path, recipe: Recipe, inputs: Mapping[str, Path]) -> None:
    """Writes the resolved recipe into the folder, or finds that it holds this very run: recipe, base and data."""
    made_of = {name: sha256(path) for name, path in inputs.items()}
    for name, text in (
        ("recipe.yaml", yaml.safe_dump(recipe.model_dump(), sort_keys=False)),
        ("inputs.yaml", yaml.safe_dump(made_of)),
    ):
        path = folder / name
        if not path.exists():
            with whole_file(path) as file:
                file.write(text.encode())
        elif path.read_text("utf-8") != text:
            raise FrictionError(
                problem=f"'{folder}' holds another run",
                because=f"its {name} differs from this {'recipe' if name == 'recipe.yaml' else 'base or data'}",
                fix=f"name another folder with --output, or remove '{folder}'",
            )


def train_adapter(recipe: Recipe, *, base: Path, data: Path, folder: Path, report: Report) -> Path:
    """Trains the recipe's adapter, or goes on from the last checkpoint in ``folder``.

    Args:
        recipe: The run.
        base: The base model's folder.
        data: A JSONL of conversations.
        folder: The run's folder: checkpoints meanwhile, ``adapter/`` and a manifest at the end.
        report: Called with step, steps in all and the trainer's figures.

    Returns:
        The run's folder.

    Raises:
        FrictionError: The folder belongs to another recipe, base or data; the base is missing; the rows don't fit.
    """
    import torch
    from transformers import AutoTokenizer, PrinterCallback
    from transformers.utils import logging
    from trl import SFTTrainer

    logging.disable_progress_bar()
    _require_base(base)
    inputs = {"data": data, "base": base / "model.safetensors"}
    _claim(folder, recipe, inputs)
    if (folder / NAME).exists():
        return folder
    tokenizer = AutoTokenizer.from_pretrained(base)
    if tokenizer.pad_token_id == tokenizer.eos_token_id:
        raise FrictionError(
            problem=f"the tokenizer in '{base}' pads with its stop token",
            because="the end of a turn would never be learned",
            fix="give it a pad token of its own",
        )
    dataset = rows(read_conversations(data, recipe.rows), tokenizer, recipe.max_length)
    torch.manual_seed(recipe.seed)
    trainer = SFTTrainer(
        model=_base(recipe, base),
        args=training_arguments(recipe, folder / SCRATCH, cpu=not torch.cuda.is_available()),
        train_dataset=dataset,
        processing_class=tokenizer,
        peft_config=adapter_config(recipe),
        callbacks=_callbacks(report, folder),
    )
    _keep_adapter_exact(trainer.model)
    trainer.remove_callback(PrinterCallback)  # it would print every log as a dict
    trainer.train(resume_from_checkpoint=_last_checkpoint(folder / SCRATCH))
    part = folder / "adapter.part"
    model: Any = trainer.model
    model.save_pretrained(part)
    (part / "README.md").unlink(missing_ok=True)  # PEFT's card is all blanks
    shutil.rmtree(folder / "adapter", ignore_errors=True)  # of a run that was stopped before its manifest
    os.replace(part, folder / "adapter")
    write_manifest(folder, kind="adapter", seed=recipe.seed, inputs=inputs, extra={"recipe": recipe.model_dump()})
    return folder
