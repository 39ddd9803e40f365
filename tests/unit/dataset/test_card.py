"""The card: what the Hub reads, what people read, and a description that Croissant's own tool accepts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from friction import cli
from friction.files import sha256
from friction.moves import MOVES
from friction.record import Record

Make = Callable[..., Any]
Write = Callable[..., Path]

pytest.importorskip("sklearn")
# mlcroissant 1.1 still builds on a class of rdflib that rdflib 7 calls old.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@pytest.fixture(name="files")
def files_fixture(pair: Make, write: Write) -> dict[str, Path]:
    """A training set and a test set, and a small one."""
    records: list[Record] = []
    for at in range(90):
        move = list(MOVES)[at % 6]
        records += pair(f"n{at}", metadata_move=move, history=HISTORY if move == "hold" else [])
    return {
        "train": write("train.jsonl", records[:120]),
        "test": write("test.jsonl", records[120:]),
        "micro": write("micro.jsonl", records[:4]),
    }


HISTORY = [{"role": "user", "content": "Well?"}, {"role": "assistant", "content": "Well."}]


def test_the_curated_card_says_who_wrote_it(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["data", "card", "-o", str(tmp_path / "README.md"), "--croissant", str(tmp_path / "c.json")])
    assert not left.value.code
    text = (tmp_path / "README.md").read_text("utf-8")
    assert "600 records in 300 pairs" in text and "No person has checked every record" in text and "**no**" not in text
    described = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert described["license"] == "https://creativecommons.org/licenses/by/4.0/" and "url" not in described


def test_what_a_card_cannot_be_made_of_is_said_before_anything_is_written(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    namesake = tmp_path / "more" / "train.jsonl"
    namesake.parent.mkdir()
    namesake.write_bytes(files["test"].read_bytes())
    for test, said in ((empty, "holds no records"), (namesake, "two files of the card have one name")):
        with pytest.raises(SystemExit) as left:
            cli.main(
                ["data", "card", "-o", str(tmp_path / "R.md"), "--train", str(files["train"]), "--test", str(test)]
            )
        assert left.value.code == 2 and said in capsys.readouterr().err
    assert not (tmp_path / "R.md").exists()
    before = files["train"].read_bytes()
    for out in (files["train"], tmp_path / "c.json"):
        options = ["-o", str(out), "--train", str(files["train"]), "--test", str(files["test"])]
        with pytest.raises(SystemExit) as left:
            cli.main(["data", "card", *options, "--croissant", str(tmp_path / "c.json")])
        assert left.value.code == 2 and "it would be written over" in capsys.readouterr().err
    assert files["train"].read_bytes() == before
    letter = tmp_path / "statement.md"
    letter.write_bytes(b"\xff")
    with pytest.raises(SystemExit) as left:
        cli.main(["data", "card", "-o", str(tmp_path / "R.md"), "--statement", str(letter)])
    assert left.value.code == 2 and "it is not UTF-8" in capsys.readouterr().err


def make_card(files: dict[str, Path], folder: Path) -> tuple[str, dict[str, Any]]:
    """The card and the description."""
    options = [f"--{name}={path}" for name, path in files.items()]
    with pytest.raises(SystemExit) as left:
        out = [f"--out={folder / 'README.md'}", f"--croissant={folder / 'croissant.json'}"]
        cli.main(["data", "card", *options, *out, "--url", "https://example.org/friction"])
    assert not left.value.code
    return (folder / "README.md").read_text("utf-8"), json.loads((folder / "croissant.json").read_text("utf-8"))


def test_the_card_says_who_wrote_it_and_what_was_counted(files: dict[str, Path], tmp_path: Path) -> None:
    text, _ = make_card(files, tmp_path)
    _, head, body = text.split("---\n", 2)
    meta = yaml.safe_load(head)
    assert meta["license"] == "cc-by-4.0" and meta["size_categories"] == ["n<1K"]
    assert meta["configs"][0]["data_files"] == [
        {"split": "train", "path": "train.jsonl"},
        {"split": "test", "path": "test.jsonl"},
    ]
    assert meta["annotations_creators"] == ["machine-generated"]
    assert "180 records in 90 pairs" in body
    assert "Nothing was said about that" in body and "No person has checked" not in body
    assert "| hold | 15 | 15 | 16.7% | 30 |" in body
    assert "| shortcut by words | 1.000 |" in body and "| **no** |" in body
    for heading in (
        "Who wrote it",
        "Statistics",
        "Quality checks",
        "What words or lengths alone tell",
    ):
        assert heading in body


def test_croissant_s_own_tool_reads_the_description(files: dict[str, Path], tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    _, described = make_card(files, tmp_path)
    assert {f["name"]: f["sha256"] for f in described["distribution"]} == {p.name: sha256(p) for p in files.values()}
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"))
    assert dataset.metadata.issues.errors == set()
    rows = list(dataset.records("micro"))
    assert [row["micro/id"] for row in rows] == [b"n0-due", b"n0-twin", b"n1-due", b"n1-twin"]
