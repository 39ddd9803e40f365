"""Conversations from JSONL: bad lines and long rows are named, and labels are the renderer's."""

import json
from pathlib import Path
from typing import Any

import pytest

from friction.chat import IGNORE, Message, encode
from friction.errors import FrictionError
from friction.train.data import read_conversations, rows

USER = {"role": "user", "content": "Six legs?"}
REPLY = {"role": "assistant", "content": "Eight.", "thinking": "I know of eight."}
GOOD = json.dumps({"messages": [USER, REPLY]})


class Characters:
    """A tokenizer with one id per character; its stop token is the last of the end of a turn."""

    eos_token_id = ord(">")

    def encode(self, text: str, /, *, add_special_tokens: bool) -> list[int]:
        """Code points."""
        assert not add_special_tokens
        return [ord(character) for character in text]


def written(folder: Path, *lines: str) -> Path:
    """A JSONL of these lines."""
    path = folder / "data.jsonl"
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return path


def test_conversations_are_read_as_messages(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, json.dumps({"messages": [USER, {**REPLY, "thinking": None}]}))
    user = Message("user", "Six legs?")
    assert read_conversations(path, 10) == [
        [user, Message("assistant", "Eight.", "I know of eight.")],
        [user, Message("assistant", "Eight.")],
    ]
    assert len(read_conversations(path, 1)) == 1


@pytest.mark.parametrize(
    "line, because",
    [
        ("{", "the line: "),
        ("", "the line: "),
        ("[]", "the line: "),
        ("{}", "messages: Field required"),
        (json.dumps({"messages": [USER]}), "messages: "),
        (json.dumps({"messages": [USER, {"role": "assistant"}]}), "messages.1.content: Field required"),
        (json.dumps({"messages": [USER, {**REPLY, "mood": "good"}]}), "messages.1.mood: "),
        (json.dumps({"messages": [USER, {**REPLY, "content": 8}]}), "messages.1.content: "),
        (json.dumps({"messages": [USER, REPLY], "id": 1}), "id: "),
    ],
)
def test_a_bad_line_is_named(line: str, because: str, tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, line, GOOD)
    with pytest.raises(FrictionError) as caught:
        read_conversations(path, 10)
    assert caught.value.problem == f"line 2 of '{path}' is not a conversation"
    assert caught.value.because.startswith(because.rstrip())


def test_a_bad_line_behind_the_last_row_is_not_read(tmp_path: Path) -> None:
    assert len(read_conversations(written(tmp_path, GOOD, "{"), 1)) == 1


@pytest.mark.parametrize("turn", [{"role": "robot", "content": "beep"}, {**USER, "thinking": "hm"}])
def test_a_turn_that_nobody_can_speak_is_named_by_its_line(turn: Any, tmp_path: Path) -> None:
    with pytest.raises(FrictionError, match="line 2 of"):
        read_conversations(written(tmp_path, GOOD, json.dumps({"messages": [turn, REPLY]})), 10)


@pytest.mark.parametrize(
    "content, reason", [(b"", "has no conversations"), (b"\xff\n", "not UTF-8|can't decode|codec")]
)
def test_a_file_without_conversations_is_named(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(content)
    with pytest.raises(FrictionError, match=reason) as caught:
        read_conversations(path, 10)
    assert str(path) in caught.value.problem


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FrictionError, match="cannot read the conversations in '.*none.jsonl': No such file"):
        read_conversations(tmp_path / "none.jsonl", 10)


CONVERSATIONS = [
    [Message("user", "Six legs?"), Message("assistant", "Eight.", "I know of eight.")],
    [Message("user", "Hello"), Message("assistant", "Hi."), Message("user", "Bye"), Message("assistant", "Bye.")],
]


def test_rows_are_what_the_renderer_makes() -> None:
    pytest.importorskip("datasets")
    dataset = rows(CONVERSATIONS, Characters(), 500)
    assert len(dataset) == 2
    for row, conversation in zip(dataset, CONVERSATIONS, strict=True):
        encoded = encode(conversation, Characters())
        assert row == {"input_ids": encoded.ids, "labels": encoded.labels, "length": len(encoded.ids)}
        assert IGNORE in row["labels"] and row["labels"] != row["input_ids"]


def test_rows_that_are_too_long_are_listed_and_none_is_cut() -> None:
    pytest.importorskip("datasets")
    short, long = CONVERSATIONS
    longest = len(encode(long, Characters()).ids)
    assert len(rows([short, long], Characters(), longest)) == 2
    with pytest.raises(FrictionError, match=f"1 rows are longer than {longest - 1} ids: rows 2. Fix: "):
        rows([short, long, short], Characters(), longest - 1)
    with pytest.raises(FrictionError, match="15 rows are longer than 9 ids: rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …"):
        rows([short] * 15, Characters(), 9)


def test_rows_that_never_stop_are_refused() -> None:
    pytest.importorskip("datasets")
    endless = Characters()
    endless.eos_token_id = 0
    with pytest.raises(FrictionError, match="2 rows do not end with the tokenizer's stop token: rows 1, 2"):
        rows(CONVERSATIONS, endless, 500)


def test_a_conversation_without_a_reply_is_named_by_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, '{"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]}')
    with pytest.raises(FrictionError, match="line 1 .* is not a conversation: its last turn is not the assistant's"):
        read_conversations(path, 5)
