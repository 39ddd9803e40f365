"""Balanced accuracy of yes and no against the truth."""

from __future__ import annotations

from collections.abc import Sequence

from friction.evaluate.statistics.bootstrap import RESAMPLES
from friction.evaluate.statistics.detection import detection_estimates
from friction.evaluate.statistics.estimate import Estimate


def balanced_accuracy(
    truth: Sequence[bool],
    predicted: Sequence[bool],
    units: Sequence[str] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """The mean of the share of trues found and the share of falses left alone, with a 95 % interval.

    K. H. Brodersen, C. S. Ong, K. E. Stephan and J. M. Buhmann, "The balanced accuracy and its posterior distribution",
    ICPR 2010, 3121-3124. It is (1 + J) / 2 of hits among the trues against false alarms among the falses, and so is
    its interval; see :func:`friction.evaluate.statistics.detection.detection_estimates`.

    Args:
        truth, predicted: One of each for each case.
        units: What each case belongs to; None: each stands for itself.
        resamples, seed: Of the bootstrap.

    Returns:
        The value is None where the truth is always the same.

    Raises:
        ValueError: The sequences are not of one length.
    """
    own = [str(place) for place in range(len(truth))] if units is None else units
    cases = list(zip(truth, predicted, own, strict=True))
    due = [case for case in cases if case[0]]
    not_due = [case for case in cases if not case[0]]
    return detection_estimates(
        [case[1] for case in due],
        [case[2] for case in due],
        [case[1] for case in not_due],
        [case[2] for case in not_due],
        resamples=resamples,
        seed=seed,
    ).balanced_accuracy
