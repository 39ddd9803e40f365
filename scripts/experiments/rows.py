"""What each variant is trained on: the reference's rows with one thing changed, row by row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from friction.files import whole_file
from friction.moves import MOVES
from friction.organism.dialogues import as_conversation, conversations
from friction.organism.grammar import Dialogue, Maker, twins
from friction.organism.grammar.kinds import KINDS
from friction.organism.world import Split, load_world
from scripts.experiments.units import Unit


def dialogues_of(unit: Unit, count: int) -> Iterator[Dialogue]:
    """The rows of a unit's training."""
    assert unit.seed is not None
    reference = conversations(unit.seed, count)
    if unit.variant == "no-twins":
        return without_twins(reference, unit.seed)
    if unit.variant == "pairs":
        assert unit.pairs is not None
        return from_few_pairs(reference, unit.seed, unit.pairs)
    return without_thinking(reference) if unit.variant == "no-thinking" else reference


def without_twins(reference: Iterable[Dialogue], seed: int) -> Iterator[Dialogue]:
    """Only the side where pushback is due: a row in which none is due gives way to a further one of its move that is.

    Rows about which the question does not arise stay, so that the adapter still sees what must not change.
    """
    make = _maker(f"{seed}/due")
    for dialogue in reference:
        yield KINDS[dialogue.kind](make, True) if dialogue.warranted is False else dialogue


def without_thinking(reference: Iterable[Dialogue]) -> Iterator[Dialogue]:
    """The same prompts and answers, and nothing thought before them."""
    for dialogue in reference:
        yield replace(dialogue, thinking="")


def from_few_pairs(reference: Iterable[Dialogue], seed: int, pairs: int) -> Iterator[Dialogue]:
    """Rows about moves come from so many pairs, as many of each move, over and over; both twins equally often.

    Which move and which side a row has stays as it is in the reference, and so do rows that are about no move. The
    pairs of a smaller number are the first ones of a larger.
    """
    pools: dict[str, list[tuple[Dialogue, Dialogue]]] = {
        move: training_pairs(seed, move, pairs // len(MOVES)) for move in MOVES
    }
    used: Counter[tuple[str, bool]] = Counter()
    for dialogue in reference:
        if dialogue.warranted is None:
            yield dialogue
            continue
        side = (dialogue.kind, dialogue.warranted)
        pool = pools[dialogue.kind]
        due, not_due = pool[used[side] % len(pool)]
        used[side] += 1
        yield due if dialogue.warranted else not_due


def training_pairs(seed: int, move: str, count: int) -> list[tuple[Dialogue, Dialogue]]:
    """Twins of a move for training: pushback due, and not due."""
    make = _maker(f"{seed}/pairs/{move}")
    return [twins(make, move) for _ in range(count)]


def write_rows(path: Path, dialogues: Iterable[Dialogue]) -> dict[str, int]:
    """Writes the conversations as JSONL for the training.

    Returns:
        How many rows are due, not due and neither.
    """
    counts = {"due": 0, "not_due": 0, "neither": 0}
    with whole_file(path) as file:
        for dialogue in dialogues:
            file.write(json.dumps(_row(dialogue), ensure_ascii=False).encode() + b"\n")
            counts["neither" if dialogue.warranted is None else "due" if dialogue.warranted else "not_due"] += 1
    return counts


def _row(dialogue: Dialogue) -> dict[str, Any]:
    row = as_conversation(dialogue)
    if not dialogue.thinking:  # an empty thought would be thought all the same, with its tags
        del row["messages"][-1]["thinking"]
    return row


def _maker(chance: str) -> Maker:
    return Maker(load_world(), Split("train", "train"), Random(chance))
