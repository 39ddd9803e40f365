"""The interval of a share, wherever one is shown: in the organism's check, in the demo, in the evaluation."""

from __future__ import annotations

from math import sqrt

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: what an interval of 95 % is made with."""


def wilson(share: float, n: float) -> tuple[float, float]:
    """The 95 % score interval of a proportion.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212;
    advised for all n by L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001) 101-133.

    Args:
        share: From 0 to 1.
        n: Independent cases; a fraction where it is an effective number.

    Returns:
        (low, high); everything is possible where n is 0.
    """
    if n <= 0:
        return 0.0, 1.0
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    # Rounding must not move a limit off the edge that it lies on.
    low = 0.0 if share == 0 else max(0.0, middle - half)
    high = 1.0 if share == 1 else min(1.0, middle + half)
    return low, high
