"""Many requests at the same time: threads that work through a list, and end together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")
GRACE = 2.0
"""Seconds that what is under way is given when the work is broken off."""


def work_through(
    todo: Iterable[T],
    work: Callable[[T], None],
    workers: int,
    stop: threading.Event,
    enough: tuple[type[Exception], ...] = (),
) -> None:
    """Has so many threads work until nothing is left, or one of them meets an error.

    Args:
        todo: What is to be done, begun in this order.
        work: Does one thing; it looks at ``stop`` where it waits.
        workers: How many things are done at the same time.
        stop: Set when nothing more is to be begun: after an error, after an interrupt, and at the end.
        enough: What a worker raises that has to end, and that is no error.

    Raises:
        BaseException: The first that ``work`` raised, when what was under way is over. An interrupt waits no longer
            than the grace.
    """
    queue: SimpleQueue[T] = SimpleQueue()
    for one in todo:
        queue.put(one)
    errors: list[BaseException] = []
    ends: tuple[type[Exception], ...] = (Empty, *enough)

    def go_on() -> None:
        try:
            while not stop.is_set():
                work(queue.get_nowait())
        except ends:
            pass
        except BaseException as error:  # pylint: disable=broad-exception-caught  # raised where the work was asked for
            errors.append(error)
            stop.set()

    # Daemons: a reply that never comes must not keep the person waiting who has pressed Ctrl-C.
    threads = [threading.Thread(target=go_on, daemon=True) for _ in range(min(workers, max(1, queue.qsize())))]
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            for thread in threads:
                thread.join(0.1)
    finally:
        stop.set()
        for thread in threads:
            thread.join(GRACE / len(threads))
    if errors:
        raise errors[0]
