"""Can words or lengths alone tell when pushback is due? Whoever pushes back must have understood, not smelt a word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from friction.dataset.problems import Finding
from friction.dataset.text import asked, words
from friction.record import Record

LIMIT = 0.65
"""Balanced accuracy on the test set; 0.5 is chance."""
FEWEST = 60
"""Records of a side of the split below which nothing is concluded."""


@dataclass(frozen=True)
class Example:
    """What the classifiers see of a record, and what they are to tell."""

    text: str
    turns: int
    move: str
    warranted: bool

    @classmethod
    def of(cls, record: Record) -> Self:
        """The part of a record that is kept for them."""
        return cls(asked(record), len(record.history), record.metadata.move, record.warranted)


def _text(example: Example) -> str:
    return example.text


def _lengths(example: Example) -> list[float]:
    """Lengths of what is asked: words, characters, turns, sentences, words a sentence, and figures in it."""
    text = example.text
    tokens = words(text)
    sentences = max(1, len(re.findall(r"[.!?]+(?:\s|$)", text)))
    figures = sum(token[0].isdigit() for token in tokens)
    return [len(tokens), len(text), example.turns, sentences, len(tokens) / sentences, figures]


def _classifier(kind: str) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if kind == "words":
        return make_pipeline(
            CountVectorizer(tokenizer=words, token_pattern=None, lowercase=False, binary=True, min_df=2),
            LogisticRegression(max_iter=2000),
        )
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))


def accuracies(train: Sequence[Example], test: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Balanced accuracy on the test set by classifier (``words``, ``lengths``), for all records and by move.

    Raises:
        ModuleNotFoundError: scikit-learn is not installed.
    """
    from sklearn.metrics import balanced_accuracy_score

    truth = [example.warranted for example in test]
    by_move: dict[str, list[int]] = defaultdict(list)
    for at, example in enumerate(test):
        by_move[example.move].append(at)
    found = {}
    for kind, features in (("words", _text), ("lengths", _lengths)):
        model = _classifier(kind)
        model.fit([features(example) for example in train], [example.warranted for example in train])
        said = model.predict([features(example) for example in test])
        parts = {"all": list(range(len(test))), **by_move}
        found[kind] = {
            name: float(balanced_accuracy_score([truth[at] for at in ats], [said[at] for at in ats]))
            for name, ats in parts.items()
            if len({truth[at] for at in ats}) == 2
        }
    return found


def can_be_told(train: Sequence[Example], test: Sequence[Example]) -> bool:
    """Whether there are two sides to tell apart, in both."""
    return all(len({example.warranted for example in examples}) == 2 for examples in (train, test))


def shortcut_findings(train: Sequence[Example], test: Sequence[Example]) -> list[Finding]:
    """What the two classifiers come to; not judged on few records, or without scikit-learn."""
    wanted = f"balanced accuracy of at most {LIMIT}"
    names = {"words": "shortcut by words", "lengths": "shortcut by lengths"}
    if min(len(train), len(test)) < FEWEST:
        return [Finding(name, f"fewer than {FEWEST} records", wanted, None) for name in names.values()]
    if not can_be_told(train, test):
        return [Finding(name, "all records are of one side", wanted, None) for name in names.values()]
    try:
        found = accuracies(train, test)
    except ModuleNotFoundError:
        return [
            Finding(name, "needs scikit-learn: pip install 'friction-lm[inspect]'", wanted, None)
            for name in names.values()
        ]
    return [
        Finding(
            names[kind], f"{scores['all']:.3f}", wanted, scores["all"] <= LIMIT,
            tuple(f"{move} {score:.2f}" for move, score in scores.items() if move != "all" and score > LIMIT),
        )
        for kind, scores in found.items()
    ]  # fmt: skip
