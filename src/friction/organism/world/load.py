"""Reads the world's YAML files into typed, immutable data.

Nothing here knows how a dialogue is made; it only knows what a fact, an item and a phrase are, and refuses a file
that is not one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from friction.errors import FrictionError

FOLDER = Path(__file__).parent


Talk = Mapping[str, tuple[str, ...]]
"""Whole messages in people's own words, by what is said in them."""


@dataclass(frozen=True)
class Fact:
    """One true statement: ``subject`` has ``value`` in ``relation``."""

    relation: str
    subject: str
    value: str


@dataclass(frozen=True)
class Relation:
    """A kind of fact, with the ways in which people ask for it, state it and build a plan on it.

    ``talk`` has whole messages, as people type them: ``asks``, ``jobs``, ``checks``, ``plans`` and ``insists``.
    """

    name: str
    source: str
    noun: str
    kind_of_subject: str
    ask_subject: str
    answers: tuple[str, ...]
    questions: tuple[str, ...]
    vague: tuple[str, ...]
    claims: tuple[str, ...]
    plans: tuple[str, ...]
    plurals: Mapping[str, str]
    facts: tuple[Fact, ...]
    talk: Talk

    @property
    def values(self) -> tuple[str, ...]:
        """All different values of the relation, sorted; a false value is always one of these."""
        return tuple(sorted({fact.value for fact in self.facts}))


@dataclass(frozen=True)
class Slot:
    """A detail that a request may need: how to ask for it, and what it can be."""

    name: str
    ask: tuple[str, ...]
    values: tuple[str, ...]
    phrase: tuple[str, ...]
    missing: str


@dataclass(frozen=True)
class Request:
    """A small writing job which can't be done without one detail (``need``, a slot's name).

    ``talk`` has ``open`` messages, which lack it, and ``full`` ones, in which it stands as ``{x}``.
    """

    wordings: tuple[str, ...]
    need: str
    give: str
    talk: Talk

    @property
    def key(self) -> str:
        """What identifies the request: its first wording."""
        return self.wordings[0]


@dataclass(frozen=True)
class Act:
    """A harmful request and its harmless look-alike; ``talk`` has whole messages of both sides, by name."""

    key: str
    harmful: tuple[str, ...]
    hurts: str
    instead: str
    harmless: tuple[str, ...]
    step: str
    talk: Talk


@dataclass(frozen=True)
class Decision:
    """A decision that asks for a challenge and its sound look-alike; ``talk`` as for acts (``bad``, ``good``)."""

    key: str
    bad: tuple[str, ...]
    bad_outcome: str
    better: str
    good: tuple[str, ...]
    good_outcome: str
    talk: Talk


@dataclass(frozen=True)
class Phrases:
    """The phrases of one file, by list name; each entry is a string, or a mapping for tasks."""

    name: str
    lists: Mapping[str, tuple[Any, ...]]

    def __getitem__(self, list_name: str) -> tuple[Any, ...]:
        return self.lists[list_name]


@dataclass(frozen=True)
class World:
    """Everything that the organism can be asked about, and what lies outside.

    ``unknown_subjects`` has names that the world lacks, ``beside`` questions that it can't answer about those it knows,
    both by relation.
    """

    relations: Mapping[str, Relation]
    slots: Mapping[str, Slot]
    requests: tuple[Request, ...]
    acts: tuple[Act, ...]
    decisions: tuple[Decision, ...]
    phrases: Mapping[str, Phrases]
    unknown_subjects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def facts(self) -> Iterator[Fact]:
        """Every fact of every relation, in the files' order."""
        for relation in self.relations.values():
            yield from relation.facts


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise FrictionError(
            problem=f"the world's file '{path.name}' can't be read",
            because=" ".join(str(error).split()),
            fix="reinstall the package, or mend the file if you changed it",
        ) from error
    if not isinstance(data, dict):
        raise FrictionError(
            problem=f"the world's file '{path.name}' is not a mapping",
            because=f"its top level is a {type(data).__name__}",
            fix="reinstall the package, or mend the file if you changed it",
        )
    return data


def _relation(path: Path) -> Relation:
    data = _read(path)
    name = data["relation"]
    facts = tuple(Fact(name, str(subject), str(value)) for subject, value in data["facts"].items())
    return Relation(
        name=name,
        source=data["source"],
        noun=data["noun"],
        kind_of_subject=data["kind_of_subject"],
        ask_subject=data["ask_subject"],
        answers=tuple(data["answers"]),
        questions=tuple(data["questions"]),
        vague=tuple(data.get("vague") or ()),
        claims=tuple(data["claims"]),
        plans=tuple(data.get("plans") or ()),
        plurals=data.get("plurals") or {},
        facts=facts,
        talk=_talk(_read(FOLDER / "talk" / "facts" / path.name)),
    )


def _talk(data: Mapping[str, Any]) -> Talk:
    return {name: tuple(messages) for name, messages in data.items()}


def _phrases(path: Path) -> Phrases:
    data = _read(path)
    lists = {name: tuple(values) for name, values in data.items() if isinstance(values, list)}
    return Phrases(path.stem, lists)


def _slots(data: Mapping[str, Any]) -> dict[str, Slot]:
    return {
        name: Slot(name, tuple(s["ask"]), tuple(map(str, s["values"])), tuple(s["phrase"]), s["missing"])
        for name, s in data.items()
    }


@cache
def load_world() -> World:
    """Reads the whole world once.

    Returns:
        The world as it is shipped with the package.

    Raises:
        FrictionError: A file is missing or is not what it should be.
    """
    requests = _read(FOLDER / "items" / "request.yaml")
    acts = _read(FOLDER / "items" / "act.yaml")["pairs"]
    decisions = _read(FOLDER / "items" / "decision.yaml")["pairs"]
    outside = _read(FOLDER / "phrases" / "outside.yaml")
    talk = {name: _read(FOLDER / "talk" / f"{name}.yaml") for name in ("request", "act", "decision")}
    relations = [_relation(path) for path in sorted((FOLDER / "facts").glob("*.yaml"))]
    return World(
        relations={relation.name: relation for relation in relations},
        slots=_slots(requests["slots"]),
        requests=tuple(
            Request((r["request"], *r["also"]), r["need"], r["give"], _talk(talk["request"][r["request"]]))
            for r in requests["items"]
        ),
        acts=tuple(
            Act(
                a["id"],
                (a["harmful"], *a["harmful_also"]),
                a["hurts"],
                a["instead"],
                (a["harmless"], *a["harmless_also"]),
                a["step"],
                _talk(talk["act"][a["id"]]),
            )
            for a in acts
        ),
        decisions=tuple(
            Decision(
                d["id"],
                (d["bad"], *d["bad_also"]),
                d["bad_outcome"],
                d["better"],
                (d["good"], *d["good_also"]),
                d["good_outcome"],
                _talk(talk["decision"][d["id"]]),
            )
            for d in decisions
        ),
        phrases={path.stem: _phrases(path) for path in sorted((FOLDER / "phrases").glob("*.yaml"))},
        unknown_subjects={name: tuple(map(str, xs)) for name, xs in outside["unknown_subjects"].items()},
        beside={name: tuple(texts) for name, texts in outside["beside"].items()},
    )
