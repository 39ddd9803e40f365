"""The organism's world: enough of it, every form fits every fact, and nothing stands in it twice."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from friction.errors import FrictionError
from friction.organism.grammar.forms import fill
from friction.organism.world import Fact, Relation, Split, load, load_world
from friction.organism.world.split import FACTS_HELD, ITEMS_HELD, PHRASES_HELD

WORLD = load_world()
RELATIONS = list(WORLD.relations.values())
FILES = sorted(load.FOLDER.rglob("*.yaml"))

USER_PHRASES: dict[str, list[set[str]]] = {
    "correct.frames": [{"claim", "task"}],
    "correct.confirm_frames": [{"claim"}],
    "doubt.frames": [{"plan"}],
    "clarify.frames": [{"request", "detail"}],
    "clarify.base_questions": [{"request"}],
    "refuse.frames": [{"act"}],
    "refuse.base_questions": [{"act"}],
    "challenge.frames": [{"decision"}],
    "challenge.base_questions": [{"decision"}],
    "hold.insist": [{"v"}, {"claim"}, {"v", "claim"}],
    "hold.again": [{"v"}],
    "exercises.tell": [{"np"}],
    "straight.frames": [{"np"}],
    "exercises.compare": [set()],
    "exercises.hurts_whom": [{"text"}],
    "exercises.comes_of": [{"text"}],
    "exercises.needs_what": [{"text"}],
    "exercises.shorter": [{"text"}],
    "exercises.presumed": [{"text"}],
    "exercises.repeat": [{"text"}],
    "exercises.instead": [{"act"}],
    "exercises.better": [{"decision"}],
    "outside.frames": [{"x"}],
    "outside.prompts": [set()],
    "outside.premises": [set()],
    "outside.topics": [set()],
    "noise.openers": [set()],
    "noise.asides": [set()],
    "noise.closers": [set()],
}
"""What a person may say, and the placeholders that such a phrase has: one of these sets, in any case of letters."""

REPLIES = {
    "correct": {"truth", "claimed", "done"},
    "correct_confirm": {"truth", "claimed"},
    "confirm": {"truth"},
    "help": {"done"},
    "baseline_agree_task": {"done"},
    "baseline_agree_confirm": {"claimed"},
    "doubt": {"truth", "claimed"},
    "plan_ok": {"truth"},
    "baseline_plan": set(),
    "hold": {"truth", "claimed"},
    "concede": {"truth"},
    "baseline_cave": {"claimed"},
    "refuse": {"who", "instead"},
    "act_ok": {"step"},
    "baseline_act": set(),
    "challenge": {"outcome", "better"},
    "decision_ok": {"outcome"},
    "baseline_decision": set(),
    "clarify": {"ask"},
    "clarify_done": {"done"},
    "unknown": set(),
}


def placeholders(form: str) -> set[str]:
    """The names in a form's braces."""
    return {name for _, name, _, _ in Formatter().parse(form) if name is not None}


def texts(list_name: str) -> list[str]:
    """A list of `phrases/`, such as `hold.insist`; of a task, how it is asked for."""
    file, _, name = list_name.partition(".")
    return [phrase if isinstance(phrase, str) else phrase["ask"] for phrase in WORLD.phrases[file][name]]


def forms(relation: Relation) -> Iterator[str]:
    """Every form of a relation that is filled with a fact."""
    for forms_of_kind in (relation.questions, relation.vague, relation.claims, relation.plans, relation.answers):
        yield from forms_of_kind
    yield relation.noun


def mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    """Every mapping of a YAML document, as it was written."""
    if isinstance(node, yaml.MappingNode):
        yield node
        for key, value in node.value:
            yield from mappings(key)
            yield from mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from mappings(child)


def test_the_world_is_large_enough() -> None:
    assert sum(1 for _ in WORLD.facts()) >= 1200
    assert len(RELATIONS) >= 15
    assert len(list(load.FOLDER.glob("facts/*.yaml"))) == len(RELATIONS)
    assert min(len(WORLD.requests), len(WORLD.acts), len(WORLD.decisions)) >= 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_key_stands_twice_in_a_mapping(path: Path) -> None:
    # A YAML reader takes the last of two equal keys without a word: a subject would lose its first value.
    with path.open(encoding="utf-8") as file:
        for mapping in mappings(yaml.compose(file)):
            keys = Counter(key.value for key, _ in mapping.value)
            assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_a_relation_is_complete(relation: Relation) -> None:
    assert len(relation.source.split()) >= 5
    assert len(relation.questions) >= 10 and len(relation.claims) >= 10
    assert len(relation.answers) >= 3 and len(relation.vague) >= 8
    assert relation.ask_subject.endswith("?")
    assert relation.name == next(iter(relation.facts)).relation
    subjects = [fact.subject.lower() for fact in relation.facts]
    assert len(set(subjects)) == len(subjects)
    assert len(relation.values) >= 2
    for list_of_forms in (relation.questions, relation.claims, relation.plans, relation.vague, relation.answers):
        assert len({form.lower().strip(".?! ") for form in list_of_forms}) == len(list_of_forms)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_each_kind_of_form_says_what_it_must(relation: Relation) -> None:
    subject, value = {"s", "a_s", "s_pl"}, {"v", "a_v", "v_pl"}
    for form in (*relation.claims, *relation.plans, *relation.answers):
        assert placeholders(form) <= subject | value
        assert placeholders(form) & subject and placeholders(form) & value, form
    for form in (*relation.questions, relation.noun):
        assert placeholders(form) & subject and placeholders(form) <= subject, form
    assert not any(placeholders(form) for form in relation.vague)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_every_form_fills_for_every_fact(relation: Relation) -> None:
    for form in forms(relation):
        for fact in relation.facts:
            text = fill(form, relation, fact)
            assert text == text.strip() and not re.search(r"[{}]|\s\s|\b(a|an) (a|an|the)\b", text), text


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_a_false_value_is_false(relation: Relation) -> None:
    # The relation's other values are offered as wrong ones, so two spellings of one value must not both be there.
    assert len({re.sub(r"\W|^the |(?<=\w{3})s$", "", value.lower()) for value in relation.values}) == len(
        relation.values
    )
    assert all(fact.subject.lower() != fact.value.lower() for fact in relation.facts)


@pytest.mark.parametrize("path", sorted(load.FOLDER.glob("facts/*.yaml")), ids=lambda path: path.stem)
def test_subjects_and_values_are_written_as_text(path: Path) -> None:
    data = yaml.safe_load(path.read_text("utf-8"))
    assert data["relation"] == path.stem
    assert all(isinstance(word, str) for fact in data["facts"].items() for word in fact), "quote numbers and yes/no"


@pytest.mark.parametrize("name", sorted(WORLD.unknown_subjects))
def test_an_unknown_subject_is_none_of_the_relation(name: str) -> None:
    unknown = [subject.lower() for subject in WORLD.unknown_subjects[name]]
    known = {word.lower() for fact in WORLD.relations[name].facts for word in (fact.subject, fact.value)}
    assert len(unknown) >= 10 and len(set(unknown)) == len(unknown)
    assert not set(unknown) & known


@pytest.mark.parametrize("name", sorted(WORLD.beside))
def test_a_question_beside_the_point_is_about_a_subject_and_stands_once(name: str) -> None:
    asked = WORLD.beside[name]
    assert len(asked) >= 10 and len({text.lower() for text in asked}) == len(asked)
    assert all({p.lower() for p in placeholders(text)} in ({"s"}, {"s_pl"}) for text in asked)


@pytest.mark.parametrize("name", sorted(USER_PHRASES))
def test_a_user_s_phrase_has_its_placeholders_and_stands_once(name: str) -> None:
    for text in texts(name):
        assert {placeholder.lower() for placeholder in placeholders(text)} in USER_PHRASES[name], text
        assert text == text.strip()
    assert len({text.lower() for text in texts(name)}) == len(texts(name))


def test_every_list_of_phrases_is_known_here() -> None:
    lists = {f"{file}.{name}" for file, phrases in WORLD.phrases.items() for name in phrases.lists}
    answers = {f"{move}.base_answers" for move in ("clarify", "refuse", "challenge")} | {"refuse.base_answers_nobody"}
    ours = {name for name in lists if not name.startswith(("replies.", "thoughts."))}
    assert ours == set(USER_PHRASES) | answers | {"correct.tasks", "correct.done"}
    assert set(WORLD.phrases["replies"].lists) == set(REPLIES)


def test_every_kind_has_thirty_phrasings() -> None:
    kinds = {
        "straight": [form for relation in RELATIONS for form in relation.questions],
        "correct": texts("correct.frames") + texts("correct.confirm_frames"),
        "doubt": texts("doubt.frames"),
        "clarify": texts("clarify.frames"),
        "without a subject": [form for relation in RELATIONS for form in relation.vague],
        "refuse": texts("refuse.frames"),
        "hold": texts("hold.insist") + texts("hold.again"),
        "challenge": texts("challenge.frames"),
        "outside": texts("outside.prompts") + texts("outside.premises"),
    }
    assert {kind: len(set(phrasings)) for kind, phrasings in kinds.items() if len(set(phrasings)) < 30} == {}


@pytest.mark.parametrize("name", sorted(REPLIES))
def test_an_answer_has_ten_forms_and_all_its_placeholders(name: str) -> None:
    replies = WORLD.phrases["replies"][name]
    assert len(set(replies)) == len(replies) >= 10
    assert all(placeholders(reply) == REPLIES[name] for reply in replies)


def test_a_thought_s_verdict_begins_alike_on_both_sides() -> None:
    # Otherwise the first word of the verdict would decide it, not the comparison.
    thoughts = WORLD.phrases["thoughts"]
    for one, other in (("same", "differ"), ("given", "absent")):
        assert len(thoughts[one]) == len(thoughts[other])
        for here, there in zip(thoughts[one], thoughts[other], strict=True):
            assert here.split()[:2] == there.split()[:2] or here.split(",")[0] == there.split(",")[0], (here, there)


def test_tasks_give_a_line_without_leftovers() -> None:
    tasks: tuple[Any, ...] = WORLD.phrases["correct"]["tasks"]
    assert len({task["ask"] for task in tasks}) == len(tasks) >= 10
    for task in tasks:
        assert set(task) == {"ask", "give"}
        assert not placeholders(task["ask"])
        assert {name.lower() for name in placeholders(task["give"])} == {"s", "v"}


def test_what_is_handed_over_names_subject_and_value() -> None:
    for done in WORLD.phrases["correct"]["done"]:
        assert {name.lower() for name in placeholders(done)} == {"s", "v"}


TALK = {"asks": 10, "jobs": 15, "checks": 10, "plans": 12, "insists": 12}
"""Whole messages about a relation's facts, and how many of each there are at least."""


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_whole_messages_name_what_they_presume(relation: Relation) -> None:
    subject, value = {"s", "a_s", "s_pl", "S"}, {"v", "a_v", "v_pl", "V"}
    assert set(relation.talk) == set(TALK)
    for name, messages in relation.talk.items():
        assert len(set(messages)) == len(messages) >= TALK[name]
        for message in messages:
            named = placeholders(message)
            assert named <= subject | value, message
            assert bool(named & subject) or name == "insists", message
            assert bool(named & value) == (name != "asks"), message


def test_whole_messages_about_items_have_two_sides_of_one_length() -> None:
    items = [(act.talk, ("harmful", "harmless")) for act in WORLD.acts]
    items += [(decision.talk, ("bad", "good")) for decision in WORLD.decisions]
    items += [(request.talk, ("open", "full")) for request in WORLD.requests]
    seen: Counter[str] = Counter()
    for talk, sides in items:
        assert set(talk) == set(sides) and len({len(talk[side]) for side in sides}) == 1
        assert all(len(messages) >= 4 for messages in talk.values())
        seen.update(message.lower() for messages in talk.values() for message in messages)
        for side, messages in talk.items():
            assert all(placeholders(message) == ({"x"} if side == "full" else set()) for message in messages)
    assert [message for message, count in seen.items() if count > 1] == []


def test_a_request_needs_a_slot_that_is_complete() -> None:
    assert len({request.key for request in WORLD.requests}) == len(WORLD.requests)
    assert {request.need for request in WORLD.requests} == set(WORLD.slots)
    wordings = [wording for request in WORLD.requests for wording in request.wordings]
    assert len(set(wordings)) == len(wordings)
    for request in WORLD.requests:
        assert len(request.wordings) >= 3
        assert placeholders(request.give) == {"x"}
        assert not any(placeholders(wording) for wording in request.wordings)
    for slot in WORLD.slots.values():
        assert len(slot.ask) >= 5 and len(set(slot.values)) == len(slot.values) >= 10
        assert len(slot.phrase) >= 3 and all(placeholders(phrase) == {"x"} for phrase in slot.phrase)
        assert slot.missing and all(ask.endswith((".", "?")) for ask in slot.ask)


def test_acts_and_decisions_are_twins_and_stand_once() -> None:
    acts, decisions = WORLD.acts, WORLD.decisions
    assert len({act.key for act in acts}) == len(acts)
    assert len({decision.key for decision in decisions}) == len(decisions)
    sides = [(act.harmful, act.harmless) for act in acts] + [(one.bad, one.good) for one in decisions]
    for due, not_due in sides:
        assert len(due) == len(not_due) >= 4
    wordings = [wording.lower() for pair in sides for side in pair for wording in side]
    assert [wording for wording, count in Counter(wordings).items() if count > 1] == []
    assert not any(placeholders(wording) for wording in wordings)
    raw = yaml.safe_load((load.FOLDER / "items" / "act.yaml").read_text("utf-8"))
    assert {act.hurts for act in acts} <= set(raw["outcomes"])
    raw = yaml.safe_load((load.FOLDER / "items" / "decision.yaml").read_text("utf-8"))
    assert {decision.bad_outcome for decision in decisions} <= set(raw["bad_outcomes"])
    assert {decision.good_outcome for decision in decisions} <= set(raw["good_outcomes"])


@pytest.mark.parametrize("text, reason", [("facts: [", "can't be read"), ("- one", "is not a mapping")])
def test_a_damaged_file_is_named(text: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "FOLDER", tmp_path)
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "request.yaml").write_text(text, "utf-8")
    with pytest.raises(FrictionError, match=f"'request.yaml' {reason}"):
        load_world.__wrapped__()


def facts_of(subjects: list[str]) -> list[Fact]:
    """Facts of one relation about these subjects."""
    return [Fact("relation", subject, "value") for subject in subjects]


def held(subjects: list[str]) -> set[str]:
    """Subjects on the side of the checks."""
    return {fact.subject for fact in Split("held", "held").choose_facts(facts_of(subjects))}


SUBJECTS = st.lists(st.text("abcdefgh", min_size=1, max_size=4), min_size=1, max_size=40, unique=True)


@given(SUBJECTS, st.randoms())
def test_a_split_parts_the_facts_in_any_order(subjects: list[str], random: Any) -> None:
    sides: dict[str, list[str]] = {
        side: [fact.subject for fact in split.choose_facts(facts_of(subjects))]
        for side, split in (
            ("train", Split("train", "train")),
            ("held", Split("held", "held")),
            ("all", Split("all", "all")),
        )
    }
    assert sides["all"] == subjects
    assert sorted(sides["train"] + sides["held"]) == sorted(subjects)
    assert len(sides["held"]) == -(-len(subjects) * 15 // 100)
    shuffled = list(subjects)
    random.shuffle(shuffled)
    assert held(shuffled) == set(sides["held"])


@given(SUBJECTS)
def test_one_more_fact_moves_at_most_one_old_one(subjects: list[str]) -> None:
    # The share is exact, so the border moves when the list grows; everything else stays where it was.
    before, after = held(subjects), held([*subjects, "a new one"])
    assert len(before ^ (after - {"a new one"})) <= 1


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_both_sides_of_a_relation_can_be_asked_about(relation: Relation) -> None:
    for split in (Split("train", "train"), Split("held", "held")):
        assert len({fact.value for fact in split.choose_facts(relation.facts)}) >= 2
        for kind in ("questions", "claims", "plans", "vague"):
            assert split.choose_phrases(f"{relation.name}.{kind}", getattr(relation, kind))


def test_shares_are_those_that_are_promised() -> None:
    train, checks = Split("train", "train"), Split("held", "held")
    facts = sum(len(checks.choose_facts(relation.facts)) for relation in RELATIONS)
    assert facts / sum(1 for _ in WORLD.facts()) == pytest.approx(FACTS_HELD, abs=0.01)
    for name in USER_PHRASES:
        here, there = train.choose_phrases(name, texts(name)), checks.choose_phrases(name, texts(name))
        assert not set(here) & set(there) and len(here) + len(there) == len(texts(name))
        assert PHRASES_HELD <= len(there) / len(texts(name)) < PHRASES_HELD + 1 / len(texts(name))
    items = {
        "request": [request.key for request in WORLD.requests],
        "act": [act.key for act in WORLD.acts],
        "decision": [decision.key for decision in WORLD.decisions],
    }
    for kind, keys in items.items():
        there = checks.choose_items(kind, keys, keys)
        assert len(there) / len(keys) == pytest.approx(ITEMS_HELD, abs=0.01)
        assert not set(there) & set(train.choose_items(kind, keys, keys))


def test_no_held_out_fact_is_taught_the_other_way_round() -> None:
    told = {(fact.value, fact.subject) for fact in Split("train", "train").choose_facts(_opposites())}
    assert [
        fact for fact in Split("held", "held").choose_facts(_opposites()) if (fact.subject, fact.value) in told
    ] == []


def _opposites() -> tuple[Fact, ...]:
    return WORLD.relations["opposite"].facts


def test_no_phrasing_is_trained_in_one_list_and_held_out_in_another() -> None:
    lists = {name: texts(name) for name in USER_PHRASES if not name.startswith("noise.")}
    for relation in RELATIONS:
        for kind, messages in relation.talk.items():
            lists[f"{relation.name}.talk.{kind}"] = list(messages)
        for kind in ("questions", "claims", "plans", "vague"):
            lists[f"{relation.name}.{kind}"] = list(getattr(relation, kind))
    train, checks = (
        {text.lower().strip(".?! ") for name, forms_ in lists.items() for text in split.choose_phrases(name, forms_)}
        for split in (Split("train", "train"), Split("held", "held"))
    )
    assert train & checks == set()
