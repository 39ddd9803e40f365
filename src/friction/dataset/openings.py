"""How often texts begin alike, counted in bounded memory however many there are."""

from __future__ import annotations

WINDOW = 10_000
"""After so many texts, the openings that are rare so far are forgotten."""


class Openings:
    """Counts openings and forgets the rare ones: lossy counting (Manku and Motwani, 2002).

    Up to ``WINDOW`` texts the counts are exact; beyond, a count is too low by at most one in ``WINDOW`` texts, and
    never too high.
    """

    def __init__(self) -> None:
        self.total = 0
        self._counts: dict[str, int] = {}
        self._missed: dict[str, int] = {}  # what the opening may have had before it was last forgotten

    def add(self, opening: str) -> None:
        """Counts one more."""
        windows = self.total // WINDOW
        self.total += 1
        if opening not in self._counts:
            self._counts[opening], self._missed[opening] = 0, windows
        self._counts[opening] += 1
        if self.total % WINDOW == 0:
            for text in [t for t, count in self._counts.items() if count + self._missed[t] <= windows + 1]:
                del self._counts[text], self._missed[text]

    def commonest(self, least_share: float = 0.0) -> list[tuple[str, float]]:
        """Openings of more than this share of the texts with their shares, the most frequent first."""
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return [(text, count / self.total) for text, count in ordered if count > least_share * self.total]
