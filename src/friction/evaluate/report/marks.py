"""A text cut at the edges of the spans that rules marked, so that marks that overlap can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from friction.evaluate.score import Span
from friction.moves import MOVES

_LOOKS = {"agrees": "agrees", "hedge": "hedge", "question": "hedge"}


@dataclass(frozen=True)
class Part:
    """A piece of a text that the same rules mark from its beginning to its end.

    Attributes:
        text: The piece.
        rules: The rules that mark it; none where it is plain text.
        looks: How it is drawn: ``move``, ``agrees``, ``hedge`` or ``other``, each its own way so that they add up.
        numbers: Of its rules in the legend.
        begins: Whether one of its spans begins here.
        ends: The numbers of the rules whose spans end here.
    """

    text: str
    rules: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    begins: bool = False
    ends: tuple[int, ...] = ()


@dataclass(frozen=True)
class Marked:
    """A text in parts, whose texts joined are the text.

    Attributes:
        parts: In order.
        legend: The rules, numbered from 1 as they first appear.
    """

    parts: tuple[Part, ...]
    legend: tuple[str, ...]


def marked(text: str, spans: Sequence[Span]) -> Marked:
    """Cut a text at the edges of its spans; what of a span lies outside the text is left out."""
    inside = [span for span in (_clipped(span, len(text)) for span in spans) if span.start < span.end]
    inside.sort(key=lambda span: (span.start, -span.end, span.rule))
    legend = tuple(dict.fromkeys(span.rule for span in inside))
    edges = sorted({0, len(text), *(edge for span in inside for edge in (span.start, span.end))})
    parts = []
    for start, end in zip(edges, edges[1:], strict=False):
        over = [span for span in inside if span.start <= start and end <= span.end]
        rules = tuple(dict.fromkeys(span.rule for span in over))
        parts.append(
            Part(
                text=text[start:end],
                rules=rules,
                looks=tuple(sorted({_look(span.label) for span in over})),
                numbers=tuple(legend.index(rule) + 1 for rule in rules),
                begins=any(span.start == start for span in over),
                ends=tuple(sorted({legend.index(span.rule) + 1 for span in over if span.end == end})),
            )
        )
    return Marked(tuple(parts), legend)


def _clipped(span: Span, length: int) -> Span:
    return Span(span.rule, max(0, span.start), min(length, span.end))


def _look(label: str) -> str:
    return "move" if label in MOVES else _LOOKS.get(label, "other")
