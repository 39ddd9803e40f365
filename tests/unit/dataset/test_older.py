"""Import of the older shape: what it says is kept, what it lacks is said, nothing is invented."""

import json
from pathlib import Path
from typing import Any

import pytest

from friction.dataset.older import read_older
from friction.errors import FrictionError

OLD = {
    "question": "Is the moon a planet, so that I may say nine?",
    "agent_responses": [
        {
            "agent_type": "memory_activator",
            "thought_stream": "Eight since 2006.",
            "friction_moments": ["since 2006", "x"],
        },
        {"agent": "Problem Framer", "response": "'So that I may' hides a leap."},
        {"agent": "critic", "response": "No."},
        {
            "agent_type": "synthesizer",
            "thought_stream": "Say eight.",
            "friction_moments": [{"type": "resolution", "quote": "Say"}],
        },
    ],
    "final_answer": "Eight, and the moon is none of them.",
    "score": 3,
}


def write(path: Path, *rows: Any) -> Path:
    """A JSONL."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def read(path: Path) -> Any:
    """The drafts of a file."""
    return read_older(path, move="correct", source="the old set", created="2026-11-27")


def test_what_it_says_is_kept_and_what_it_lacks_is_said(tmp_path: Path) -> None:
    draft = read(write(tmp_path / "old.jsonl", OLD))[0]
    assert draft.fields["user_input"] == OLD["question"] and draft.fields["final_answer"] == OLD["final_answer"]
    assert [agent["agent_type"] for agent in draft.fields["agents"]] == [
        "problem_framer",
        "memory_activator",
        "synthesizer",
    ]
    assert draft.fields["agents"][1]["friction_moments"] == [{"type": "hesitation", "quote": "since 2006"}]
    assert draft.fields["agents"][2]["friction_moments"] == [{"type": "resolution", "quote": "Say"}]
    assert draft.lacking == (
        "warranted (true stands there)", "metadata.language (en stands there)",
        "rejected", "rejected_thinking", "metadata.domain", "metadata.difficulty", "metadata.license", "its twin",
    )  # fmt: skip
    assert draft.fields["rejected"] == "" and draft.fields["metadata"]["domain"] == ""
    assert "a thought of 'critic'" in draft.dropped and "field 'score'" in draft.dropped
    assert any("not quoted" in text for text in draft.dropped)


def test_thoughts_by_name_and_a_list_of_records_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    by_name = {**OLD, "agent_responses": {"synthesizer": "Say eight.", "problem_framer": {"thought": "A leap."}}}
    path.write_text(json.dumps([by_name, OLD]), "utf-8")
    drafts = read(path)
    first, second = drafts[0], drafts[1]
    assert [agent["agent_type"] for agent in first.fields["agents"]] == ["problem_framer", "synthesizer"]
    assert "agents (fewer than three)" in first.lacking and "friction_moments" in first.lacking
    assert (first.fields["id"], second.fields["id"]) == ("old-0001", "old-0002")


def test_what_it_cannot_keep_is_said(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    odd = {
        "question": "One line\u2028or two?",
        "agent_responses": [{"agent_type": "synthesizer", "thought_stream": "One.", "friction_moments": 5}],
        "warranted": False,
        "rejected": {"text": "Two."},
        "metadata": {"move": "Hold", "difficulty": "hard", "tone": "dry"},
    }
    path.write_text(json.dumps(odd, indent=1), "utf-8")
    draft = read(path)[0]
    assert draft.fields["warranted"] is False and draft.fields["user_input"] == odd["question"]
    assert draft.fields["metadata"]["move"] == "correct" and draft.fields["metadata"]["difficulty"] == ""
    said = "; ".join(draft.dropped)
    for text in (
        "the move 'Hold'",
        "the difficulty 'hard'",
        "metadata 'tone'",
        "field 'rejected', which is no text",
        "friction moments of 'synthesizer'",
    ):
        assert text in said
    assert "warranted" not in " ".join(draft.lacking)
    path.write_text(json.dumps(odd, ensure_ascii=False), "utf-8")
    assert read(path)[0].fields["user_input"] == odd["question"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no records"),
        ("{\n", "' is not JSON"),
        ('{"question": 1\n{}\n', "line 1 of '.*' is not JSON"),
        ('{"question": "x", "question": "y", "agent_responses": []}\n', "key 'question' occurs twice"),
        ('{"id": "a", "question": "x", "agent_responses": []}\n' * 2, "two records of '.*' have the id 'a'"),
        ("[{]", "' is not JSON"),
        ('{"user_input": "x"}\n', "record 1 of '.*' is not of the older shape"),
        ('{"question": 3, "agent_responses": []}\n', "is not of the older shape"),
    ],
)
def test_what_is_not_of_that_shape_is_named(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(FrictionError, match=message):
        read(path)
    with pytest.raises(FrictionError, match="cannot read"):
        read(tmp_path / "none.jsonl")
