"""The converted weights: kept, checked, and made again."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from friction.chat import Message
from friction.engine import convert
from friction.engine.base import Sampling, complete
from friction.engine.cache import cache_folder
from friction.engine.embedded import EmbeddedPair
from friction.engine.gguf_cache import cached_gguf
from friction.errors import FrictionError
from friction.files import sha256


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRICTION_CACHE", str(tmp_path / "cache"))


@pytest.fixture(name="conversions")
def _conversions(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The GGUF files that were written."""
    written: list[Path] = []
    original = convert.convert_base

    def counting(folder: Path, path: Path) -> None:
        written.append(path)
        original(folder, path)

    monkeypatch.setattr(convert, "convert_base", counting)
    return written


def test_conversion_happens_once_and_gives_the_same_bytes(standin: Path, conversions: list[Path]) -> None:
    first = cached_gguf(standin)
    sums = sha256(first.base), sha256(first.adapter)
    assert cached_gguf(standin) == first
    assert len(conversions) == 1
    shutil.rmtree(cache_folder())
    again = cached_gguf(standin)
    assert (sha256(again.base), sha256(again.adapter)) == sums
    assert sorted(path.name for path in first.base.parent.iterdir()) == ["adapter.gguf", "base.gguf", "sums.json"]
    assert [path.name for path in first.base.parents[1].iterdir()] == [first.base.parent.name]


@pytest.mark.parametrize("damage", ["cut", "one bit", "adapter gone", "no sums", "sums not JSON", "a file instead"])
def test_a_damaged_cache_is_noticed_and_made_again(damage: str, standin: Path, conversions: list[Path]) -> None:
    files = cached_gguf(standin)
    whole = sha256(files.base)
    folder = files.base.parent
    if damage == "cut":
        os.truncate(files.base, files.base.stat().st_size // 2)
    elif damage == "one bit":
        data = bytearray(files.base.read_bytes())
        data[-100] ^= 1
        files.base.write_bytes(data)
    elif damage == "adapter gone":
        files.adapter.unlink()
    elif damage == "no sums":
        (folder / "sums.json").unlink()
    elif damage == "sums not JSON":
        (folder / "sums.json").write_bytes(b"[")
    else:
        shutil.rmtree(folder)
        folder.write_bytes(b"not a folder")
    assert sha256(cached_gguf(standin).base) == whole
    assert len(conversions) == 2
    assert not list(folder.parent.glob(".unfinished-*"))


def test_other_weights_have_a_place_of_their_own(standin: Path, tmp_path: Path) -> None:
    other = shutil.copytree(standin, tmp_path / "other")
    manifest = json.loads((other / "manifest.json").read_text())
    (other / "note.txt").write_text("changed")
    manifest["files"]["note.txt"] = sha256(other / "note.txt")
    (other / "manifest.json").write_text(json.dumps(manifest))
    assert cached_gguf(other) != cached_gguf(standin)


def test_processes_that_start_together_all_get_whole_files(standin: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from friction.engine.gguf_cache import cached_gguf;"
        "from friction.files import sha256; print(sha256(cached_gguf(Path(sys.argv[1])).base))"
    )
    command = [sys.executable, "-c", script, str(standin)]
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(subprocess.check_output, command, text=True) for _ in range(4)]
    outputs = {process.result().strip() for process in running}
    assert outputs == {sha256(cached_gguf(standin).base)}
    assert len(list((cache_folder() / "gguf").iterdir())) == 1


def test_what_a_killed_process_left_is_removed_but_not_what_one_writes_now(standin: Path) -> None:
    old, new = cache_folder() / "gguf" / ".unfinished-old", cache_folder() / "gguf" / ".unfinished-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (time.time() - 7200,) * 2)
    cached_gguf(standin)
    assert not old.exists() and new.exists()


def test_without_a_place_to_write_it_works_for_this_run_and_says_so(
    standin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FRICTION_CACHE", str(tmp_path / "file"))  # root may write everywhere, but not in a file
    said: list[str] = []
    with EmbeddedPair(standin, notify=said.append) as pair:
        assert complete(pair, [Message("user", "Hello?")], sampling=Sampling(max_tokens=3)).tokens == 3
    assert len(said) == 1 and "for this run only" in said[0] and str(tmp_path / "file") in said[0]


def test_a_full_disk_is_a_clear_error_and_leaves_nothing_half_done(
    standin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def full(_folder: Path, path: Path) -> None:
        path.write_bytes(b"GGUF")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(convert, "convert_base", full)
        with pytest.raises(FrictionError, match="No space left on device") as error:
            cached_gguf(standin)
    assert "FRICTION_CACHE" in error.value.fix
    assert list((cache_folder() / "gguf").iterdir()) == []
    assert cached_gguf(standin).base.exists()


@pytest.mark.parametrize("name", ["base/model.safetensors", "adapter/adapter_config.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_weights_that_are_not_whole_are_refused(name: str, damage: str, standin: Path, tmp_path: Path) -> None:
    cached_gguf(standin)  # a good cache must not hide it
    weights = shutil.copytree(standin, tmp_path / "weights")
    if damage == "missing":
        (weights / name).unlink()
    else:
        os.truncate(weights / name, 20)
    with pytest.raises(FrictionError) as error:
        cached_gguf(weights)
    assert str(weights) in error.value.problem
    assert "make organism" in error.value.fix
