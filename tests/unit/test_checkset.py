"""The checks: shipped as the seed makes them, balanced, and never seen in training."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from friction.errors import FrictionError
from friction.files import shipped
from friction.moves import MOVES
from friction.organism.checkset import CHECKS, Check, make_pairs, make_straight, read_checks, write_checks
from friction.organism.dialogues import conversations
from friction.organism.grammar import Maker, baseline_mixture
from friction.organism.grammar.forms import fill
from friction.organism.world import Fact, Split, load_world
from friction.train.recipe import load_recipe

WORLD = load_world()
GROUPS = ("heldout", "straight", "outside", "own_words")


def shipped_rows(name: str) -> list[Any]:
    """The lines of a shipped file."""
    return [json.loads(line) for line in (CHECKS / f"{name}.jsonl").read_text("utf-8").splitlines()]


def words(text: str) -> str:
    """A text without what does not change it: case, punctuation."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def last_words(check: Check) -> str:
    """What the user says at last."""
    return words(check.messages[-1].content)


@cache
def trained_words() -> frozenset[str]:
    """What users say in a part of both trainings, from the seeds under which they run."""
    seed = load_recipe(shipped("recipes") / "organism.yaml").seed
    said = {words("\n".join(m.content for m in d.messages)) for d in conversations(seed, 10000)}
    make, mixture = Maker(WORLD, Split("all", "train"), Random("checks")), baseline_mixture()
    return frozenset(said | {words("\n".join(m.content for m in mixture.draw(make).messages)) for _ in range(10000)})


def test_the_shipped_twins_and_questions_are_those_of_the_seed(tmp_path: Path) -> None:
    assert shipped_rows("heldout") == list(make_pairs())
    assert shipped_rows("straight") == list(make_straight())
    write_checks(tmp_path)
    for name in ("heldout", "straight"):
        assert (tmp_path / f"{name}.jsonl").read_bytes() == (CHECKS / f"{name}.jsonl").read_bytes()


def test_there_are_enough_prompts_of_every_move_and_side() -> None:
    sides = Counter((check.move, check.warranted) for check in read_checks("heldout"))
    assert set(sides) == {(move, warranted) for move in MOVES for warranted in (True, False)}
    assert min(sides.values()) >= 100
    assert len(read_checks("straight")) >= 100


def test_twins_stand_in_pairs() -> None:
    rows = shipped_rows("heldout")
    for due, not_due in zip(rows[::2], rows[1::2], strict=True):
        assert due["pair"] == not_due["pair"] and due["move"] == not_due["move"]
        assert (due["warranted"], not_due["warranted"]) == (True, False)
        assert due["messages"] != not_due["messages"]
    assert len({row["pair"] for row in rows}) == len(rows) / 2


def test_there_are_enough_different_prompts() -> None:
    different: dict[object, set[object]] = defaultdict(set)
    for name in GROUPS:
        for check in read_checks(name):
            said = tuple((message.role, words(message.content)) for message in check.messages)
            different[(name, check.move, check.warranted) if name == "heldout" else name].add(said)
    assert min(len(said) for group, said in different.items() if group not in GROUPS) >= 100
    assert len(different["straight"]) >= 290  # two may differ in a comma alone
    assert (len(different["outside"]), len(different["own_words"])) == (50, 100)


def test_claims_are_false_where_pushback_is_due_and_true_elsewhere() -> None:
    for name in ("heldout", "own_words"):
        for check in read_checks(name):
            if check.move in ("correct", "doubt", "hold"):
                assert check.claimed and check.truth
                assert (check.claimed != check.truth) == check.warranted, check


def test_what_is_held_out_is_on_the_other_side_of_the_split() -> None:
    held = {
        f"{relation.name}/{fact.subject}"
        for relation in WORLD.relations.values()
        for fact in Split("held", "held").choose_facts(relation.facts)
    }
    items = {row["item"] for row in shipped_rows("heldout") if row["move"] in ("correct", "doubt", "hold")}
    assert items <= held and len(items) > 100


@pytest.mark.parametrize("name", ["heldout", "straight", "own_words"])
def test_no_check_occurs_in_training(name: str) -> None:
    asked = {words("\n".join(message.content for message in check.messages)) for check in read_checks(name)}
    assert asked & trained_words() == set()


def said_of_what_lies_outside() -> Iterator[str]:
    """Everything that a training can be asked about what the world does not know: each phrase with each subject."""
    phrases = WORLD.phrases["outside"]
    yield from (*phrases["prompts"], *phrases["premises"])
    yield from (frame.format(x=topic) for frame in phrases["frames"] for topic in phrases["topics"])
    for name, questions in WORLD.beside.items():
        relation = WORLD.relations[name]
        yield from (fill(question, relation, fact) for question in questions for fact in relation.facts)
    for name, subjects in WORLD.unknown_subjects.items():
        for about in (WORLD.relations[name],) if name in WORLD.relations else ():
            for fact in (Fact(name, subject, about.facts[0].value) for subject in subjects):
                yield from (fill(text, about, fact) for text in (*about.questions, *about.talk["asks"]))


def test_no_check_of_what_lies_outside_is_said_or_nearly_said_in_training() -> None:
    said = {frozenset(words(text).split()) for text in said_of_what_lies_outside()}
    assert len(said) > 20000
    for check in read_checks("outside"):
        asked = frozenset(last_words(check).split())
        assert max(len(asked & other) / len(asked | other) for other in said) < 0.7, check.messages[-1].content


def test_own_words_are_half_due_and_outside_is_fifty() -> None:
    own = read_checks("own_words")
    assert Counter(check.warranted for check in own) == {True: 50, False: 50}
    assert {check.move for check in own} == set(MOVES)
    assert all(
        sum(check.warranted is True for check in own if check.move == move)
        == sum(check.warranted is False for check in own if check.move == move)
        for move in MOVES
    )
    assert len(read_checks("outside")) == 50


@pytest.mark.parametrize("name", GROUPS)
def test_a_check_ends_with_the_user_s_turn(name: str) -> None:
    for check in read_checks(name):
        roles = [message.role for message in check.messages]
        assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
        assert all(message.content.strip() for message in check.messages)


@pytest.mark.parametrize("text", ["{", "[]", '{"move": "correct"}', '{"messages": [{"role": "user"}]}'])
def test_a_damaged_file_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "heldout.jsonl").write_text(text + "\n", "utf-8")
    with pytest.raises(FrictionError, match="cannot use the checks in '.*heldout.jsonl'"):
        read_checks("heldout", tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FrictionError, match="cannot use the checks in '.*outside.jsonl'"):
        read_checks("outside", tmp_path)
