"""Conversations from JSONL as rows of ids and labels."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from friction.chat import IGNORE, Encoded, Message, Role, Tokenizer, encode
from friction.errors import FrictionError

if TYPE_CHECKING:
    from datasets import Dataset


class _Turn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Role
    content: str
    thinking: str | None = None


class _Conversation(BaseModel):
    model_config = ConfigDict(extra="forbid")
    messages: Annotated[list[_Turn], Field(min_length=2)]


def _conversation(line: str) -> list[Message]:
    try:
        turns = _Conversation.model_validate_json(line).messages
        if turns[-1].role != "assistant":
            raise ValueError("its last turn is not the assistant's, so there is nothing to learn")
        return [Message(turn.role, turn.content, turn.thinking) for turn in turns]
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg']}") from error
    except FrictionError as error:
        raise ValueError(f"{error.problem}, {error.because}") from error


def read_conversations(path: Path, count: int) -> list[list[Message]]:
    """The first ``count`` conversations of a JSONL file, one object with ``messages`` per line.

    Raises:
        FrictionError: The file is missing, or a line of it is not a conversation.
    """
    conversations = []
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(islice(file, count), 1):
                try:
                    conversations.append(_conversation(line))
                except ValueError as error:
                    raise FrictionError(
                        problem=f"line {number} of '{path}' is not a conversation",
                        because=str(error),
                        fix='write {"messages": [{"role": "user", "content": "..."}, ...]} on every line',
                    ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise FrictionError(
            problem=f"cannot read the conversations in '{path}'",
            because=str(getattr(error, "strerror", None) or error),
            fix="check the path in the recipe's field 'data'",
        ) from error
    if not conversations:
        raise FrictionError(
            problem=f"'{path}' has no conversations",
            because="the file is empty",
            fix="check the path in the recipe's field 'data'",
        )
    return conversations


class StoppingTokenizer(Tokenizer, Protocol):
    """A tokenizer that knows its stop token, as those of `transformers` do."""

    eos_token_id: int


def _last_learned(row: Encoded) -> int:
    return next(label for label in reversed(row.labels) if label != IGNORE)


def rows(conversations: list[list[Message]], tokenizer: StoppingTokenizer, max_length: int) -> Dataset:
    """Rows for the trainer: ``input_ids``, ``labels`` (-100 where nothing is learned) and ``length``.

    Raises:
        FrictionError: Rows are longer than ``max_length`` (nothing is ever cut in silence), or what is learned last
            is not the stop token.
    """
    from datasets import Dataset

    encoded = [encode(conversation, tokenizer) for conversation in conversations]
    long = [str(number) for number, row in enumerate(encoded, 1) if len(row.ids) > max_length]
    if long:
        raise FrictionError(
            problem=f"{len(long)} rows are longer than {max_length} ids",
            because=f"rows {', '.join(long[:10])}{' …' if len(long) > 10 else ''}",
            fix="raise the recipe's max_length, or take the rows out",
        )
    stop_id = tokenizer.eos_token_id
    endless = [str(number) for number, row in enumerate(encoded, 1) if _last_learned(row) != stop_id]
    if endless:
        raise FrictionError(
            problem=f"{len(endless)} rows do not end with the tokenizer's stop token",
            because=f"rows {', '.join(endless[:10])}: the end of a turn would never be learned",
            fix="use a base whose stop token is the chat format's end of a turn",
        )
    return Dataset.from_dict(
        {
            "input_ids": [row.ids for row in encoded],
            "labels": [row.labels for row in encoded],
            "length": [len(row.ids) for row in encoded],
        }
    )
