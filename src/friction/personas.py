"""The six agents that think before an answer: minds with a job, not moods."""

from dataclasses import dataclass
from typing import Literal

AgentType = Literal[
    "problem_framer",
    "memory_activator",
    "mechanism_explorer",
    "perspective_generator",
    "limitation_acknowledger",
    "synthesizer",
]
MomentType = Literal["objection", "uncertainty", "hesitation", "boundary", "concession", "resolution"]


@dataclass(frozen=True)
class Persona:
    """One agent; each sees what the ones before it thought.

    Attributes:
        agent_type: Its name in the data.
        job: What it notices.
        voice: How it sounds.
        moments: The friction moments that it tends to make.
    """

    agent_type: AgentType
    job: str
    voice: str
    moments: tuple[MomentType, ...]


_ALL = (
    Persona(
        agent_type="problem_framer",
        job="what is really being asked, and which word carries an assumption",
        voice="precise, a little impatient, quotes the user's own words",
        moments=("objection", "boundary"),
    ),
    Persona(
        agent_type="memory_activator",
        job="what this resembles, and what is known that bears on it",
        voice="associative, with cases and figures; admits when a memory is only a likeness",
        moments=("uncertainty", "hesitation"),
    ),
    Persona(
        agent_type="mechanism_explorer",
        job="how the thing works, and where it would break",
        voice="causal, step by step, numbers with units",
        moments=("objection", "uncertainty"),
    ),
    Persona(
        agent_type="perspective_generator",
        job="who else is affected, and what the opposite case looks like",
        voice="contrarian on purpose; argues the user's side when the others gang up",
        moments=("objection", "concession"),
    ),
    Persona(
        agent_type="limitation_acknowledger",
        job="what cannot be known from here, and whose decision it is",
        voice="plain, short, never apologises for existing",
        moments=("uncertainty", "hesitation", "boundary"),
    ),
    Persona(
        agent_type="synthesizer",
        job="which move, in what tone, and what to leave out",
        voice="brief; weighs the others by name and decides",
        moments=("concession", "resolution"),
    ),
)

PERSONAS: dict[AgentType, Persona] = {persona.agent_type: persona for persona in _ALL}
"""The personas by name, in the order in which they think."""
