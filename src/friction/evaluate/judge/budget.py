"""A limit that holds while several ask at the same time: what a call may cost is set aside before it is made."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Spent:
    """What was paid for.

    Attributes:
        calls: Replies, and requests that broke off after they were sent: those may have to be paid for, too.
        tokens_in, tokens_out: Tokens read and written.
        cost: Dollars, by the prices that were given.
        estimated: Calls whose tokens the server did not count.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    estimated: int = 0

    def plus(self, other: Spent) -> Spent:
        """Both together."""
        return Spent(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.cost + other.cost,
            self.estimated + other.estimated,
        )


class OverBudget(Exception):
    """The next call could go beyond the limit: which one, in words."""


class Budget:
    """Shared by all who ask.

    Args:
        max_calls: The most calls; None where there is no limit.
        max_cost: The most dollars; None where there is no limit.
    """

    def __init__(self, max_calls: int | None = None, max_cost: float | None = None) -> None:
        self._max_calls, self._max_cost = max_calls, max_cost
        self._spent = Spent()
        self._reserved: list[float] = []
        self._over = ""
        self._changed = threading.Condition()

    @property
    def spent(self) -> Spent:
        """What was paid for so far."""
        with self._changed:
            return self._spent

    @property
    def over(self) -> str:
        """Why no call is made any more; empty while calls are made."""
        with self._changed:
            return self._over

    def reserve(self, worst: float, stopped: Callable[[], bool] = lambda: False) -> None:
        """Sets a call aside at the most that it can cost; waits where calls under way may leave enough for it.

        Raises:
            OverBudget: It would not fit even if nothing else were under way, or nobody wants it any more. Nothing
                fits from then on: a later, smaller call would only make the order of what is left a riddle.
        """
        with self._changed:
            while not self._over and not stopped():
                reason = self._too_much(worst)
                if not reason:
                    self._reserved.append(worst)
                    return
                if not self._reserved:
                    self._over = reason
                    self._changed.notify_all()
                else:
                    self._changed.wait(0.25)
            raise OverBudget(self._over or "stopped")

    def settle(self, worst: float, spent: Spent) -> None:
        """Puts what a call took in the place of what was set aside for it; a call that cost nothing gives all back."""
        with self._changed:
            self._reserved.remove(worst)
            self._spent = self._spent.plus(spent)
            self._changed.notify_all()

    def _too_much(self, worst: float) -> str:
        calls = self._spent.calls + len(self._reserved)
        if self._max_calls is not None and calls + 1 > self._max_calls:
            return f"the limit of {self._max_calls:,} calls is reached"
        cost = self._spent.cost + sum(self._reserved)
        if self._max_cost is not None and cost + worst > self._max_cost:
            return (
                f"the next call could cost ${worst:.4f}, and of ${self._max_cost:.4f} "
                f"${max(0.0, self._max_cost - cost):.4f} is left"
            )
        return ""
