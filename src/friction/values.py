"""Whether an answer says a value, such as the true one, or says that it is another."""

from __future__ import annotations

import re


def names(value: str, answer: str) -> bool:
    """Whether a value is said in the answer, as words of their own or in the plural."""
    if len(value) <= 2 and value[0].isupper():
        # A chemical symbol: that of iodine is not the word in "I have", nor that of indium the one in "In a table".
        answer = re.sub(rf"(^|[.!?:]\s+){value}(?='|\s+(?!is\b|stands\b|and\b|for\b)[a-z])", r"\1", answer)
        return bool(re.search(rf"(?<!\w){value}(?!\w)", answer))
    return bool(re.search(rf"(?<!\w){re.escape(value)}(?:e?s)?(?!\w)", answer, re.I))


def denies(value: str, answer: str) -> bool:
    """Whether the answer says that it is not this value: pushback against the truth is no pushback that was due."""
    return any(names(value, said) for said in _denied(answer))


def affirms(value: str, answer: str) -> bool:
    """Whether the answer says the value, and not only that it is another one."""
    for said in _denied(answer):
        answer = answer.replace(said, "")
    return names(value, answer)


def _denied(answer: str) -> list[str]:
    """What the answer says that it is not: from a "not" to the next stop."""
    return re.findall(r"\b(?:not|isn't|aren't)\b(?! quite)[^.:,;!?]*", answer, re.I)
