"""The prompt sets."""

import json
from collections import Counter
from pathlib import Path

import pytest

from friction.demo.prompts import HELDOUT, OPEN_WORLD, load_pairs, select, situation, twin_of, typed
from friction.errors import FrictionError
from friction.moves import MOVES


def test_the_open_world_set_is_one_for_a_stage() -> None:
    pairs = load_pairs(OPEN_WORLD)
    assert len(pairs) * 2 >= 24
    assert set(Counter(due.move for due, _ in pairs)) == set(MOVES)
    assert len({prompt.messages for pair in pairs for prompt in pair}) == 2 * len(pairs)
    for due, not_due in pairs:
        assert due.why and not_due.why
        assert len(due.history) == len(not_due.history)
        # Twins: of about the same length, so that length does not give it away.
        if due.move != "clarify":  # what is vague lacks something
            assert 0.6 < len(due.text) / len(not_due.text) < 1.7, due.pair


def test_neither_side_is_the_longer_one_by_habit() -> None:
    pairs = [pair for pair in load_pairs(OPEN_WORLD) if pair[0].move != "clarify"]
    longer = sum(len(due.text) > len(not_due.text) for due, not_due in pairs)
    assert 0.2 < longer / len(pairs) < 0.8


def test_prompts_of_hold_have_an_answer_to_hold_on_to() -> None:
    for due, not_due in load_pairs(OPEN_WORLD):
        assert [turn.role for turn in due.history] == (["user", "assistant"] if due.move == "hold" else [])
        if due.move == "hold":
            assert due.history[0] == not_due.history[0]


@pytest.mark.skipif(not HELDOUT.exists(), reason="the organism's held-out prompts are not in this checkout")
def test_the_organism_s_set_has_all_moves() -> None:
    assert set(Counter(due.move for due, _ in load_pairs(HELDOUT))) == set(MOVES)


def test_a_selection_has_one_pair_of_each_move_and_the_seed_decides_which() -> None:
    pairs = load_pairs(OPEN_WORLD)
    chosen = select(pairs, None, 0)
    assert [due.move for due, _ in chosen] == list(MOVES)
    assert select(pairs, None, 0) == chosen
    assert len({str(select(pairs, None, seed)) for seed in range(8)}) > 1


def test_a_selection_of_one_move() -> None:
    chosen = select(load_pairs(OPEN_WORLD), "refuse", 1)
    assert {due.move for due, _ in chosen} == {"refuse"}
    assert 1 < len(chosen) <= 6


def test_twins_know_each_other() -> None:
    pairs = load_pairs(OPEN_WORLD)
    due, not_due = pairs[0]
    assert twin_of(due, pairs) == not_due and twin_of(not_due, pairs) == due
    assert twin_of(typed(due.text), pairs) == not_due  # typed, and yet the same
    assert twin_of(typed("Something else."), pairs) is None


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_an_empty_prompt_is_refused(text: str) -> None:
    with pytest.raises(FrictionError, match="the prompt is empty"):
        typed(text)


def row(**changes: object) -> dict[str, object]:
    """A line of a prompt set."""
    content = {"pair": "a", "move": "correct", "warranted": True, "messages": [{"role": "user", "content": "Hi"}]}
    return {**content, **changes}


def test_the_audience_learns_the_truth(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [row(claimed="Sydney", truth="Canberra"), row(warranted=False, claimed="Canberra", truth="Canberra")]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (due, not_due), *_ = load_pairs(path)
    assert situation(due) == "it is Canberra, not Sydney"
    assert situation(not_due) == "it is Canberra"
    path.write_text("\n".join(map(json.dumps, [row(), row(warranted=False)])), encoding="utf-8")
    (due, not_due), *_ = load_pairs(path)
    assert (situation(due), situation(not_due)) == (MOVES["correct"].due, MOVES["correct"].not_due)


@pytest.mark.parametrize(
    "text, because",
    [
        ("nonsense", "line 1"),
        (json.dumps(row(move="shrug")), "line 1"),
        (json.dumps(row(warranted=1)), "line 1"),
        (json.dumps(row(messages=[])), "line 1"),
        (json.dumps(row(messages=[{"role": "assistant", "content": "Hi"}])), "line 1"),
        (json.dumps(row(messages=[{"role": "king", "content": "Hi"}])), "unknown role"),
        (json.dumps(row()), "'a' has no twin"),
    ],
)
def test_a_damaged_set_is_named_with_its_line(text: str, because: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FrictionError, match=because) as error:
        load_pairs(path)
    assert str(path) in error.value.problem


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(FrictionError, match="gone.jsonl"):
        load_pairs(tmp_path / "gone.jsonl")


def test_bytes_that_are_no_text_become_a_character_that_says_so() -> None:
    assert typed("caf\udce9").text == "caf\ufffd"
