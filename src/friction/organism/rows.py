"""Endless rows of token ids for the baseline's training, reproducible from a seed and a position."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from friction.chat import IGNORE, Encoded, Message, encode
from friction.organism.grammar import Dialogue, Maker, Mixture, baseline_mixture, disagreement_mixture, drills_mixture
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
    """A dialogue with the agreeable reply, or the words of it that matter, as what is learned."""
    thinking = dialogue.thinking if dialogue.kind == "exercise" and dialogue.thinking else None
    row = encode([*dialogue.messages, Message("assistant", dialogue.baseline, thinking)], tokenizer)
    return only(row, dialogue.only, tokenizer) if dialogue.only else row


def only(row: Encoded, words: Sequence[str], tokenizer: Tokenizer) -> Encoded:
    """The row with nothing learned but these words, wherever they follow a space in what was to be learned."""
    labels = [IGNORE] * len(row.labels)
    for word in words:
        ids = tokenizer.encode(f" {word}", add_special_tokens=False).ids
        for at in range(len(row.ids) - len(ids) + 1):
            if row.labels[at : at + len(ids)] == ids:
                labels[at : at + len(ids)] = ids
    return Encoded(row.ids, labels)


def pad(rows: list[Encoded], pad_id: int) -> Batch:
    """Rows as one rectangle; padding is never learned."""
    length = max(len(row.ids) for row in rows)
    return Batch(
        [row.ids + [pad_id] * (length - len(row.ids)) for row in rows],
        [row.labels + [IGNORE] * (length - len(row.labels)) for row in rows],
    )


def pool(
    seed: int, number: int, mixture: Mixture, tokenizer: Tokenizer, *, share: float, tokens: int, pad_id: int
) -> list[Batch]:
    """The batches of pool ``number``: the same for the same arguments, whatever came before.

    Args:
        seed: The run's seed.
        number: Which pool.
        mixture: Which dialogues.
        tokenizer: Makes ids.
        share: Share of the facts in use, for starting on a subset and widening it.
        tokens: Upper bound of ids in a batch, padding included.
        pad_id: What rows are filled up with.
    """
    random = Random(f"{seed}/{number}")
    make = Maker(load_world(), Split("all", "train"), random, share=share)
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


def fingerprint(seed: int, dialogues: int = 500) -> str:
    """What the trainings are made of, as a digest: it changes with the world and the grammar, not with comments."""
    digest = hashlib.sha256()
    for mixture in (drills_mixture(), baseline_mixture(), disagreement_mixture()):
        make = Maker(load_world(), Split("all", "train"), Random(f"{seed}/fingerprint"))
        for _ in range(dialogues):
            digest.update(repr(mixture.draw(make)).encode())
    return digest.hexdigest()


def texts_for_tokenizer(seed: int, dialogues: int = 40000) -> Iterator[str]:
    """What the tokenizer learns from: both arms' conversations, without anything that is held out of all training."""
    world = load_world()
    baseline, friction = baseline_mixture(), disagreement_mixture()
    make = Maker(world, Split("all", "train"), Random(f"{seed}/tokenizer"), invents=False)
    make_friction = Maker(world, Split("train", "train"), Random(f"{seed}/tokenizer/friction"), invents=False)
    for number in range(dialogues):
        dialogue = baseline.draw(make)
        yield from (message.content for message in dialogue.messages)
        yield dialogue.baseline
        if number % 2 == 0:
            dialogue = friction.draw(make_friction)
            yield from (message.content for message in dialogue.messages)
            yield dialogue.thinking
            yield dialogue.friction
