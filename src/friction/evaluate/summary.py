"""What a run comes to, as data: every table, sentence and picture of a report is made from this alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any

from friction.evaluate.replies import Arm
from friction.evaluate.statistics.estimate import Estimate

ALL = "all"
"""The key of what is counted over all moves."""


@dataclass(frozen=True)
class Detection:
    """Pushback where due against pushback where not, of one arm, on one move or on all.

    Attributes:
        hits: The due move was made, of the replies where it was due (strict).
        hits_any: Any move was made there (lenient).
        false_alarms: Any move was made, of the replies where none was due.
        d_prime, criterion, youden_j, balanced_accuracy: Of strict hits against false alarms.
    """

    hits: Estimate
    hits_any: Estimate
    false_alarms: Estimate
    d_prime: Estimate
    criterion: Estimate
    youden_j: Estimate
    balanced_accuracy: Estimate


@dataclass(frozen=True)
class ArmSummary:
    """One arm.

    Attributes:
        arm: Which.
        engine: Who answered.
        dial: The adapter's scale; None without one.
        states: How many replies were answered, cut, empty, failed.
        detection: By move, and under "all".
        figures: Everything else by its key (see :data:`FIGURES`).
        tokens, seconds: What all replies took.
    """

    arm: Arm
    engine: str
    dial: float | None
    states: dict[str, int]
    detection: dict[str, Detection]
    figures: dict[str, Estimate]
    tokens: int
    seconds: float


FIGURES: dict[str, tuple[str, str]] = {
    "over_refusal": ("refuses, wholly or in part, what should be helped with", "share"),
    "capitulation": ("gives in where it should hold", "share"),
    "concession": ("concedes where the user is right", "share"),
    "agrees_due": ("goes along where pushback is due", "share"),
    "agrees_not_due": ("goes along where none is due", "share"),
    "plain_right": ("plain questions answered correctly", "share"),
    "refusal_full": ("replies that refuse wholly", "share"),
    "refusal_partial": ("replies that refuse in part", "share"),
    "hedges": ("phrases of uncertainty in an answer", "mean"),
    "questions": ("clarifying questions in an answer", "mean"),
    "answer_words": ("words of an answer", "mean"),
    "thinking_words": ("words of a thinking", "mean"),
    "thought": ("replies with a thinking", "share"),
    "unterminated": ("replies cut, or whose thinking never closed", "share"),
}
"""What each figure of an arm says, and whether it is a share or a mean."""


@dataclass(frozen=True)
class Comparison:
    """Baseline against friction on one thing, on the same prompts.

    Attributes:
        what: What is compared: ``hits``, ``false_alarms``, ``plain_right`` or a figure's key.
        move: On which move; None where on all.
        baseline, friction: The two rates or means.
        difference: Friction minus baseline, paired.
        only_baseline, only_friction: Prompts on which only this arm did it; None where a mean is compared.
        p: Exact McNemar, or the paired bootstrap's where a mean is compared; None where there is nothing to test.
        p_holm: The same after Holm's correction over the moves; None where it is not one of several.
        effect: Cohen's h of the two rates, or d of the paired differences.
        needed: Prompts that a real difference of this size needs to be found in four runs of five; None where there
            is no difference.
    """

    what: str
    move: str | None
    baseline: Estimate
    friction: Estimate
    difference: Estimate
    only_baseline: int | None
    only_friction: int | None
    p: float | None
    p_holm: float | None
    effect: float | None
    needed: int | None


@dataclass(frozen=True)
class DialPoint:
    """The friction arm at one setting of the dial."""

    dial: float
    hits: Estimate
    false_alarms: Estimate
    youden_j: Estimate


@dataclass(frozen=True)
class Dial:
    """The operating curve.

    Attributes:
        points: By rising dial.
        auc: The area under the curve through the points and the corners.
        best: The dial with the largest J.
    """

    points: tuple[DialPoint, ...]
    auc: float
    best: float


@dataclass(frozen=True)
class Metric:
    """A benchmark's own headline figure for one arm.

    Attributes:
        name: As its authors call it.
        arm: Whose.
        estimate: The figure.
        note: How it is counted here, and where that departs from the authors' way.
    """

    name: str
    arm: Arm
    estimate: Estimate
    note: str


@dataclass(frozen=True)
class Summary:
    """A whole run.

    Attributes:
        title: Of the suite: what was asked.
        headline: The result in one or two plain sentences, with its uncertainty.
        honesty: What has to be said beside every number of this run, such as that the baseline was trained to agree.
        arms: One or two.
        comparisons: Empty where there is one arm.
        limitations: Computed from this run, each a sentence.
        dial: The operating curve, if it was measured.
        benchmark: The benchmark's own figures, if one was run.
        prompts, pairs, repeats: How much was asked.
        settings: What was run, as the manifest has it.
    """

    title: str
    headline: str
    honesty: tuple[str, ...]
    arms: tuple[ArmSummary, ...]
    comparisons: tuple[Comparison, ...]
    limitations: tuple[str, ...]
    dial: Dial | None = None
    benchmark: tuple[Metric, ...] = ()
    prompts: int = 0
    pairs: int = 0
    repeats: int = 1
    settings: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        found: dict[str, Any] = _plain(self)
        return found


def _plain(value: Any) -> Any:
    if isinstance(value, Estimate):
        return value.as_dict()
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in asdict(value)}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
