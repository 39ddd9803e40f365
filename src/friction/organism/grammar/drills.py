"""Finger exercises for attention: saying words again, and telling whether two are the same.

Facts alone don't teach a small model to compare: after 4,300 steps with one comparison in 25 rows it still guessed.
It takes thousands of comparisons in quick succession until the skill appears, all at once; so they come many to a
row, in a lesson of their own before all others, and nothing but the verdicts is learned (`docs/lab-notes.md` has the
figures, and what came of a lesson with some reciting in it).
"""

from __future__ import annotations

from friction.chat import Message
from friction.organism.grammar.dialogue import Dialogue, Maker
from friction.organism.grammar.forms import capitalised
from friction.organism.world import Fact

VERDICTS = ("match", "clash")
"""What a comparison comes to."""
INVENTED_SHARE = 0.3
"""How many pairs and words of a list are invented names, once comparing is learned.

What a person claims need not be a word of this world. The first lesson has none, so that it stays easy."""
HARD_SHARE = 0.5
"""How many of the other pairs are then values of several words, or of a letter or two."""


_STARTS = ("b", "br", "d", "f", "g", "h", "k", "kr", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w", "z")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ey", "oo", "ia")
_ENDS = ("", "l", "n", "nd", "r", "s", "t", "x", "m", "ck", "th")


def invented(make: Maker) -> str:
    """A name that nobody ever heard, of two or three syllables; a word of the world where none may be invented."""
    pick = make.random.choice
    if not make.invents:
        return make.fact()[1].value
    name = "".join(pick(_STARTS) + pick(_VOWELS) + pick(_ENDS) for _ in range(make.random.randint(2, 3)))
    return capitalised(name) if make.random.random() < 0.7 else name


def _words(make: Maker, least: int, most: int, invented_share: float) -> list[str]:
    """Different words of the world, subjects and values, and some invented ones."""
    facts = [make.fact()[1] for _ in range(make.random.randint(least, most))]
    chosen = (
        invented(make) if make.random.random() < invented_share else make.random.choice((fact.subject, fact.value))
        for fact in facts
    )
    return list(dict.fromkeys(chosen))


def _is_hard(fact: Fact) -> bool:
    """Whether the value is hard to compare: several words, or no more than two letters or digits."""
    return " " in fact.value or len(fact.value) < 3


def _pair(make: Maker, invented_share: float) -> tuple[str, str]:
    """Two words of one kind that are the same half of the time; some are names that nobody ever heard.

    Where names are invented, comparing is learned already, and half of the other pairs are the hard ones.
    """
    relation, fact = make.fact()
    if make.random.random() < invented_share:
        name = invented(make)
        return name, make.random.choice((name, fact.value))
    if invented_share and make.random.random() < HARD_SHARE:
        while not _is_hard(fact):
            relation, fact = make.fact()
    if make.random.random() < 0.7:
        return fact.value, fact.value if make.random.random() < 0.5 else make.false_value(relation, fact)
    other = make.random.choice(make.facts(relation))
    return fact.subject, fact.subject if make.random.random() < 0.5 else other.subject


def compare(make: Maker, invented_share: float = 0.0) -> Dialogue:
    """Whether two words are one and the same, for several pairs, one line for each; only the verdicts are learned.

    The pairs stand in the reply alone. If they stood in the question as well, every second word would have been seen
    before, and having been seen before is the very sign by which a model tells that two words are the same.
    """
    pairs = [_pair(make, invented_share) for _ in range(make.random.randint(4, 7))]
    thoughts = make.world.phrases["thoughts"]
    lines = [thoughts["same" if a == b else "differ"][0].format(claimed=a, true=b) for a, b in pairs]
    user = Message("user", make.phrase("exercises", "compare"))
    return Dialogue("exercise", None, (user,), "\n".join(lines), only=VERDICTS)


def recite(make: Maker, invented_share: float = 0.0) -> Dialogue:
    """Saying a list of words again."""
    words = ", ".join(_words(make, 4, 8, invented_share))
    text = make.phrase("exercises", "repeat").format(text=words)
    return Dialogue("exercise", None, (Message("user", text),), words)
