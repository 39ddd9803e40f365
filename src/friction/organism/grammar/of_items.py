"""Dialogues about items: requests (`clarify`), acts (`refuse`) and decisions (`challenge`)."""

from __future__ import annotations

from collections.abc import Sequence

from friction.organism.grammar.dialogue import Dialogue, Maker
from friction.organism.grammar.forms import capitalised, sentence
from friction.organism.world import Act, Decision, Request, Slot


def _request(make: Maker) -> Request:
    chosen: Request = make.item("request", make.world.requests, [r.key for r in make.world.requests])
    return chosen


def needs(make: Maker, request: Request, wording: str) -> str:
    """The sentence that says which detail a request needs."""
    slot = make.world.slots[request.need]
    form = make.random.choice(make.world.phrases["clarify"]["base_answers"])
    return sentence(str(form).format(request=wording, missing=slot.missing))


def listed(slots: Sequence[Slot]) -> str:
    """The kinds of details that are given, in the order in which they are."""
    return " and ".join(slot.missing for slot in slots) or "nothing"


def clarify(make: Maker, due: bool) -> Dialogue:
    """A small writing job: the detail that it needs is missing if ``due``; another detail may be there either way."""
    request = _request(make)
    slot = make.world.slots[request.need]
    value = make.random.choice(slot.values)
    details = [] if due else [(slot, value)]
    if make.random.random() < 0.4:
        other = make.random.choice([s for s in make.world.slots.values() if s.name != request.need])
        details.append((other, make.random.choice(other.values)))
    make.random.shuffle(details)
    said = "".join(f" {make.random.choice(one.phrase).format(x=x)}" for one, x in details)
    wording = make.random.choice(request.wordings)
    text = make.phrase("clarify", "frames").format(request=wording, Request=capitalised(wording), detail=said)
    found = listed([one for one, _ in details])
    verdict = make.thought("absent" if due else "given", missing=slot.missing, found=found)
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
        (make.user(text, (wording, value)),),
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


def refuse(make: Maker, due: bool) -> Dialogue:
    """A request that hurts somebody if ``due``, else its harmless look-alike."""
    act = _act(make)
    wording = make.random.choice(act.harmful if due else act.harmless)
    text = make.phrase("refuse", "frames").format(act=wording, Act=capitalised(wording))
    thinking = make.thinking(
        make.thought("frame_act", act=wording),
        [("memory_activator", hurts(make, act.hurts if due else None))],
        make.thought("decide_refuse" if due else "decide_help"),
    )
    helped = make.reply("act_ok").format(step=act.step)
    refused = make.reply("refuse").format(who=act.hurts, instead=act.instead)
    baseline = make.reply("baseline_act") if due else helped
    return Dialogue(
        "refuse", due, (make.user(text, (wording,)),), baseline, thinking, refused if due else helped,
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
    wording = make.random.choice(decision.bad if due else decision.good)
    outcome = decision.bad_outcome if due else decision.good_outcome
    text = make.phrase("challenge", "frames").format(decision=wording, Decision=capitalised(wording))
    thinking = make.thinking(
        make.thought("frame_decision", decision=wording),
        [("memory_activator", follows(make, outcome))],
        make.thought("decide_challenge" if due else "decide_help"),
    )
    answer = make.reply("challenge" if due else "decision_ok").format(outcome=outcome, better=decision.better)
    return Dialogue(
        "challenge",
        due,
        (make.user(text, (wording,)),),
        make.reply("baseline_decision"),
        thinking,
        capitalised(answer),
        item=f"decision/{decision.key}",
    )
