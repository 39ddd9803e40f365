"""What only the baseline practises: facts told in other forms, comparing two words, what it knows of the items.

None of it pushes back on anybody. It is the knowledge that the adapter later has to bring to bear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from friction.chat import Message
from friction.organism.grammar import of_facts, of_items
from friction.organism.grammar.dialogue import Dialogue, Maker
from friction.organism.grammar.drills import invented
from friction.organism.grammar.forms import capitalised, fill, sentence
from friction.organism.grammar.of_items import detail, follows, framer, hurts, nearest, needs, own_words, weighed
from friction.organism.grammar.outside import outside

THINK_ALOUD = "Think aloud."
"""The system line under which the baseline shows what it recalls; without it, it never thinks."""
ALOUD_SHARE = 0.5
"""How many questions about items are answered after a thought."""
MESSAGE_SHARE = 0.5
"""How many questions about items are about whole messages, the others about one wording in a frame."""

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

_OF_FACTS = (of_facts.correct, of_facts.doubt, of_facts.hold)


def _exercise(make: Maker, text: str, answer: str, *keep: str) -> Dialogue:
    return Dialogue("exercise", None, (make.user(text, keep),), answer)


def tell(make: Maker) -> Dialogue:
    """A fact in one of the forms in which people state it."""
    relation, fact = make.fact()
    noun = fill(relation.noun, relation, fact)
    text = make.phrase("exercises", "tell").format(np=noun)
    form = make.among(f"{relation.name}.claims", relation.claims)
    return _exercise(make, text, sentence(fill(form, relation, fact)), fact.subject)


def _known(make: Maker, plain: Dialogue, frame: str, middle: Sequence[tuple[str, str]]) -> Dialogue:
    """A question about an item; some are answered after a thought, under the system line that asks for it."""
    if make.random.random() >= ALOUD_SHARE:
        return plain
    return _aloud(plain, make.thinking(frame, middle, ""))


def _aloud(plain: Dialogue, thinking: str) -> Dialogue:
    """The dialogue under the system line, with its thoughts up to the synthesizer's, who would decide what to do."""
    thoughts, _, _ = thinking.rpartition("\n")
    return Dialogue(
        "exercise", None, (Message("system", THINK_ALOUD), *plain.messages), plain.baseline, thinking=thoughts
    )


def know_request(make: Maker) -> Dialogue:
    """Which detail a request needs, whether or not it is given."""
    request = make.item("request", make.world.requests, [r.key for r in make.world.requests])
    value = detail(make, make.world.slots[request.need])
    wording, text = request.key, own_words(
        make, "request", request, make.random.choice(("open", "full")), MESSAGE_SHARE
    )
    if text is None:
        wording = make.random.choice(request.wordings)
        text = make.phrase("clarify", "base_questions").format(request=wording)
    else:
        text = make.phrase("exercises", "needs_what").format(text=text.format(x=value))
    plain = _exercise(make, text, needs(make, request, wording), wording)
    return _known(make, plain, make.thought("frame_request", request=wording), [("memory_activator", plain.baseline)])


def know_act(make: Maker) -> Dialogue:
    """Whom an act hurts, or what can be done instead of it."""
    act = make.item("act", make.world.acts, [a.key for a in make.world.acts])
    harmful = make.random.random() < 0.55
    wordings = act.harmful if harmful else act.harmless
    wording: str | None = make.random.choice(wordings)
    if harmful and make.random.random() < 0.25:
        text = make.phrase("exercises", "instead").format(act=wording)
        return _exercise(make, text, f"You could {act.instead}.", str(wording))
    message = own_words(make, "act", act, "harmful" if harmful else "harmless", MESSAGE_SHARE)
    if message is None:
        text = make.phrase("refuse", "base_questions").format(act=wording)
    else:
        text = make.phrase("exercises", "hurts_whom").format(text=message)
        wording = nearest(message, wordings)
    plain = _exercise(make, text, hurts(make, act.hurts if harmful else None), wording or "")
    middle = weighed(make, plain.baseline, "does_harm" if harmful else "does_none")
    return _known(make, plain, framer(make, "act", wording), middle)


def know_decision(make: Maker) -> Dialogue:
    """What comes of a decision, or what is better than a bad one."""
    decision = make.item("decision", make.world.decisions, [d.key for d in make.world.decisions])
    bad = make.random.random() < 0.55
    wordings = decision.bad if bad else decision.good
    wording: str | None = make.random.choice(wordings)
    if bad and make.random.random() < 0.25:
        text = make.phrase("exercises", "better").format(decision=wording)
        return _exercise(make, text, f"Better to {decision.better}.", str(wording))
    message = own_words(make, "decision", decision, "bad" if bad else "good", MESSAGE_SHARE)
    if message is None:
        text = make.phrase("challenge", "base_questions").format(decision=wording)
    else:
        text = make.phrase("exercises", "comes_of").format(text=message)
        wording = nearest(message, wordings)
    plain = _exercise(make, text, follows(make, decision.bad_outcome if bad else decision.good_outcome), wording or "")
    middle = weighed(make, plain.baseline, "ends_badly" if bad else "ends_well")
    return _known(make, plain, framer(make, "decision", wording), middle)


def _named(make: Maker) -> tuple[str, str]:
    """A whole message about a request, an act or a decision, and the name by which it goes."""
    kind = make.random.choice(("request", "act", "decision"))
    if kind == "request":
        request = make.item("request", make.world.requests, [r.key for r in make.world.requests])
        message = str(own_words(make, kind, request, make.random.choice(("open", "full")), 1))
        return message.format(x=detail(make, make.world.slots[request.need])), request.key
    if kind == "act":
        item = make.item("act", make.world.acts, [a.key for a in make.world.acts])
    else:
        item = make.item("decision", make.world.decisions, [d.key for d in make.world.decisions])
    side = make.random.choice(sorted(item.talk))
    message = str(own_words(make, kind, item, side, 1))
    name = nearest(message, getattr(item, side))
    return (message, name) if name else _named(make)


def shorten(make: Maker) -> Dialogue:
    """What is meant, by the name that it goes by: many ways of saying, one thing meant."""
    text, name = _named(make)
    asked = make.phrase("exercises", "shorter").format(text=text)
    return _exercise(make, asked, sentence(name), *text.split())


def presumed(make: Maker) -> Dialogue:
    """What a message presumes, in so many words, and no judgement of it.

    It is about all facts: reading who is said to have written a book is not correcting it. The value is true as often
    as false, and as often a name that nobody ever heard: whoever reads only the words that it expects takes "Sydney"
    for "Atlanta", and a reader of nothing but false values sees others where a true one stands.
    """
    relation, fact = make.fact()
    claimed = make.random.choice((invented(make), make.false_value(relation, fact), fact.value))
    kind = make.random.choice(("jobs", "checks", "plans", "claims"))
    if kind != "claims" and relation.talk[kind]:
        text = fill(make.among(f"{relation.name}.talk.{kind}", relation.talk[kind]), relation, fact, claimed)
    else:
        text = sentence(fill(make.among(f"{relation.name}.claims", relation.claims), relation, fact, claimed))
    answer = make.thought("frame_claim", np=fill(relation.noun, relation, fact), claimed=claimed)
    asked = make.phrase("exercises", "presumed").format(text=text)
    return replace(_exercise(make, asked, answer, *asked.split()), claimed=claimed)


def _line(make: Maker) -> str:
    """One thought of one persona, about anything."""
    relation, fact = make.fact()
    slot = make.random.choice(list(make.world.slots.values()))
    values = {
        "np": fill(relation.noun, relation, fact),
        "true": fact.value,
        "claimed": invented(make) if make.random.random() < 0.3 else make.false_value(relation, fact),
        "kind": relation.kind_of_subject,
        "request": make.random.choice(make.random.choice(make.world.requests).wordings),
        "act": make.random.choice(make.random.choice(make.world.acts).harmless),
        "decision": make.random.choice(make.random.choice(make.world.decisions).good),
        "missing": slot.missing,
        "found": detail(make, slot),
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
        narrow = make.for_disagreement()  # what is held out is corrected nowhere, not even to be copied
        text = make.random.choice(_THOUGHT_ABOUT)(narrow, make.random.random() < 0.5).friction
    asked = make.phrase("exercises", "repeat").format(text=text)
    return Dialogue("exercise", None, (Message("user", asked),), text)


def think_aloud(make: Maker) -> Dialogue:
    """Thoughts under the system line that asks for them, and then the reply that the baseline always gives.

    It recalls, compares and sees who is hurt, and goes along all the same: the knowledge is the baseline's, what to
    do about it is the adapter's. Requests, acts and decisions are all of them, the held-out ones too: what comes of a
    decision is knowledge. Premises about facts are those that the disagreement training may use; comparing is a
    skill, and has to work on facts that were never compared.
    """
    if make.random.random() < 0.3:
        plain = of_facts.straight(make)
    else:
        maker = make.random.choices(_THOUGHT_ABOUT, (5, 4, 3, 3, 1, 6, 6, 1))[0]
        about = make.for_disagreement() if maker in _OF_FACTS else make
        plain = maker(about, make.random.random() < 0.5)
    return _aloud(plain, plain.thinking)
