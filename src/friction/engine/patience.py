"""Asking a server again when it is busy or stumbles: what a long run needs, and a demo does not."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from friction.errors import FrictionError

T = TypeVar("T")
TRIES = 8
FIRST_TRIES = 3
"""Tries while nobody ever answered: an address where nothing listens is more likely wrong than busy."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
NOTIFIED_EVERY = 5.0
"""Seconds between two notes that it waits."""
_TRANSIENT = {408, 409, 425, 429, 500, 502, 503, 504, 529}
"""Statuses after which the same request may succeed later."""


class Patience:
    """Shared by all that ask one server: when it says that it is busy, everybody waits.

    Args:
        tries: How often one request is made before its error counts.
        first_wait: Seconds before the second try; the wait doubles from try to try.
        notify: Is told why it waits and how long; once in a while, not every time.
        sleep, clock: How time passes; tests have their own.
    """

    def __init__(
        self,
        tries: int = TRIES,
        first_wait: float = FIRST_WAIT,
        notify: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.waits = 0
        self._notify, self._notified = notify, -NOTIFIED_EVERY
        self._answered = False
        self._tries, self._first_wait, self._sleep, self._clock = tries, first_wait, sleep, clock
        self._until = 0.0
        self._lock = threading.Lock()
        self._random = random.Random()

    def ask(self, request: Callable[[], T], stopped: Callable[[], bool] = lambda: False) -> T:
        """Makes a request until it succeeds.

        Args:
            request: Raises FrictionError where it fails.
            stopped: Says that nobody wants the answer any more.

        Raises:
            FrictionError: It failed for good: refused, or failed too often.
        """
        for attempt in range(1, self._tries + 1):
            self._wait_for_the_others(stopped)
            try:
                found = request()
            except FrictionError as error:
                self._answered = self._answered or status_of(error) is not None
                tries = self._tries if self._answered else min(FIRST_TRIES, self._tries)
                if attempt >= tries or stopped() or not is_transient(error):
                    raise
                self._back_off(error, attempt, stopped)
            else:
                self._answered = True
                return found
        raise AssertionError("unreachable: the last try returns or raises")

    def _back_off(self, error: FrictionError, attempt: int, stopped: Callable[[], bool]) -> None:
        """Sets the time from which requests are made again, for all if the server is busy, for this one otherwise."""
        wait = min(LONGEST_WAIT, self._first_wait * 2 ** (attempt - 1)) * self._random.uniform(0.75, 1.25)
        asked_for = retry_after(error)
        wait = wait if asked_for is None else min(LONGEST_WAIT, asked_for)
        self.waits += 1
        now = self._clock()
        if now - self._notified >= NOTIFIED_EVERY:
            self._notified = now
            self._notify(f"waiting {wait:.0f} s: {error.problem}: {error.because}")
        if status_of(error) in (429, 503, 529):
            with self._lock:
                self._until = max(self._until, now + wait)
        else:
            self._pause(now + wait, stopped)

    def _wait_for_the_others(self, stopped: Callable[[], bool]) -> None:
        while not stopped() and self._until > self._clock():
            self._pause(self._until, stopped)

    def _pause(self, until: float, stopped: Callable[[], bool]) -> None:
        while not stopped() and (left := until - self._clock()) > 0:
            self._sleep(min(left, 0.25))  # in pieces, so that Ctrl-C does not wait for the server


def _cause(error: BaseException) -> Any:
    return error.__cause__ or error


def status_of(error: FrictionError) -> int | None:
    """The HTTP status that a server answered with, if it answered at all."""
    status = getattr(_cause(error), "status_code", None)
    return status if isinstance(status, int) else None


def is_transient(error: FrictionError) -> bool:
    """Whether asking again may help: the server is busy, it stumbled, or the connection broke."""
    status = status_of(error)
    cause = _cause(error)
    if status == 429 and "insufficient_quota" in f"{cause} {getattr(cause, 'code', '')} {getattr(cause, 'body', '')}":
        return False  # the money is spent, and waiting brings none
    return status is None or status in _TRANSIENT


def retry_after(error: FrictionError) -> float | None:
    """The seconds that a server asks to wait for (`Retry-After`, as a number or a date), if it does."""
    headers = getattr(getattr(_cause(error), "response", None), "headers", {})
    text = headers.get("retry-after")
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
