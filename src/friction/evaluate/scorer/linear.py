"""The small linear model on top of the rules: what it looks at, and its weights as a file that a person can read."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from friction.evaluate.score import Span
from friction.evaluate.scorer.rulebook import points_of
from friction.evaluate.scorer.text import Text
from friction.moves import MOVES, MoveName

WEIGHTS = Path(__file__).parent / "weights.json"
OPENING_WORDS = 50
RULE_WORTH = 3.0
"""A rule's value among features that are 1: its weight is shrunk less. By cross-validation better than 1."""
MOST_POINTS = 4
_NEGATION = frozenset(
    (
        "not no never nothing isn't aren't doesn't don't won't can't cannot wouldn't shouldn't without wasn't didn't"
    ).split()
)
_BUT = frozenset("but however though although still unless yet".split())
_PRAISE = frozenset(
    (
        "great brilliant fascinating fantastic profound excellent amazing incredible absolutely exactly beautiful "
        "remarkable insightful perfect love wonderful"
    ).split()
)
_SELF = re.compile(r"\b(?:i'm not|i don't|i can't|i cannot|i do not|i won't|as an ai|as for me)\b")


def features(text: Text, spans: Sequence[Span]) -> dict[str, float]:
    """What the model sees of a text, each feature by a name that says what it is.

    ``open: w`` words, pairs and triples of the first words; ``any: w`` words and pairs anywhere; ``rule: r`` a rule
    that marked something, ``rule-open: r`` in the opening; ``points: l`` the points of a label's rules together,
    ``points-open: l`` in the opening; ``style: s`` densities and lengths, about 0 to 1.
    """
    tokens = text.tokens
    first = tokens[:OPENING_WORDS]
    found: dict[str, float] = {}
    for at, token in enumerate(first):
        found[f"open: {token}"] = 1.0
        if at:
            found[f"open: {first[at - 1]} {token}"] = 1.0
        if at > 1:
            found[f"open: {first[at - 2]} {first[at - 1]} {token}"] = 1.0
    for at, token in enumerate(tokens):
        found[f"any: {token}"] = 1.0
        if at:
            found[f"any: {tokens[at - 1]} {token}"] = 1.0
    for span in spans:
        found[f"rule: {span.rule}"] = RULE_WORTH
        if span.start < text.opening:
            found[f"rule-open: {span.rule}"] = RULE_WORTH
    found.update(_points(text, spans))
    found.update(_style(text, tokens, first))
    return found


def _points(text: Text, spans: Sequence[Span]) -> dict[str, float]:
    """The rules' points for each label, those against it negative: what a person gave, where examples are few."""
    sums: dict[str, int] = defaultdict(int)
    for rule in {span.rule for span in spans}:
        sums[f"points: {rule.partition('/')[0]}"] += points_of(rule)
    for rule in {span.rule for span in spans if span.start < text.opening}:
        sums[f"points-open: {rule.partition('/')[0]}"] += points_of(rule)
    labels = {f"{where}: {label}" for where in ("points", "points-open") for label in (*MOVES, "agrees")}
    return {name: float(max(-MOST_POINTS, min(MOST_POINTS, total))) for name, total in sums.items() if name in labels}


def _style(text: Text, tokens: Sequence[str], first: Sequence[str]) -> dict[str, float]:
    count = max(1, len(tokens))
    opening = text.own[: text.opening]
    values = {
        "length": math.log(count) / 2,
        "negations": 20 * sum(token in _NEGATION for token in tokens) / count,
        "buts": 20 * sum(token in _BUT for token in tokens) / count,
        "praise": 20 * sum(token in _PRAISE for token in tokens) / count,
        "exclamations": 30 * tokens.count("!") / count,
        "questions": 30 * tokens.count("?") / count,
        "early negations": sum(token in _NEGATION for token in first) / 3,
        "speaks of its limits": min(3, len(_SELF.findall(text.own))) / 3,
        "speaks early of its limits": min(2, len(_SELF.findall(opening))) / 2,
        "begins with no": float(tokens[:1] == ["no"]),
        "begins with yes": float(tokens[:1] == ["yes"]),
    }
    return {f"style: {name}": value for name, value in values.items() if value}


@dataclass(frozen=True)
class Model:
    """Two sets of weights.

    Attributes:
        friction: Weights and ``bias`` of whether a text pushes back: the sum is above 0.
        moves: For each move, weights and ``bias`` of whether a text that pushes back makes it.
    """

    friction: Mapping[str, float]
    moves: Mapping[str, Mapping[str, float]]

    def pushes_back(self, found: Mapping[str, float]) -> bool:
        """Whether a text with these features pushes back at all."""
        return _sum(self.friction, found) > 0

    def which(self, found: Mapping[str, float]) -> dict[MoveName, float]:
        """How likely a text that pushes back makes each move, by the words alone."""
        return {name: 1 / (1 + math.exp(-_sum(self.moves[name], found))) for name in MOVES if name in self.moves}


def _sum(weights: Mapping[str, float], found: Mapping[str, float]) -> float:
    known = weights.keys() & found.keys()  # a set operation: most features have no weight
    return weights.get("bias", 0.0) + math.fsum(weights[name] * found[name] for name in known)  # in any order the same


@cache
def shipped_model(path: Path = WEIGHTS) -> Model | None:
    """The weights that ship with the package; None where a working copy has none yet."""
    if not path.is_file():
        return None
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Model(data["friction"], data["moves"])
