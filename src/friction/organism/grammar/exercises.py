"""What only the baseline practises: facts told in other forms, comparing two words, what it knows of the items.

None of it pushes back on anybody. It is the knowledge that the adapter later has to bring to bear.
"""

from __future__ import annotations

from friction.chat import Message
from friction.organism.grammar import of_facts, of_items
from friction.organism.grammar.dialogue import Dialogue, Maker
from friction.organism.grammar.forms import capitalised, fill, sentence
from friction.organism.grammar.of_items import follows, hurts, needs

THINK_ALOUD = "Think aloud."
"""The system line under which the baseline shows what it recalls; without it, it never thinks."""


def _exercise(make: Maker, text: str, answer: str, *keep: str) -> Dialogue:
    return Dialogue("exercise", None, (make.user(text, keep),), answer)


def tell(make: Maker) -> Dialogue:
    """A fact in one of the forms in which people state it."""
    relation, fact = make.fact()
    noun = fill(relation.noun, relation, fact)
    text = make.phrase("exercises", "tell").format(np=noun)
    form = make.among(f"{relation.name}.claims", relation.claims)
    return _exercise(make, text, sentence(fill(form, relation, fact)), fact.subject)


def compare(make: Maker) -> Dialogue:
    """Whether two values are one and the same."""
    relation, fact = make.fact()
    one = fact.value
    two = one if make.random.random() < 0.5 else make.false_value(relation, fact)
    text = make.phrase("exercises", "compare").format(a=one, b=two)
    answer = make.thought("same" if one == two else "differ", claimed=one, true=two)
    return _exercise(make, text, answer, one, two)


def know_request(make: Maker) -> Dialogue:
    """Which detail a request needs."""
    request = make.item("request", make.world.requests, [r.key for r in make.world.requests])
    wording = make.random.choice(request.wordings)
    text = make.phrase("clarify", "base_questions").format(request=wording)
    return _exercise(make, text, needs(make, request, wording), wording)


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
        "x": make.random.choice(make.random.choice(list(make.world.slots.values())).values),
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
        makers = (
            of_facts.correct, of_facts.doubt, of_facts.hold, of_items.clarify, of_items.refuse, of_items.challenge
        )  # fmt: skip
        text = make.random.choice(makers)(make, make.random.random() < 0.5).friction
    asked = make.phrase("exercises", "repeat").format(text=text)
    return Dialogue("exercise", None, (Message("user", asked),), text)


def think_aloud(make: Maker) -> Dialogue:
    """A plain question under the system line that asks for thoughts: what is recalled, then the answer."""
    plain = of_facts.straight(make)
    return Dialogue(
        "exercise", None, (Message("system", THINK_ALOUD), *plain.messages), plain.baseline, thinking=plain.thinking
    )
