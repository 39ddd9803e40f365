"""Records as pairs, and what is done with whole pairs: choose, split, sample, merge. Never with one side alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from friction.errors import FrictionError
from friction.jsonl import no_records
from friction.moves import MOVES
from friction.record import Record


@dataclass(frozen=True)
class Pair:
    """Both sides of one situation."""

    due: Record
    twin: Record

    @property
    def pair_id(self) -> str:
        """The name that the sides share."""
        return self.due.pair_id

    @property
    def records(self) -> tuple[Record, Record]:
        """The sides, the due one first."""
        return self.due, self.twin


def in_pairs(records: Iterable[Record], source: str) -> list[Pair]:
    """The records as pairs, in the order in which the pairs begin.

    Args:
        records: The records.
        source: The file's name, for the error.

    Raises:
        FrictionError: A pair does not have exactly one side of each kind.
    """
    sides: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        sides[record.pair_id].append(record)
    if not sides:
        raise no_records(source)
    pairs = []
    for pair_id, found in sides.items():
        if sorted(record.warranted for record in found) != [False, True]:
            due = sum(record.warranted for record in found)
            raise FrictionError(
                problem=f"'{pair_id}' in '{source}' is no pair",
                because=f"it has {due} due and {len(found) - due} not-due records instead of one of each",
                fix=f"look at all that is wrong: friction data validate {source}",
            )
        due_side, twin = sorted(found, key=lambda record: not record.warranted)
        pairs.append(Pair(due_side, twin))
    return pairs


def in_records(pairs: Iterable[Pair]) -> list[Record]:
    """The pairs' records, twins beside one another."""
    return [record for pair in pairs for record in pair.records]


def split_pairs(pairs: Sequence[Pair], test_share: float, seed: int) -> tuple[list[Pair], list[Pair]]:
    """Pairs for training and for the test, every move and difficulty in both at about the same share.

    The choice depends on the seed and on the pairs' ids, not on their order; both parts keep the order.

    Raises:
        FrictionError: The share leaves one of the two empty.
    """
    strata: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        strata[pair.due.metadata.move, pair.due.metadata.difficulty].append(pair)
    chosen: set[str] = set()
    owed = 0.0
    for key in sorted(strata):
        owed += test_share * len(strata[key])
        count = round(owed)
        owed -= count
        chosen |= {pair.pair_id for pair in sorted(strata[key], key=lambda p: _order(seed, p.pair_id))[:count]}
    train = [pair for pair in pairs if pair.pair_id not in chosen]
    test = [pair for pair in pairs if pair.pair_id in chosen]
    if not train or not test:
        raise FrictionError(
            problem=f"cannot split {len(pairs)} pairs at {test_share}",
            because="one of the two parts would be empty",
            fix="give a larger file, or another --test-share",
        )
    return train, test


def _order(seed: int, pair_id: str) -> str:
    return sha256(f"{seed}\0{pair_id}".encode()).hexdigest()


def sample_pairs(pairs: Sequence[Pair], count: int, seed: int) -> list[Pair]:
    """So many pairs, the moves as equally often as they can be, of as many domains as there are."""
    random = Random(seed)
    left = list(pairs)
    random.shuffle(left)
    taken: list[Pair] = []
    while left and len(taken) < count:
        moves = [pair.due.metadata.move for pair in taken]
        domains = [pair.due.metadata.domain for pair in taken]
        difficulties = [pair.due.metadata.difficulty for pair in taken]
        best = min(
            left,
            key=lambda pair: (
                moves.count(pair.due.metadata.move),
                domains.count(pair.due.metadata.domain),
                difficulties.count(pair.due.metadata.difficulty),
            ),
        )
        left.remove(best)
        taken.append(best)
    order = list(MOVES)
    return sorted(taken, key=lambda pair: order.index(pair.due.metadata.move))


def merge_pairs(parts: Sequence[tuple[str, Sequence[Pair]]]) -> tuple[list[Pair], int]:
    """All pairs of several files, and how many were there twice and equal.

    Raises:
        FrictionError: Two different pairs have one name.
    """
    merged: dict[str, tuple[str, Pair]] = {}
    ids: dict[str, str] = {}
    again = 0
    for source, pairs in parts:
        for pair in pairs:
            if pair.pair_id in merged:
                first, other = merged[pair.pair_id]
                if other != pair:
                    raise FrictionError(
                        problem=f"two different pairs are named '{pair.pair_id}'",
                        because=f"one is in '{first}', the other in '{source}'",
                        fix="rename one of them (pair_id, and the ids of its records)",
                    )
                again += 1
                continue
            for record in pair.records:
                if record.id in ids:
                    raise FrictionError(
                        problem=f"two records have the id '{record.id}'",
                        because=f"one belongs to the pair '{ids[record.id]}', the other to '{pair.pair_id}'",
                        fix="rename one of them",
                    )
                ids[record.id] = pair.pair_id
            merged[pair.pair_id] = (source, pair)
    return [pair for _, pair in merged.values()], again
