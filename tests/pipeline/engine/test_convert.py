"""What the converter takes, and what it refuses rather than convert wrongly."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from friction.engine.convert import convert_adapter, convert_base
from friction.engine.safetensors import read_tensors
from friction.errors import FrictionError


def test_safetensors_are_read_as_the_library_reads_them(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    tensors = {
        "single": torch.randn(3, 5),
        "half": torch.randn(7).half(),
        "brain": torch.randn(2, 3, 4).bfloat16(),
        "empty": torch.zeros(0, 4),
    }
    save_file(tensors, tmp_path / "a.safetensors", metadata={"format": "pt"})
    read = read_tensors(tmp_path / "a.safetensors")
    assert read.keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert read[name].dtype == np.float32
        np.testing.assert_array_equal(read[name], tensor.float().numpy())


@pytest.mark.parametrize("content", [b"", b"\xff" * 100, b"\x02\0\0\0\0\0\0\0[]", b"\x02\0\0\0\0\0\0\0{"])
def test_what_is_not_safetensors_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(FrictionError, match="a.safetensors"):
        read_tensors(tmp_path / "a.safetensors")


def edit(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change a JSON file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    "file, change, because",
    [
        ("config.json", lambda c: c.update(model_type="mamba"), "'mamba'"),
        ("config.json", lambda c: c.update(num_hidden_layers=1), "is no tensor of Qwen3"),
        ("tokenizer.json", lambda c: c.update(pre_tokenizer={"type": "Whitespace"}), "split"),
        ("tokenizer.json", lambda c: c.update(pre_tokenizer=None), "split"),
    ],
)
def test_another_model_is_refused(
    file: str, change: Callable[[dict[str, Any]], Any], because: str, standin: Path, tmp_path: Path
) -> None:
    base = shutil.copytree(standin / "base", tmp_path / "base")
    edit(base / file, change)
    with pytest.raises(FrictionError, match="cannot convert") as error:
        convert_base(base, tmp_path / "base.gguf")
    assert because in error.value.because


@pytest.mark.parametrize(
    "change",
    [
        {"use_dora": True},
        {"rank_pattern": {"q_proj": 8}},
        {"alpha_pattern": {"q_proj": 8}},
        {"modules_to_save": ["lm_head"]},
        {"lora_bias": True},
    ],
)
def test_an_adapter_that_is_more_than_lora_is_refused(change: dict[str, Any], standin: Path, tmp_path: Path) -> None:
    adapter = shutil.copytree(standin / "adapter", tmp_path / "adapter")
    edit(adapter / "adapter_config.json", lambda config: config.update(change))
    with pytest.raises(FrictionError, match=next(iter(change))):
        convert_adapter(adapter, standin / "base", tmp_path / "adapter.gguf")


def test_the_scale_of_rank_stabilised_lora_is_kept(standin: Path, tmp_path: Path) -> None:
    import gguf

    adapter = shutil.copytree(standin / "adapter", tmp_path / "adapter")
    alphas = []
    for stabilised in (False, True):
        edit(adapter / "adapter_config.json", partial(dict.update, use_rslora=stabilised))
        convert_adapter(adapter, standin / "base", tmp_path / "adapter.gguf")
        alphas.append(gguf.GGUFReader(tmp_path / "adapter.gguf").fields["adapter.lora.alpha"].contents())
    # PEFT scales by alpha / r and by alpha / sqrt(r); llama.cpp always by alpha / r. Here r is 4, alpha 8.
    assert alphas == [8.0, 16.0]
