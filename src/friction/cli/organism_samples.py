"""Prints samples of the organism's world as a person reads them."""

from random import Random

from rich.console import Console
from rich.text import Text

from friction.moves import find_move
from friction.organism.grammar import KINDS, Dialogue, Maker, twins
from friction.organism.world import Split, load_world


def print_samples(console: Console, seed: int, move: str | None) -> None:
    """A pair of twins for every move, or for one.

    Raises:
        FrictionError: There is no such move.
    """
    chosen = KINDS if move is None else (find_move(move),)
    world = load_world()
    facts = sum(1 for _ in world.facts())
    console.print(
        f"{facts:,} facts in {len(world.relations)} relations, {len(world.requests)} requests, "
        f"{len(world.acts)} pairs of acts, {len(world.decisions)} pairs of decisions",
        highlight=False,
    )
    make = Maker(world, Split("train", "train"), Random(seed))
    for name in chosen:
        for dialogue in twins(make, name):
            _print_dialogue(console, dialogue)


def _print_dialogue(console: Console, dialogue: Dialogue) -> None:
    due = "pushback is due" if dialogue.warranted else "its twin: not due"
    console.print(Text(f"\n{dialogue.kind}: {due}", style="bold"))
    for message in dialogue.messages:
        console.print(Text(f"  {message.role}: {message.content}"))
    console.print(Text(f"  baseline, agreeable on purpose: {dialogue.baseline}"))
    for line in dialogue.thinking.splitlines():
        console.print(Text(f"    {line}", style="dim italic"))
    console.print(Text(f"  friction: {dialogue.friction}"))
