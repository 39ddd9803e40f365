"""What things are called in a report, and comparisons in words for people who read no tables."""

from __future__ import annotations

from collections.abc import Sequence

from friction.evaluate.report.numbers import Kind, number, p_value
from friction.evaluate.sentences import ALPHA, verdict
from friction.evaluate.summary import ALL, FIGURES, Comparison

ALL_MOVES = "all moves"

_COMPARED: dict[str, tuple[str, Kind]] = {
    "hits": ("hits: the due pushback", "share"),
    "hits_any": ("any pushback where it is due", "share"),
    "false_alarms": ("false alarms: pushback where none is due", "share"),
    "d_prime": ("d′", "score"),
    "criterion": ("criterion c", "score"),
    "youden_j": ("Youden's J", "score"),
    "balanced_accuracy": ("balanced accuracy", "share"),
}

FIGURE_GROUPS: dict[str, tuple[str, ...]] = {
    "Giving in": ("capitulation", "concession", "agrees_due", "agrees_not_due"),
    "Refusing": ("over_refusal", "refusal_full", "refusal_partial"),
    "Tone": ("hedges", "questions"),
    "Length": ("answer_words", "thinking_words"),
    "Thinking": ("thought", "unterminated"),
}
"""The figures of length and tone, as the table groups them; how many plain questions were right has its own place."""


def move_name(move: str | None) -> str:
    """A move as tables name it."""
    return ALL_MOVES if move is None or move == ALL else move


def figure_kind(key: str) -> Kind:
    """Whether a figure is a share or a mean."""
    return "share" if FIGURES.get(key, ("", "mean"))[1] == "share" else "mean"


def compared(comparison: Comparison) -> tuple[str, Kind]:
    """What a comparison is about, and what kind of figure it compares."""
    if comparison.what in _COMPARED:
        return _COMPARED[comparison.what]
    if comparison.what in FIGURES:
        return FIGURES[comparison.what][0], figure_kind(comparison.what)
    return comparison.what.replace("_", " "), "mean" if comparison.only_baseline is None else "share"


def about(comparison: Comparison) -> str:
    """What a comparison is about, with the move where it is about one."""
    label = compared(comparison)[0]
    return label if comparison.move is None else f"{label} ({comparison.move})"


def in_words(comparison: Comparison) -> str:
    """A comparison as a sentence or two.

    What passes for a difference is what :func:`friction.evaluate.sentences.verdict` says.
    """
    difference, kind = comparison.difference, compared(comparison)[1]
    if difference.value is None:
        return "Nothing to compare: no prompt has a scored reply of both models."
    spread = [end for end in (difference.low, difference.high) if end is not None]
    if not difference.value and not any(spread):
        return "No difference at all."
    span = f" ({_range(spread[0], spread[1], kind)})" if len(spread) == 2 else " (no interval)"
    p = comparison.p if comparison.p_holm is None else comparison.p_holm
    found, amount = verdict(comparison), _amount(difference.value, kind)
    if found == "clear":
        return f"The friction model: {amount}{span}. Chance alone seldom makes a gap like this."
    needed = comparison.needed
    more = f" If the difference is real, about {needed:,} prompts would show it." if needed else ""
    if found == "unclear" or p is None:
        return f"No clear difference: {amount}{span}, which chance alone could make.{more}"
    if p < ALPHA:
        return f"A borderline difference: {amount}{span}. The test leaves out chance, the interval still holds zero."
    test = "the test" if comparison.only_baseline is None else "the exact test"
    test += "" if comparison.p_holm is None else ", corrected for testing every move,"
    return (
        f"No clear difference, but a borderline one: {amount}{span}. The interval leaves out zero, {test} does not "
        f"leave out chance (p {p_value(p)}).{more}"
    )


def overall(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons over all moves; where there are none, all of them."""
    return [one for one in comparisons if one.move is None] or list(comparisons)


def _amount(value: float, kind: Kind, bare: bool = False) -> str:
    direction = "more" if value >= 0 else "fewer"
    if kind == "share":
        return f"{_hundredths(value)} {direction}" + ("" if bare else " in 100")
    size = number(abs(value), 2 if abs(value) < 10 else 1)
    if kind == "score":
        return f"{size} {'higher' if value >= 0 else 'lower'}"
    return f"{size} {direction}" + ("" if bare else " on average")


def _range(low: float, high: float, kind: Kind) -> str:
    if low >= 0 or high <= 0:
        small, large = sorted((abs(low), abs(high)))
        if kind == "share":
            return f"{_hundredths(small)} to {_hundredths(large)}"
        return f"{number(small, 2 if large < 10 else 1)} to {number(large, 2 if large < 10 else 1)}"
    return f"{_amount(low, kind, bare=True)} to {_amount(high, kind, bare=True)}"


def _hundredths(value: float) -> str:
    size = abs(value) * 100
    return f"{size:.1f}" if 0 < size < 0.95 else f"{size:.0f}"
