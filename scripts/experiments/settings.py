"""Everything that decides what the experiments are, in one place: a reader sees it, and a test can make it small."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from friction.engine.gguf_cache import WEIGHTS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
RESULTS = DOCS / "experiments" / "results"
WORK = ROOT / "runs" / "experiments"


@dataclass(frozen=True)
class Settings:  # pylint: disable=too-many-instance-attributes
    """What is trained and what is asked.

    Attributes:
        seeds: Of the trainings: of the rows, their order and the adapter's start.
        steps: Optimizer steps of every training, with the cosine schedule over all of them. The shipped adapter had
            2,400 of 32 rows; eighteen trainings of that length would take a day.
        milestones: Steps after which the reference is measured; the last is the end.
        save_steps: Steps between checkpoints; it divides every milestone.
        batch_size: Rows in a step: half of the shipped adapter's, which buys twice the steps.
        sizes: Numbers of training pairs; each is a multiple of six, and the smaller sets are part of the larger ones.
        dials: Scales of the shipped adapter.
        pairs_of_each_move: Held-out pairs that every adapter answers.
        plain: Plain questions that every adapter answers.
        longest_reply: Tokens after which a reply is cut; the longest in training has some 200.
        weights: The organism's folder: ``base`` and ``adapter``.
    """

    seeds: tuple[int, ...] = (0, 1, 2)
    steps: int = 900
    milestones: tuple[int, ...] = (50, 100, 200, 400, 600, 900)
    save_steps: int = 50
    batch_size: int = 16
    sizes: tuple[int, ...] = (60, 240, 960)
    dials: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
    pairs_of_each_move: int = 20
    plain: int = 100
    longest_reply: int = 320
    weights: Path = WEIGHTS

    @property
    def rows(self) -> int:
        """Dialogues of one training: every row is seen once."""
        return self.steps * self.batch_size
