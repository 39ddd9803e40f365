"""A recipe: one YAML file that describes a training run. Strict, and every field is read."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from friction.errors import FrictionError

Positive = Annotated[int, Field(gt=0)]
Rate = Annotated[float, Field(gt=0, lt=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class Lora(_Strict):
    """The adapter's shape."""

    rank: Positive
    alpha: Positive
    dropout: Annotated[float, Field(ge=0, lt=1)]
    targets: list[str] | Literal["all-linear"]


class Optimizer(_Strict):
    """How the adapter moves."""

    name: Literal["adamw_torch", "adamw_torch_fused", "adamw_8bit", "paged_adamw_8bit"]
    learning_rate: Rate
    schedule: Literal["cosine", "linear", "constant", "constant_with_warmup"]
    warmup_steps: Annotated[int, Field(ge=0)]
    weight_decay: Annotated[float, Field(ge=0)]
    max_grad_norm: Annotated[float, Field(gt=0)]


class Recipe(_Strict):
    """A training run.

    Attributes:
        name: What the run is called.
        base: ``embedded`` or the path of a model folder.
        data: ``organism`` or the path of a JSONL of conversations.
        rows: With ``data: organism``, how many dialogues are made; else at most how many rows are read.
        quantization: ``nf4`` trains over a 4-bit base (QLoRA), ``none`` over the base as it is.
        max_length: Ids that a row may have; a longer one is an error.
        batch_size: Rows in one optimizer step.
        steps: Optimizer steps.
        save_steps: Steps between checkpoints.
        bf16: Whether products are computed in bfloat16.
        seed: Of the adapter's start, the order of rows and, with ``data: organism``, the dialogues.
        lora: The adapter's shape.
        optimizer: How it moves.
    """

    name: str
    base: str
    data: str
    rows: Positive
    quantization: Literal["nf4", "none"]
    max_length: Positive
    batch_size: Positive
    steps: Positive
    save_steps: Positive
    bf16: bool
    seed: int
    lora: Lora
    optimizer: Optimizer


def _fields(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    for name in path:
        field = model.model_fields.get(str(name))
        if field is None or not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel):
            break
        model = field.annotation
    return list(model.model_fields)


def _explain(error: Any) -> str:
    if not error["loc"]:
        return "the file is not a list of fields with values"
    *parents, name = error["loc"]
    where = ".".join(map(str, error["loc"]))
    if error["type"] != "extra_forbidden":
        return f"'{where}': {error['msg'][0].lower()}{error['msg'][1:]}"
    near = difflib.get_close_matches(str(name), _fields(Recipe, tuple(parents)), n=1)
    return f"'{where}' is not a field" + (f" (did you mean '{near[0]}'?)" if near else "")


def load_recipe(path: Path) -> Recipe:
    """Reads a recipe.

    Raises:
        FrictionError: The file is missing, is not YAML, or has fields that a recipe does not have; all at once.
    """
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FrictionError(
            problem=f"cannot read the recipe '{path}'",
            because=str(getattr(error, "strerror", None) or error),
            fix="name a recipe, for example recipes/organism.yaml",
        ) from error
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        raise FrictionError(
            problem=f"the recipe '{path}' is not valid",
            because="; ".join(map(_explain, error.errors())),
            fix="compare it with recipes/organism.yaml, which explains every field",
        ) from error
