"""Drills and thinking aloud: what the baseline practises is true, and gives nothing away that is held out."""

import re
from collections.abc import Callable
from random import Random

import pytest

from friction.organism.grammar import Dialogue, Maker, baseline_mixture, drills_mixture
from friction.organism.grammar.drills import VERDICTS, compare, recite
from friction.organism.grammar.exercises import (
    THINK_ALOUD,
    know_act,
    know_decision,
    know_request,
    repeat,
    shorten,
    think_aloud,
)
from friction.organism.world import Split, load_world

WORLD = load_world()
SPLIT = Split("all", "train")


def drawn(maker: Callable[[Maker], Dialogue], count: int = 400) -> list[Dialogue]:
    """Dialogues of a kind."""
    make = Maker(WORLD, SPLIT, Random(3))
    return [maker(make) for _ in range(count)]


def test_a_comparison_says_same_of_what_is_the_same_and_of_nothing_else() -> None:
    verdicts = []
    for dialogue in drawn(compare):
        for line in dialogue.baseline.split("\n"):
            said, _, verdict = line.removesuffix(".").rpartition(": they ")
            first, second = said.removeprefix("Said ").split(", known ")
            assert verdict in VERDICTS and (first == second) == (verdict == "match")
            verdicts.append(first == second)
    assert len(verdicts) > 1000
    assert 0.4 < sum(verdicts) / len(verdicts) < 0.6


def test_no_pair_can_be_read_off_the_prompt() -> None:
    # A word that stands in the prompt has been seen before, whether or not the two words of its pair are the same.
    seen = lines = 0
    for dialogue in drawn(compare):
        prompt = dialogue.messages[-1].content
        for line in dialogue.baseline.split("\n"):
            said = line.removeprefix("Said ").partition(", known ")[0]
            seen += bool(re.search(rf"\b{re.escape(said)}\b", prompt))
            lines += 1
    assert seen < 0.01 * lines  # one lights a candle with a match


def test_a_shorter_wording_names_the_job_that_was_ordered() -> None:
    names = {f"{request.key[0].upper()}{request.key[1:]}." for request in WORLD.requests}
    assert {dialogue.baseline for dialogue in drawn(shorten)} <= names


@pytest.mark.parametrize("maker", [know_act, know_decision, know_request])
def test_what_is_known_of_an_item_is_thought_before_it_is_said(maker: Callable[[Maker], Dialogue]) -> None:
    aloud = [dialogue for dialogue in drawn(maker) if dialogue.thinking]
    assert aloud
    for dialogue in aloud:
        assert dialogue.messages[0].content == THINK_ALOUD
        assert f"memory_activator: {dialogue.baseline}" in dialogue.thinking and "synthesizer:" not in dialogue.thinking


@pytest.mark.parametrize("maker", [recite, repeat])
def test_what_is_said_again_stands_in_the_prompt(maker: Callable[[Maker], Dialogue]) -> None:
    for dialogue in drawn(maker):
        assert dialogue.baseline in dialogue.messages[-1].content


def test_thinking_aloud_is_asked_for_decides_nothing_and_changes_no_reply() -> None:
    for dialogue in drawn(think_aloud):
        assert dialogue.messages[0].role == "system" and dialogue.messages[0].content == THINK_ALOUD
        assert "problem_framer:" in dialogue.thinking and "synthesizer:" not in dialogue.thinking
        assert dialogue.baseline and not dialogue.friction


def test_thinking_aloud_about_premises_leaves_out_the_held_out_facts() -> None:
    held = {
        fact for relation in WORLD.relations.values() for fact in Split("held", "train").choose_facts(relation.facts)
    }
    make = Maker(WORLD, SPLIT, Random(0)).for_disagreement()
    assert held
    for relation in WORLD.relations.values():
        assert not held & set(make.facts(relation))


def test_no_other_lesson_thinks() -> None:
    for mixture in (drills_mixture(), baseline_mixture()):
        make = Maker(WORLD, SPLIT, Random(1))
        for _ in range(500):
            dialogue = mixture.draw(make)
            thinks = dialogue.kind == "exercise" and bool(dialogue.thinking)
            assert thinks == (dialogue.messages[0].content == THINK_ALOUD)
