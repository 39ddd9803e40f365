"""Results: what was run and what came back. What the replies are worth is counted later, by the scorer of the day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from friction.evaluate.suites import Suite
from friction.files import sha256, whole_file
from friction.organism.rows import fingerprint
from scripts.experiments.measuring import suite_of, whole_suite
from scripts.experiments.settings import Settings
from scripts.experiments.training import milestones_of, recipe_of
from scripts.experiments.units import Unit


@dataclass(frozen=True)
class Result:  # pylint: disable=too-many-instance-attributes
    """What a unit came to; written last, beside its replies.

    Attributes:
        unit: The unit's name.
        key: Identifies everything that decides the replies.
        settings: That, in full.
        rows: Rows of the training by side; empty where nothing was trained.
        seconds: Of the training and of the replies, over all starts.
        replies: How many there are.
        states: How many of them were answered, cut, empty or failed.
        versions: Of Python and the packages.
    """

    unit: str
    key: str
    settings: dict[str, Any]
    rows: dict[str, int]
    seconds: dict[str, float]
    replies: int
    states: dict[str, int]
    versions: dict[str, str]


def settings_of(unit: Unit, settings: Settings) -> dict[str, Any]:
    """Everything that decides a unit's replies, as JSON."""
    made: dict[str, Any] = {"unit": unit.name, "base": _digest(settings.weights / "base" / "model.safetensors")}
    if unit.part:
        made["adapter"] = _digest(settings.weights / "adapter" / "adapter_model.safetensors")
        made["dials"] = [1.0] if unit.part == "arms" else list(settings.dials)
    else:
        made["training"] = _training(recipe_of(unit, settings).model_dump())
        made["pairs"] = unit.pairs
        made["milestones"] = list(milestones_of(unit, settings))
        made["dialogues"] = _fingerprint(unit.seed or 0)
    made["prompts"] = _prompts_digest(whole_suite() if unit.part == "arms" else suite_of(settings))
    made["longest_reply"] = settings.longest_reply
    return made


def key_of(made: Mapping[str, Any]) -> str:
    """Identifies the settings."""
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()


def result_path(results: Path, unit: Unit) -> Path:
    """Where a unit's result lies."""
    return results / f"{unit.name}.json"


def replies_path(results: Path, unit: Unit) -> Path:
    """Where the replies lie that a result was made of."""
    return results / f"{unit.name}.replies.jsonl.gz"


def write_result(results: Path, unit: Unit, result: Result) -> None:
    """Writes a result; its replies must be there already."""
    with whole_file(result_path(results, unit)) as file:
        file.write(json.dumps(asdict(result), indent=1, ensure_ascii=False).encode() + b"\n")


def read_result(results: Path, unit: Unit, settings: Settings) -> Result | None:
    """A unit's result; None where there is none, or where it was made with other settings."""
    path = result_path(results, unit)
    if not path.exists() or not replies_path(results, unit).exists():
        return None
    result = Result(**json.loads(path.read_text("utf-8")))
    return result if result.key == key_of(settings_of(unit, settings)) else None


@cache
def _digest(path: Path) -> str:
    return sha256(path)


@cache
def _fingerprint(seed: int) -> str:
    return fingerprint(seed)


def _prompts_digest(suite: Suite) -> str:
    asked = [[prompt.id, *([turn.role, turn.content] for turn in prompt.messages)] for prompt in suite.prompts]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


def _training(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """What decides a training. Names are named, so that a field that recipes get one day makes no old result void."""
    lora, optimizer = recipe["lora"], recipe["optimizer"]
    return {
        **{name: recipe[name] for name in ("quantization", "max_length", "batch_size", "steps", "bf16", "seed")},
        "lora": {name: lora[name] for name in ("rank", "alpha", "dropout", "targets")},
        "optimizer": {
            name: optimizer[name]
            for name in ("name", "learning_rate", "schedule", "warmup_steps", "weight_decay", "max_grad_norm")
        },
    }
