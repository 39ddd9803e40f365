"""The organism's world as data: facts, items and phrases in YAML, and the loader that gives them types."""

from friction.organism.world.load import Act, Decision, Fact, Phrases, Relation, Request, Slot, World, load_world
from friction.organism.world.split import Split

__all__ = ["Act", "Decision", "Fact", "Phrases", "Relation", "Request", "Slot", "Split", "World", "load_world"]
