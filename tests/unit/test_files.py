"""Files that are whole or absent."""

import os
from pathlib import Path

import pytest

from friction.files import put_in_place, sha256, whole_file


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with whole_file(path) as file:
        file.write(b"abc")
        assert not path.exists()
    assert path.read_bytes() == b"abc"
    assert sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    plain = tmp_path / "plain"
    plain.touch()
    assert os.stat(path).st_mode == os.stat(plain).st_mode


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError])
def test_an_interruption_leaves_the_older_file(tmp_path: Path, interruption: type[BaseException]) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(interruption), whole_file(path) as file:
        file.write(b"new")
        raise interruption
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_take_its_place_leaves_the_older_one(tmp_path: Path) -> None:
    place = tmp_path / "weights"
    place.mkdir()
    (place / "old").touch()
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "missing", place)
    assert [path.name for path in tmp_path.iterdir()] == ["weights"] and (place / "old").exists()

    place.rename(tmp_path / "weights.old")  # what a kill between the two renames leaves
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "missing", place)
    assert [path.name for path in tmp_path.iterdir()] == ["weights"] and (place / "old").exists()
    new = tmp_path / "new"
    new.mkdir()
    put_in_place(new, place)
    assert [path.name for path in tmp_path.iterdir()] == ["weights"] and not (place / "old").exists()
