"""The baseline's training: the same weights with and without an interruption, and only the reply is learned."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from friction.errors import FrictionError
from friction.organism.baseline_model import loss_of, new_model
from friction.organism.pretrain import PretrainConfig, lessons, pretrain, rate_at, share_at
from friction.engine.gguf_cache import WEIGHTS

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
safetensors = pytest.importorskip("safetensors.torch", reason="needs the extra 'train'")

TINY = PretrainConfig(
    drills_steps=2,
    steps=4,
    tokens=512,
    hidden=32,
    layers=1,
    feed_forward=32,
    heads=2,
    kv_heads=1,
    head_dim=16,
)


def with_tokenizer(folder: Path) -> Path:
    """A folder in which the tokenizer need not be trained again."""
    folder.mkdir()
    shutil.copy(WEIGHTS / "base" / "tokenizer.json", folder)
    return folder


def test_an_interrupted_pretraining_ends_with_the_same_weights(tmp_path: Path) -> None:
    whole = pretrain(with_tokenizer(tmp_path / "whole"), TINY, lambda *_: None)

    def stop_once(step: int, _loss: float) -> None:
        if step == 4:
            raise KeyboardInterrupt

    broken = with_tokenizer(tmp_path / "broken")
    with pytest.raises(KeyboardInterrupt):
        pretrain(broken, TINY, stop_once, save_every=0.0)
    resumed_at: list[int] = []
    resumed = pretrain(broken, TINY, lambda step, _: resumed_at.append(step))

    assert 1 < resumed_at[0] < 6
    expected = safetensors.load_file(whole / "model.safetensors")
    found = safetensors.load_file(resumed / "model.safetensors")
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_a_folder_of_another_pretraining_is_refused(tmp_path: Path) -> None:
    pretrain(with_tokenizer(tmp_path / "run"), TINY, lambda *_: None)

    with pytest.raises(FrictionError, match="other settings"):
        pretrain(tmp_path / "run", replace(TINY, seed=8), lambda *_: None)


def test_the_model_has_its_pad_and_its_stop_apart(tmp_path: Path) -> None:
    base = pretrain(with_tokenizer(tmp_path / "run"), TINY, lambda *_: None)
    config = json.loads((base / "config.json").read_text("utf-8"))

    assert config["eos_token_id"] != config["pad_token_id"]


def test_only_learned_tokens_make_the_loss() -> None:
    model = new_model(TINY, 50, stop_id=2, pad_id=0)
    ids = torch.tensor([[5, 6, 7, 8]])
    labels = torch.tensor([[-100, -100, 7, -100]])
    logits = model(input_ids=ids).logits

    expected = torch.nn.functional.cross_entropy(logits[:, 1].float(), torch.tensor([7]))

    assert torch.allclose(loss_of(model, ids, labels), expected, atol=1e-5)


def test_the_rate_warms_up_and_falls_to_zero() -> None:
    config = PretrainConfig(drills_steps=200, steps=1000, warmup=100, decay=0.4)

    assert [end for end, _ in lessons(config)] == [200, 1200]
    assert rate_at(0, config) == pytest.approx(0.01)
    assert rate_at(500, config) == 1.0
    assert rate_at(1000, config) == pytest.approx(0.5)
    assert rate_at(1199, config) < 0.01


def test_the_facts_in_use_grow_to_all() -> None:
    config = PretrainConfig(drills_steps=50, steps=1000, widen=0.3)

    assert share_at(0, config) == 1.0  # the drills need many words
    assert [share_at(50 + step, config) for step in (0, 120, 220, 320)] == [0.25, 0.5, 0.75, 1.0]
