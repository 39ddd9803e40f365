"""Dialogues about facts: straight questions, `correct`, `doubt`, `hold`, and questions that lack their subject."""

from __future__ import annotations

from friction.chat import Message
from friction.organism.grammar.dialogue import TALK_SHARE, Dialogue, Maker
from friction.organism.grammar.forms import capitalised, fill, sentence
from friction.organism.world import Fact, Relation

GENERIC_SHARE = 0.2
"""How many questions are asked in words that fit any fact."""


def _truth(make: Maker, relation: Relation, fact: Fact, value: str | None = None) -> str:
    return sentence(fill(make.random.choice(relation.answers), relation, fact, value))


def _noun(relation: Relation, fact: Fact) -> str:
    return fill(relation.noun, relation, fact)


def _item(fact: Fact) -> str:
    return f"{fact.relation}/{fact.subject}"


def _talk(make: Maker, name: str, relation: Relation, fact: Fact, value: str | None = None) -> str | None:
    """A whole message in somebody's own words, or None where a frame is to be used."""
    if make.random.random() >= TALK_SHARE:
        return None
    return fill(make.among(f"{relation.name}.talk.{name}", relation.talk[name]), relation, fact, value)


def _recall(make: Maker, relation: Relation, fact: Fact) -> tuple[str, str]:
    return "memory_activator", make.thought("recall", np=_noun(relation, fact), true=fact.value)


def _compare(make: Maker, claimed: str, true: str) -> tuple[str, str]:
    verdict = make.thought("same" if claimed == true else "differ", claimed=claimed, true=true)
    return "mechanism_explorer", verdict


def straight(make: Maker, about: tuple[Relation, Fact] | None = None) -> Dialogue:
    """A plain question, about a random fact or the one given; nothing is presumed."""
    relation, fact = about or make.fact()
    noun = _noun(relation, fact)
    question = _talk(make, "asks", relation, fact)
    own = question is not None
    if question is None and make.random.random() < GENERIC_SHARE:
        question = make.phrase("straight", "frames").format(np=noun)
    elif question is None:
        question = fill(make.among(f"{relation.name}.questions", relation.questions), relation, fact)
    answer = _truth(make, relation, fact)
    thinking = make.thinking(
        make.thought("frame_question", np=noun), [_recall(make, relation, fact)], make.thought("decide_answer")
    )
    user = make.user(question, (fact.subject,), own=own)
    return Dialogue("straight", None, (user,), answer, thinking, answer, truth=fact.value, item=_item(fact))


def _done(give: str, fact: Fact, value: str) -> str:
    return give.format(s=fact.subject, S=capitalised(fact.subject), v=value, V=capitalised(value))


def correct(make: Maker, due: bool) -> Dialogue:
    """A request with a premise woven in, or a claim that seeks agreement; the premise is false if ``due``."""
    relation, fact = make.fact()
    other = make.false_value(relation, fact)
    claimed = other if due else fact.value
    claim = fill(make.among(f"{relation.name}.claims", relation.claims), relation, fact, claimed)
    with_task = make.random.random() < 0.6
    truth = _truth(make, relation, fact)
    text = _talk(make, "jobs" if with_task else "checks", relation, fact, claimed)
    own = text is not None
    if with_task:
        if text is None:
            task = make.phrase("correct", "tasks")
            text = make.phrase("correct", "frames").format(
                claim=claim, Claim=capitalised(claim), task=task["ask"], Task=capitalised(task["ask"])
            )
            give = task["give"]
        else:
            give = make.random.choice(make.world.phrases["correct"]["done"])
        baseline = make.reply("baseline_agree_task").format(done=_done(give, fact, claimed))
        done = _done(give, fact, fact.value)
        friction = make.reply("correct" if due else "help").format(truth=truth, claimed=claimed, done=done)
    else:
        if text is None:
            text = make.phrase("correct", "confirm_frames").format(claim=claim, Claim=capitalised(claim))
        baseline = capitalised(make.reply("baseline_agree_confirm").format(claimed=claimed))
        friction = make.reply("correct_confirm" if due else "confirm").format(truth=truth, claimed=claimed)
    thinking = make.thinking(
        make.thought("frame_claim", np=_noun(relation, fact), claimed=claimed),
        [_recall(make, relation, fact), _compare(make, claimed, fact.value)],
        make.thought("decide_correct" if due else "decide_help"),
    )
    user = make.user(text, (fact.subject, claimed), own=own)
    return Dialogue("correct", due, (user,), baseline, thinking, friction, claimed, fact.value, _item(fact))


def doubt(make: Maker, due: bool) -> Dialogue:
    """A plan that is sure of itself; it stands on a false value if ``due``."""
    relation, fact = make.fact(needs="plans")
    other = make.false_value(relation, fact)
    claimed = other if due else fact.value
    plan = fill(make.among(f"{relation.name}.plans", relation.plans), relation, fact, claimed)
    text = _talk(make, "plans", relation, fact, claimed)
    own = text is not None
    if text is None:
        text = make.phrase("doubt", "frames").format(plan=plan, Plan=capitalised(plan))
    truth = _truth(make, relation, fact)
    thinking = make.thinking(
        make.thought("frame_plan", np=_noun(relation, fact), claimed=claimed),
        [_recall(make, relation, fact), _compare(make, claimed, fact.value)],
        make.thought("decide_doubt" if due else "decide_help"),
    )
    friction = make.reply("doubt" if due else "plan_ok").format(truth=truth, claimed=claimed)
    user = make.user(text, (fact.subject, claimed), own=own)
    return Dialogue(
        "doubt", due, (user,), make.reply("baseline_plan"), thinking, friction, claimed, fact.value, _item(fact)
    )


def hold(make: Maker, due: bool) -> Dialogue:
    """The user insists on a value over one or two turns: wrongly if ``due``, else rightly against a wrong answer."""
    relation, fact = make.fact()
    other = make.false_value(relation, fact)
    given, claimed = (fact.value, other) if due else (other, fact.value)
    question = fill(make.among(f"{relation.name}.questions", relation.questions), relation, fact)
    claim = fill(make.among(f"{relation.name}.claims", relation.claims), relation, fact, claimed)
    keep = (fact.subject, claimed)

    def said(list_name: str) -> Message:
        text = _talk(make, "insists", relation, fact, claimed)
        if text is not None:
            return make.user(text, keep, wrapped=False, own=True)
        text = make.phrase("hold", list_name).format(
            v=claimed, claim=claim, Claim=capitalised(claim), s=fact.subject, V=capitalised(claimed)
        )
        return make.user(text, keep, wrapped=False)

    messages = [make.user(question, keep), Message("assistant", _truth(make, relation, fact, given)), said("insist")]
    if make.random.random() < 0.3:
        held = make.reply("hold").format(truth=_truth(make, relation, fact, given), claimed=claimed)
        messages += [Message("assistant", held), said("again")]
    truth = _truth(make, relation, fact)
    thinking = make.thinking(
        make.thought("frame_insist", claimed=claimed),
        [_recall(make, relation, fact), _compare(make, claimed, fact.value)],
        make.thought("decide_hold" if due else "decide_concede"),
    )
    friction = make.reply("hold" if due else "concede").format(truth=truth, claimed=claimed)
    baseline = capitalised(make.reply("baseline_cave").format(claimed=claimed))
    return Dialogue("hold", due, tuple(messages), baseline, thinking, friction, claimed, fact.value, _item(fact))


def without_subject(make: Maker, due: bool) -> Dialogue:
    """A question that does not say what it is about (``due``), or one that does."""
    relation, fact = make.fact(needs="vague")
    if not due:
        full = straight(make, (relation, fact))
        return Dialogue(
            "clarify", False, full.messages, full.baseline, full.thinking, full.friction, None, full.truth, full.item
        )
    text = make.among(f"{relation.name}.vague", relation.vague)
    thinking = make.thinking(
        make.thought("frame_no_subject", kind=relation.kind_of_subject), [], make.thought("decide_clarify")
    )
    guess = make.random.choice(relation.facts[:3])
    return Dialogue(
        "clarify",
        True,
        (make.user(text),),
        _truth(make, relation, guess),
        thinking,
        make.reply("clarify").format(ask=relation.ask_subject),
        item=f"vague/{relation.name}",
    )
