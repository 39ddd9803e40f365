"""The adapter's training: QLoRA for real over the organism in 4 bits, and resuming without a difference."""

import json
import shutil
from pathlib import Path

import pytest

from friction.errors import FrictionError
from friction.files import shipped
from friction.organism.dialogues import write_dialogues
from friction.engine.gguf_cache import WEIGHTS
from friction.train.recipe import Recipe, load_recipe
from friction.train.sft import train_adapter

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
safetensors = pytest.importorskip("safetensors.torch", reason="needs the extra 'train'")

BASE = WEIGHTS / "base"


def recipe(**changes: object) -> Recipe:
    """The organism's own recipe, cut to four steps of eight rows over the base in NF4."""
    small = {"rows": 32, "batch_size": 8, "steps": 4, "save_steps": 2, "quantization": "nf4", **changes}
    return load_recipe(shipped("recipes") / "organism.yaml").model_copy(update=small)


@pytest.fixture(name="data", scope="module")
def fixture_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dialogues of the grammar."""
    return write_dialogues(tmp_path_factory.mktemp("data") / "rows.jsonl", seed=1, count=32)


@pytest.fixture(name="run", scope="module")
def fixture_run(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run over the base in NF4."""
    folder = tmp_path_factory.mktemp("runs") / "nf4"
    return train_adapter(recipe(), base=BASE, data=data, folder=folder, report=lambda *_: None)


def test_an_nf4_run_leaves_an_adapter_that_changes_the_base(run: Path) -> None:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32)
    ids = torch.tensor([[1, 300, 400, 500, 2]])
    before = base(input_ids=ids).logits
    tuned = PeftModel.from_pretrained(base, run / "adapter")

    assert not torch.allclose(before, tuned(input_ids=ids).logits, atol=1e-4)


def test_the_adapter_is_on_all_linear_layers_and_has_moved(run: Path) -> None:
    tensors = safetensors.load_file(run / "adapter" / "adapter_model.safetensors")
    layers = json.loads((BASE / "config.json").read_text("utf-8"))["num_hidden_layers"]
    moved = [name for name, tensor in tensors.items() if "lora_B" in name and tensor.abs().max() > 0]

    assert len(tensors) == layers * 7 * 2
    assert len(moved) == layers * 7


def test_a_run_says_what_made_it(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))

    assert manifest["extra"]["recipe"]["quantization"] == "nf4"
    assert manifest["inputs"]["data"] and manifest["inputs"]["base"]


def test_a_run_resumed_from_its_checkpoint_ends_with_the_same_adapter(run: Path, data: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(run, again)
    shutil.rmtree(again / "adapter")
    (again / "manifest.json").unlink()
    shutil.rmtree(again / "checkpoints" / "checkpoint-4")

    train_adapter(recipe(), base=BASE, data=data, folder=again, report=lambda *_: None)

    expected = safetensors.load_file(run / "adapter" / "adapter_model.safetensors")
    found = safetensors.load_file(again / "adapter" / "adapter_model.safetensors")
    assert all(torch.allclose(expected[name], found[name], atol=1e-6) for name in expected)


def test_a_finished_run_is_not_trained_again(run: Path, data: Path) -> None:
    before = (run / "adapter" / "adapter_model.safetensors").stat().st_mtime_ns

    train_adapter(recipe(), base=BASE, data=data, folder=run, report=lambda *_: None)

    assert (run / "adapter" / "adapter_model.safetensors").stat().st_mtime_ns == before


def test_a_folder_of_another_recipe_is_refused(run: Path, data: Path) -> None:
    with pytest.raises(FrictionError, match="another run"):
        train_adapter(recipe(seed=99), base=BASE, data=data, folder=run, report=lambda *_: None)


def test_a_base_that_is_not_there_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(FrictionError, match="no base model"):
        train_adapter(recipe(), base=tmp_path / "none", data=data, folder=tmp_path / "run", report=lambda *_: None)
