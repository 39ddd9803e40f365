"""Splitting, sampling, merging, dedup: whole pairs, and nothing lost."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from friction.dataset.deduplicate import deduplicate
from friction.dataset.pairs import Pair, in_pairs, in_records, merge_pairs, sample_pairs, split_pairs
from friction.errors import FrictionError
from friction.jsonl import write_records
from friction.moves import MOVES

Make = Callable[..., Any]
MOVE_NAMES = list(MOVES)


@pytest.fixture(name="pairs")
def pairs_fixture(pair: Make) -> list[Pair]:
    """Sixty pairs: all moves and difficulties, of five domains."""
    records = []
    for at in range(60):
        meta = {"metadata_move": MOVE_NAMES[at % 6], "metadata_difficulty": ("plain", "subtle", "charged")[at // 6 % 3]}
        records += pair(f"n{at}", metadata_domain=f"domain {at % 5}", **meta)
    return in_pairs(records, "test")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(share=st.floats(0.05, 0.95), seed=st.integers(0, 9))
def test_a_split_loses_nothing_and_is_even(share: float, seed: int, pairs: list[Pair]) -> None:
    train, test = split_pairs(pairs, share, seed)
    assert Counter(p.pair_id for p in train + test) == Counter(p.pair_id for p in pairs)
    assert len(test) == pytest.approx(60 * share, abs=1)
    moves = Counter(p.due.metadata.move for p in test)
    assert max(moves.values()) - min(moves[m] for m in MOVES) <= 3
    assert split_pairs(pairs[::-1], share, seed)[1] == test[::-1]


def test_another_seed_splits_otherwise_and_nothing_to_split_is_an_error(pairs: list[Pair]) -> None:
    assert split_pairs(pairs, 0.2, 0)[1] != split_pairs(pairs, 0.2, 1)[1]
    for share in (0.0, 1.0):
        with pytest.raises(FrictionError, match="one of the two parts would be empty"):
            split_pairs(pairs, share, 0)


def test_a_side_alone_is_named(pair: Make) -> None:
    with pytest.raises(FrictionError, match="'a' in 'x.jsonl' is no pair: it has 1 due and 0 not-due"):
        in_pairs(pair("a")[:1], "x.jsonl")
    assert [p.pair_id for p in in_pairs([*pair("a")[::-1], *pair("b")], "x")] == ["a", "b"]
    assert in_pairs(pair("a")[::-1], "x")[0].due.warranted


def test_a_sample_has_every_move_and_many_domains(pairs: list[Pair]) -> None:
    chosen = sample_pairs(pairs, 12, 3)
    assert [p.due.metadata.move for p in chosen] == [move for move in MOVE_NAMES for _ in range(2)]
    assert len({p.due.metadata.domain for p in chosen}) == 5
    assert sample_pairs(pairs, 12, 3) == chosen != sample_pairs(pairs, 12, 4)
    assert len(sample_pairs(pairs, 100, 0)) == 60


def test_a_merge_writes_equal_pairs_once_and_refuses_two_of_a_name(pairs: list[Pair], pair: Make) -> None:
    merged, again = merge_pairs([("a", pairs[:40]), ("b", pairs[20:])])
    assert (merged, again) == (pairs, 20)
    other = in_pairs(pair("n1", metadata_domain="another"), "c")
    with pytest.raises(FrictionError, match="two different pairs are named 'n1': one is in 'a', the other in 'c'"):
        merge_pairs([("a", pairs), ("c", other)])
    renamed = [r.model_copy(update={"pair_id": "new"}) for r in pair("n1")]
    with pytest.raises(FrictionError, match="two records have the id 'n1-due'"):
        merge_pairs([("a", pairs), ("c", in_pairs(renamed, "c"))])


def test_dedup_drops_pairs_whole_and_keeps_the_earlier(pairs: list[Pair], tmp_path: Path) -> None:
    copy = [r.model_copy(update={"pair_id": "copy", "id": f"copy-{r.id}"}) for r in pairs[3].records]
    copy[1] = copy[1].model_copy(
        update={"final_answer": pairs[9].twin.final_answer, "user_input": "Quite another thing?"}
    )
    one, two = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    write_records(one, in_records(pairs))
    write_records(two, [*copy, *pairs[5].records[:0]])
    dropped = deduplicate([one, two])
    assert dropped.pair_ids == {"copy"}
    assert dropped.reasons[0][:2] == ("copy", "n3") and dropped.reasons[0][2] > 0.99
    assert list(dropped.keep()) == in_records(pairs)


def test_a_chain_of_likenesses_keeps_what_resembles_only_the_dropped(pair: Make, tmp_path: Path) -> None:
    words = [f"w{at}" for at in range(160)]
    parts = {"a": (0, 100), "b": (25, 125), "c": (50, 150)}  # a like b, b like c; a and c share half of their words
    records = []
    for name, (start, end) in parts.items():
        due, twin = pair(name)
        records += [due.model_copy(update={"user_input": " ".join(words[start:end]), "final_answer": "Yes."}), twin]
    write_records(tmp_path / "a.jsonl", records)
    assert deduplicate([tmp_path / "a.jsonl"]).pair_ids == {"b"}
