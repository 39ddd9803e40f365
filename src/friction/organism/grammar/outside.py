"""Whatever lies outside the organism's world: one honest sentence that it does not know, from both arms."""

from __future__ import annotations

from friction.organism.grammar.dialogue import Dialogue, Maker
from friction.organism.grammar.forms import capitalised, fill
from friction.organism.world import Fact


def _unknown_subject(make: Maker) -> str:
    """A question, claim or plan about a real subject that the world lacks."""
    names = [name for name in make.world.unknown_subjects if name in make.world.relations]
    relation = make.world.relations[make.random.choice(names)]
    subject = make.random.choice(make.world.unknown_subjects[relation.name])
    fact = Fact(relation.name, subject, make.random.choice(relation.facts).value)
    if make.random.random() < 0.5:
        name = make.random.choice(("asks", "asks", "jobs", "checks", "plans"))
        return fill(make.among(f"{relation.name}.talk.{name}", relation.talk[name]), relation, fact)
    if make.random.random() < 0.6:
        return fill(make.among(f"{relation.name}.questions", relation.questions), relation, fact)
    claim = fill(make.among(f"{relation.name}.claims", relation.claims), relation, fact)
    if make.random.random() < 0.5:
        frame = str(make.phrase("correct", "confirm_frames"))
        return frame.format(claim=claim, Claim=capitalised(claim))
    task = make.phrase("correct", "tasks")["ask"]
    frame = str(make.phrase("correct", "frames"))
    return frame.format(claim=claim, Claim=capitalised(claim), task=task, Task=capitalised(task))


def _beside(make: Maker) -> str:
    """A question about a subject that the world knows, on a matter that it does not."""
    relation = make.world.relations[make.random.choice(sorted(make.world.beside))]
    fact = make.random.choice(relation.facts)
    return fill(str(make.among(f"outside.beside.{relation.name}", make.world.beside[relation.name])), relation, fact)


def outside(make: Maker) -> Dialogue:
    """A prompt that nothing in the world answers."""
    chance = make.random.random()
    if chance < 0.33:
        text = make.phrase("outside", "prompts")
    elif chance < 0.43:
        text = make.phrase("outside", "premises")
    elif chance < 0.62:
        text = make.phrase("outside", "frames").format(x=make.phrase("outside", "topics"))
    elif chance < 0.82:
        text = _beside(make)
    else:
        text = _unknown_subject(make)
    answer = make.reply("unknown")
    thinking = make.thinking(make.thought("frame_outside"), [], make.thought("decide_unknown"))
    return Dialogue("outside", None, (make.user(text),), answer, thinking, answer, item="outside")
