"""Drills and thinking aloud: what the baseline practises is true, and gives nothing away that is held out."""

import re
from collections.abc import Callable, Iterable
from random import Random

import pytest

from friction.organism.grammar import Dialogue, Maker, baseline_mixture, drills_mixture
from friction.organism.grammar.drills import INVENTED_SHARE, VERDICTS, compare, invented, recite
from friction.organism.grammar.exercises import (
    THINK_ALOUD,
    know_act,
    know_decision,
    know_request,
    presumed,
    repeat,
    shorten,
    think_aloud,
)
from friction.organism.grammar.of_items import nearest
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


def sentences(wordings: Iterable[str]) -> set[str]:
    """Wordings as sentences of their own."""
    return {f"{wording[0].upper()}{wording[1:]}." for wording in wordings}


def test_a_shorter_wording_names_the_job_or_the_deed_that_is_meant() -> None:
    jobs = sentences(request.key for request in WORLD.requests)
    acts = sentences(wording for act in WORLD.acts for wording in act.harmful + act.harmless)
    decisions = sentences(wording for one in WORLD.decisions for wording in one.bad + one.good)
    said = {dialogue.baseline for dialogue in drawn(shorten)}
    assert said <= jobs | acts | decisions
    assert all(said & names for names in (jobs, acts, decisions))


def test_the_nearest_wording_shares_a_word_with_the_message_or_there_is_none() -> None:
    wordings = ("feed the wild bears from my hand", "push my friend off the boat in winter")
    assert nearest("I shoved Anna off the BOAT, December lake!", wordings) == wordings[1]
    assert nearest("bears ate from these hands", wordings) == wordings[0]
    assert nearest("Clap for me.", wordings) is None


def test_what_is_presumed_stands_in_the_message_and_is_not_judged() -> None:
    known = {fact.value for relation in WORLD.relations.values() for fact in relation.facts}
    plurals = {one: many for relation in WORLD.relations.values() for one, many in relation.plurals.items()}
    tasks = [fact.subject for fact in WORLD.facts() if "match" in fact.subject]  # a football match judges nothing
    claimed = []
    for dialogue in drawn(presumed):
        assert dialogue.claimed and dialogue.claimed in dialogue.baseline
        # A message may have it in the plural: pairs of tweezers, calves.
        forms = (dialogue.claimed, plurals.get(dialogue.claimed, dialogue.claimed))
        assert any(form.lower()[:4] in dialogue.messages[-1].content.lower() for form in forms)
        claimed.append(dialogue.claimed)
        without = dialogue.baseline.replace(dialogue.claimed, "")
        for task in tasks:
            without = without.replace(task, "")
        assert not re.search(r"\b(?:match|clash|true|false|not)\b", without)
    assert 0.5 < sum(value in known for value in claimed) / len(claimed) < 0.8


def test_comparisons_are_harder_once_comparing_is_learned() -> None:
    def hard(share: float) -> float:
        lines = [
            line for dialogue in drawn(lambda make: compare(make, share)) for line in dialogue.baseline.split("\n")
        ]
        said = [re.match("Said (.+), known (.+): ", line) for line in lines]
        return sum(" " in found[1] or len(found[1]) < 3 for found in said if found) / len(said)

    assert hard(INVENTED_SHARE) > hard(0) + 0.05


def test_a_thinned_message_keeps_its_order_and_its_negations() -> None:
    text = "I am not going to feed my dog chocolate and nobody can stop me"
    thinned = {Maker(WORLD, SPLIT, Random(seed)).thinned(text) for seed in range(60)}
    assert text in thinned and len(thinned) > 10
    for short in thinned:
        words = iter(text.split())
        assert all(word in words for word in short.split())
        assert "not" in short.split() and "nobody" in short.split()
    held = Maker(WORLD, Split("all", "held"), Random(1))
    assert {held.thinned(text) for _ in range(60)} == {text}


def test_an_invented_name_is_nobody_s() -> None:
    make = Maker(WORLD, SPLIT, Random(4))
    made = {invented(make).lower() for _ in range(300)}
    known = {word.lower() for fact in WORLD.facts() for word in (fact.subject, fact.value)}
    assert len(made) > 290 and len(made & known) <= 1


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
