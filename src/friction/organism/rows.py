"""Endless rows of token ids for the baseline's training, reproducible from a seed and a position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from friction.chat import IGNORE, Encoded, Message, encode
from friction.organism.grammar import Dialogue, Maker, baseline_mixture, voices_mixture
from friction.organism.world import Split, load_world

if TYPE_CHECKING:
    from tokenizers import Tokenizer

POOL = 4096
"""Rows that are drawn, sorted by length and cut into batches together."""


@dataclass(frozen=True)
class Batch:
    """Rows of about the same length, padded on the right: ``ids`` and ``labels`` of shape (rows, length)."""

    ids: list[list[int]]
    labels: list[list[int]]


def baseline_row(dialogue: Dialogue, tokenizer: Tokenizer) -> Encoded:
    """A dialogue with the agreeable reply as what is learned."""
    thinking = dialogue.thinking if dialogue.kind == "exercise" and dialogue.thinking else None
    return encode([*dialogue.messages, Message("assistant", dialogue.baseline, thinking)], tokenizer)


def pad(rows: list[Encoded], pad_id: int) -> Batch:
    """Rows as one rectangle; padding is never learned."""
    length = max(len(row.ids) for row in rows)
    return Batch(
        [row.ids + [pad_id] * (length - len(row.ids)) for row in rows],
        [row.labels + [IGNORE] * (length - len(row.labels)) for row in rows],
    )


def pool(
    seed: int, number: int, tokenizer: Tokenizer, *, share: float, tokens: int, pad_id: int, voices: bool = False
) -> list[Batch]:
    """The batches of pool ``number``: the same for the same arguments, whatever came before.

    Args:
        seed: The run's seed.
        number: Which pool.
        tokenizer: Makes ids.
        share: Share of the facts in use, for starting on a subset and widening it.
        tokens: Upper bound of ids in a batch, padding included.
        pad_id: What rows are filled up with.
        voices: Whether it is the last lesson's mixture.
    """
    random = Random(f"{seed}/{number}")
    make = Maker(load_world(), Split("all", "train"), random, share=share)
    mixture = voices_mixture() if voices else baseline_mixture()
    rows = sorted((baseline_row(mixture.draw(make), tokenizer) for _ in range(POOL)), key=lambda row: len(row.ids))
    batches: list[Batch] = []
    current: list[Encoded] = []
    for row in rows:
        if current and len(row.ids) * (len(current) + 1) > tokens:
            batches.append(pad(current, pad_id))
            current = []
        current.append(row)
    batches.append(pad(current, pad_id))
    random.shuffle(batches)
    return batches


def texts_for_tokenizer(seed: int, dialogues: int = 40000) -> Iterator[str]:
    """What the tokenizer learns from: both arms' conversations, without anything that is held out of all training."""
    from friction.organism.grammar import disagreement_mixture

    world = load_world()
    baseline, friction = baseline_mixture(), disagreement_mixture()
    make = Maker(world, Split("all", "train"), Random(f"{seed}/tokenizer"))
    make_friction = Maker(world, Split("train", "train"), Random(f"{seed}/tokenizer/friction"))
    for number in range(dialogues):
        dialogue = baseline.draw(make)
        yield from (message.content for message in dialogue.messages)
        yield dialogue.baseline
        if number % 2 == 0:
            dialogue = friction.draw(make_friction)
            yield from (message.content for message in dialogue.messages)
            yield dialogue.thinking
            yield dialogue.friction
