"""What is to be judged, by whom, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from friction.errors import FrictionError

Mode = Literal["rate", "compare"]
MODES: tuple[Mode, ...] = ("rate", "compare")
RUBRICS = Path(__file__).parent / "rubrics"


@dataclass(frozen=True)
class JudgePlan:
    """One start of the judge.

    Attributes:
        judge: The engine that judges; one of ``openai:MODEL@URL`` is asked with a JSON schema.
        modes: ``rate``: every answer on its rubric. ``compare``: both arms' answers side by side, in both orders.
        max_calls: The most calls of this start that may have to be paid for; None where there is no limit.
        max_cost: The most dollars of this start; None where there is no limit.
        price_in, price_out: Dollars for a million tokens read, and written.
        max_tokens: The longest reply of the judge, its thinking included.
        workers: Replies that are asked for at the same time.
        temperature, seed: How the judge's replies are sampled; 0 takes the likeliest.
        rubrics: The folder of the rubrics.
        retry_unjudged: Ask anew for what an earlier start gave up.
    """

    judge: str
    modes: tuple[Mode, ...] = ("rate",)
    max_calls: int | None = None
    max_cost: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    max_tokens: int = 2000
    workers: int = 4
    temperature: float = 0.0
    seed: int = 0
    rubrics: Path = RUBRICS
    retry_unjudged: bool = False

    def check(self) -> None:
        """Makes sure that the plan can be kept.

        Raises:
            FrictionError: Money is limited and nobody says what a token costs, or a number makes no sense.
        """
        least = {"max_calls": 0, "max_cost": 0, "price_in": 0, "price_out": 0, "max_tokens": 1, "workers": 1}
        for name, bound in least.items():
            value = getattr(self, name)
            if value is not None and not bound <= value < float("inf"):
                raise FrictionError(
                    problem=f"'{value}' is no {name.replace('_', ' ')}",
                    because=f"the least is {bound}",
                    fix=f"give --{name.replace('_', '-')} another number",
                )
        if self.max_cost is not None and not self.price_in and not self.price_out:
            raise FrictionError(
                problem=f"a limit of '${self.max_cost:g}' says nothing",
                because="what a token costs is not given",
                fix="give --price-in and --price-out, in dollars for a million tokens, or limit the calls",
            )
        if not self.modes:
            raise FrictionError(
                problem="there is nothing to do", because="no mode is given", fix=f"name one of {', '.join(MODES)}"
            )

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Dollars."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6
