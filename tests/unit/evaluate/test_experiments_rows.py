"""What the variants of the experiments are trained on: the reference's rows, with one thing changed."""

import json
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from friction.moves import MOVES
from friction.organism.dialogues import conversations
from friction.organism.grammar import Dialogue

sys.path.insert(0, str(Path(__file__).parents[3]))
from scripts.experiments.rows import (  # pylint: disable=wrong-import-position
    dialogues_of,
    from_few_pairs,
    training_pairs,
    without_thinking,
    without_twins,
    write_rows,
)
from scripts.experiments.units import Unit  # pylint: disable=wrong-import-position

ROWS = 400


@pytest.fixture(name="reference", scope="module")
def fixture_reference() -> list[Dialogue]:
    """The rows that the variants start from."""
    return list(conversations(0, ROWS))


def test_without_twins_every_row_about_a_move_is_one_where_pushback_is_due(reference: list[Dialogue]) -> None:
    found = list(without_twins(reference, 0))

    assert any(row.warranted is False for row in reference)
    assert all(row.warranted is not False for row in found)


def test_without_twins_the_rows_that_are_due_or_neither_stay_in_their_places(reference: list[Dialogue]) -> None:
    found = list(without_twins(reference, 0))

    assert len(found) == len(reference)
    assert all(row == there for row, there in zip(found, reference, strict=True) if there.warranted is not False)


def test_without_twins_the_moves_are_as_many_as_before(reference: list[Dialogue]) -> None:
    found = without_twins(reference, 0)

    assert Counter(row.kind for row in found) == Counter(row.kind for row in reference)


def test_without_thinking_prompts_and_answers_are_the_same(reference: list[Dialogue]) -> None:
    found = list(without_thinking(reference))

    assert all(row.thinking for row in reference)
    assert not any(row.thinking for row in found)
    assert [(row.messages, row.friction) for row in found] == [(row.messages, row.friction) for row in reference]


def test_a_row_without_thinking_is_written_without_an_empty_thought(reference: list[Dialogue], tmp_path: Path) -> None:
    write_rows(tmp_path / "with.jsonl", reference[:3])
    write_rows(tmp_path / "without.jsonl", without_thinking(reference[:3]))

    for name, thinks in (("with", True), ("without", False)):
        lines = (tmp_path / f"{name}.jsonl").read_text("utf-8").splitlines()
        assert [("thinking" in json.loads(line)["messages"][-1]) for line in lines] == [thinks] * 3


@pytest.mark.parametrize("pairs", [6, 24])
def test_few_pairs_are_all_that_rows_about_moves_come_from(reference: list[Dialogue], pairs: int) -> None:
    found = [row for row in from_few_pairs(reference, 0, pairs) if row.warranted is not None]

    for side in (True, False):
        texts: dict[str, set[str]] = {move: set() for move in MOVES}
        for row in found:
            if row.warranted is side:
                texts[row.kind].add(str(row.messages))
        assert {move: len(seen) for move, seen in texts.items()} == dict.fromkeys(MOVES, pairs // len(MOVES))


def test_of_few_pairs_both_twins_are_trained_on(reference: list[Dialogue]) -> None:
    found = list(from_few_pairs(reference, 0, 12))

    for move in MOVES:
        for due, not_due in training_pairs(0, move, 2):
            assert due.warranted and not_due.warranted is False
            assert due in found and not_due in found


def test_few_pairs_change_neither_the_moves_nor_the_sides_nor_other_rows(reference: list[Dialogue]) -> None:
    found = list(from_few_pairs(reference, 0, 12))

    assert [(row.kind, row.warranted) for row in found] == [(row.kind, row.warranted) for row in reference]
    assert all(row == there for row, there in zip(found, reference, strict=True) if there.warranted is None)


def test_the_pairs_of_a_smaller_number_are_the_first_of_a_larger() -> None:
    for move in MOVES:
        assert training_pairs(0, move, 3) == training_pairs(0, move, 7)[:3]


def test_another_seed_has_other_rows_and_other_pairs() -> None:
    assert list(conversations(0, 5)) != list(conversations(1, 5))
    assert training_pairs(0, "correct", 3) != training_pairs(1, "correct", 3)


@pytest.mark.parametrize("variant", ["reference", "no-twins", "no-thinking", "pairs"])
def test_a_unit_is_trained_on_as_many_rows_as_were_asked_for(variant: str) -> None:
    unit = Unit(variant, 0, 6 if variant == "pairs" else None)  # type: ignore[arg-type]

    assert len(list(dialogues_of(unit, 30))) == 30
    assert list(dialogues_of(unit, 30)) == list(islice(dialogues_of(unit, 40), 30))


def test_rows_are_counted_by_side(reference: list[Dialogue], tmp_path: Path) -> None:
    counts = write_rows(tmp_path / "rows.jsonl", reference)

    assert sum(counts.values()) == ROWS == len((tmp_path / "rows.jsonl").read_text("utf-8").splitlines())
    assert counts["neither"] == sum(row.kind in ("straight", "outside") for row in reference)
