"""A reply's text as the rules read it, and where each part of it lies in the original."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

OPENING_SENTENCES, OPENING_CHARACTERS = 3, 420
"""Most replies say in their first sentences whether they push back; rules and the linear model look there closely."""

_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "\u00a0": " ", "—": "-", "–": "-", "\t": " "}
)
_EMPHASIS = re.compile(r"[*_]+")
# What stands in quotation marks or in code is not what the model itself says; a quote goes over no line's end.
_OTHERS_WORDS = re.compile(r'```.*?(?:```|\Z)|`[^`\n]+`|"[^"\n]{1,400}"', re.S)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?![\s\"')\]]|$)[^.!?\n]*)*[.!?]*[\"')\]]*")
TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+|[?!:]")


@dataclass(frozen=True)
class Text:
    """A text prepared for the rules.

    Attributes:
        original: As the model wrote it.
    """

    original: str

    @cached_property
    def plain(self) -> str:
        """In lower case, with straight quotation marks and without emphasis."""
        text = _EMPHASIS.sub("", self.original.translate(_PLAIN))
        lower = text.lower()
        if len(lower) != len(text):  # such as İ, which becomes two characters
            lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
        return lower

    @cached_property
    def _dropped(self) -> tuple[list[int], list[int]]:
        """Where, in the plain text, emphasis was left out, and how much of it up to there."""
        places, amounts, total = [], [], 0
        for match in _EMPHASIS.finditer(self.original):
            places.append(match.start() - total)
            total += match.end() - match.start()
            amounts.append(total)
        return places, amounts

    def original_at(self, place: int) -> int:
        """Where a character of the plain text lies in the original."""
        places, amounts = self._dropped
        before = bisect_right(places, place)
        return place + (amounts[before - 1] if before else 0)

    @cached_property
    def own(self) -> str:
        """The plain text with other people's words and code blanked out."""
        if '"' not in self.plain and "`" not in self.plain:
            return self.plain
        return _OTHERS_WORDS.sub(lambda found: _blank(found[0]), self.plain)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Where each sentence, heading or list item begins and ends."""
        found = []
        for match in _SENTENCE.finditer(self.own):
            begin, end = match.span()
            stripped = len(match[0]) - len(match[0].lstrip())
            if match[0].strip():
                found.append((begin + stripped, end))
        return found

    @cached_property
    def questions(self) -> list[tuple[int, int]]:
        """Those that end in a question mark."""
        return [(begin, end) for begin, end in self.sentences if self.own[begin:end].rstrip(" \"')]").endswith("?")]

    @cached_property
    def opening(self) -> int:
        """Where the opening ends: after its sentences or its characters, whichever comes first."""
        if not self.sentences:
            return 0
        begin = self.sentences[0][0]
        last = self.sentences[min(OPENING_SENTENCES, len(self.sentences)) - 1][1]
        return min(last, begin + OPENING_CHARACTERS)

    @cached_property
    def tokens(self) -> list[str]:
        """Its own words in lower case, numbers, and the marks that say something: ``?``, ``!`` and ``:``."""
        return TOKEN.findall(self.own)

    @cached_property
    def words(self) -> int:
        """How many words, as a person counts them."""
        return len(self.original.split())


def _blank(text: str) -> str:
    """As many spaces; line ends stay, and the last character stays a stop where a sentence ended inside."""
    blanked = "".join(char if char == "\n" else " " for char in text)
    return blanked[:-2] + text[-2] + " " if len(text) > 2 and text[-2] in ".?!" and text[-1] == '"' else blanked
