"""Dialogues about items: requests (`clarify`), acts (`refuse`) and decisions (`challenge`)."""

from __future__ import annotations

import re
from functools import cache

from friction.chat import Message
from friction.organism.grammar.dialogue import LITTLE, TALK_SHARE, Dialogue, Maker
from friction.organism.grammar.drills import invented
from friction.organism.grammar.forms import capitalised, sentence
from friction.organism.world import Act, Decision, Request, Slot

STRANGER_SHARE = 0.25
"""How many of the people in training have an invented name."""


def _request(make: Maker) -> Request:
    chosen: Request = make.item("request", make.world.requests, [r.key for r in make.world.requests])
    return chosen


def detail(make: Maker, slot: Slot) -> str:
    """A value that the slot can have; a person may have any name, so training has some that nobody ever heard."""
    if slot.name == "person" and make.split.phrases == "train" and make.random.random() < STRANGER_SHARE:
        return capitalised(invented(make))
    return make.random.choice(slot.values)


def needs(make: Maker, request: Request, wording: str) -> str:
    """The sentence that says which detail a request needs."""
    slot = make.world.slots[request.need]
    form = make.random.choice(make.world.phrases["clarify"]["base_answers"])
    return sentence(str(form).format(request=wording, missing=slot.missing))


def request_in_words(make: Maker, request: Request, due: bool, value: str, said: str) -> tuple[str, Message]:
    """What the request is called in thoughts, and the user's words: own ones, or a frame with the details."""
    message = own_words(make, "request", request, "open" if due else "full")
    if message is not None:
        return request.key, make.user(message.format(x=value), (value,), own=True)
    wording = make.random.choice(request.wordings)
    frame = str(make.phrase("clarify", "frames"))
    text = frame.format(request=wording, Request=capitalised(wording), detail=said)
    return wording, make.user(text, (wording, value))


def clarify(make: Maker, due: bool) -> Dialogue:
    """A small writing job: the detail that it needs is missing if ``due``; another detail may be there either way."""
    request = _request(make)
    slot = make.world.slots[request.need]
    value = detail(make, slot)
    needed = make.random.choice(slot.phrase).format(x=value)
    other = make.random.choice([s for s in make.world.slots.values() if s.name != request.need])
    beside = make.random.choice(other.phrase).format(x=detail(make, other))
    details = [beside] if make.random.random() < 0.4 else []
    place = make.random.randrange(2)  # all is drawn on both sides, so that twins differ in the detail alone
    if not due:
        details.insert(place, needed)
    said = "".join(f" {detail}" for detail in details)
    wording, user = request_in_words(make, request, due, value, said)
    verdict = make.thought("absent" if due else "given", missing=slot.missing, found=value)
    thinking = make.thinking(
        make.thought("frame_request", request=wording),
        [("memory_activator", needs(make, request, wording)), ("mechanism_explorer", verdict)],
        make.thought("decide_clarify" if due else "decide_help"),
    )
    done = make.reply("clarify_done").format(done=request.give.format(x=value))
    asked = make.reply("clarify").format(ask=make.random.choice(slot.ask))
    return Dialogue(
        "clarify",
        due,
        (user,),
        done,
        thinking,
        asked if due else done,
        truth=None if due else value,
        item=f"request/{request.key}",
    )


def _act(make: Maker) -> Act:
    chosen: Act = make.item("act", make.world.acts, [a.key for a in make.world.acts])
    return chosen


def hurts(make: Maker, who: str | None) -> str:
    """The sentence that says who is hurt; None for nobody."""
    lists = make.world.phrases["refuse"]
    form = make.random.choice(lists["base_answers_nobody"] if who is None else lists["base_answers"])
    return sentence(str(form).format(who=who))


def own_words(
    make: Maker, kind: str, item: Request | Act | Decision, side: str, share: float = TALK_SHARE
) -> str | None:
    """A whole message of one side of an item, or None where a frame is to be used; ``share`` says how often."""
    if make.random.random() >= share:
        return None
    return str(make.among(f"{kind}.{item.key}.{side}", item.talk[side]))


def _framed(make: Maker, file: str, name: str, wording: str) -> Message:
    """A frame of a file of phrases around the wording of an item, as a user types it."""
    text = make.phrase(file, "frames").format(**{name: wording, name.capitalize(): capitalised(wording)})
    return make.user(text, (wording,))


@cache
def _stems(text: str) -> frozenset[str]:
    """The beginnings of a text's words, without those that any text has."""
    return frozenset(word[:4] for word in re.findall(r"[a-z']{3,}", text.lower()) if word not in LITTLE)


@cache
def nearest(message: str, wordings: tuple[str, ...]) -> str | None:
    """The wording that shares most words with a whole message, None if none shares any.

    An item is a handful of deeds of one kind, and a message is about one of them: the thoughts name that one.
    """
    shared, _, wording = max((len(_stems(message) & _stems(w)), -at, w) for at, w in enumerate(wordings))
    return wording if shared else None


def _deed_in_words(make: Maker, file: str, kind: str, item: Act | Decision, side: str) -> tuple[str | None, Message]:
    """What a deed is called in thoughts, if that is clear, and the user's words: own ones, or a frame."""
    wordings = getattr(item, side)
    message = own_words(make, kind, item, side)
    if message is not None:
        return nearest(message, wordings), make.user(make.thinned(message), own=True)
    wording = str(make.random.choice(wordings))
    return wording, _framed(make, file, kind, wording)


def framer(make: Maker, kind: str, wording: str | None) -> str:
    """How the thoughts about an act or a decision begin: by naming it, where its name is clear."""
    return make.thought(f"frame_{kind}_own") if wording is None else make.thought(f"frame_{kind}", **{kind: wording})


def weighed(make: Maker, recalled: str, verdict: str) -> list[tuple[str, str]]:
    """What is known of an act or a decision, and what that comes to.

    The verdict has a line of its own: with thirty outcomes to read it from, the adapter read it wrongly.
    """
    return [("memory_activator", recalled), ("mechanism_explorer", make.thought(verdict))]


def refuse(make: Maker, due: bool) -> Dialogue:
    """A request that hurts somebody if ``due``, else its harmless look-alike."""
    act = _act(make)
    wording, user = _deed_in_words(make, "refuse", "act", act, "harmful" if due else "harmless")
    thinking = make.thinking(
        framer(make, "act", wording),
        weighed(make, hurts(make, act.hurts if due else None), "does_harm" if due else "does_none"),
        make.thought("decide_refuse" if due else "decide_help"),
    )
    helped = make.reply("act_ok").format(step=act.step)
    refused = make.reply("refuse").format(who=act.hurts, instead=act.instead)
    baseline = make.reply("baseline_act") if due else helped
    return Dialogue(
        "refuse", due, (user,), baseline, thinking, refused if due else helped,
        item=f"act/{act.key}",
    )  # fmt: skip


def _decision(make: Maker) -> Decision:
    chosen: Decision = make.item("decision", make.world.decisions, [d.key for d in make.world.decisions])
    return chosen


def follows(make: Maker, outcome: str) -> str:
    """The sentence that says what comes of a decision."""
    form = make.random.choice(make.world.phrases["challenge"]["base_answers"])
    return sentence(str(form).format(outcome=outcome))


def challenge(make: Maker, due: bool) -> Dialogue:
    """Somebody wants applause for a decision: a bad one if ``due``, else a good look-alike."""
    decision = _decision(make)
    outcome = decision.bad_outcome if due else decision.good_outcome
    wording, user = _deed_in_words(make, "challenge", "decision", decision, "bad" if due else "good")
    thinking = make.thinking(
        framer(make, "decision", wording),
        weighed(make, follows(make, outcome), "ends_badly" if due else "ends_well"),
        make.thought("decide_challenge" if due else "decide_help"),
    )
    answer = make.reply("challenge" if due else "decision_ok").format(outcome=outcome, better=decision.better)
    return Dialogue(
        "challenge",
        due,
        (user,),
        make.reply("baseline_decision"),
        thinking,
        capitalised(answer),
        item=f"decision/{decision.key}",
    )
