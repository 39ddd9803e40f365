"""Several tests at once: Holm's correction."""

from __future__ import annotations

from collections.abc import Sequence


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm's step-down adjusted p-values.

    The smallest of m is multiplied by m, the next by m - 1, and so on; none is less than one before it, none above 1
    (S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979)
    65-70). Rejecting those up to 0.05 keeps the chance of any false rejection at 5 %, however the tests depend.

    Args:
        p_values: One for each test; None where there was nothing to test, which counts as no test.

    Returns:
        In the same order; None where None was given.
    """
    adjusted: list[float | None] = [None] * len(p_values)
    ranked = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    largest = 0.0
    for rank, (p, place) in enumerate(ranked):
        largest = max(largest, min(1.0, p * (len(ranked) - rank)))
        adjusted[place] = largest
    return adjusted
