"""Records for the tests of the dataset's tools: short, valid, and each in words of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from friction.record import Record

MakeRecord = Callable[..., Record]
_LETTERS = Random("words")
WORDS = ["".join(_LETTERS.choices("abcdefghijklmnopqrstuvwxyz", k=_LETTERS.randint(3, 9))) for _ in range(3000)]


def prose(seed: str, count: int) -> str:
    """Words in an order that no other seed has."""
    random = Random(seed)
    return " ".join(random.choice(WORDS) for _ in range(count)).capitalize() + "."


def make_record(name: str = "a", warranted: bool = True, **changes: Any) -> Record:
    """A record that passes every check of single records; its texts follow from its name and side."""
    seed = f"{name}/{warranted}"
    thoughts = [prose(f"{seed}/{at}", 26) for at in range(3)]
    moments = [
        [{"type": "objection", "quote": thoughts[0][2:20]}],
        [{"type": "concession", "quote": thoughts[1][2:20]}],
        [{"type": "resolution", "quote": thoughts[2][2:20]}],
    ]
    agents = ("problem_framer", "perspective_generator", "synthesizer")
    meta = {
        "move": "correct",
        "domain": "science",
        "difficulty": "plain",
        "language": "en",
        "focus": "disagreement",
        "source": "written for a test",
        "license": "CC-BY-4.0",
        "created": "2026-01-31",
        "notes": "",
        **{key.removeprefix("metadata_"): changes.pop(key) for key in list(changes) if key.startswith("metadata_")},
    }
    fields = {
        "id": f"{name}-{'due' if warranted else 'twin'}",
        "pair_id": name,
        "warranted": warranted,
        "history": [],
        "user_input": f"{prose(name, 20)} {'Six' if warranted else 'Eight'}?",
        "agents": [
            {"agent_type": agent, "thought_stream": thought, "friction_moments": found}
            for agent, thought, found in zip(agents, thoughts, moments, strict=True)
        ],
        "final_answer": prose(f"{seed}/answer", 40),
        "rejected": " ".join(prose(f"{seed}/rejected", 40).split()[::-1]) + " Lovely, lovely, lovely, as you say it.",
        "rejected_thinking": "problem_framer: It sounds nice.\n\nsynthesizer: So say yes.",
        "metadata": meta,
        **changes,
    }
    return Record.model_validate_json(json.dumps(fields))


def make_pair(name: str, **changes: Any) -> list[Record]:
    """Both sides of a pair."""
    return [make_record(name, True, **changes), make_record(name, False, **changes)]


@pytest.fixture(name="write")
def write_fixture(tmp_path: Path) -> Callable[..., Path]:
    """Writes records, or raw lines, into a file of this name."""

    def write(name: str, rows: list[Record | str | bytes]) -> Path:
        lines = [r.model_dump_json().encode() if isinstance(r, Record) else r for r in rows]
        path = tmp_path / name
        path.write_bytes(b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines))
        return path

    return write


@pytest.fixture(name="record")
def record_fixture() -> MakeRecord:
    """Makes one record."""
    return make_record


@pytest.fixture(name="pair")
def pair_fixture() -> Callable[..., list[Record]]:
    """Makes both sides of a pair."""
    return make_pair
