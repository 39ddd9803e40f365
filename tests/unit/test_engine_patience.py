"""Patience: what is asked again, when, and what is not."""

import threading
import time
from email.utils import formatdate
from typing import Any

import pytest

from friction.engine.patience import LONGEST_WAIT, Patience, is_transient, retry_after
from friction.errors import FrictionError


class Status(Exception):
    """An error of the client library, as far as it is looked at."""

    def __init__(self, status: int | None, code: str = "", **headers: str) -> None:
        super().__init__("status")
        self.code = code
        if status is not None:
            self.status_code = status
        self.response = type("Response", (), {"headers": {k.replace("_", "-"): v for k, v in headers.items()}})()


def failure(status: int | None, **headers: str) -> FrictionError:
    """What an engine raises."""
    error = FrictionError(problem="no reply", because="it failed", fix="ask again")
    error.__cause__ = Status(status, **headers)
    return error


class Clock:
    """Time that passes only in sleep."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += seconds
        self.slept.append(seconds)


def patience(clock: Clock, **settings: Any) -> Patience:
    """Patience on that clock."""
    return Patience(sleep=clock.sleep, clock=lambda: clock.now, **settings)


def fails(*errors: FrictionError) -> Any:
    """A request that fails so, and then succeeds."""
    left = list(errors)

    def request() -> str:
        if left:
            raise left.pop(0)
        return "here"

    return request


@pytest.mark.parametrize("status", [None, 408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(status: int | None) -> None:
    clock = Clock()
    assert patience(clock).ask(fails(failure(status), failure(status))) == "here"
    assert 2.2 < clock.now < 3.9  # one second, then two, give or take a quarter


def test_money_that_is_spent_is_not_waited_for() -> None:
    spent = failure(429)
    spent.__cause__ = Status(429, code="insufficient_quota")
    assert not is_transient(spent) and is_transient(failure(429))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_stays_refused_is_not_asked_again(status: int) -> None:
    clock = Clock()
    assert not is_transient(failure(status))
    with pytest.raises(FrictionError):
        patience(clock).ask(fails(failure(status)))
    assert clock.now == 0


def test_the_server_s_own_wait_counts_and_is_bounded() -> None:
    clock = Clock()
    patience(clock).ask(fails(failure(429, retry_after="7")))
    assert clock.now == pytest.approx(7)
    clock = Clock()
    patience(clock).ask(fails(failure(429, retry_after="86400")))
    assert clock.now == pytest.approx(LONGEST_WAIT)
    assert retry_after(failure(429, retry_after=formatdate(time.time() + 30))) == pytest.approx(30, abs=2)
    assert retry_after(failure(429, retry_after="soon")) is None
    assert retry_after(failure(429)) is None


def test_tries_are_counted() -> None:
    clock = Clock()
    with pytest.raises(FrictionError, match="no reply"):
        patience(clock, tries=3).ask(fails(*(failure(500) for _ in range(3))))
    assert 2.2 < clock.now < 3.9
    clock = Clock()
    with pytest.raises(FrictionError):
        patience(clock).ask(fails(*(failure(None) for _ in range(9))))
    assert clock.now < 4  # nobody ever answered there: not worth eight tries
    told: list[str] = []
    patience(clock, notify=told.append).ask(fails(failure(500), failure(500)))
    assert told == ["waiting 1 s: no reply: it failed"]


def test_when_the_server_is_busy_everybody_waits() -> None:
    clock = Clock()
    shared = patience(clock)
    with pytest.raises(FrictionError):
        patience(clock, tries=1).ask(fails(failure(429, retry_after="5")))
    assert clock.now == 0
    begun: list[float] = []
    first = threading.Event()

    def busy_once() -> str:
        if not first.is_set():
            first.set()
            raise failure(429, retry_after="5")
        begun.append(clock.now)
        return "here"

    shared.ask(busy_once)
    shared._until = clock.now + 4  # pylint: disable=protected-access
    shared.ask(lambda: begun.append(clock.now))
    assert begun[0] == pytest.approx(5) and begun[1] == pytest.approx(9)


def test_nobody_waits_for_an_answer_that_nobody_wants() -> None:
    clock = Clock()
    shared = patience(clock)
    with pytest.raises(FrictionError):
        shared.ask(fails(failure(429, retry_after="50")), stopped=lambda: True)
    assert clock.now == 0
