"""Conversations as text, and as token ids with labels for training."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from friction.chat.tokens import CLOSE_THINKING, END_TURN, IGNORE, NO_THINKING, OPEN_THINKING, neutralise, open_turn
from friction.errors import FrictionError

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Message:
    """One turn of a conversation.

    Attributes:
        role: Who speaks.
        content: The words; of an assistant, the answer.
        thinking: An assistant's thoughts before the answer; None where it did not think.

    Raises:
        FrictionError: For an unknown role, or for thinking that is not an assistant's.
    """

    role: Role
    content: str
    thinking: str | None = None

    def __post_init__(self) -> None:
        if self.role not in get_args(Role):
            raise FrictionError(
                problem=f"unknown role '{self.role}'",
                because="a turn is spoken by system, user or assistant",
                fix="name one of the three",
            )
        if self.thinking is not None and self.role != "assistant":
            raise FrictionError(
                problem=f"a turn of '{self.role}' has thinking",
                because="only an assistant's thoughts are part of a conversation",
                fix="leave thinking out of that turn",
            )

    def as_dict(self) -> dict[str, str]:
        """The form that chat templates and chat servers take."""
        turn = {"role": self.role, "content": self.content}
        return turn if self.thinking is None else {**turn, "reasoning_content": self.thinking}


def render(messages: Sequence[Message], *, for_reply: bool = False, thinking: bool = True) -> str:
    """The conversation as the text that a model reads.

    Whitespace around a message is not part of it, and special tokens inside one are neutralised.

    Args:
        messages: The turns, oldest first.
        for_reply: Open the assistant's turn at the end.
        thinking: False asks for, or shows, an answer without thinking: its turn starts with an empty block.

    Raises:
        FrictionError: When there is nothing to render, or nobody to reply to.
    """
    text = "".join(part for part, _ in _segments(messages, thinking=thinking))
    if not for_reply:
        return text
    if messages[-1].role == "assistant":
        raise FrictionError(
            problem="cannot ask for a reply",
            because="the last turn is the assistant's own",
            fix="end the conversation with a turn of the user",
        )
    return text + open_turn("assistant") + ("" if thinking else NO_THINKING)


@dataclass(frozen=True)
class Encoded:
    """A conversation for training: ``ids`` and ``labels`` have the same length; see :func:`encode`."""

    ids: list[int]
    labels: list[int]


class _HasIds(Protocol):
    @property
    def ids(self) -> list[int]:
        """Token ids."""


class Tokenizer(Protocol):
    """What :func:`encode` needs: a tokenizer of `tokenizers` or of `transformers` is one."""

    def encode(self, text: str, /, *, add_special_tokens: bool) -> Sequence[int] | _HasIds:
        """Token ids of the text, with special tokens in it recognised and none added."""


def encode(
    messages: Sequence[Message],
    tokenizer: Tokenizer,
    *,
    thinking: bool = True,
    train: Literal["last", "all"] = "last",
) -> Encoded:
    """The conversation as token ids, and as labels that say which of them are learned.

    What is learned is what a model writes: an assistant's thinking block, its answer and its stop token. What the
    prompt holds at inference (the turn's opening, an empty thinking block) and the newline after the stop token are
    read only. Stretches are tokenised one by one, so that a label belongs to a token and not to a position in text.

    Args:
        messages: The turns; the last is the assistant's.
        tokenizer: Turns a stretch of text into ids.
        thinking: False leaves the thinking out and reads an empty block instead, as :func:`render` does.
        train: Learn the last assistant's turn, or all of them.

    Raises:
        FrictionError: When the last turn is not the assistant's, or when `all` would teach an answer without the
            thinking that led to it.
    """
    if not messages or messages[-1].role != "assistant":
        raise FrictionError(
            problem="nothing to learn in a conversation",
            because="its last turn is not the assistant's",
            fix="end every training conversation with the reply to be learned",
        )
    if train == "all" and any(message.thinking is not None for message in messages[:-1]):
        raise FrictionError(
            problem="cannot train on all turns of a conversation",
            because="thinking of earlier turns is not shown, so their answers would be learned without it",
            fix="make one conversation per assistant turn and train on the last",
        )
    ids: list[int] = []
    labels: list[int] = []
    for text, learned in _joined(_segments(messages, thinking=thinking, train=train)):
        encoded = tokenizer.encode(text, add_special_tokens=False)
        stretch = list(encoded if isinstance(encoded, Sequence) else encoded.ids)
        ids += stretch
        labels += stretch if learned else [IGNORE] * len(stretch)
    return Encoded(ids, labels)


def with_thinking(message: Message) -> str:
    """A message's words as a model writes them: an assistant's thoughts in their block, then the answer."""
    content = neutralise(message.content.strip())
    if message.thinking is None:
        return content
    return f"{OPEN_THINKING}\n{neutralise(message.thinking.strip())}\n{CLOSE_THINKING}\n\n{content}"


def _segments(
    messages: Sequence[Message], *, thinking: bool, train: Literal["last", "all"] = "last"
) -> list[tuple[str, bool]]:
    """Stretches of the rendered conversation, each with whether it is learned."""
    if not messages:
        raise FrictionError(
            problem="cannot render a conversation", because="it has no turns", fix="give it at least one turn"
        )
    last_user = max((i for i, message in enumerate(messages) if message.role == "user"), default=-1)
    segments: list[tuple[str, bool]] = []
    for i, message in enumerate(messages):
        current = message.role == "assistant" and i > last_user
        learned = message.role == "assistant" and (train == "all" or i == len(messages) - 1)
        content = neutralise(message.content.strip())
        opening = open_turn(message.role)
        if current and not thinking:
            opening += NO_THINKING
        elif current:
            content = with_thinking(message)
        segments += [(opening, False), (content + END_TURN, learned), ("\n", False)]
    return segments


def _joined(segments: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Neighbours of one kind as one stretch: the tokenizer sees as much as possible of the text at once."""
    joined: list[tuple[str, bool]] = []
    for text, learned in segments:
        if joined and joined[-1][1] == learned:
            joined[-1] = (joined[-1][0] + text, learned)
        else:
            joined.append((text, learned))
    return joined
