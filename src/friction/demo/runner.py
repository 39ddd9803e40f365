"""Several arms that answer the same prompt at the same time."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Literal

from friction.chat import Message
from friction.engine.base import Completion, Delta, Engine, Sampling
from friction.errors import FrictionError


@dataclass(frozen=True)
class Arm:
    """One side of the comparison.

    Attributes:
        title: Which.
        engine: Who answers.
        dial: The adapter's scale; None means without an adapter.
    """

    title: Literal["baseline", "friction"]
    engine: Engine
    dial: float | None = None


def start(arms: Sequence[Arm]) -> None:
    """Load every engine once.

    Raises:
        FrictionError: When one cannot be loaded.
    """
    for engine in {id(arm.engine): arm.engine for arm in arms}.values():
        engine.start()


def run(
    arms: Sequence[Arm], messages: Sequence[Message], sampling: Sampling
) -> Iterator[tuple[int, Delta | Completion | FrictionError]]:
    """What the arms write, as they write it: the arm's number with a delta, and at its end a completion or an error.

    Closing the iterator, or an interrupt while waiting for it, stops all arms.
    """
    events: SimpleQueue[tuple[int, Delta | Completion | BaseException | None]] = SimpleQueue()
    stopped = threading.Event()

    def answer(number: int, arm: Arm) -> None:
        try:
            for event in arm.engine.stream(messages, sampling=sampling, dial=arm.dial):
                if stopped.is_set():
                    return
                events.put((number, event))
        except BaseException as error:  # pylint: disable=broad-exception-caught  # raised where events are read
            events.put((number, error))
        finally:
            events.put((number, None))

    # A daemon: one that waits for a silent server must not keep the process from leaving.
    for number, arm in enumerate(arms):
        threading.Thread(target=answer, args=(number, arm), name=arm.title, daemon=True).start()
    running = len(arms)
    try:
        while running:
            number, event = events.get()
            if event is None:
                running -= 1
            elif isinstance(event, BaseException) and not isinstance(event, FrictionError):
                raise event
            else:
                yield number, event
    finally:
        stopped.set()
