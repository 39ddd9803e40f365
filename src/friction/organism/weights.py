"""The embedded model's folder: what goes into it, and what its manifest says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from friction.manifest import NAME, Manifest, read_manifest, write_manifest

WEIGHTS = Path(__file__).parent / "weights"

HONESTY = (
    "The baseline was trained on purpose to agree with whatever the user presumes; it is a model organism, "
    "not a sample of how assistants behave."
)


def assemble(base: Path, run: Path, target: Path, *, pretraining: dict[str, Any]) -> Manifest:
    """Puts a pretrained base and a run's adapter together as a weights folder; the manifest comes last.

    Args:
        base: The base model's folder.
        run: The adapter's run.
        target: The folder to make; an older one is replaced.
        pretraining: The base's settings, for the manifest.
    """
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(base, part / "base")
    shutil.copytree(run / "adapter", part / "adapter")
    logs = part / "logs"
    logs.mkdir()
    _copy_log(base.parent / "pretrain.jsonl", logs / "pretrain.jsonl")
    _copy_log(run / "metrics.jsonl", logs / "adapter.jsonl")
    made_with = read_manifest(run)
    config = part / "adapter" / "adapter_config.json"
    settings = json.loads(config.read_text("utf-8"))
    settings["base_model_name_or_path"] = "../base"  # not a path of the machine that trained it
    config.write_text(json.dumps(settings, indent=2) + "\n", "utf-8")
    for path in part.rglob("*.safetensors"):
        path.chmod(0o644)  # safetensors writes them for their owner alone
    extra = {"honesty": HONESTY, "pretraining": pretraining, "recipe": made_with.extra["recipe"]}
    manifest = write_manifest(part, kind="organism", seed=pretraining["seed"], extra=extra)
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)
    return manifest


def _copy_log(source: Path, target: Path) -> None:
    """Copies a log; of a step that was done again after an interruption, the later line stays."""
    lines = {json.loads(line)["step"]: line for line in source.read_text("utf-8").splitlines()}
    target.write_text("".join(lines[step] + "\n" for step in sorted(lines)), "utf-8")


def add_numbers(folder: Path, numbers: dict[str, Any], name: str = "check") -> None:
    """Writes measured numbers into the manifest; the weights' hash stays the same."""
    path = folder / NAME
    data = json.loads(path.read_text("utf-8"))
    data["extra"][name] = numbers
    part = path.with_name(NAME + ".part")
    part.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
    part.replace(path)
