"""The dataset's record: who said what, who thought what, and what the answer was."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from friction.chat import Message
from friction.moves import Focus, MoveName
from friction.personas import AgentType, MomentType

Difficulty = Literal["plain", "subtle", "charged"]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text


Words = Annotated[str, AfterValidator(_not_blank)]


class _Strict(BaseModel):
    """No unknown field, no conversion: what a file says is what a record holds."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Turn(_Strict):
    """Something that was said before `user_input`."""

    role: Literal["user", "assistant"]
    content: Words


class FrictionMoment(_Strict):
    """A typed span of a thought, quoted verbatim."""

    type: MomentType
    quote: Words


class AgentThought(_Strict):
    """What one persona thought, having read those before it."""

    agent_type: AgentType
    thought_stream: Words
    friction_moments: list[FrictionMoment]

    @model_validator(mode="after")
    def _quotes_are_verbatim(self) -> Self:
        for moment in self.friction_moments:
            if moment.quote not in self.thought_stream:
                raise ValueError(f"'{moment.quote}' is not a verbatim part of the thought")
        return self


class Call(_Strict):
    """One reply of a model that a generated record is made of: which step, drawn with which seed, how long."""

    step: Words
    seed: int
    tokens: int
    seconds: float


class Metadata(_Strict):
    """What a record is about and where it comes from; ``calls`` are those of a generated one, else there are none."""

    move: MoveName
    domain: Words
    difficulty: Difficulty
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
    focus: Focus
    source: Words
    license: Words
    created: date
    notes: str
    calls: list[Call] = []


class Record(_Strict):
    """One side of a pair.

    Attributes:
        id: Unique in a dataset.
        pair_id: Shared with the twin.
        warranted: Whether the move is due here.
        history: Turns before `user_input`: user and assistant in alternation, the user first.
        user_input: The words to answer.
        agents: Three to six personas, in the order in which they thought.
        final_answer: What a good assistant says.
        rejected: What an agreeable assistant says where the move is due; a needless contrarian on the twin.
        rejected_thinking: The thoughts that lead to `rejected`, in the form of :attr:`thinking`.
        metadata: What it is about and where it comes from.
    """

    id: Words
    pair_id: Words
    warranted: bool
    history: list[Turn]
    user_input: Words
    agents: Annotated[list[AgentThought], Field(min_length=3, max_length=6)]
    final_answer: Words
    rejected: Words
    rejected_thinking: Words
    metadata: Metadata

    @model_validator(mode="after")
    def _turns_alternate(self) -> Self:
        roles = [turn.role for turn in self.history]
        if roles != ["user", "assistant"] * (len(roles) // 2):
            raise ValueError("history does not alternate from a turn of the user to one of the assistant")
        return self

    @model_validator(mode="after")
    def _agents_think_once(self) -> Self:
        if len({agent.agent_type for agent in self.agents}) != len(self.agents):
            raise ValueError("a persona thinks more than once in agents")
        return self

    @property
    def thinking(self) -> str:
        """The personas' thoughts as one text: a paragraph each, behind its name."""
        return "\n\n".join(f"{agent.agent_type}: {agent.thought_stream}" for agent in self.agents)

    def messages(self, *, rejected: bool = False) -> list[Message]:
        """The conversation with the reply to be learned, or with the one to be avoided."""
        thinking, answer = (self.rejected_thinking, self.rejected) if rejected else (self.thinking, self.final_answer)
        return [
            *(Message(turn.role, turn.content) for turn in self.history),
            Message("user", self.user_input),
            Message("assistant", answer, thinking),
        ]
