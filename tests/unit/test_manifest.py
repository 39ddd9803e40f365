"""The manifest: complete means unchanged, and a child knows its parent."""

import json
from pathlib import Path

import pytest

from friction.errors import FrictionError
from friction.manifest import NAME, SCRATCH, read_manifest, verify, write_manifest


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """A folder that a stage has filled and not yet declared complete."""
    folder = tmp_path / "base"
    (folder / "weights").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "weights" / "model.bin").write_bytes(b"\0" * 100)
    (folder / ".old.partial").write_bytes(b"left behind by an interrupted write")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "a.pyc").write_bytes(b"python's own")
    return folder


def test_a_manifest_knows_what_made_the_folder(folder: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("France: Paris")
    written = write_manifest(folder, kind="base", seed=7, inputs={"facts": facts}, extra={"loss": 0.25})
    assert read_manifest(folder) == written == verify(folder)
    assert list(written.files) == ["config.json", "weights/model.bin"]
    assert (written.kind, written.seed, written.extra) == ("base", 7, {"loss": 0.25})
    assert set(written.inputs) == {"facts"}
    assert {"python", "pydantic", "torch"} & set(written.versions) >= {"python"}
    assert str(tmp_path) not in (folder / NAME).read_text()


def test_the_same_stage_writes_the_same_bytes(folder: Path) -> None:
    write_manifest(folder, kind="base", seed=7)
    first = (folder / NAME).read_bytes()
    write_manifest(folder, kind="base", seed=7)
    assert (folder / NAME).read_bytes() == first


def test_a_changed_or_missing_file_is_named(folder: Path) -> None:
    written = write_manifest(folder, kind="base")
    (folder / "config.json").write_text("{ }")
    with pytest.raises(FrictionError, match=r"config\.json' is not .*its content changed"):
        verify(folder)
    assert write_manifest(folder, kind="base").digest != written.digest
    (folder / "config.json").unlink()
    with pytest.raises(FrictionError, match=r"config\.json' is not .*it is missing"):
        verify(folder)


def test_a_folder_without_a_manifest_is_not_complete(folder: Path) -> None:
    write_manifest(folder, kind="base")
    (folder / NAME).unlink()
    with pytest.raises(FrictionError, match="is not complete"):
        verify(folder)
    with pytest.raises(FrictionError, match="is not complete"):
        read_manifest(folder / "nowhere")


def test_scratch_may_go(folder: Path) -> None:
    (folder / SCRATCH).mkdir()
    (folder / SCRATCH / "optimizer.pt").write_bytes(b"1")
    write_manifest(folder, kind="adapter")
    (folder / SCRATCH / "optimizer.pt").unlink()
    verify(folder)


NULL_FILES = '{"kind": "a", "seed": 1, "inputs": {}, "parents": {}, "versions": {}, "files": null, "extra": {}}'


@pytest.mark.parametrize("text", ["", "{", "[]", NULL_FILES, '{"kind": "base"}', "\xff"])
def test_a_damaged_manifest_is_an_error(folder: Path, text: str) -> None:
    (folder / NAME).write_bytes(text.encode("latin-1"))
    with pytest.raises(FrictionError, match="cannot understand"):
        read_manifest(folder)


def test_a_child_knows_its_parent(folder: Path, tmp_path: Path) -> None:
    child = tmp_path / "adapter"
    child.mkdir()
    with pytest.raises(FrictionError, match="is not complete"):
        write_manifest(child, kind="adapter", parents={"base": folder})
    write_manifest(folder, kind="base", extra={"note": "what is said about a folder does not make it another"})
    write_manifest(child, kind="adapter", parents={"base": folder})
    write_manifest(folder, kind="base")
    assert verify(child, parents={"base": folder}).kind == "adapter"
    (folder / "config.json").write_text('{"layers": 2}')
    write_manifest(folder, kind="base")
    with pytest.raises(FrictionError, match="made from another base"):
        verify(child, parents={"base": folder})


def test_a_manifest_is_json_that_everyone_reads(folder: Path) -> None:
    with pytest.raises(ValueError):
        write_manifest(folder, kind="base", extra={"loss": float("nan")})
    assert not (folder / NAME).exists()
    write_manifest(folder, kind="base", extra={"name": "ä"})
    assert json.loads((folder / NAME).read_text(encoding="utf-8"))["extra"] == {"name": "ä"}
