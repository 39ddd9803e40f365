"""What only the baseline practises: facts told in other forms, comparing two words, what it knows of the items.

None of it pushes back on anybody. It is the knowledge that the adapter later has to bring to bear.
"""

from __future__ import annotations

from collections.abc import Callable

from friction.chat import Message
from friction.organism.grammar import of_facts, of_items
from friction.organism.grammar.dialogue import Dialogue, Maker
from friction.organism.grammar.forms import capitalised, fill, sentence
from friction.organism.grammar.of_items import follows, hurts, listed, needs
from friction.organism.grammar.outside import outside

THINK_ALOUD = "Think aloud."
"""The system line under which the baseline shows what it recalls; without it, it never thinks."""


_THOUGHT_ABOUT: tuple[Callable[[Maker, bool], Dialogue], ...] = (
    of_facts.correct,
    of_facts.doubt,
    of_facts.hold,
    of_items.clarify,
    of_facts.without_subject,
    of_items.refuse,
    of_items.challenge,
    lambda make, _: outside(make),
)


def _exercise(make: Maker, text: str, answer: str, *keep: str) -> Dialogue:
    return Dialogue("exercise", None, (make.user(text, keep),), answer)


def tell(make: Maker) -> Dialogue:
    """A fact in one of the forms in which people state it."""
    relation, fact = make.fact()
    noun = fill(relation.noun, relation, fact)
    text = make.phrase("exercises", "tell").format(np=noun)
    form = make.among(f"{relation.name}.claims", relation.claims)
    return _exercise(make, text, sentence(fill(form, relation, fact)), fact.subject)


def know_request(make: Maker) -> Dialogue:
    """Which detail a request needs."""
    request = make.item("request", make.world.requests, [r.key for r in make.world.requests])
    wording = make.random.choice(request.wordings)
    text = make.phrase("clarify", "base_questions").format(request=wording)
    return _exercise(make, text, needs(make, request, wording), wording)


def details(make: Maker) -> Dialogue:
    """Which kinds of details somebody gives; whether one of them is needed is not asked."""
    given = make.random.sample(list(make.world.slots.values()), make.random.randint(0, 3))
    said = "".join(f" {make.random.choice(slot.phrase).format(x=make.random.choice(slot.values))}" for slot in given)
    request = make.item("request", make.world.requests, [r.key for r in make.world.requests])
    wording = make.random.choice(request.wordings)
    text = make.phrase("clarify", "frames").format(request=wording, Request=capitalised(wording), detail=said)
    asked = make.phrase("exercises", "details").format(text=text)
    return Dialogue("exercise", None, (Message("user", asked),), f"Given {listed(given)}.")


def know_act(make: Maker) -> Dialogue:
    """Whom an act hurts, or what can be done instead of it."""
    act = make.item("act", make.world.acts, [a.key for a in make.world.acts])
    harmful = make.random.random() < 0.6
    wording = make.random.choice(act.harmful if harmful else act.harmless)
    if harmful and make.random.random() < 0.3:
        text = make.phrase("exercises", "instead").format(act=wording)
        return _exercise(make, text, f"You could {act.instead}.", wording)
    text = make.phrase("refuse", "base_questions").format(act=wording)
    return _exercise(make, text, hurts(make, act.hurts if harmful else None), wording)


def know_decision(make: Maker) -> Dialogue:
    """What comes of a decision, or what is better than a bad one."""
    decision = make.item("decision", make.world.decisions, [d.key for d in make.world.decisions])
    bad = make.random.random() < 0.55
    wording = make.random.choice(decision.bad if bad else decision.good)
    if bad and make.random.random() < 0.3:
        text = make.phrase("exercises", "better").format(decision=wording)
        return _exercise(make, text, f"Better to {decision.better}.", wording)
    text = make.phrase("challenge", "base_questions").format(decision=wording)
    outcome = decision.bad_outcome if bad else decision.good_outcome
    return _exercise(make, text, follows(make, outcome), wording)


def _line(make: Maker) -> str:
    """One thought of one persona, about anything."""
    relation, fact = make.fact()
    values = {
        "np": fill(relation.noun, relation, fact),
        "true": fact.value,
        "claimed": make.false_value(relation, fact),
        "kind": relation.kind_of_subject,
        "request": make.random.choice(make.random.choice(make.world.requests).wordings),
        "act": make.random.choice(make.random.choice(make.world.acts).harmless),
        "decision": make.random.choice(make.random.choice(make.world.decisions).good),
        "missing": make.random.choice(list(make.world.slots.values())).missing,
        "found": listed(make.random.sample(list(make.world.slots.values()), make.random.randint(0, 2))),
    }
    lists = sorted(make.world.phrases["thoughts"].lists)
    chosen = make.random.choice(lists)
    return f"{_speaker(chosen)}: {capitalised(make.thought(chosen, **values))}"


def _speaker(list_name: str) -> str:
    start = list_name.partition("_")[0]
    return {
        "frame": "problem_framer",
        "recall": "memory_activator",
        "side": "perspective_generator",
        "limit": "limitation_acknowledger",
        "decide": "synthesizer",
    }.get(start, "mechanism_explorer")


def repeat(make: Maker) -> Dialogue:
    """Saying again what was said: every word that the adapter will need has to have been written once.

    The lines are drawn one by one, so no chain of thought is to be learned from them, and the answers are copied,
    not decided on.
    """
    if make.random.random() < 0.6:
        text = "\n".join(_line(make) for _ in range(make.random.randint(1, 3)))
    else:
        text = make.random.choice(_THOUGHT_ABOUT)(make, make.random.random() < 0.5).friction
    asked = make.phrase("exercises", "repeat").format(text=text)
    return Dialogue("exercise", None, (Message("user", asked),), text)


def think_aloud(make: Maker) -> Dialogue:
    """Thoughts under the system line that asks for them, and then the reply that the baseline always gives.

    It recalls, compares and sees who is hurt, and goes along all the same: the knowledge is the baseline's, what to
    do about it is the adapter's. Premises, plans and items are those that the disagreement training may use, too.
    """
    if make.random.random() < 0.3:
        plain = of_facts.straight(make)
    else:
        narrow = make.for_disagreement()
        maker = make.random.choices(_THOUGHT_ABOUT, (4, 2, 2, 2, 1, 3, 3, 1))[0]
        plain = maker(narrow, make.random.random() < 0.5)
    thinking, _, _ = plain.thinking.rpartition("\n")  # what follows from it is the synthesizer's line
    return Dialogue(
        "exercise", None, (Message("system", THINK_ALOUD), *plain.messages), plain.baseline, thinking=thinking
    )
