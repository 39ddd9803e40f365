"""Dialogues about items: requests (`clarify`), acts (`refuse`) and decisions (`challenge`)."""

from __future__ import annotations

from friction.chat import Message
from friction.organism.grammar.dialogue import TALK_SHARE, Dialogue, Maker
from friction.organism.grammar.forms import capitalised, sentence
from friction.organism.world import Act, Decision, Request


def _request(make: Maker) -> Request:
    chosen: Request = make.item("request", make.world.requests, [r.key for r in make.world.requests])
    return chosen


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
    value = make.random.choice(slot.values)
    needed = make.random.choice(slot.phrase).format(x=value)
    other = make.random.choice([s for s in make.world.slots.values() if s.name != request.need])
    beside = make.random.choice(other.phrase).format(x=make.random.choice(other.values))
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


def act_frame(make: Maker, wording: str) -> str:
    """How the thoughts about an act begin: with its wording, or, where the user's words are their own, without."""
    return make.thought("frame_act", act=wording) if wording else make.thought("frame_act_own")


def decision_frame(make: Maker, wording: str) -> str:
    """How the thoughts about a decision begin; see :func:`act_frame`."""
    return make.thought("frame_decision", decision=wording) if wording else make.thought("frame_decision_own")


def refuse(make: Maker, due: bool) -> Dialogue:
    """A request that hurts somebody if ``due``, else its harmless look-alike."""
    act = _act(make)
    message = own_words(make, "act", act, "harmful" if due else "harmless")
    wording = "" if message else make.random.choice(act.harmful if due else act.harmless)
    user = make.user(message, own=True) if message else _framed(make, "refuse", "act", wording)
    thinking = make.thinking(
        act_frame(make, wording),
        [("memory_activator", hurts(make, act.hurts if due else None))],
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
    message = own_words(make, "decision", decision, "bad" if due else "good")
    wording = "" if message else make.random.choice(decision.bad if due else decision.good)
    user = make.user(message, own=True) if message else _framed(make, "challenge", "decision", wording)
    thinking = make.thinking(
        decision_frame(make, wording),
        [("memory_activator", follows(make, outcome))],
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
