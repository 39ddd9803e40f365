"""The units of work, in the order in which they are done: stopped early, they still say something about everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scripts.experiments.settings import Settings

Variant = Literal["shipped", "reference", "no-twins", "no-thinking", "pairs"]


@dataclass(frozen=True)
class Unit:
    """One result: a training with what was measured of it, or measurements of the shipped weights.

    Attributes:
        variant: What is trained, or ``shipped`` where nothing is.
        seed: The training's; None for the shipped weights.
        pairs: How many different training pairs there are; None where rows never repeat.
        part: Of the shipped weights: ``arms`` (baseline against friction) or ``dial``.
    """

    variant: Variant
    seed: int | None = None
    pairs: int | None = None
    part: Literal["arms", "dial"] | None = None

    @property
    def name(self) -> str:
        """Names the unit and its files."""
        if self.part:
            return f"{self.variant}-{self.part}"
        return f"{self.variant}{'' if self.pairs is None else f'-{self.pairs}'}-seed-{self.seed}"


def all_units(settings: Settings) -> list[Unit]:
    """Every unit. One seed of everything comes first, the most telling comparisons before the others."""
    shipped = [Unit("shipped", part="arms"), Unit("shipped", part="dial")]
    return [*shipped, *(unit for seed in settings.seeds for unit in _of_seed(settings, seed))]


def _of_seed(settings: Settings, seed: int) -> Iterator[Unit]:
    yield Unit("reference", seed)
    yield Unit("no-twins", seed)
    yield Unit("no-thinking", seed)
    for pairs in settings.sizes:
        yield Unit("pairs", seed, pairs)
