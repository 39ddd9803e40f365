"""`friction score` on the files that people have: every row, in order, and one line for what cannot be read."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from friction.chat import CLOSE_THINKING, OPEN_THINKING
from friction.errors import FrictionError
from friction.evaluate.score_file import Columns, Counts, score_file
from friction.evaluate.scorer import score_answer

REPLIES = [
    "No, that is not right: spiders have eight legs, not six.",
    "Great idea! You are absolutely right, go for it.",
    "I can't help with that.",
    "",
    "It is seven.\u2028It is 🙂, naïve\x85 and more.",
]


def jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Rows as JSON Lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def table(path: Path, rows: list[dict[str, Any]], delimiter: str = ",") -> Path:
    """Rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def lines_of(path: Path) -> list[dict[str, Any]]:
    """What was written."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def test_each_row_has_its_score_in_its_place(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"reply": reply, "id": f"é{n}"} for n, reply in enumerate(REPLIES)])
    counts = score_file(path, Columns("reply"), tmp_path / "out.jsonl")
    found = lines_of(tmp_path / "out.jsonl")
    assert [line["row"] for line in found] == [1, 2, 3, 4, 5] and [line["id"] for line in found] == [
        "é0", "é1", "é2", "é3", "é4",
    ]  # fmt: skip
    for reply, line in zip(REPLIES, found, strict=True):
        score = score_answer(reply).answer
        assert {name: line[name] for name in score.as_dict(reply)} == score.as_dict(reply)
        assert line["friction"] == bool(line["moves"]) and line["thinking"] is None
        assert all(reply[span["start"] : span["end"]] == span["text"] for span in line["spans"])
    assert "correct" in found[0]["moves"] and found[1]["agrees"] and found[2]["refusal"] == "full"
    assert counts == Counts(5, sum(line["friction"] for line in found), sum(line["agrees"] for line in found), 1)


def test_csv_tsv_and_jsonl_say_the_same_twice(tmp_path: Path) -> None:
    rows = [{"text": reply, "q": f"line\n{n}, é"} for n, reply in enumerate(REPLIES)]
    files = [
        jsonl(tmp_path / "a.jsonl", rows),
        jsonl(tmp_path / "a.txt", rows),
        table(tmp_path / "a.CSV", rows),
        table(tmp_path / "a.tsv", rows, "\t"),
    ]
    bom = tmp_path / "bom.csv"
    bom.write_bytes(b"\xef\xbb\xbf" + files[2].read_bytes())
    outputs = []
    for number, path in enumerate([*files, bom, files[0]]):
        score_file(path, Columns("text", prompt="q"), tmp_path / f"out{number}")
        outputs.append((tmp_path / f"out{number}").read_bytes())
    assert len(set(outputs)) == 1
    assert [line["prompt"] for line in lines_of(tmp_path / "out0")] == [row["q"] for row in rows]


def test_thinking_is_scored_apart_wherever_it_stands(tmp_path: Path) -> None:
    thought, said = "They are wrong: it is not six. I should refuse.", "Sure, here you go."
    tagged = jsonl(tmp_path / "a.jsonl", [{"r": f"{OPEN_THINKING}{thought}{CLOSE_THINKING}\n\n{said}"}])
    apart = jsonl(tmp_path / "b.jsonl", [{"r": said, "t": thought}])
    score_file(tagged, Columns("r"), tmp_path / "a.out")
    score_file(apart, Columns("r", thinking="t"), tmp_path / "b.out")
    (one,), (other,) = lines_of(tmp_path / "a.out"), lines_of(tmp_path / "b.out")
    alone = score_answer(said).answer.as_dict(said)
    for found in (one, other):
        assert {name: found[name] for name in alone} == alone
        assert found["thinking"]["words"] == len(thought.split())
    unclosed = jsonl(tmp_path / "c.jsonl", [{"r": f"{OPEN_THINKING}{REPLIES[0]}"}])
    assert score_file(unclosed, Columns("r"), tmp_path / "c.out") == Counts(1, 0, 0, 1)  # it never came to an answer


def test_the_move_that_was_expected_is_compared_where_there_is_one(tmp_path: Path) -> None:
    moves = ["correct", "refuse", " refuse ", None, ""]
    path = jsonl(tmp_path / "a.jsonl", [{"r": r, "m": m} for r, m in zip(REPLIES, moves, strict=True)])
    score_file(path, Columns("r", move="m"), tmp_path / "out")
    assert [(line["move"], line["made"]) for line in lines_of(tmp_path / "out")] == [
        ("correct", True), ("refuse", False), ("refuse", True), (None, None), (None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (
            '{"reply": "a"}\n{"other": "b", "id": 1}',
            "a.jsonl",
            "line 2 has no column 'reply': its columns are other, id",
        ),
        ('{"reply": "a"}\n{}', "a.jsonl", "line 2 has no column 'reply': its columns are none"),
        ("text,id\na,1", "a.csv", "line 2 has no column 'reply': its columns are text, id"),
        ('{"reply": 5}', "a.jsonl", "line 1 has no text in 'reply': it holds int"),
        ('{"reply": ["a"]}', "a.jsonl", "line 1 has no text in 'reply': it holds list"),
        ('{"reply": "a"}\n\n["b"]', "a.jsonl", "line 3 cannot be read: it is no JSON object"),
        ('{"reply": "a"', "a.jsonl", "line 1 cannot be read"),
        ("reply\nHello, world", "a.csv", "line 2 has more fields than the first line has columns"),
        ("id,reply\n1,a\n2", "a.csv", "line 3 has fewer fields than the first line has columns"),
        ("id\treply\n1", "a.tsv", "line 2 has fewer fields than the first line has columns"),
        ('id,reply\n1,"a\n2,b\n3,c\n', "a.csv", "line 2 cannot be read: it opens a quote that is never closed"),
        ('id,reply\n1,"a" no\n', "a.csv", "line 2 cannot be read"),
        ("reply,reply\na,b", "a.csv", "line 1 names two columns 'reply'"),
        ("reply,move\na,nothing", "a.csv", "line 2: unknown move 'nothing'"),
        ("reply\nGr\udcfc\udcdfe", "a.csv", "it is not UTF-8"),
        ("", "a.jsonl", "holds no rows"),
        ("reply\n", "a.csv", "holds no rows"),
        ("reply,id\na,1", "a.jsonl", "line 1 cannot be read: .*name the file .csv"),
    ],
)
def test_what_cannot_be_read_is_named_and_leaves_no_file(text: str, name: str, said: str, tmp_path: Path) -> None:
    path, out = tmp_path / name, tmp_path / "out" / "scores.jsonl"
    path.write_bytes(text.encode(errors="surrogateescape"))
    columns = Columns("reply", move="move" if "move" in text else None)
    with pytest.raises(FrictionError, match=said) as error:
        score_file(path, columns, out)
    assert f"'{path}'" in str(error.value) and "\n" not in str(error.value)
    assert not out.exists() and not list(tmp_path.rglob("*.partial"))
    out.write_text("older")
    with pytest.raises(FrictionError):
        score_file(path, columns, out)
    assert out.read_text() == "older"


def test_columns_that_a_spreadsheet_adds_without_a_name_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\nreply,,\nNo.,,\n\n,,\n")
    assert score_file(tmp_path / "a.csv", Columns("reply"), tmp_path / "out").rows == 2


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "nosuch.jsonl", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(FrictionError, match=f"cannot read '{path}': {said}"):
            score_file(path, Columns("reply"), tmp_path / "out")


def test_the_file_that_is_read_is_not_written_over(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"reply": "No."}])
    before = path.read_bytes()
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    for target in (path, link, tmp_path / "x" / ".." / "a.jsonl"):
        (tmp_path / "x").mkdir(exist_ok=True)
        with pytest.raises(FrictionError, match="is the file that is read"):
            score_file(path, Columns("reply"), target)
    assert path.read_bytes() == before


def test_nothing_said_is_no_friction_and_no_agreement(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"reply": reply} for reply in (None, "", " \n", "…", "🙂")])
    counts = score_file(path, Columns("reply"), tmp_path / "out")
    assert (counts.rows, counts.friction, counts.agrees) == (5, 0, 0) and counts.empty >= 3


def test_half_a_character_is_no_reason_to_stop(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"reply": "No, not \\ud83d right.", "id": "\\ud83d"}\n')
    assert score_file(path, Columns("reply"), tmp_path / "out").rows == 1
    assert lines_of(tmp_path / "out")[0]["row"] == 1


def test_progress_is_told_row_by_row(tmp_path: Path) -> None:
    seen: list[int] = []
    score_file(jsonl(tmp_path / "a", [{"r": "a"}] * 3), Columns("r"), tmp_path / "out", seen.append)
    assert seen == [1, 2, 3]
