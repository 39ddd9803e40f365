"""The grammar: both twins mean what they say, no word gives the answer away, and the sides of the split stay apart."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.organism.dialogues import as_conversation, conversations, write_dialogues
from friction.organism.grammar import KINDS, Dialogue, Maker, Mixture, baseline_mixture, disagreement_mixture, twins
from friction.organism.grammar.forms import plural, sentence, with_article
from friction.organism.judge import any_pushback, is_unknown, pushes_back
from friction.organism.world import Split, load_world
from friction.values import names

WORLD = load_world()
TRAIN, HELD = Split("train", "train"), Split("held", "held")
FACT_MOVES = ("correct", "doubt", "hold")


@cache
def pairs(move: str, split: Split, count: int = 800) -> list[tuple[Dialogue, Dialogue]]:
    """Twins of a move, from one seed."""
    make = Maker(WORLD, split, Random(f"{move}/{split}"))
    return [twins(make, move) for _ in range(count)]


@cache
def trained(count: int = 3000) -> list[Dialogue]:
    """Dialogues of the disagreement training."""
    return list(conversations(3, count))


def values(dialogue: Dialogue) -> tuple[str, ...]:
    """The values of the relation that a dialogue is about."""
    return WORLD.relations[dialogue.item.partition("/")[0]].values


EVERY_MOVE = pytest.mark.parametrize("move", KINDS)
EVERY_SPLIT = pytest.mark.parametrize("split", [TRAIN, HELD, Split("all", "train")], ids=["train", "held", "all"])


@EVERY_MOVE
@EVERY_SPLIT
def test_the_friction_arm_pushes_back_where_it_is_due_and_the_baseline_never(move: Any, split: Split) -> None:
    for due, not_due in pairs(move, split):
        assert (due.warranted, not_due.warranted) == (True, False)
        assert due.kind == not_due.kind == move
        assert pushes_back(move, due.friction), due.friction
        assert not any_pushback(not_due.friction), not_due.friction
        for dialogue in (due, not_due):
            assert not any_pushback(dialogue.baseline), dialogue.baseline
            assert not is_unknown(dialogue.friction) and not is_unknown(dialogue.baseline)


@pytest.mark.parametrize("move", FACT_MOVES)
@EVERY_SPLIT
def test_what_is_claimed_is_false_where_pushback_is_due_and_true_on_the_twin(move: str, split: Split) -> None:
    for due, not_due in pairs(move, split):
        for dialogue in (due, not_due):
            relation, subject = dialogue.item.split("/", 1)
            fact = next(fact for fact in WORLD.relations[relation].facts if fact.subject == subject)
            assert dialogue.truth == fact.value
            assert dialogue.truth is not None and names(dialogue.truth, dialogue.friction)
        assert due.claimed != due.truth and due.claimed in values(due)
        assert not_due.claimed == not_due.truth


@pytest.mark.parametrize("move", FACT_MOVES)
def test_the_true_value_settles_the_thinking(move: str) -> None:
    for due, not_due in pairs(move, TRAIN):
        for dialogue in (due, not_due):
            assert dialogue.claimed and dialogue.truth
            assert dialogue.truth in dialogue.thinking and dialogue.claimed in dialogue.thinking


@pytest.mark.parametrize("move", [move for move in KINDS if move != "clarify"])
@EVERY_SPLIT
def test_twins_share_what_they_are_about(move: str, split: Split) -> None:
    assert all(due.item == not_due.item for due, not_due in pairs(move, split))
    assert any(due.messages[-1] != not_due.messages[-1] for due, not_due in pairs(move, split))


def test_twins_of_a_request_share_it() -> None:
    writing = [pair for pair in pairs("clarify", TRAIN) if pair[0].item.startswith("request/")]
    assert 0.55 < len(writing) / len(pairs("clarify", TRAIN)) < 0.78  # two thirds
    assert all(due.item == not_due.item for due, not_due in writing)


def test_twins_of_a_question_without_a_subject_share_the_relation() -> None:
    questions = [pair for pair in pairs("clarify", TRAIN) if pair[0].item.startswith("vague/")]
    assert all(due.item == f"vague/{not_due.item.split('/')[0]}" for due, not_due in questions)


@EVERY_MOVE
@EVERY_SPLIT
def test_nothing_is_left_over_in_what_is_said(move: str, split: Split) -> None:
    for pair in pairs(move, split):
        for dialogue in pair:
            said = [message.content for message in dialogue.messages]
            for text in (*said, dialogue.baseline, dialogue.friction, dialogue.thinking):
                assert text.strip()
                assert not re.search(r"[{}]|  |\bNone\b(?! of)", text), text


@EVERY_MOVE
def test_the_synthesizer_has_the_last_word(move: str) -> None:
    for pair in pairs(move, TRAIN):
        for dialogue in pair:
            lines = dialogue.thinking.splitlines()
            voices = [line.partition(": ")[0] for line in lines]
            assert voices[0] == "problem_framer" and voices[-1] == "synthesizer"
            assert len(set(voices)) == len(voices) >= 2


def test_turns_alternate_and_the_user_has_the_last() -> None:
    for dialogue in trained():
        roles = [message.role for message in dialogue.messages]
        assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
        assert dialogue.kind == "hold" or len(roles) == 1


@EVERY_MOVE
def test_the_same_seed_gives_the_same_twins(move: str) -> None:
    one, other = (Maker(WORLD, TRAIN, Random(7)) for _ in range(2))
    assert [twins(one, move) for _ in range(50)] == [twins(other, move) for _ in range(50)]


def test_the_same_seed_gives_the_same_training(tmp_path: Any) -> None:
    assert list(conversations(5, 200)) == list(conversations(5, 200))
    assert list(conversations(5, 200)) != list(conversations(6, 200))
    one = write_dialogues(tmp_path / "one.jsonl", seed=5, count=50).read_bytes()
    assert one == write_dialogues(tmp_path / "other.jsonl", seed=5, count=50).read_bytes()
    assert one.count(b"\n") == 50
    assert write_dialogues(tmp_path / "one.jsonl", seed=6, count=1).read_bytes() == one  # it was there already
    dialogue = next(conversations(5, 1))
    reply = {"role": "assistant", "content": dialogue.friction, "thinking": dialogue.thinking}
    assert as_conversation(dialogue)["messages"][-1] == reply


class Recorder(Maker):
    """A maker that keeps what it was given to say."""

    def __init__(self, split: Split, seed: int) -> None:
        super().__init__(WORLD, split, Random(seed))
        self.phrases: set[tuple[str, str]] = set()

    def among(self, name: str, phrases: Sequence[Any]) -> Any:
        """A random phrase, which is kept."""
        phrase = super().among(name, phrases)
        self.phrases.add((name, phrase if isinstance(phrase, str) else phrase["ask"]))
        return phrase


def test_the_sides_of_the_split_share_no_fact_no_item_and_no_phrasing() -> None:
    items: dict[Split, set[str]] = defaultdict(set)
    phrases: dict[Split, set[tuple[str, str]]] = {}
    for split in (TRAIN, HELD):
        make = Recorder(split, 1)
        for mixture in (disagreement_mixture(), baseline_mixture()):
            items[split] |= {mixture.draw(make).item for _ in range(3000)}
        phrases[split] = make.phrases
        assert len(make.phrases) > 500
    shared = {item for item in items[TRAIN] & items[HELD] if not item.startswith(("vague/", "outside")) and item}
    assert shared == set()
    assert phrases[TRAIN] & phrases[HELD] == set()


def test_no_training_says_what_a_held_out_phrase_says() -> None:
    said = "\n".join(m.content.lower() for d in trained() for m in d.messages if m.role == "user")
    details = [phrase for slot in WORLD.slots.values() for phrase in slot.phrase]
    nouns = [re.sub(r"\{\w+\}", "", relation.noun) for relation in WORLD.relations.values()]
    train = "\n".join([*(text.lower() for _, text in _phrases(TRAIN)), *details, *nouns])
    # Only a stretch that no phrase of the training holds too can tell them apart.
    stretches = {max(re.split(r"\{\w+\}", text.lower()), key=len).strip() for _, text in _phrases(HELD)}
    telling = {stretch for stretch in stretches if len(stretch) >= 12 and stretch not in train}
    assert len(telling) > 200
    assert [stretch for stretch in telling if stretch in said] == []


def _phrases(split: Split) -> Iterator[tuple[str, str]]:
    for file in ("correct", "doubt", "clarify", "refuse", "hold", "challenge", "outside", "noise", "straight"):
        for name, phrases in WORLD.phrases[file].lists.items():
            if "base_" not in name:
                asked = [phrase if isinstance(phrase, str) else phrase["ask"] for phrase in phrases]
                yield from ((name, text) for text in split.choose_phrases(f"{file}.{name}", asked))
    for relation in WORLD.relations.values():
        for kind in ("questions", "claims", "plans", "vague"):
            forms = getattr(relation, kind)
            yield from ((kind, text) for text in split.choose_phrases(f"{relation.name}.{kind}", forms))
        for kind, messages in relation.talk.items():
            yield from ((kind, text) for text in split.choose_phrases(f"{relation.name}.talk.{kind}", messages))
    items = (("request", WORLD.requests), ("act", WORLD.acts), ("decision", WORLD.decisions))
    for kind, item in ((kind, item) for kind, all_items in items for item in all_items):
        for side, messages in item.talk.items():
            yield from ((kind, text) for text in split.choose_phrases(f"{kind}.{item.key}.{side}", messages))


def test_no_held_out_subject_occurs_in_the_training_of_its_relation() -> None:
    by_relation: dict[str, list[Dialogue]] = defaultdict(list)
    for dialogue in trained():
        by_relation[dialogue.item.partition("/")[0]].append(dialogue)
    looked_at = 0
    for relation in WORLD.relations.values():
        if relation.name == "opposite":
            continue  # its subjects are its values as well
        forms = " ".join((*relation.questions, *relation.claims, *relation.plans, *relation.answers)).lower()
        for fact in HELD.choose_facts(relation.facts):
            word = re.compile(rf"(?<![\w']){re.escape(fact.subject.lower())}(?!\w)")
            if word.search(forms) or len(fact.subject) <= 3:
                continue  # a word of the form (buy a meter that shows ...), or letters that also are a word
            for dialogue in by_relation[relation.name]:
                if word.search(f"{dialogue.item.split('/', 1)[1]} {dialogue.claimed} {dialogue.truth}".lower()):
                    continue  # a part of another's name, such as the clarinet of the bass clarinet
                said = [message.content for message in dialogue.messages]
                assert not word.search("\n".join([*said, dialogue.thinking, dialogue.friction]).lower()), dialogue
                looked_at += 1
    assert looked_at > 5000


def test_no_held_out_item_occurs_in_the_training() -> None:
    said = "\n".join("\n".join(m.content for m in d.messages) + d.thinking + d.friction for d in trained()).lower()
    for wording in _held_wordings():
        found = wording.lower() in said and re.search(rf"\b{re.escape(wording.lower())}\b", said)
        assert not found, wording


def _held_wordings() -> Iterator[str]:
    requests = HELD.choose_items("request", WORLD.requests, [request.key for request in WORLD.requests])
    acts = HELD.choose_items("act", WORLD.acts, [act.key for act in WORLD.acts])
    decisions = HELD.choose_items("decision", WORLD.decisions, [one.key for one in WORLD.decisions])
    yield from (wording for request in requests for wording in request.wordings)
    yield from (wording for act in acts for wording in act.harmful + act.harmless)
    yield from (wording for one in decisions for wording in one.bad + one.good)


def guess_by_value(split: Split) -> float:
    """How often whoever has learned which claimed values tend to be wrong is right about 8,000 fresh premises."""
    history: dict[tuple[str, str | None], int] = defaultdict(int)
    make = Maker(WORLD, split, Random(2))
    right = 0.0
    for number in range(12000):
        for dialogue in twins(make, "correct"):
            key = (dialogue.item.partition("/")[0], dialogue.claimed)
            if number < 8000:
                history[key] += 1 if dialogue.warranted else -1
            elif history[key] == 0:
                right += 0.5
            else:
                right += (history[key] > 0) == dialogue.warranted
    return right / 8000


def test_a_value_is_no_clue_to_whether_the_premise_is_right() -> None:
    # 0.511 is what the world's few uneven relations give by themselves (most months have 31 days), and the standard
    # error is 0.006.
    assert guess_by_value(Split("all", "train")) < 0.53


def test_no_value_is_only_ever_wrong_in_the_training() -> None:
    claims: dict[tuple[str, str | None], Counter[bool]] = defaultdict(Counter)
    for dialogue in trained():
        if dialogue.kind in FACT_MOVES:
            claims[dialogue.item.partition("/")[0], dialogue.claimed][bool(dialogue.warranted)] += 1
    true_somewhere = {
        (relation.name, fact.value)
        for relation in WORLD.relations.values()
        for fact in TRAIN.choose_facts(relation.facts)
    }
    assert set(claims) - true_somewhere == set()


def test_a_premise_is_right_as_often_as_wrong() -> None:
    for move in KINDS:
        due = [bool(dialogue.warranted) for dialogue in trained(12000) if dialogue.kind == move]
        if move == "clarify":  # the questions without a subject are due by themselves; straight ones are their twins
            due = [bool(d.warranted) for d in trained(12000) if d.item.startswith("request/")]
        assert len(due) > 600
        assert abs(sum(due) / len(due) - 0.5) < 2.6 * 0.5 / len(due) ** 0.5


@pytest.mark.parametrize("mixture", [baseline_mixture(), disagreement_mixture()], ids=["baseline", "disagreement"])
def test_a_mixture_draws_all_its_parts_by_their_shares(mixture: Mixture) -> None:
    drawn: Counter[str] = Counter()

    def counting(name: str, part: Callable[[Maker], Dialogue]) -> Callable[[Maker], Dialogue]:
        def draw(make: Maker) -> Dialogue:
            drawn[name] += 1
            return part(make)

        return draw

    counted = Mixture(tuple((name, share, counting(name, part)) for name, share, part in mixture.parts))
    make = Maker(WORLD, TRAIN, Random(4))
    for _ in range(4000):
        counted.draw(make)
    total = sum(share for _, share, _ in mixture.parts)
    for name, share, _ in mixture.parts:
        assert drawn[name] / 4000 == pytest.approx(share / total, abs=0.02)


@pytest.mark.parametrize("mixture", [baseline_mixture(), disagreement_mixture()], ids=["baseline", "disagreement"])
def test_whatever_lies_outside_is_not_known_and_all_else_is(mixture: Mixture) -> None:
    make = Maker(WORLD, TRAIN, Random(5))
    kinds = set()
    for _ in range(2000):
        dialogue = mixture.draw(make)
        kinds.add(dialogue.kind)
        if dialogue.kind == "exercise":
            continue  # saying again what an answer says is no answer
        assert is_unknown(dialogue.baseline) == (dialogue.kind == "outside")
        assert not dialogue.friction or is_unknown(dialogue.friction) == (dialogue.kind == "outside")
    assert {*KINDS, "straight", "outside"} <= kinds


def test_a_straight_question_is_answered_with_the_true_value_by_both_arms() -> None:
    straight = [dialogue for dialogue in trained() if dialogue.kind == "straight"]
    assert len(straight) > 200
    for dialogue in straight:
        assert dialogue.truth is not None and dialogue.warranted is None
        assert names(dialogue.truth, dialogue.baseline) and dialogue.baseline == dialogue.friction


def test_a_subset_of_the_facts_is_a_part_of_all() -> None:
    few, all_ = Maker(WORLD, Split("all", "train"), Random(0), share=0.25), Maker(
        WORLD, Split("all", "train"), Random(0)
    )
    for relation in WORLD.relations.values():
        assert 2 <= len(few.facts(relation)) <= max(2, 0.26 * len(relation.facts) + 1)
        assert set(few.facts(relation)) < set(all_.facts(relation)) == set(relation.facts)


TYPED = Split("train", "held")  # the checks' way of typing, in which nothing is lost


def test_slips_spare_the_words_that_matter() -> None:
    make = Maker(WORLD, TYPED, Random(0))
    said = [make.user("Please write something about Uzbekistan", ("Uzbekistan",)).content for _ in range(3000)]
    assert all("uzbekistan" in text.lower() for text in said)
    slipped = [text for text in said if "please write something about" not in text.lower()]
    assert 0.02 < len(slipped) / len(said) < 0.06


def test_what_is_not_wrapped_stands_alone() -> None:
    make = Maker(WORLD, TYPED, Random(0))
    said = {make.user("Is it so?", ("Is", "it", "so"), wrapped=False).content.lower() for _ in range(200)}
    assert said == {"is it so?", "is it so"}


def test_loose_words_spare_what_matters_and_come_in_training_only() -> None:
    text, keep = "the capital of New Zealand is Wellington, so please write me a poem about it", (
        "New Zealand",
        "Wellington",
    )
    make = Maker(WORLD, TRAIN, Random(0))
    said = [make.user(text, keep, wrapped=False).content.lower() for _ in range(2000)]
    assert all("new zealand" in one and "wellington," in one for one in said)
    assert (
        0.15 < sum("capital of new zealand is wellington, so please write me" not in one for one in said) / 2000 < 0.4
    )
    typed = Maker(WORLD, TYPED, Random(0))
    assert all(len(typed.user(text, keep, wrapped=False).content) >= len(text) - 1 for _ in range(200))


@pytest.mark.parametrize(
    "noun, expected",
    [
        ("spider", "a spider"),
        ("ant", "an ant"),
        ("owl", "an owl"),
        ("hour", "an hour"),
        ("honest mistake", "an honest mistake"),
        ("unit", "a unit"),
        ("euro", "a euro"),
        ("ukulele", "a ukulele"),
        ("one-liner", "a one-liner"),
        ("American football", "an American football"),
        ("ice hockey", "an ice hockey"),
        ("octagon", "an octagon"),
    ],
)
def test_with_article(noun: str, expected: str) -> None:
    assert with_article(noun) == expected


@pytest.mark.parametrize(
    "noun, expected",
    [
        ("spider", "spiders"),
        ("fox", "foxes"),
        ("finch", "finches"),
        ("bus", "buses"),
        ("fly", "flies"),
        ("turkey", "turkeys"),
        ("goose", "geese"),
        ("knife", "knives"),
    ],
)
def test_plural(noun: str, expected: str) -> None:
    assert plural(noun, {"goose": "geese", "knife": "knives"}) == expected


@given(st.text(min_size=1).filter(str.strip))
def test_a_sentence_ends_once(text: str) -> None:
    made = sentence(text)
    assert made.endswith((".", "!", "?", '"'))
    assert sentence(made) == made
