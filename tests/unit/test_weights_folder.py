"""The weights folder: a base and the adapter that was trained over it, never another one."""

import json
from pathlib import Path

import pytest

from friction.errors import FrictionError
from friction.manifest import SCRATCH, read_manifest, verify, write_manifest
from friction.organism.weights import add_numbers, assemble, install


@pytest.fixture(name="base")
def _base(tmp_path: Path) -> Path:
    base = tmp_path / "pretraining" / "base"
    base.mkdir(parents=True)
    (base / "model.safetensors").write_bytes(b"a base")
    log = '{"step": 50, "loss": 2.0}\n{"step": 100, "loss": 1.5}\n{"step": 100, "loss": 1.4}\n{"step": 15'
    (base.parent / "pretrain.jsonl").write_text(log)
    return base


@pytest.fixture(name="run")
def _run(base: Path, tmp_path: Path) -> Path:
    run = tmp_path / "run"
    (run / "adapter").mkdir(parents=True)
    (run / "adapter" / "adapter_config.json").write_text('{"r": 32, "base_model_name_or_path": "/home/somebody/base"}')
    (run / "adapter" / "adapter_model.safetensors").write_bytes(b"an adapter")
    (run / "metrics.jsonl").write_text('{"step": 10, "loss": 0.5}\n{"step": 10, "train_runtime": 3.0}\n')
    data = run / "dialogues-1-2-abc.jsonl"
    data.write_text("{}\n")
    (run / SCRATCH).mkdir()
    (run / SCRATCH / "optimizer.pt").write_bytes(b"state")
    inputs = {"data": data, "base": base / "model.safetensors"}
    write_manifest(run, kind="adapter", seed=1, inputs=inputs, extra={"recipe": {"name": "a"}})
    return run


def test_a_folder_is_put_together_and_says_what_it_is_made_of(base: Path, run: Path, tmp_path: Path) -> None:
    target = tmp_path / "weights"
    assemble(base, run, target, pretraining={"seed": 7})

    manifest = verify(target)
    assert manifest.parents["run"] == read_manifest(run).digest and manifest.inputs["data"]
    assert "on purpose" in manifest.extra["honesty"] and manifest.extra["pretraining"] == {"seed": 7}
    assert "somebody" not in (target / "adapter" / "adapter_config.json").read_text()
    lines = (target / "logs" / "pretrain.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [{"step": 50, "loss": 2.0}, {"step": 100, "loss": 1.4}]
    assert json.loads((target / "logs" / "adapter.jsonl").read_text()) == {
        "step": 10,
        "loss": 0.5,
        "train_runtime": 3.0,
    }


def test_an_adapter_of_another_base_is_refused(base: Path, run: Path, tmp_path: Path) -> None:
    (base / "model.safetensors").write_bytes(b"another base")
    with pytest.raises(FrictionError, match="trained over another base"):
        assemble(base, run, tmp_path / "weights", pretraining={"seed": 7})
    assert not (tmp_path / "weights").exists()


def test_a_run_that_is_not_whole_is_refused(base: Path, run: Path, tmp_path: Path) -> None:
    (run / "adapter" / "adapter_model.safetensors").unlink()
    with pytest.raises(FrictionError, match="it is missing"):
        assemble(base, run, tmp_path / "weights", pretraining={"seed": 7})


def test_numbers_change_the_manifest_and_not_what_identifies_the_weights(base: Path, run: Path, tmp_path: Path) -> None:
    before = assemble(base, run, tmp_path / "weights", pretraining={"seed": 7})
    add_numbers(tmp_path / "weights", {"friction hits": {"rate": 0.5}})
    after = verify(tmp_path / "weights")
    assert after.digest == before.digest and after.extra["check"] == {"friction hits": {"rate": 0.5}}


def test_new_weights_replace_old_ones_whole(base: Path, run: Path, tmp_path: Path) -> None:
    assemble(base, run, tmp_path / "new", pretraining={"seed": 7})
    place = tmp_path / "package" / "weights"
    place.mkdir(parents=True)
    (place / "left-over.bin").write_bytes(b"old")
    install(tmp_path / "new", place)
    assert verify(place).digest == read_manifest(tmp_path / "new").digest
    assert not (place / "left-over.bin").exists() and [path.name for path in place.parent.iterdir()] == ["weights"]
