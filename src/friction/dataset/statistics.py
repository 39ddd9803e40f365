"""Counts and lengths of a dataset, as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from friction.dataset.corpus import DueTexts, median
from friction.dataset.openings import Openings
from friction.dataset.text import asked, opening, words
from friction.moves import MOVES
from friction.personas import PERSONAS
from friction.record import Record

_LENGTHS: dict[str, Callable[[Record], list[str]]] = {
    "what is asked": lambda record: [asked(record)],
    "a thought": lambda record: [agent.thought_stream for agent in record.agents],
    "the thinking": lambda record: [" ".join(agent.thought_stream for agent in record.agents)],
    "the answer": lambda record: [record.final_answer],
    "the rejected answer": lambda record: [record.rejected],
}


@dataclass(frozen=True)
class Table:
    """A table with a title: a row's first cell is its name."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass
class Statistics:
    """What was counted of a dataset; records go in one by one."""

    records: int = 0
    pairs: int = 0
    moves: Counter[tuple[str, bool]] = field(default_factory=Counter)
    domains: Counter[tuple[str, bool]] = field(default_factory=Counter)
    difficulties: Counter[tuple[str, bool]] = field(default_factory=Counter)
    multi_turn: Counter[str] = field(default_factory=Counter)
    lengths: dict[tuple[str, bool], Counter[int]] = field(default_factory=dict)
    moments: Counter[tuple[str, str]] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)
    answers: Openings = field(default_factory=Openings)
    thoughts: Openings = field(default_factory=Openings)
    due: DueTexts = field(default_factory=DueTexts)
    _sides: dict[str, set[bool]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Counts one record."""
        self.records += 1
        seen = self._sides.setdefault(record.pair_id, set())
        self.pairs += len(seen) == 1 and record.warranted not in seen
        seen.add(record.warranted)
        meta = record.metadata
        for counts, name in (
            (self.moves, meta.move),
            (self.domains, meta.domain),
            (self.difficulties, meta.difficulty),
        ):
            counts[name, record.warranted] += 1
        self.multi_turn[meta.move] += bool(record.history)
        for name, texts in _LENGTHS.items():
            lengths = self.lengths.setdefault((name, record.warranted), Counter())
            lengths.update(len(words(text)) for text in texts(record))
        self.answers.add(opening(record.final_answer))
        for agent in record.agents:
            self.agents[agent.agent_type] += 1
            self.thoughts.add(opening(agent.thought_stream))
            self.moments.update((agent.agent_type, moment.type) for moment in agent.friction_moments)
        self.due.add(record)


def statistics(records: Iterable[Record]) -> Statistics:
    """Counts all records."""
    counted = Statistics()
    for record in records:
        counted.add(record)
    return counted


def tables(counted: Statistics) -> list[Table]:
    """The counts as tables: what a card and a person look at."""
    return [
        _by_side("Moves", counted.moves, list(MOVES), counted.multi_turn),
        _by_side("Domains", counted.domains, _by_frequency(counted.domains)),
        _by_side("Difficulties", counted.difficulties, _by_frequency(counted.difficulties)),
        _lengths(counted),
        _moments(counted),
        _openings("Openings of answers", counted.answers),
        _openings("Openings of thoughts", counted.thoughts),
        _sameness(counted),
    ]


def _by_frequency(counts: Counter[tuple[str, bool]]) -> list[str]:
    names: Counter[str] = Counter()
    for (name, _), count in counts.items():
        names[name] += count
    return [name for name, _ in sorted(names.items(), key=lambda item: (-item[1], item[0]))]


def _by_side(
    title: str, counts: Counter[tuple[str, bool]], names: Sequence[str], multi_turn: Counter[str] | None = None
) -> Table:
    total = counts.total() or 1
    rows = []
    for name in names:
        due, twin = counts[name, True], counts[name, False]
        more = (str(multi_turn[name]),) if multi_turn is not None else ()
        rows.append((name, str(due), str(twin), f"{(due + twin) / total:.1%}", *more))
    more = ("with history",) if multi_turn is not None else ()
    return Table(title, ("", "due", "not due", "share", *more), tuple(rows))


def _lengths(counted: Statistics) -> Table:
    rows = []
    for name in _LENGTHS:
        cells = [name]
        for warranted in (True, False):
            lengths = counted.lengths.get((name, warranted), Counter())
            cells.append(f"{median(lengths)} ({min(lengths, default=0)}–{max(lengths, default=0)})")
        rows.append(tuple(cells))
    return Table("Lengths in words: median (least–most)", ("", "due", "not due"), tuple(rows))


def _moments(counted: Statistics) -> Table:
    types = sorted({kind for _, kind in counted.moments})
    rows = [
        (name, str(counted.agents[name]), *(str(counted.moments[name, kind]) for kind in types))
        for name in PERSONAS
        if counted.agents[name]
    ]
    return Table("Friction moments by persona", ("", "thoughts", *types), tuple(rows))


def _openings(title: str, openings: Openings) -> Table:
    rows = tuple((text, f"{share:.2%}") for text, share in openings.commonest()[:5])
    return Table(title, ("first four words", "share"), rows)


def _sameness(counted: Statistics) -> Table:
    rows = tuple((name, f"{ratio:.3f}") for name, ratio in counted.due.ratios().items())
    return Table("Sameness of the due side", ("", "zlib ratio"), rows)
