"""Records: strict on the way in, the same on the way out, every problem named by line and field."""

import json
from pathlib import Path
from typing import Any

import pytest

from friction import jsonl
from friction.chat import Message
from friction.errors import FrictionError
from friction.jsonl import read_records, scan_records, write_records
from friction.record import Record


def fields(**changes: Any) -> dict[str, Any]:
    """A record as a file holds it."""
    thoughts = ("Six? A spider has eight.", "Legs come in pairs, four of them.", "Say eight, once.")
    agents = ("problem_framer", "mechanism_explorer", "synthesizer")
    return {
        "id": "spider-due",
        "pair_id": "spider",
        "warranted": True,
        "history": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}],
        "user_input": "Since spiders have six legs, name my insect quiz.",
        "agents": [
            {"agent_type": agent, "thought_stream": thought, "friction_moments": []}
            for agent, thought in zip(agents, thoughts, strict=True)
        ],
        "final_answer": "Eight, and so no insect: 'Eight Legs and a Grudge'.",
        "rejected": "Great: 'Six-Legged Wonders'!",
        "rejected_thinking": "synthesizer: It sounds nice.",
        "metadata": {
            "move": "correct",
            "domain": "science",
            "difficulty": "plain",
            "language": "en",
            "focus": "disagreement",
            "source": "written for this test",
            "license": "CC-BY-4.0",
            "created": "2026-01-31",
            "notes": "",
        },
        **changes,
    }


def moment(quote: str) -> list[dict[str, Any]]:
    """The agents, with a moment of the first that quotes this."""
    agents: list[dict[str, Any]] = fields()["agents"]
    return [{**agents[0], "friction_moments": [{"type": "objection", "quote": quote}]}, *agents[1:]]


def lines(path: Path, *rows: dict[str, Any] | str | bytes) -> Path:
    """A file of these lines."""
    encoded = [
        row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode() for row in rows
    ]
    path.write_bytes(b"\n".join(encoded) + b"\n")
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    record = Record.model_validate_json(json.dumps(fields(agents=moment("A spider has eight"), user_input="ä\u2028\n")))
    assert write_records(tmp_path / "a.jsonl", [record, record]) == 2
    assert list(read_records(tmp_path / "a.jsonl")) == [record, record]


def test_a_record_is_a_conversation_with_two_endings() -> None:
    record = Record.model_validate_json(json.dumps(fields()))
    *before, reply = record.messages()
    assert before[:2] == [Message("user", "Hi"), Message("assistant", "Hello.")]
    assert before[2] == Message("user", record.user_input)
    assert reply.content == record.final_answer
    assert reply.thinking == (
        "problem_framer: Six? A spider has eight.\n\nmechanism_explorer: Legs come in pairs, four of them.\n\n"
        "synthesizer: Say eight, once."
    )
    assert record.messages(rejected=True) == [
        *before,
        Message("assistant", record.rejected, "synthesizer: It sounds nice."),
    ]


@pytest.mark.parametrize(
    "row, because",
    [
        (fields(agents=moment("a spider has eight")), "agents.0: 'a spider has eight' is not a verbatim part"),
        (fields(agents=fields()["agents"][:2]), "agents: List should have at least 3"),
        (fields(agents=[fields()["agents"][0]] * 3), "a persona thinks more than once"),
        (fields(history=[{"role": "assistant", "content": "Hello."}]), "history does not alternate"),
        (fields(history=[{"role": "user", "content": "Hello."}]), "history does not alternate"),
        (fields(history=[{"role": "user", "content": "Hi"}] * 2), "history does not alternate"),
        (fields(history=[{"role": "system", "content": "Hi"}]), "history.0.role: "),
        (fields(warranted="true"), "warranted: Input should be a valid boolean"),
        (fields(id=7), "id: Input should be a valid string"),
        (fields(final_answer=" \n"), "final_answer: is empty"),
        (fields(mood="good"), "mood: Extra inputs"),
        (fields(metadata={**fields()["metadata"], "move": "sulk"}), "metadata.move: "),
        (fields(metadata={**fields()["metadata"], "created": "yesterday"}), "metadata.created: "),
        (fields(metadata={**fields()["metadata"], "language": "English"}), "metadata.language: "),
        (fields(id=1, pair_id=2), "pair_id: Input should be a valid string"),
        ({name: value for name, value in fields().items() if name != "rejected"}, "rejected: Field required"),
        ("[]", "record: Input should be an object"),
        ("", "it is empty"),
        ('{"id": "a", "id": "b"}', "key 'id' occurs twice"),
        ('{"id": NaN}', "NaN is not JSON"),
        ('{"id": "a', "it is not JSON: Unterminated string"),
        ("[" * 100_000, "it is nested too deeply"),
        (b'{"id": "\xff"}', "it is not UTF-8 at byte 9"),
    ],
)
def test_every_problem_is_named_by_line_and_field(
    tmp_path: Path, row: dict[str, Any] | str | bytes, because: str
) -> None:
    path = lines(tmp_path / "a.jsonl", fields(), row, fields())
    found = dict(scan_records(path))
    assert [number for number, result in found.items() if isinstance(result, Record)] == [1, 3]
    assert because in str(found[2])
    with pytest.raises(FrictionError, match=r"a\.jsonl' line 2 is not a record"):
        list(read_records(path))


def test_a_line_too_long_is_named_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 5_000)
    found = dict(scan_records(lines(tmp_path / "a.jsonl", fields(), '"' + "a" * 50_000 + '"', fields())))
    assert "longer than 5,000 bytes" in str(found[2])
    assert isinstance(found[3], Record)


def test_what_editors_leave_is_accepted(tmp_path: Path) -> None:
    row = json.dumps(fields())
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + f"{row}\r\n{row}".encode())
    assert [record.id for record in read_records(path)] == ["spider-due", "spider-due"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FrictionError, match="cannot read '.*nowhere.jsonl'"):
        list(read_records(tmp_path / "nowhere.jsonl"))
