"""Threads that work through a list: in order, all of it, and no further than an error."""

import threading

import pytest

from friction.engine.workers import work_through


def test_everything_is_done_once() -> None:
    done: list[int] = []
    stop = threading.Event()
    work_through(range(50), done.append, 4, stop)
    assert sorted(done) == list(range(50))
    assert stop.is_set()


def test_one_worker_keeps_the_order_and_none_is_needed_for_nothing() -> None:
    done: list[int] = []
    work_through(range(9), done.append, 1, threading.Event())
    work_through([], done.append, 3, threading.Event())
    assert done == list(range(9))


def test_as_many_at_a_time_as_there_are_workers() -> None:
    together = threading.Barrier(3, timeout=30)  # two of them alone would wait in vain

    def work(_: int) -> None:
        together.wait()

    work_through(range(6), work, 3, threading.Event())
    assert not together.broken


def test_the_first_error_ends_it_and_is_raised() -> None:
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        if number == 3:
            raise ValueError("three")

    with pytest.raises(ValueError, match="three"):
        work_through(range(1000), work, 1, threading.Event())
    assert begun == [0, 1, 2, 3]


def test_what_is_enough_ends_its_worker_and_is_no_error() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number >= 5:
            raise LookupError
        done.append(number)

    work_through(range(10), work, 2, threading.Event(), enough=(LookupError,))
    assert sorted(done) == [0, 1, 2, 3, 4]


def test_nothing_more_is_begun_after_a_stop() -> None:
    stop, done = threading.Event(), []

    def work(number: int) -> None:
        done.append(number)
        if number == 2:
            stop.set()

    work_through(range(100), work, 1, stop)
    assert done == [0, 1, 2]


def test_what_is_under_way_when_another_fails_is_finished() -> None:
    failed, done = threading.Event(), []

    def work(number: int) -> None:
        if number == 0:
            assert failed.wait(60)
            done.append(number)
        else:
            failed.set()
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        work_through(range(2), work, 2, threading.Event())
    assert done == [0]
