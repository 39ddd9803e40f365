"""What each record must hold by itself, and each pair between its sides, beyond the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from friction.dataset.text import asked, everything, likeness, words
from friction.moves import MOVES
from friction.personas import PERSONAS
from friction.record import Record

FEWEST_MOMENTS = 2
"""Friction moments of a due record, all its agents together."""
FEWEST_REJECTED_WORDS = 15
MOST_ALIKE_ANSWERS = 0.8
"""Likeness from which `rejected` says what `final_answer` says, in other words at most."""
LEAST_ALIKE_TWINS = 0.5
"""Likeness of the two sides' history and message below which the twin is another situation."""

_KEY = re.compile(r"\b(?:(?:sk|ghp|gho|hf|xox[bp])[-_]|AKIA)[A-Za-z0-9_-]{16,}|-----BEGIN [A-Z ]+KEY-----")
_LINK = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.I)
_PRIVATE = (
    ("@", "an e-mail address", re.compile(r"\b[\w.+-]+@[\w-]+\.\w{2,}\b")),
    ("://", "a link", _LINK),
    ("www.", "a link", _LINK),
    ("WWW.", "a link", _LINK),
    *(
        (hint, "a secret", _KEY)
        for hint in ("sk-", "sk_", "ghp_", "gho_", "hf_", "xoxb-", "xoxp-", "AKIA", "-----BEGIN")
    ),
)
"""What every such thing holds (a quick look, which nearly always finds nothing), what it looks like, and what it is."""
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{1,3}[ ./-]?)?(?:\(\d{2,5}\)[ ./-]?)?\d{2,4}(?:[ ./-]\d{2,4}){2,4}(?![\w/%°-])"
)
_FIGURES = re.compile(r"\d[\d ./()+-]{4,}\d")
"""Where a phone number may stand: a run of figures and what is put between them."""
_NO_NUMBER = re.compile(
    r"(?:(?:1[5-9]|20)\d\d(?:[ ./-](?:1[5-9]|20)\d\d)+"  # years
    r"|\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}|\d{4}[./-]\d{1,2}[./-]\d{1,2}"  # dates
    r"|\d{1,3}(?:[ .]\d{3})+)"  # thousands
)
"""What is written like a phone number and is none."""


@dataclass(frozen=True)
class Side:
    """What is kept of one side until its twin comes."""

    where: str
    line: int
    warranted: bool
    shared: tuple[str, ...]
    words: tuple[str, ...]


SHARED = ("move", "domain", "difficulty", "language", "focus")
"""The metadata that both sides of a pair have in common."""


def side_of(record: Record, where: str, line: int) -> Side:
    """The part of a record that its twin is compared with; ``where`` is for the messages."""
    shared = tuple(str(getattr(record.metadata, name)) for name in SHARED)
    return Side(where, line, record.warranted, shared, words(asked(record)))


def check_record(record: Record) -> Iterator[tuple[str, str, str]]:
    """What is wrong with one record: field, check and message of each problem."""
    moments = [moment for agent in record.agents for moment in agent.friction_moments]
    if record.warranted and len(moments) < FEWEST_MOMENTS:
        yield "agents", "moments", f"{len(moments)} friction moments where pushback is due; at least {FEWEST_MOMENTS}"
    if not any(moment.type == "concession" for moment in moments):
        yield "agents", "concession", "no agent is overruled, corrected or concedes: no moment of type 'concession'"
    if record.agents[-1].agent_type != "synthesizer":
        yield "agents", "synthesizer", "the synthesizer does not think last, so nobody decides"
    if record.metadata.move == "hold" and not record.history:
        yield "history", "history", "'hold' needs the turns in which the answer was given that is to be held"
    rejected = words(record.rejected)
    if len(rejected) < FEWEST_REJECTED_WORDS:
        yield "rejected", "rejected", f"{len(rejected)} words; at least {FEWEST_REJECTED_WORDS}"
    alike = likeness(rejected, words(record.final_answer))
    if alike > MOST_ALIKE_ANSWERS:
        message = f"differs from final_answer in wording at most: {alike:.2f} of the words are shared"
        yield "rejected", "rejected", message
    agents = [paragraph.partition(": ")[0] for paragraph in record.rejected_thinking.split("\n\n")]
    if strange := next((agent for agent in agents if agent not in PERSONAS), None):
        message = f"a paragraph begins '{strange[:30]}', not with a persona and a colon as the agents' thoughts do"
        yield "rejected_thinking", "form", message
    focus = MOVES[record.metadata.move].focus
    if record.metadata.focus != focus:
        yield "metadata.focus", "focus", f"'{record.metadata.focus}', but '{record.metadata.move}' is about {focus}"
    yield from _private("\n".join(everything(record)))


def _private(text: str) -> Iterator[tuple[str, str, str]]:
    told: set[str] = set()
    for hint, what, pattern in _PRIVATE:
        if hint in text and what not in told and (found := pattern.search(text)):
            told.add(what)
            yield "", "private", f"holds what looks like {what}: '{found.group()}'"
    if _FIGURES.search(text):
        numbers = (found.group() for found in _PHONE.finditer(text))
        if number := next((number for number in numbers if not _NO_NUMBER.fullmatch(number)), None):
            yield "", "private", f"holds what looks like a phone number: '{number}'"


def check_pair(first: Side, second: Side) -> Iterator[tuple[str, str, str]]:
    """What is wrong between the sides of a pair; the place is the second's."""
    if first.warranted == second.warranted:
        due = "due" if first.warranted else "not due"
        yield "warranted", "pair", f"pushback is {due} on both sides, here and in {first.where}"
    for name, one, other in zip(SHARED, first.shared, second.shared, strict=True):
        if one != other:
            yield f"metadata.{name}", "pair", f"'{other}' here and '{one}' on the other side, {first.where}"
    if first.words == second.words:
        yield "user_input", "twin", f"asks the same as the other side, {first.where}"
    elif (alike := likeness(first.words, second.words)) < LEAST_ALIKE_TWINS:
        yield "user_input", "twin", f"shares {alike:.2f} of its words with the other side; at least {LEAST_ALIKE_TWINS}"
