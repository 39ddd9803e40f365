"""What is put to the models: a prompt, and what is known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from friction.chat import Message
from friction.moves import MoveName, find_move


@dataclass(frozen=True)
class Prompt:
    """One prompt of a suite.

    Attributes:
        id: Unique in its suite.
        messages: The conversation; the last turn is the user's.
        move: The move that is due, here or in the twin; None where the prompt is not about friction.
        warranted: Whether the move is due here; None where that is not known, or not the question.
        pair: Shared by twins; None where there is no twin.
        truth: The true value, where a value is claimed: an answer that denies it is no hit.
        accept: For a plain question, the short answers of which any one is right; empty for all other prompts.
        follow_ups: What the user says after each reply, whatever it is: the later turns of a benchmark with several.
        why: Why the move is due or not, for a reader.
        cluster: What the prompt is about, shared by prompts that are not independent of one another (a fact, an item);
            empty where the pair, or else the prompt itself, is what is independent.
        tags: Anything else: the domain, the difficulty, a benchmark's own fields.
    """

    id: str
    messages: tuple[Message, ...]
    move: MoveName | None = None
    warranted: bool | None = None
    pair: str | None = None
    truth: str | None = None
    accept: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    why: str = ""
    cluster: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The user's last turn."""
        return self.messages[-1].content

    @property
    def unit(self) -> str:
        """What resampling draws: the cluster, or the pair, or the prompt."""
        return self.cluster or self.pair or self.id

    @property
    def is_plain(self) -> bool:
        """Whether it is an ordinary question with a checkable answer."""
        return bool(self.accept)

    def as_dict(self) -> dict[str, Any]:
        """For a JSONL file, without what says nothing."""
        row: dict[str, Any] = {"id": self.id, "messages": [message.as_dict() for message in self.messages]}
        for name in ("move", "warranted", "pair", "truth", "accept", "follow_ups", "why", "cluster", "tags"):
            value = getattr(self, name)
            if value not in (None, "", (), {}):
                row[name] = list(value) if isinstance(value, tuple) else dict(value) if name == "tags" else value
        return row

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Prompt:
        """A line of a JSONL file as a prompt.

        Raises:
            ValueError, KeyError, TypeError, FrictionError: The line is none.
        """
        messages = tuple(_message(turn) for turn in row["messages"])
        if not messages or messages[-1].role != "user":
            raise ValueError("its last turn is not the user's")
        warranted = row.get("warranted")
        if warranted is not None and not isinstance(warranted, bool):
            raise ValueError("its warranted is neither true nor false")
        for name in ("accept", "follow_ups"):
            if not isinstance(row.get(name, []), list | tuple) or not all(
                isinstance(one, str) for one in row.get(name, [])
            ):
                raise ValueError(f"its {name} is no list of texts")
        for name in ("truth", "why", "cluster"):
            if not isinstance(row.get(name), str | None):
                raise ValueError(f"its {name} is no text")
        return cls(
            id=str(row["id"]),
            messages=messages,
            move=find_move(row["move"]) if row.get("move") is not None else None,
            warranted=warranted,
            pair=str(row["pair"]) if row.get("pair") is not None else None,
            truth=row.get("truth"),
            accept=tuple(row.get("accept", ())),
            follow_ups=tuple(row.get("follow_ups", ())),
            why=row.get("why", ""),
            cluster=row.get("cluster", ""),
            tags={str(name): str(value) for name, value in row.get("tags", {}).items()},
        )


def _message(turn: Any) -> Message:
    if not isinstance(turn, Mapping) or not all(isinstance(turn.get(name), str) for name in ("role", "content")):
        raise ValueError("its messages are no list of turns, each with a role and content")
    return Message(turn["role"], turn["content"])
