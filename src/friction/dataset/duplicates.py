"""Records of different pairs that say nearly the same.

Candidates come from MinHash and locality-sensitive hashing (rensa); whether two are near-duplicates is then decided
exactly, on their runs of words. Memory holds a sketch of every record and its place in its file, never its text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rensa import RMinHash, RMinHashLSH

from friction.dataset.text import runs, told
from friction.jsonl import pick_records
from friction.record import Record

RUN = 5
"""Words in a run."""
LIMIT = 0.5
"""Jaccard index of the runs above which two records are near-duplicates."""
BANDS, ROWS = 42, 3
"""Of two records at the limit, 99.6 of 100 share a band: 1 - (1 - 0.5 ** ROWS) ** BANDS."""
BATCH = 500
SEED = 7


@dataclass(frozen=True)
class Place:
    """Where a record stands, and whose side it is."""

    file: int
    line: int
    pair_id: str


def word_runs(record: Record) -> frozenset[str]:
    """The runs of words by which records are compared: of what is asked and answered."""
    return frozenset(runs(told(record), RUN))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared runs over all runs, 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 1.0


class Candidates:
    """Records are added one by one; those that may be near-duplicates of earlier ones are remembered."""

    def __init__(self) -> None:
        self._index = RMinHashLSH(threshold=LIMIT, num_perm=BANDS * ROWS, num_bands=BANDS)
        self._places: list[Place] = []
        self._waiting: list[list[str]] = []
        self._found: list[tuple[int, int]] = []

    def add(self, place: Place, record: Record) -> None:
        """Takes in one record."""
        self._places.append(place)
        self._waiting.append(runs(told(record), RUN))
        if len(self._waiting) == BATCH:
            self._sketch()

    def pairs(self) -> list[tuple[Place, Place]]:
        """Places of records of different pairs that may be near-duplicates, the earlier one first."""
        self._sketch()
        return [(self._places[one], self._places[other]) for one, other in self._found]

    def first_places(self) -> dict[str, tuple[int, int]]:
        """Where each pair begins, as file and line."""
        first: dict[str, tuple[int, int]] = {}
        for place in self._places:
            first.setdefault(place.pair_id, (place.file, place.line))
        return first

    def _sketch(self) -> None:
        first = len(self._places) - len(self._waiting)
        sketches = RMinHash.from_token_sets(self._waiting, BANDS * ROWS, SEED)
        self._waiting = []
        for number, sketch in enumerate(sketches, first):
            for earlier in self._index.query(sketch):
                if self._places[earlier].pair_id != self._places[number].pair_id:
                    self._found.append((earlier, number))
            self._index.insert(number, sketch)


def near_duplicates(
    candidates: Sequence[tuple[Place, Place]], paths: Sequence[Path]
) -> Iterator[tuple[Place, Place, float]]:
    """The candidates that are near-duplicates, with the Jaccard index of their runs; in the order of the later ones."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for place in (place for pair in candidates for place in pair):
        wanted[place.file].add(place.line)
    seen = {
        (file, line): word_runs(record)
        for file, lines in wanted.items()
        for line, record in pick_records(paths[file], lines)
    }
    for one, other in sorted(candidates, key=lambda pair: (pair[1].file, pair[1].line, pair[0].file, pair[0].line)):
        index = jaccard(seen[one.file, one.line], seen[other.file, other.line])
        if index > LIMIT:
            yield one, other, index
