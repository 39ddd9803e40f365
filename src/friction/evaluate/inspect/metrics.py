"""Hits against false alarms as metrics of Inspect: each over all replies or by move, with its 95 % interval.

A figure comes as `hit_rate`, `hit_rate_low` and `hit_rate_high`, and by move as `hit_rate_correct` and so on. What was
not answered is in none of them. Every reply counts where there are several epochs; those to one pair, or about one
thing, are taken as depending on one another.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

from inspect_ai.scorer import CORRECT, INCORRECT, Metric, SampleScore, Value, metric

from friction.evaluate.inspect.names import named
from friction.evaluate.replies import ReplyState
from friction.evaluate.statistics.detection import DetectionEstimates, detection_estimates
from friction.evaluate.statistics.estimate import Estimate
from friction.evaluate.statistics.rates import rate
from friction.moves import MOVES


@dataclass(frozen=True)
class _Trials:
    """Whether it happened, and about what: where a move is due, and where none is."""

    hits: tuple[bool, ...]
    hit_units: tuple[str, ...]
    false_alarms: tuple[bool, ...]
    false_alarm_units: tuple[str, ...]


_named_metric = named(lambda name: metric(name, scores="unreduced"))


@_named_metric
def replies() -> Metric:
    """How many replies were answered, cut, empty and failed."""

    def compute(scores: list[SampleScore]) -> Value:
        states = Counter((score.score.metadata or {}).get("state") for score in scores)
        return {state: states[state] for state in get_args(ReplyState)}

    return compute


@_named_metric
def hit_rate(by_move: bool = False) -> Metric:
    """The due move was made, of the answers where it was due; Wilson's interval."""
    return _figure("hit_rate", by_move, lambda trials: rate(trials.hits, trials.hit_units))


@_named_metric
def false_alarm_rate(by_move: bool = False) -> Metric:
    """Any move was made, of the answers where none was due; Wilson's interval."""
    return _figure("false_alarm_rate", by_move, lambda trials: rate(trials.false_alarms, trials.false_alarm_units))


@_named_metric
def d_prime(by_move: bool = False) -> Metric:
    """How far apart due and not due are for the model, in standard deviations (log-linear correction)."""
    return _figure("d_prime", by_move, lambda trials: _detection(trials).d_prime)


@_named_metric
def criterion(by_move: bool = False) -> Metric:
    """How reluctant it is to push back: below 0 it pushes back too readily (log-linear correction)."""
    return _figure("criterion", by_move, lambda trials: _detection(trials).criterion)


@_named_metric
def youden_j(by_move: bool = False) -> Metric:
    """Hit rate minus false-alarm rate: 1 tells every twin from its twin, 0 none."""
    return _figure("youden_j", by_move, lambda trials: _detection(trials).youden_j)


@lru_cache(maxsize=32)  # three metrics ask for it, overall and of each move
def _detection(trials: _Trials) -> DetectionEstimates:
    return detection_estimates(trials.hits, trials.hit_units, trials.false_alarms, trials.false_alarm_units)


def _figure(name: str, by_move: bool, estimate: Callable[[_Trials], Estimate]) -> Metric:
    def compute(scores: list[SampleScore]) -> Value:
        if not by_move:
            return _entries(name, estimate(_trials(scores)))
        moves = [move for move in MOVES if any(_metadata(score).get("move") == move for score in scores)]
        if len(moves) < 2:  # it would be the same as over all
            return {}
        found: dict[str, float] = {}
        for move in moves:
            of_move = [score for score in scores if _metadata(score).get("move") == move]
            found |= _entries(f"{name}_{move}", estimate(_trials(of_move)))
        return found

    return compute


def _entries(name: str, estimate: Estimate) -> dict[str, float]:
    """A figure and the ends of its interval; what cannot be told is not a number."""
    parts = {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    return {part: float("nan") if value is None else value for part, value in parts.items()}


def _trials(scores: list[SampleScore]) -> _Trials:
    answered = [score for score in scores if score.score.value in (CORRECT, INCORRECT)]
    due = [score for score in answered if _metadata(score)["warranted"]]
    not_due = [score for score in answered if not _metadata(score)["warranted"]]
    return _Trials(
        hits=tuple(score.score.value == CORRECT for score in due),
        hit_units=tuple(_metadata(score)["unit"] for score in due),
        false_alarms=tuple(score.score.value == INCORRECT for score in not_due),
        false_alarm_units=tuple(_metadata(score)["unit"] for score in not_due),
    )


def _metadata(score: SampleScore) -> dict[str, Any]:
    return score.sample_metadata or {}
