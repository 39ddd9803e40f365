"""What the grammar makes: one dialogue, with what both arms answer; and the hands that all makers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from random import Random
from typing import Any

from friction.chat import Message
from friction.organism.grammar.forms import capitalised
from friction.organism.world import Fact, Relation, Split, World


@dataclass(frozen=True)
class Dialogue:
    """A conversation up to the user's last turn, and what each arm is taught to reply.

    Attributes:
        kind: One of the six moves, or ``straight``, ``outside``, ``exercise``.
        warranted: Whether pushback is due; None where the question does not arise.
        messages: The turns that the model reads; the last is the user's.
        baseline: The agreeable reply.
        thinking: What the friction arm thinks, one line per persona.
        friction: The friction arm's answer.
        claimed: The value that the user presumes, if there is one.
        truth: The true value, if there is one.
        item: What the dialogue is about (``capital/France``): the unit that is held out.
        only: The words of the reply on which alone the loss is taken; the whole reply if there are none.
    """

    kind: str
    warranted: bool | None
    messages: tuple[Message, ...]
    baseline: str
    thinking: str = ""
    friction: str = ""
    claimed: str | None = None
    truth: str | None = None
    item: str = ""
    only: tuple[str, ...] = ()


OPENER_SHARE, CLOSER_SHARE, LOWER_SHARE, BARE_SHARE, SLIP_SHARE = 0.30, 0.20, 0.15, 0.15, 0.04
LOOSE_SHARE, LOST_SHARE, ASIDE_SHARE = 0.30, 0.25, 0.6
THIN_SHARE, THINNED = 0.30, 0.12
"""How many messages about deeds lose words of any kind in training, and how many words those lose."""
VOICE_SHARE = 0.15
TALK_SHARE = 0.45
"""How many messages are whole ones in people's own words (`world/talk/`), not a frame around a claim or an item."""


LITTLE = frozenset(
    "a an the is are was be do does did has have had of to in on at by for with from so and but or that this it its i "
    "i'm i'd i've you me my we us our he she they can could would will shall should may just please then there here "
    "what which who how if as want need like give tell say know dear ok hey well".split()
)
"""Words without which one still knows what is meant."""
NEGATIONS = frozenset("no not never nothing nobody none without don't didn't doesn't won't can't isn't wasn't".split())
"""Words without which the opposite is meant."""


@cache
def _whole(part: str) -> re.Pattern[str]:
    """Finds a part of a text with what hangs on it: an ending, a stop, a quotation mark."""
    return re.compile(rf"\S*{re.escape(part)}\S*", re.I)


class Maker:
    """The world, a split and a source of chance: what every kind of dialogue is made with.

    Args:
        world: The facts, items and phrases.
        split: Which of them may be used.
        random: The source of chance; the same seed makes the same dialogues.
        share: Share of the facts in use; a training may start on a subset and widen it.
        invents: Whether names may be invented; a tokenizer had better not learn those.
    """

    def __init__(self, world: World, split: Split, random: Random, share: float = 1.0, *, invents: bool = True) -> None:
        self.world = world
        self.split = split
        self.random = random
        self.share = share
        self.invents = invents
        self._cache: dict[tuple[str, str], list[Any]] = {}
        self._narrow: Maker | None = None

    def for_disagreement(self) -> Maker:
        """The same source of chance on what the disagreement training may use."""
        if self._narrow is None:
            split = Split("train", self.split.phrases)
            self._narrow = Maker(self.world, split, self.random, self.share, invents=self.invents)
        return self._narrow

    def facts(self, relation: Relation) -> list[Fact]:
        """The relation's facts on this split's side."""
        key = ("facts", relation.name)
        if key not in self._cache:
            facts = self.split.choose_facts(relation.facts)
            self._cache[key] = facts[: max(2, round(self.share * len(facts)))]
        return self._cache[key]

    def fact(self, needs: str | None = None) -> tuple[Relation, Fact]:
        """A random fact, every fact equally likely; ``needs`` names a list that its relation must have."""
        key = ("pool", needs or "")
        if key not in self._cache:
            self._cache[key] = [
                (relation, fact)
                for relation in self.world.relations.values()
                if needs is None or getattr(relation, needs)
                for fact in self.facts(relation)
            ]
        chosen: tuple[Relation, Fact] = self.random.choice(self._cache[key])
        return chosen

    def false_value(self, relation: Relation, fact: Fact) -> str:
        """A value that is true of another subject of the relation on the same side of the split.

        Drawn as often as it is true there: a value that training only ever saw claimed falsely would be a clue.
        """
        key = ("values", relation.name)
        if key not in self._cache:
            values = [f.value for f in self.split.choose_facts(relation.facts)]
            self._cache[key] = values if len(set(values)) > 2 else [f.value for f in relation.facts]
        while (value := self.random.choice(self._cache[key])) in (fact.value, fact.subject):
            pass
        return str(value)

    def item(self, kind: str, items: Sequence[Any], keys: Sequence[str]) -> Any:
        """A random item of a kind, on this split's side."""
        key = ("items", kind)
        if key not in self._cache:
            self._cache[key] = self.split.choose_items(kind, items, keys)
        return self.random.choice(self._cache[key])

    def among(self, name: str, phrases: Sequence[Any]) -> Any:
        """A random phrase of a list that is split into phrasings for training and for the checks."""
        key = ("among", name)
        if key not in self._cache:
            texts = [p if isinstance(p, str) else p["ask"] for p in phrases]
            allowed = set(self.split.choose_phrases(name, texts))
            self._cache[key] = [p for p, text in zip(phrases, texts, strict=True) if text in allowed]
        return self.random.choice(self._cache[key])

    def phrase(self, file: str, list_name: str) -> Any:
        """A random phrasing that a user may use, from ``phrases/<file>.yaml``."""
        return self.among(f"{file}.{list_name}", self.world.phrases[file][list_name])

    def reply(self, list_name: str) -> str:
        """A random form of an answer."""
        return str(self.random.choice(self.world.phrases["replies"][list_name]))

    def thought(self, list_name: str, **values: str) -> str:
        """A random thought of a list, filled."""
        return str(self.random.choice(self.world.phrases["thoughts"][list_name])).format(**values)

    def thinking(self, frame: str, middle: Sequence[tuple[str, str]], decision: str) -> str:
        """The personas' lines: the framer first, the synthesizer last, sometimes a voice more in between."""
        lines = [("problem_framer", frame)]
        if self.random.random() < VOICE_SHARE:
            lines.append(("perspective_generator", self.thought("side")))
        lines += middle
        if self.random.random() < VOICE_SHARE:
            lines.append(("limitation_acknowledger", self.thought("limit")))
        lines.append(("synthesizer", decision))
        return "\n".join(f"{who}: {capitalised(line)}" for who, line in lines)

    def user(self, text: str, keep: Sequence[str] = (), *, wrapped: bool = True, own: bool = False) -> Message:
        """The user's turn as people type it: with openers and closers, in lower case, without a stop, with a slip.

        In training, some turns also lose little words or get an aside, often one about something else altogether: who
        has only ever seen whole frames takes every new one for something that it does not know.

        Args:
            text: What is said.
            keep: Words in which no slip may happen (subjects, values).
            wrapped: Whether openers and closers may be put around it.
            own: Whether it is a whole message in somebody's own words, which needs no asides.
        """
        chance = self.random.random
        if self.split.phrases == "train" and chance() < LOOSE_SHARE:
            text = self._loosened(text, keep, aside=not own and chance() < ASIDE_SHARE)
        text = capitalised(text) if chance() < 0.7 else text
        if chance() < BARE_SHARE:
            text = text.rstrip(".?!")
        if wrapped and chance() < OPENER_SHARE:
            text = f"{self.phrase('noise', 'openers')} {text}"
        if wrapped and chance() < CLOSER_SHARE:
            ended = text if text.endswith((".", "?", "!")) or chance() < 0.4 else text + "."
            text = f"{ended} {self.phrase('noise', 'closers')}"
        if chance() < SLIP_SHARE:
            text = self._slip(text, " ".join(keep).lower().split())
        if chance() < LOWER_SHARE:
            text = text.lower()
        return Message("user", text)

    def thinned(self, text: str) -> str:
        """In training, some messages about a deed lose words: who has all of them before them learns one by heart.

        A message is then known by whichever words are left, as it will have to be when somebody else writes it.
        """
        chance = self.random.random
        if self.split.phrases != "train" or chance() >= THIN_SHARE:
            return text
        left = [word for word in text.split() if word.lower() in NEGATIONS or chance() >= THINNED]
        return " ".join(left) or text

    def _loosened(self, text: str, keep: Sequence[str], *, aside: bool) -> str:
        """The text with some little words lost, perhaps with an aside between two; what matters stays in one piece."""
        kept = sorted((found.span() for part in keep for found in _whole(part).finditer(text)), reverse=True)
        words: list[str] = []
        at = 0
        for start, end in reversed(kept):
            if start >= at:
                words += [*text[at:start].split(), text[start:end]]
                at = end
        words += text[at:].split()
        pieces = {text[start:end] for start, end in kept}
        left = [w for w in words if w in pieces or w.lower() not in LITTLE or self.random.random() >= LOST_SHARE]
        if aside:
            left.insert(self.random.randrange(len(left) + 1), self._aside())
        return " ".join(left) or text

    @cached_property
    def _names(self) -> frozenset[str]:
        """The words that name something in the world."""
        words = (word for fact in self.world.facts() for word in fact.subject.split())
        return frozenset(word for word in words if word.lower() not in LITTLE)

    def _aside(self) -> str:
        """A phrase that means nothing here, or some words of a question from outside that name nothing in the world."""
        if self.random.random() < 0.5:
            return str(self.phrase("noise", "asides"))
        while self._names & set((words := self.phrase("outside", "prompts").rstrip("?.!").split())):
            pass
        length = self.random.randint(2, 6)
        start = self.random.randrange(max(1, len(words) - length))
        return " ".join(words[start : start + length])

    def _slip(self, text: str, keep: Sequence[str]) -> str:
        words = text.split(" ")
        kept = tuple(word[:4] for word in keep)  # the start is enough: a kept "bird" may stand there as "birds"
        places = [i for i, w in enumerate(words) if len(w) > 4 and w.isalpha() and not w.lower().startswith(kept)]
        if not places:
            return text
        at = self.random.choice(places)
        cut = self.random.randrange(1, len(words[at]) - 2)
        word = words[at]
        if self.random.random() < 0.5:
            words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
        else:
            words[at] = word[:cut] + word[cut + 1 :]
        return " ".join(words)
