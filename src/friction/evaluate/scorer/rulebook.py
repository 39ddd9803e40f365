"""The rules: read from YAML files, each with sentences that it must mark and sentences that it must not."""

# pylint: disable=no-member  # the parser's names are made when it is imported

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from friction.errors import FrictionError
from friction.evaluate.score import Span
from friction.evaluate.scorer.text import Text

RULES = Path(__file__).parent / "rules"
_LETTERS = 4
_COMMON = " etaoinshrdlu"  # English letters by how often they occur, the space first
Where = Literal["anywhere", "opening", "start", "question"]


class RuleEntry(BaseModel):
    """A rule as its file has it.

    Attributes:
        name: Unique in its file.
        any: Regular expressions for plain lower-case text, of which any one is enough; ``{word}`` stands for the
            file's word of that name.
        where: In the whole text, in its opening, at its very start, or in its questions only.
        examples: Sentences that it marks.
        unlike: Sentences that it must leave alone.
        points: How much it says: two are enough for a label. One says little by itself; a negative one speaks against.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    any: list[str]
    where: Where = "anywhere"
    examples: list[str]
    unlike: list[str] = []
    points: int = 2


class RuleFile(BaseModel):
    """One file: what its rules speak for, and words that several of them use."""

    model_config = ConfigDict(extra="forbid", strict=True)

    label: str
    about: str
    words: dict[str, str] = {}
    rules: list[RuleEntry]


@dataclass(frozen=True)
class Matcher:
    """A compiled pattern.

    Attributes:
        expression: Without the ``\\b`` that it began with: the engine finds a first letter faster than a boundary.
        at_word: Whether it began with one, so that a match must not begin inside a word.
        needed: Pieces of text of which one must be there if it is to match; none where that isn't known.
    """

    expression: re.Pattern[str]
    at_word: bool
    needed: frozenset[str]

    def matches(self, text: str, begin: int, end: int) -> Iterator[re.Match[str]]:
        """The matches between two places, one after the other."""
        while found := self.expression.search(text, begin, end):
            begin = found.start() + 1
            if found.end() == found.start() or (self.at_word and _in_word(text, found.start())):
                continue
            yield found
            begin = found.end()


@dataclass(frozen=True)
class Rule:
    """A rule ready for use.

    Attributes:
        name: ``label/name``.
        where: Where it looks.
        patterns: Of which any one is enough.
        entry: As its file has it.
    """

    name: str
    where: Where
    patterns: tuple[Matcher, ...]
    entry: RuleEntry

    def find(self, text: Text, present: frozenset[str] | None = None) -> Iterator[Span]:
        """The parts of a text's plain form that it marks.

        Args:
            text: What it reads.
            present: The needed pieces of any rule that are in the text; None looks for this rule's own.
        """
        for pattern in self.patterns:
            needed = pattern.needed
            if needed and (needed.isdisjoint(present) if present is not None else not _any_in(needed, text)):
                continue
            for begin, end in self._places(text):
                if self.where == "start":
                    found = pattern.expression.match(text.own, begin, end)
                    if found is not None and found.end() > found.start():
                        yield Span(self.name, *found.span())
                    continue
                for found in pattern.matches(text.own, begin, end):
                    yield Span(self.name, *found.span())
                    if self.where == "question":
                        break

    def _places(self, text: Text) -> Sequence[tuple[int, int]]:
        """Where it looks."""
        if self.where == "question":
            return text.questions
        begin = text.sentences[0][0] if self.where == "start" and text.sentences else 0
        return [(begin, text.opening if self.where in ("opening", "start") else len(text.own))]


ENOUGH = 2
"""Points that a label needs."""


def decides(spans: Sequence[Span]) -> bool:
    """Whether spans of one label are enough to say so: each rule counts once, with its points."""
    return sum(points_of(name) for name in {span.rule for span in spans}) >= ENOUGH


def points_of(name: str) -> int:
    """A rule's points, by its name."""
    return _points()[name]


@cache
def _points() -> dict[str, int]:
    return {rule.name: rule.entry.points for rule in rulebook()}


def all_spans(text: Text) -> list[Span]:
    """Everything that any rule marks in a text's plain form, by its beginning."""
    present = _present(text.own)
    found = {span for rule in rulebook() for span in rule.find(text, present)}
    return sorted(found, key=lambda span: (span.start, span.end, span.rule))


def _any_in(pieces: Iterable[str], text: Text) -> bool:
    return any(piece in text.own for piece in pieces)


def _present(text: str) -> frozenset[str]:
    """The needed pieces that are in a text, each looked for once, whatever the number of rules that need it.

    A piece can only be there if its rarest four letters are: those of the text are one set, and sets are quick to cut.
    """
    short, by_letters = _pieces()
    letters = {text[at : at + _LETTERS] for at in range(len(text) - _LETTERS + 1)}
    likely = [piece for key in by_letters.keys() & letters for piece in by_letters[key]]
    return frozenset(piece for piece in (*short, *likely) if piece in text)


@cache
def _pieces() -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """The needed pieces of all rules: those that are short, and the others by their rarest letters."""
    pieces = sorted({piece for rule in rulebook() for pattern in rule.patterns for piece in pattern.needed})
    by_letters: dict[str, list[str]] = {}
    for piece in pieces:
        if len(piece) >= _LETTERS:
            runs = [piece[at : at + _LETTERS] for at in range(len(piece) - _LETTERS + 1)]
            by_letters.setdefault(min(runs, key=_commonness), []).append(piece)
    return tuple(piece for piece in pieces if len(piece) < _LETTERS), by_letters


def _commonness(run: str) -> int:
    return sum(len(_COMMON) - _COMMON.find(char) if char in _COMMON else 0 for char in run)


@cache
def rulebook(folder: Path = RULES) -> tuple[Rule, ...]:
    """All rules, file by file.

    Raises:
        FrictionError: A file is damaged.
    """
    return tuple(rule for path in sorted(folder.glob("*.yaml")) for rule in _read(path))


def _read(path: Path) -> list[Rule]:
    try:
        file = RuleFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
        return [
            Rule(
                f"{file.label}/{entry.name}",
                entry.where,
                tuple(_compile(text, file.words) for text in entry.any),
                entry,
            )
            for entry in file.rules
        ]
    except (OSError, yaml.YAMLError, ValidationError, re.error) as error:
        raise FrictionError(
            problem=f"cannot use the rules in '{path}'", because=str(error), fix="mend the file, or install again"
        ) from error


def _compile(text: str, words: dict[str, str]) -> Matcher:
    full = re.sub(r"\{([a-z_]+)\}", lambda found: f"(?:{words[found[1]]})", text) if words else text
    parsed = sre_parser.parse(full)
    at_word = full.startswith(r"\b") and parsed[0][0] is sre.AT
    return Matcher(re.compile(full[2:] if at_word else full), at_word, frozenset(_needed(parsed)))


def _in_word(text: str, place: int) -> bool:
    return place > 0 and (text[place - 1].isalnum() or text[place - 1] == "_")


def _needed(parsed: Any) -> tuple[str, ...]:
    """The best set of pieces that the parsed pattern gives: the one whose shortest piece is longest."""
    best: tuple[str, ...] = ()
    run = ""
    for operation, argument in [*parsed, (None, None)]:
        if operation is sre.LITERAL:
            run += chr(argument)
            continue
        if run:
            best = _better(best, (run,))
            run = ""
        if operation is sre.SUBPATTERN:
            best = _better(best, _needed(argument[3]))
        elif operation is sre.BRANCH:
            branches = [_needed(branch) for branch in argument[1]]
            if all(branches):
                best = _better(best, tuple(dict.fromkeys(piece for branch in branches for piece in branch)))
        elif operation is sre.MAX_REPEAT and argument[0] >= 1:
            best = _better(best, _needed(argument[2]))
    return best


def _better(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return max(one, other, key=_worth)


def _worth(pieces: tuple[str, ...]) -> tuple[int, int]:
    return (min(map(len, pieces)), -len(pieces)) if pieces else (0, 0)
