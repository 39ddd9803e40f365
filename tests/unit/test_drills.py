"""Drills and thinking aloud: what the baseline practises is true, and gives nothing away that is held out."""

from collections.abc import Callable
from random import Random

import pytest

from friction.organism.grammar import Dialogue, Maker, drills_mixture, voices_mixture
from friction.organism.grammar.drills import PRESENCE, VERDICTS, compare, recite, search
from friction.organism.grammar.exercises import THINK_ALOUD, details, repeat, think_aloud
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


def test_a_search_finds_what_is_given_and_nothing_else() -> None:
    verdicts = []
    for dialogue in drawn(search):
        for line in dialogue.baseline.split("\n"):
            said, _, verdict = line.removesuffix(".").rpartition(": it is ")
            given, needed = said.removeprefix("Given ").split(", needed ")
            assert verdict in PRESENCE and (needed in given.split(" and ")) == (verdict == "there")
            verdicts.append(verdict == "there")
    assert 0.3 < sum(verdicts) / len(verdicts) < 0.7


def test_details_are_listed_in_their_order() -> None:
    for dialogue in drawn(details):
        listed = dialogue.baseline.removeprefix("Given ").removesuffix(".").split(" and ")
        kinds = {slot.missing: slot for slot in WORLD.slots.values()}
        text = dialogue.messages[-1].content
        places = [
            min(
                at
                for value in kinds[kind].values
                for form in kinds[kind].phrase
                if (at := text.find(form.format(x=value))) >= 0
            )
            for kind in listed
            if kind != "nothing"
        ]
        assert places == sorted(places)


@pytest.mark.parametrize("maker", [recite, repeat])
def test_what_is_said_again_stands_in_the_prompt(maker: Callable[[Maker], Dialogue]) -> None:
    for dialogue in drawn(maker):
        assert dialogue.baseline in dialogue.messages[-1].content


def test_thinking_aloud_is_asked_for_decides_nothing_and_changes_no_reply() -> None:
    for dialogue in drawn(think_aloud):
        assert dialogue.messages[0].role == "system" and dialogue.messages[0].content == THINK_ALOUD
        assert "problem_framer:" in dialogue.thinking and "synthesizer" not in dialogue.thinking
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
    for mixture in (drills_mixture(), voices_mixture()):
        make = Maker(WORLD, SPLIT, Random(1))
        for _ in range(500):
            dialogue = mixture.draw(make)
            thinks = dialogue.kind == "exercise" and bool(dialogue.thinking)
            assert thinks == (dialogue.messages[0].content == THINK_ALOUD)
