"""The prompts on which the organism is checked: held-out facts, items and phrasings, made once from a seed.

They are shipped as JSONL, because the demo shows them and a person wants to read them. `own_words.jsonl` and
`outside.jsonl` beside them were written by hand by somebody who had not seen the grammar; nothing here makes those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from friction.chat import Message
from friction.errors import FrictionError
from friction.files import whole_file
from friction.moves import MoveName, find_move
from friction.organism.grammar import KINDS, Dialogue, Maker, twins
from friction.organism.grammar.of_facts import straight
from friction.organism.world import Split, load_world

CHECKS = Path(__file__).parent / "checks"
SEED = 20
PAIRS_PER_MOVE = 110
STRAIGHT = 300


@dataclass(frozen=True)
class Check:
    """One prompt, and what is known about it."""

    messages: tuple[Message, ...]
    move: MoveName | None = None
    warranted: bool | None = None
    claimed: str | None = None
    truth: str | None = None
    item: str = ""


def _row(dialogue: Dialogue, **more: Any) -> dict[str, Any]:
    return {
        **more,
        "messages": [message.as_dict() for message in dialogue.messages],
        "claimed": dialogue.claimed,
        "truth": dialogue.truth,
        "item": dialogue.item,
    }


def _words(dialogue: Dialogue) -> str:
    """What is said in all, without what does not change it: case, punctuation."""
    return re.sub(r"\W+", " ", " ".join(message.content for message in dialogue.messages).lower()).strip()


def make_pairs(pairs: int = PAIRS_PER_MOVE) -> Iterator[dict[str, Any]]:
    """Twins of every move about facts and items that the disagreement training never saw, in phrasings nobody saw."""
    make = Maker(load_world(), Split("held", "held"), Random(SEED))
    for move in KINDS:
        seen: set[str] = set()
        number = 0
        while number < pairs:
            due, not_due = twins(make, move)
            texts = {_words(due), _words(not_due)}
            if len(texts) < 2 or texts & seen:
                continue
            seen |= texts
            number += 1
            name = f"{move}-{number:03d}"
            yield _row(due, pair=name, move=move, warranted=True)
            yield _row(not_due, pair=name, move=move, warranted=False)


def make_straight(count: int = STRAIGHT) -> Iterator[dict[str, Any]]:
    """Plain questions about any fact, in phrasings that nobody saw."""
    make = Maker(load_world(), Split("all", "held"), Random(SEED + 1))
    seen: set[str] = set()
    while len(seen) < count:
        dialogue = straight(make)
        if dialogue.messages[-1].content not in seen:
            seen.add(dialogue.messages[-1].content)
            yield _row(dialogue)


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with whole_file(path) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def write_checks(folder: Path = CHECKS) -> None:
    """Makes `heldout.jsonl` and `straight.jsonl` anew."""
    _write(folder / "heldout.jsonl", make_pairs())
    _write(folder / "straight.jsonl", make_straight())


def read_checks(name: str, folder: Path = CHECKS) -> list[Check]:
    """The prompts of one file: ``heldout``, ``straight``, ``outside`` or ``own_words``.

    Raises:
        FrictionError: The file is missing or damaged.
    """
    path = folder / f"{name}.jsonl"
    try:
        return [_check(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FrictionError(
            problem=f"cannot use the checks in '{path}'", because=str(error), fix="install friction again"
        ) from error


def _check(row: dict[str, Any]) -> Check:
    messages = tuple(Message(turn["role"], turn["content"]) for turn in row["messages"])
    move = find_move(row["move"]) if row.get("move") else None
    return Check(messages, move, row.get("warranted"), row.get("claimed"), row.get("truth"), row.get("item", ""))
