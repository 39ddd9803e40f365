"""Figures about all records together: balance, openings, lengths, sameness. One pass, in bounded memory."""

from __future__ import annotations

import heapq
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

from friction.dataset.openings import Openings
from friction.dataset.problems import Finding
from friction.dataset.text import opening, words
from friction.moves import MOVES
from friction.record import Record

FEWEST_PAIRS = 100
"""Pairs below which a share of them says little; the figures are not judged then."""
MOST_OPENINGS = 0.02
ANSWER_WORDS = (30, 180)
ANSWERS_WITHIN = 0.95
FEWEST_THOUGHT_WORDS = 25
LEAST_ZLIB = 0.30
"""Compressed over raw bytes; slot-filled text falls below 0.25."""
SAMPLED = 5_000
"""Due records of which the ratio is taken in larger files, those with the smallest ids: zlib looks back 32 KiB only."""
FEWEST_DOMAINS, LARGEST_DOMAIN = 14, 0.15
LEAST_DIFFICULTY = 0.25
UNEVEN_MOVES = 0.05
"""By how much of the mean the pairs of a move may differ from it."""
MULTI_TURN_CHALLENGES = 1 / 3


class Corpus:
    """Takes in records and comes to the figures."""

    def __init__(self) -> None:
        self.records = 0
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in ("move", "domain", "difficulty")}
        self._multi_turn: Counter[str] = Counter()
        self._answers, self._thoughts = Openings(), Openings()
        self._answer_words: Counter[int] = Counter()
        self._thought_words: Counter[int] = Counter()
        self._due = DueTexts()

    def add(self, record: Record) -> None:
        """Counts one record."""
        self.records += 1
        for name, counts in self._counts.items():
            counts[getattr(record.metadata, name)] += 1
        self._multi_turn[record.metadata.move] += bool(record.history)
        self._answers.add(opening(record.final_answer))
        self._answer_words[len(words(record.final_answer))] += 1
        for agent in record.agents:
            self._thoughts.add(opening(agent.thought_stream))
            self._thought_words[len(words(agent.thought_stream))] += 1
        self._due.add(record)

    def findings(self) -> list[Finding]:
        """The figures, judged where there are records enough."""
        if not self.records:
            return []
        found = [*self._balance(), *self._openings(), *self._lengths(), *self._sameness()]
        if self.records >= 2 * FEWEST_PAIRS:
            return found
        return [Finding(f.check, f.value, f.wanted, None, f.culprits) for f in found]

    def _balance(self) -> Iterator[Finding]:
        moves, domains, difficulties = (self._counts[name] for name in ("move", "domain", "difficulty"))
        mean = self.records / len(MOVES)
        uneven = [f"{move} {moves[move]}" for move in MOVES if abs(moves[move] - mean) > UNEVEN_MOVES * mean]
        yield Finding(
            "moves", f"{min(moves[m] for m in MOVES)} to {max(moves[m] for m in MOVES)} records",
            f"all six equally, within {UNEVEN_MOVES:.0%}", not uneven, tuple(uneven),
        )  # fmt: skip
        large = [
            f"{name} {n / self.records:.0%}" for name, n in domains.most_common() if n > LARGEST_DOMAIN * self.records
        ]
        yield Finding(
            "domains", f"{len(domains)}, the largest {max(domains.values()) / self.records:.1%}",
            f"{FEWEST_DOMAINS} or more, none above {LARGEST_DOMAIN:.0%}",
            len(domains) >= FEWEST_DOMAINS and not large, tuple(large),
        )  # fmt: skip
        shares = {name: difficulties[name] / self.records for name in ("plain", "subtle", "charged")}
        yield Finding(
            "difficulties", ", ".join(f"{name} {share:.0%}" for name, share in shares.items()),
            f"each at least {LEAST_DIFFICULTY:.0%}", min(shares.values()) >= LEAST_DIFFICULTY,
        )  # fmt: skip
        share = self._multi_turn["challenge"] / max(1, moves["challenge"])
        yield Finding("multi-turn challenges", f"{share:.0%}", "a third or more", share >= MULTI_TURN_CHALLENGES)

    def _openings(self) -> Iterator[Finding]:
        for name, openings in (("answers", self._answers), ("thoughts", self._thoughts)):
            text, share = next(iter(openings.commonest()), ("none is common", 0.0))
            culprits = tuple(f"'{text}' {share:.1%}" for text, share in openings.commonest(MOST_OPENINGS))
            yield Finding(
                f"openings of {name}", f"{share:.1%} ('{text}')", f"four words in at most {MOST_OPENINGS:.0%}",
                not culprits, culprits,
            )  # fmt: skip

    def _lengths(self) -> Iterator[Finding]:
        least, most = ANSWER_WORDS
        within = sum(n for length, n in self._answer_words.items() if least <= length <= most) / self.records
        yield Finding(
            "length of answers", f"{within:.1%} of {least} to {most} words", f"at least {ANSWERS_WITHIN:.0%}",
            within >= ANSWERS_WITHIN,
        )  # fmt: skip
        middle = median(self._thought_words)
        yield Finding(
            "length of thoughts", f"median {middle} words", f"at least {FEWEST_THOUGHT_WORDS}",
            middle >= FEWEST_THOUGHT_WORDS,
        )  # fmt: skip

    def _sameness(self) -> Iterator[Finding]:
        for name, ratio in self._due.ratios().items():
            yield Finding(
                f"zlib ratio of due {name}", f"{ratio:.3f}", f"at least {LEAST_ZLIB:.2f}", ratio >= LEAST_ZLIB
            )


class DueTexts:
    """The answers and thoughts of the due records, of so many at most as zlib can tell apart."""

    def __init__(self) -> None:
        self._kept: list[tuple[_Last, str, str]] = []

    def add(self, record: Record) -> None:
        """Takes in a record; one that is not due is passed over."""
        if record.warranted:
            kept = (_Last(record.id), record.final_answer, "\n\n".join(a.thought_stream for a in record.agents))
            (heapq.heappush if len(self._kept) < SAMPLED else heapq.heappushpop)(self._kept, kept)

    def ratios(self) -> dict[str, float]:
        """The zlib ratios of ``answers`` and ``thoughts``, joined in the order of their ids."""
        ordered = sorted(self._kept, reverse=True)  # `_Last` turns the order round: the smallest id comes first
        return {
            "answers": zlib_ratio([answer for _, answer, _ in ordered]),
            "thoughts": zlib_ratio([thoughts for _, _, thoughts in ordered]),
        }


class _Last(str):
    """An id that sorts the other way round, so that a heap drops the greatest."""

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)


def median(counts: Counter[int]) -> int:
    """The lower median of numbers that are given by how often each occurs; 0 for none."""
    left = (counts.total() + 1) // 2
    for number in sorted(counts):
        left -= counts[number]
        if left <= 0:
            return number
    return 0


def zlib_ratio(texts: Sequence[str]) -> float:
    """Compressed over raw bytes of the texts joined by line ends, zlib at level 9; 1 for nothing."""
    raw = "\n".join(texts).encode()
    return len(zlib.compress(raw, 9)) / len(raw) if raw else 1.0
