"""Exports: nothing of a record is lost, a preference has one form on both sides, and other tools read them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from friction.chat import parse_reply
from friction.dataset.export import FORMS, export_records
from friction.errors import FrictionError
from friction.record import Record

Make = Callable[..., Any]
HISTORY = [{"role": "user", "content": "Six?"}, {"role": "assistant", "content": "Eight."}]


@pytest.fixture(name="records")
def records_fixture(pair: Make) -> list[Record]:
    """A pair without history, and one with it."""
    return [*pair("a"), *pair("b", history=HISTORY)]


def rows(form: str, records: list[Record], path: Path) -> list[dict[str, Any]]:
    """The rows of an export."""
    assert export_records(form, records, path) == len(records)
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_both_sides_of_a_preference_have_one_form(records: list[Record], tmp_path: Path) -> None:
    for row, record in zip(rows("preference", records, tmp_path / "p.jsonl"), records, strict=True):
        asked = [*(turn.content for turn in record.history), record.user_input]
        assert [turn["content"] for turn in row["prompt"]] == asked
        assert [turn["role"] for side in ("chosen", "rejected") for turn in row[side]] == ["assistant"] * 2
        chosen, rejected = parse_reply(row["chosen"][0]["content"]), parse_reply(row["rejected"][0]["content"])
        assert (chosen.thinking, chosen.answer) == (record.thinking, record.final_answer)
        assert (rejected.thinking, rejected.answer) == (record.rejected_thinking, record.rejected)
        assert chosen.state == rejected.state == "complete"


def test_conversations_hold_all_turns(records: list[Record], tmp_path: Path) -> None:
    first, *_, last = rows("messages", records, tmp_path / "m.jsonl")
    assert [turn["role"] for turn in last["messages"]] == ["user", "assistant", "user", "assistant"]
    assert (first["id"], first["pair_id"], first["warranted"], first["move"]) == ("a-due", "a", True, "correct")
    _, *_, last = rows("prompt-completion", records, tmp_path / "c.jsonl")
    assert [len(last["prompt"]), len(last["completion"])] == [3, 1]
    _, *_, last = rows("sharegpt", records, tmp_path / "s.jsonl")
    assert [turn["from"] for turn in last["conversations"]] == ["human", "gpt", "human", "gpt"]
    _, *_, last = rows("alpaca", records, tmp_path / "a.jsonl")
    assert last["history"] == [["Six?", "Eight."]] and last["instruction"] == records[-1].user_input
    assert parse_reply(last["output"]).answer == records[-1].final_answer


def test_datasets_reads_every_form_without_a_cast(records: list[Record], tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    for form in FORMS:
        path = tmp_path / f"{form}.{'parquet' if form == 'parquet' else 'jsonl'}"
        export_records(form, records, path)
        kind = "parquet" if form == "parquet" else "json"
        found = datasets.load_dataset(kind, data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
        assert len(found) == len(records)
        if form == "preference":
            assert found[0]["chosen"][0]["content"].endswith(records[0].final_answer)
        if form == "parquet":
            assert [turn["content"] for turn in found[2]["history"]] == ["Six?", "Eight."]
            assert found[0]["history"] == [] and found[0]["metadata_move"] == "correct"


def test_a_form_that_does_not_exist_is_named(records: list[Record], tmp_path: Path) -> None:
    with pytest.raises(FrictionError, match="unknown format 'preferences': perhaps it was to be preference"):
        export_records("preferences", records, tmp_path / "x.jsonl")
    assert not (tmp_path / "x.jsonl").exists()
