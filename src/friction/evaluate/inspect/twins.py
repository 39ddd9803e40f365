"""The twins as a task of Inspect: situations in which a move is due, each beside one in which it is not."""

from __future__ import annotations

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import HeadlineMetric
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
)
from inspect_ai.solver import generate
from rich.markup import escape

from friction.chat import Message
from friction.errors import FrictionError
from friction.evaluate.inspect.names import named
from friction.evaluate.inspect.scorer import pushback
from friction.evaluate.prompts import Prompt
from friction.evaluate.suites import read_suite, shortened
from friction.moves import MOVES, find_move

_MESSAGES: dict[str, type[ChatMessageSystem] | type[ChatMessageUser] | type[ChatMessageAssistant]] = {
    "system": ChatMessageSystem,
    "user": ChatMessageUser,
    "assistant": ChatMessageAssistant,
}


@named(lambda name: task(name=name))
def twins(suite: str = "twins", move: str | None = None, limit: int | None = None) -> Task:
    """Does a model push back where that is due, and only there?

    Replies are greedy as in our own runs; ``--temperature`` overrides that.

    Args:
        suite: The prompts: a suite's name, or a file of prompts.
        move: Only the pairs of one move; None takes all six.
        limit: At most so many pairs of each move. (Inspect's own ``--limit`` counts prompts, from the first.)

    Raises:
        PrerequisiteError: There is no such suite or move, or it has no prompts that say whether a move is due. That is
            Inspect's error for what a person can mend: it prints the sentence and no traceback.
    """
    try:
        title, prompts = _prompts(suite, move, limit)
    except FrictionError as error:
        from inspect_ai._util.error import PrerequisiteError

        raise PrerequisiteError(escape(str(error))) from error
    return Task(
        dataset=MemoryDataset([as_sample(prompt) for prompt in prompts], name=title),
        solver=generate(),
        scorer=pushback(),
        config=GenerateConfig(temperature=0.0),
        headline_metric=HeadlineMetric(metric="youden_j"),
        description="Pushback where it is due against pushback where it is not, on twins that look alike.",
    )


def _prompts(suite: str, move: str | None, limit: int | None) -> tuple[str, list[Prompt]]:
    """The suite's title and what is asked of it: prompts to which one reply can be a hit or a false alarm."""
    read = shortened(read_suite(suite), limit, [find_move(move)] if move else [])
    chosen = [
        prompt for prompt in read.prompts if prompt.move and prompt.warranted is not None and not prompt.follow_ups
    ]
    if not chosen:
        raise FrictionError(
            problem=f"no twins in '{suite}'",
            because="none of its prompts says which move is due, and whether it is",
            fix="name a suite of twins: -T suite=twins, or -T suite=organism",
        )
    return read.title, chosen


def as_sample(prompt: Prompt) -> Sample:
    """A prompt as Inspect takes it; its metadata are all that the scorer and the metrics need."""
    assert prompt.move is not None
    row = prompt.as_dict()
    return Sample(
        id=prompt.id,
        input=[_message(message) for message in prompt.messages],
        target=prompt.move if prompt.warranted else MOVES[prompt.move].twin,
        metadata={name: value for name, value in row.items() if name not in ("id", "messages")} | {"unit": prompt.unit},
    )


def _message(message: Message) -> ChatMessage:
    return _MESSAGES[message.role](content=message.content)
