"""The embedded model's folder: what goes into it, and what its manifest says."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from friction import values
from friction.engine.gguf_cache import WEIGHTS
from friction.errors import FrictionError
from friction.files import put_in_place, sha256, whole_file
from friction.manifest import NAME, Manifest, verify, write_manifest
from friction.organism import judge
from friction.organism.checkset import CHECKS

HONESTY = (
    "The baseline was trained on purpose to agree with whatever the user presumes; it is a model organism, "
    "not a sample of how assistants behave."
)


def assemble(base: Path, run: Path, target: Path, *, pretraining: dict[str, Any]) -> Manifest:
    """Puts a pretrained base and the adapter of a run over it together as a weights folder; the manifest comes last.

    Args:
        base: The base model's folder.
        run: The adapter's run.
        target: The folder to make; an older one is replaced.
        pretraining: The base's settings, for the manifest.

    Raises:
        FrictionError: The run is not whole, or was made over another base.
    """
    made_with = verify(run)
    if made_with.inputs.get("base") != sha256(base / "model.safetensors"):
        raise FrictionError(
            problem=f"the adapter in '{run}' does not belong to '{base}'",
            because="it was trained over another base",
            fix=f"remove '{run}' and train it again",
        )
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(base, part / "base")
    shutil.copytree(run / "adapter", part / "adapter")
    logs = part / "logs"
    logs.mkdir()
    _copy_log(base.parent / "pretrain.jsonl", logs / "pretrain.jsonl")
    _copy_log(run / "metrics.jsonl", logs / "adapter.jsonl")
    config = part / "adapter" / "adapter_config.json"
    settings = json.loads(config.read_text("utf-8"))
    settings["base_model_name_or_path"] = "../base"  # not a path of the machine that trained it
    config.write_text(json.dumps(settings, indent=2) + "\n", "utf-8")
    for path in part.rglob("*.safetensors"):
        path.chmod(0o644)  # safetensors writes them for their owner alone
    extra = {"honesty": HONESTY, "pretraining": pretraining, "recipe": made_with.extra["recipe"]}
    inputs = {"data": next(run.glob("dialogues-*.jsonl"))}
    manifest = write_manifest(
        part, kind="organism", seed=pretraining["seed"], inputs=inputs, parents={"run": run}, extra=extra
    )
    put_in_place(part, target)
    return manifest


def _copy_log(source: Path, target: Path) -> None:
    """Copies a log; of a step that was done again after an interruption, the later figures stay."""
    steps: dict[int, dict[str, Any]] = {}
    for line in source.read_text("utf-8").splitlines():
        with suppress(ValueError):  # a line that an interruption cut
            row = json.loads(line)
            steps[row["step"]] = {**steps.get(row["step"], {}), **row}
    target.write_text("".join(json.dumps(steps[step]) + "\n" for step in sorted(steps)), "utf-8")


def add_numbers(folder: Path, numbers: dict[str, Any]) -> None:
    """Writes measured numbers into the manifest, and what they were measured with; the weights' hash stays the same."""
    path = folder / NAME
    data = json.loads(path.read_text("utf-8"))
    data["extra"]["check"] = numbers
    data["extra"]["measured_with"] = measured_with()
    with whole_file(path) as file:
        file.write(json.dumps(data, indent=2, ensure_ascii=False).encode() + b"\n")


def measured_with() -> dict[str, str]:
    """The hashes of the prompts and the rules that the numbers of a check depend on."""
    rules = [Path(str(module.__file__)) for module in (judge, values)]
    return {path.name: sha256(path) for path in (*sorted(CHECKS.glob("*.jsonl")), *rules)}


def install(source: Path, target: Path = WEIGHTS) -> None:
    """Puts a weights folder in the package's place, whole or not at all."""
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(source, part)
    put_in_place(part, target)
