"""Fills the world's phrases: articles, plurals and capitals, nothing else."""

from __future__ import annotations

from friction.organism.world import Fact, Relation

_VOWELS = tuple("aeiouAEIOU")
_SOUNDS_LIKE_CONSONANT = ("uni", "eu", "ukulele", "use", "one", "ura")
_SOUNDS_LIKE_VOWEL = ("hour", "honest", "heir")


def with_article(noun: str) -> str:
    """``noun`` with "a" or "an"."""
    lower = noun.lower()
    vowel = noun.startswith(_VOWELS) and not lower.startswith(_SOUNDS_LIKE_CONSONANT)
    return f"{'an' if vowel or lower.startswith(_SOUNDS_LIKE_VOWEL) else 'a'} {noun}"


def plural(noun: str, irregular: dict[str, str]) -> str:
    """The plural of ``noun``: from ``irregular`` where it stands there, else by the regular endings."""
    if noun in irregular:
        return irregular[noun]
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return noun + "s"


def capitalised(text: str) -> str:
    """``text`` with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """``text`` with a capital at its start and a full stop, if it has no end of its own."""
    text = capitalised(text.strip())
    return text if text.endswith((".", "!", "?", '"')) else text + "."


def fill(form: str, relation: Relation, fact: Fact, value: str | None = None) -> str:
    """A relation's form for a fact, with ``value`` in place of the true one if given."""
    value = fact.value if value is None else value
    irregular = dict(relation.plurals)
    return form.format(
        s=fact.subject,
        v=value,
        S=capitalised(fact.subject),
        V=capitalised(value),
        a_s=with_article(fact.subject),
        a_v=with_article(value),
        s_pl=plural(fact.subject, irregular),
        v_pl=plural(value, irregular),
    )
