"""Leaves out pairs that say nearly what an earlier pair says. A pair is kept or dropped whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from friction.dataset.duplicates import Candidates, Place, near_duplicates
from friction.errors import FrictionError
from friction.jsonl import LineError, no_records, read_records, require_files, scan_records
from friction.record import Record


@dataclass(frozen=True)
class Dropped:
    """Which pairs go, and why.

    Attributes:
        paths: The files.
        pair_ids: The pairs that are left out.
        reasons: The pair that goes, the pair that it resembles, and the Jaccard index, once for each that goes.
        repeated: Places (file, line) of records that had been there before, word for word and by the same names.
    """

    paths: tuple[Path, ...]
    pair_ids: frozenset[str]
    reasons: tuple[tuple[str, str, float], ...]
    repeated: frozenset[tuple[int, int]]

    def keep(self) -> Iterator[Record]:
        """The records of all other pairs, read again."""
        for file, path in enumerate(self.paths):
            for line, record in enumerate(read_records(path), 1):
                if record.pair_id not in self.pair_ids and (file, line) not in self.repeated:
                    yield record


class _Sides:
    """Sees to it that every pair is whole, and knows what was there before."""

    def __init__(self) -> None:
        self.repeated: set[tuple[int, int]] = set()
        self._digests: dict[str, dict[bool, bytes]] = {}
        self._files: dict[str, Path] = {}

    def is_new(self, record: Record, path: Path, place: tuple[int, int]) -> bool:
        """Whether the record was not there before.

        Raises:
            FrictionError: Another one was there as the same side of the same pair.
        """
        sides = self._digests.setdefault(record.pair_id, {})
        first = self._files.setdefault(record.pair_id, path)
        digest = sha256(record.model_dump_json().encode()).digest()[:16]
        if record.warranted not in sides:
            sides[record.warranted] = digest
            return True
        if sides[record.warranted] != digest:
            raise FrictionError(
                problem=f"two different pairs are named '{record.pair_id}'",
                because=f"one begins in '{first}', the other is in line {place[1]} of '{path}'",
                fix="rename one of them (pair_id, and the ids of its records)",
            )
        self.repeated.add(place)
        return False

    def check_whole(self) -> None:
        """Raises FrictionError where a pair has one side only."""
        lonely = next((pair_id for pair_id, sides in self._digests.items() if len(sides) < 2), None)
        if lonely is not None:
            path = self._files[lonely]
            raise FrictionError(
                problem=f"'{lonely}' in '{path}' is no pair",
                because="it has one side only",
                fix=f"look at all that is wrong: friction data validate {path}",
            )


def deduplicate(paths: Sequence[Path], progress: Callable[[int], None] = lambda _: None) -> Dropped:
    """Finds the pairs of which a side is nearly the same as a side of an earlier pair that stays.

    Raises:
        FrictionError: A file cannot be read, a line of it is not a record, or a pair is not whole.
    """
    require_files(paths)
    candidates, sides = Candidates(), _Sides()
    count = 0
    for file, path in enumerate(paths):
        for line, record in scan_records(path):
            if isinstance(record, LineError):
                raise record
            if sides.is_new(record, path, (file, line)):
                candidates.add(Place(file, line, record.pair_id), record)
            count += 1
            progress(count)
    if not count:
        raise no_records(paths[0])
    sides.check_whole()
    first = candidates.first_places()
    gone: dict[str, tuple[str, str, float]] = {}
    for one, other, index in near_duplicates(candidates.pairs(), paths):
        earlier, later = sorted((one.pair_id, other.pair_id), key=first.__getitem__)
        if earlier not in gone and later not in gone:
            gone[later] = (later, earlier, index)
    return Dropped(tuple(paths), frozenset(gone), tuple(gone.values()), frozenset(sides.repeated))
