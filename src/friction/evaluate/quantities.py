"""Numbers in a text: found however they are written, and apart from those that are only part of something."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

_ONES = "zero one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORTH = {name: n for n, name in enumerate(_ONES + _TEENS)} | {name: 20 + 10 * n for n, name in enumerate(_TENS)}
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_PARTS = {"half": 2, "third": 3, "quarter": 4}
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES[1:])}))?|{'|'.join(_TEENS + _ONES)})"
_HUNDREDS = rf"(?:(?:{_SMALL}|a) hundred(?:(?: and)? {_SMALL})?|{_SMALL})"
_IN_WORDS = re.compile(
    rf"\b(?:{_HUNDREDS}|a(?= (?:thousand|million|billion)\b))"
    rf"(?: (?:thousand|million|billion)(?:,?(?: and)? {_HUNDREDS})?)*\b"
)
_NUMBER = re.compile(
    r"(?<![\w.^/])(?<!\d[:,'])(?<!\w-)(?P<sign>(?<![\w)\]%])-)?"
    r"(?P<amount>\d{1,3}(?P<gap>[, '_])\d{3}(?:(?P=gap)\d{3})*(?!\d)(?:\.\d+)?|\d+,\d{1,2}(?![\d,])|\d*\.\d+|\d+)"
    r"(?:(?: (?P<over>\d+))?/(?P<under>\d+)(?!/))?"
    rf"(?P<scale> (?:{'|'.join(_SCALES)}))?"
    r"(?![\d^]|[:.,x']\d|(?:st|nd|rd|th)\b|-\d|-[a-z]+-\d)"
)
_BESIDE = re.compile(
    r"(?P<term>\)? ?[a-z°%]* ?[+×*÷·x] ?\(?|\)? [-/] \(?)|(?P<range> to )|(?P<both> and )"
    r"|(?P<unit>(?: ?[a-z°%]+)?)(?P<choice>,? (?:or|/) (?:maybe |possibly |perhaps |even |about )?)"
)
"""What stands between two numbers of which neither is a value of its own."""


@dataclass(frozen=True)
class Quantity:
    """A number that is looked for.

    Attributes:
        value: Its exact value.
        unit: What must follow it; empty where anything may.
    """

    value: Fraction
    unit: str = ""


@dataclass(frozen=True)
class Number:
    """A number in a text, and where it stands there, in characters; the end is exclusive."""

    value: Fraction
    start: int
    end: int


def as_quantity(text: str) -> Quantity | None:
    """A text that is a number, or a number and its unit; None for every other one."""
    text = in_digits(text)
    found = find_numbers(text)
    if not found or found[0].start or not re.fullmatch(r"(?:[ -]?[a-z°%].*)?", text[found[0].end :]):
        return None
    return Quantity(found[0].value, text[found[0].end :].strip(" -"))


def gives_any(wanted: Collection[Quantity], text: str) -> bool:
    """Whether a text gives one of the quantities as a value of its own.

    Terms of a calculation, the ends of a range and candidates to choose from are not.

    Args:
        wanted: The quantities.
        text: As :func:`in_digits` returns it.
    """
    found = find_numbers(text)
    accepted = {quantity.value for quantity in wanted}
    parts: set[int] = set()
    for place, (left, right) in enumerate(zip(found, found[1:], strict=False)):
        if _hang_together(left, right, text, accepted):
            parts |= {place, place + 1}
    return any(
        place not in parts and number.value == quantity.value and _has_unit(text[number.end :], quantity.unit)
        for place, number in enumerate(found)
        for quantity in wanted
    )


def find_numbers(text: str) -> list[Number]:
    """The numbers in a text from :func:`in_digits`; those of times, ordinals, versions and powers are none."""
    return [Number(_value(match), *match.span()) for match in _NUMBER.finditer(text) if int(match["under"] or 1)]


def in_digits(text: str) -> str:
    """A text in lower case with its numbers in digits: ``7 + 1/2`` for "Seven plus half"."""
    text = _IN_WORDS.sub(_digits, text.lower())
    text = re.sub(r"\b(\d+) and (?:a|one) half\b", r"\1 1/2", text)
    text = re.sub(r"\b(?:an?|one|(\d+))[ -](half|third|quarter)s?\b|\bhalf\b", _part, text)
    text = re.sub(r"(?<=\d) (?:plus|minus|times|divided by|multiplied by) (?=\d)", " + ", text)
    return re.sub(r"(?:\b(?:minus|negative) |(?<=[=:]) ?- )(?=\d)", " -", text).strip()


def _has_unit(after: str, unit: str) -> bool:
    return not unit or bool(re.match(rf"[ -]?{re.escape(unit)}s?(?!\w)", after))


def _hang_together(left: Number, right: Number, text: str, accepted: Collection[Fraction]) -> bool:
    """Whether two neighbours are terms of a calculation, the ends of a range, or candidates to choose from."""
    how = _BESIDE.fullmatch(text, left.end, right.start)
    if how is None or how["term"]:
        return how is not None
    before = text[max(0, left.start - 8) : left.start]
    if how["range"] or how["both"]:
        return not before.endswith("from ") if how["range"] else before.endswith("between ")
    # Two units make it one value said twice: "60 minutes or 1 hour".
    units = {how["unit"].strip().rstrip("s"), _first_word(text[right.end :]).rstrip("s")}
    return not {left.value, right.value} <= set(accepted) and ("" in units or len(units) == 1)


def _first_word(text: str) -> str:
    word = re.match(r" ?([a-z°%]+)", text)
    return word[1] if word else ""


def _value(match: re.Match[str]) -> Fraction:
    amount = match["amount"].replace(match["gap"], "") if match["gap"] else match["amount"].replace(",", ".")
    value = Fraction(amount)
    if match["over"]:
        value += Fraction(int(match["over"]), int(match["under"]))
    elif match["under"]:
        value /= int(match["under"])
    value *= _SCALES[match["scale"].strip()] if match["scale"] else 1
    return -value if match["sign"] else value


def _digits(match: re.Match[str]) -> str:
    total, current = 0, 0
    for word in re.findall(r"[a-z]+", match[0]):
        if word == "hundred":
            current *= 100
        elif word in _SCALES:
            total, current = total + current * _SCALES[word], 0
        elif word != "and":
            current += 1 if word == "a" else _WORTH[word]
    return match[0] if match[0] == "one" else str(total + current)


def _part(match: re.Match[str]) -> str:
    return f"{match[1] or 1}/{_PARTS[match[2] or 'half']}"
