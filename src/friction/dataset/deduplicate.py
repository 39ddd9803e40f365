"""Leaves out pairs that say nearly what an earlier pair says. A pair is kept or dropped whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from friction.dataset.duplicates import Candidates, Place, near_duplicates
from friction.jsonl import LineError, read_records, scan_records
from friction.record import Record


@dataclass(frozen=True)
class Dropped:
    """Which pairs go, and why.

    Attributes:
        paths: The files.
        pair_ids: The pairs that are left out.
        reasons: The pair that goes, the pair that it resembles, and the Jaccard index, once for each that goes.
    """

    paths: tuple[Path, ...]
    pair_ids: frozenset[str]
    reasons: tuple[tuple[str, str, float], ...]

    def keep(self) -> Iterator[Record]:
        """The records of all other pairs, read again."""
        for path in self.paths:
            yield from (record for record in read_records(path) if record.pair_id not in self.pair_ids)


def deduplicate(paths: Sequence[Path], progress: Callable[[int], None] = lambda _: None) -> Dropped:
    """Finds the pairs of which a side is nearly the same as a side of an earlier pair that stays.

    Raises:
        FrictionError: A file cannot be read, or a line of it is not a record.
    """
    candidates = Candidates()
    count = 0
    for file, path in enumerate(paths):
        for line, record in scan_records(path):
            if isinstance(record, LineError):
                raise record
            candidates.add(Place(file, line, record.pair_id), record)
            count += 1
            progress(count)
    first = candidates.first_places()
    gone: dict[str, tuple[str, str, float]] = {}
    for one, other, index in near_duplicates(candidates.pairs(), paths):
        earlier, later = sorted((one.pair_id, other.pair_id), key=first.__getitem__)
        if earlier not in gone and later not in gone:
            gone[later] = (later, earlier, index)
    return Dropped(tuple(paths), frozenset(gone), tuple(gone.values()))
