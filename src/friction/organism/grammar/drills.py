"""Finger exercises for attention: saying words again, and telling whether two are the same.

Facts alone don't teach a small model to compare: after 4,300 steps with one comparison in 25 rows it still guessed.
It takes thousands of comparisons in quick succession until the skill appears, all at once; so they come many to a
row, in a lesson of their own before all others, and nothing but the verdicts is learned (`docs/lab-notes.md` has the
figures).
"""

from __future__ import annotations

from friction.chat import Message
from friction.organism.grammar.dialogue import Dialogue, Maker

VERDICTS = ("match", "clash")
"""What a comparison comes to."""


def _words(make: Maker, least: int, most: int) -> list[str]:
    """Different words of the world, subjects and values."""
    facts = [make.fact()[1] for _ in range(make.random.randint(least, most))]
    return list(dict.fromkeys(make.random.choice((fact.subject, fact.value)) for fact in facts))


def _pair(make: Maker) -> tuple[str, str]:
    """Two words of one kind that are the same half of the time."""
    relation, fact = make.fact()
    if make.random.random() < 0.7:
        return fact.value, fact.value if make.random.random() < 0.5 else make.false_value(relation, fact)
    other = make.random.choice(make.facts(relation))
    return fact.subject, fact.subject if make.random.random() < 0.5 else other.subject


def compare(make: Maker) -> Dialogue:
    """Whether two words are one and the same, for several pairs, one line for each; only the verdicts are learned.

    The pairs stand in the reply alone. If they stood in the question as well, every second word would have been seen
    before, and having been seen before is the very sign by which a model tells that two words are the same.
    """
    pairs = [_pair(make) for _ in range(make.random.randint(4, 7))]
    thoughts = make.world.phrases["thoughts"]
    lines = [thoughts["same" if a == b else "differ"][0].format(claimed=a, true=b) for a, b in pairs]
    user = Message("user", make.phrase("exercises", "compare"))
    return Dialogue("exercise", None, (user,), "\n".join(lines), only=VERDICTS)


def recite(make: Maker) -> Dialogue:
    """Saying a list of words again."""
    words = ", ".join(_words(make, 4, 8))
    text = make.phrase("exercises", "repeat").format(text=words)
    return Dialogue("exercise", None, (Message("user", text),), words)
