"""What every engine offers: a conversation in, a reply as it is written out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from friction.chat import Message, Reply, Section

Notify = Callable[[str], None]
"""Takes a sentence that the person should read, such as that a cache cannot be used."""


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen.

    Attributes:
        temperature: 0 takes the likeliest token every time (greedy).
        seed: Makes sampling repeatable where the engine can; without effect at temperature 0.
        max_tokens: The longest reply, thinking included; None leaves it to the engine.
        top_p: Only the likeliest tokens that together have this probability are drawn from.
    """

    temperature: float = 0.0
    seed: int = 0
    max_tokens: int | None = None
    top_p: float = 0.95


@dataclass(frozen=True)
class Delta:
    """The next piece of a reply.

    Attributes:
        section: Whether it is thought or said.
        text: The piece; the pieces of a section joined are its text in the :class:`Reply`.
    """

    section: Section
    text: str


@dataclass(frozen=True)
class Completion:
    """A whole reply, and what it took.

    Attributes:
        reply: What was thought and said.
        tokens: Tokens that the model wrote, as the engine counts them.
        seconds: Wall-clock time from the request to the last token.
        stop_reason: `stop`: the model ended its turn. `length`: it was cut, so the reply is `unterminated`.
    """

    reply: Reply
    tokens: int
    seconds: float
    stop_reason: Literal["stop", "length"]


class Engine(Protocol):
    """Who answers."""

    @property
    def name(self) -> str:
        """The string that names it on the command line."""

    @property
    def has_dial(self) -> bool:
        """Whether it has an adapter whose scale can be chosen per reply."""

    def start(self) -> None:
        """Load what is needed for a reply; a reply does it by itself.

        Raises:
            FrictionError: When it cannot be loaded, or the server is not there.
        """

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling = Sampling(), dial: float | None = None
    ) -> Iterator[Delta | Completion]:
        """A reply while it is written: deltas, and last of all the completion.

        Replies may be asked for from several threads. Closing the iterator stops the reply.

        Args:
            messages: The conversation; the last turn is not the assistant's.
            sampling: How tokens are chosen.
            dial: The adapter's scale; None means without an adapter.

        Raises:
            FrictionError: When there is no reply, or only a part of it.
        """

    def close(self) -> None:
        """Free what it holds; replies that still run are stopped."""


def complete(
    engine: Engine, messages: Sequence[Message], *, sampling: Sampling = Sampling(), dial: float | None = None
) -> Completion:
    """The whole reply at once.

    Raises:
        FrictionError: As :meth:`Engine.stream`.
    """
    for event in engine.stream(messages, sampling=sampling, dial=dial):
        if isinstance(event, Completion):
            return event
    raise AssertionError("an engine's stream ends with a completion")
