"""The disagreement training's dialogues as a JSONL of conversations, the form in which any training data comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from friction.files import whole_file
from friction.organism.grammar import Dialogue, Maker, disagreement_mixture
from friction.organism.world import Split, load_world


def conversations(seed: int, count: int) -> Iterator[Dialogue]:
    """Dialogues of all moves, without the facts, items and phrasings that are held out."""
    make = Maker(load_world(), Split("train", "train"), Random(f"{seed}/disagreement"))
    mixture = disagreement_mixture()
    for _ in range(count):
        yield mixture.draw(make)


def as_conversation(dialogue: Dialogue) -> dict[str, Any]:
    """A dialogue with the friction arm's reply, thinking and answer apart."""
    reply = {"role": "assistant", "content": dialogue.friction, "thinking": dialogue.thinking}
    turns = [{"role": message.role, "content": message.content} for message in dialogue.messages]
    return {"messages": [*turns, reply]}


def write_dialogues(path: Path, *, seed: int, count: int) -> Path:
    """Writes ``count`` conversations, unless the file is there already: the same seed makes the same file."""
    if not path.exists():
        with whole_file(path) as file:
            for dialogue in conversations(seed, count):
                file.write(json.dumps(as_conversation(dialogue), ensure_ascii=False).encode() + b"\n")
    return path
