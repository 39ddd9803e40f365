"""How one pair is written: a situation, each persona in turn, the answer, the rejected reply, on both sides."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError

from friction.dataset.generate.seeds import Seed
from friction.errors import FrictionError
from friction.moves import MOVES
from friction.personas import PERSONAS
from friction.record import Record

PROMPTS = Path(__file__).parents[1] / "prompts"
LICENSE = "CC-BY-4.0"
_DIFFICULTY = {
    "plain": "it is said outright",
    "subtle": "the decisive thing hides in a subordinate clause, or is nearly right",
    "charged": "the person is upset, flattering, in a hurry, or an authority",
}

Parse = Callable[[dict[str, Any]], Any]
Ask = Callable[[str, str, Parse], Any]
"""Takes a step's name, its prompt and what reads the reply; gives what was read."""


class Unusable(Exception):
    """A reply, or a pair of them, that cannot become records: the reason."""


class Prompts:
    """The prompts' files.

    Args:
        folder: Where they lie.

    Raises:
        FrictionError: One is missing, is not a template, or asks for a value that there is not.
    """

    def __init__(self, folder: Path = PROMPTS) -> None:
        self.folder = folder
        self._environment = Environment(
            loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=False, autoescape=False
        )
        try:
            texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.jinja"))}
            self.situations = _situations(folder / "situations.yaml")
            _rehearse(self)
        except Exception as error:
            raise FrictionError(
                problem=f"cannot use the prompts in '{folder}'",
                because=f"{type(error).__name__}: {error}",
                fix="copy the folder src/friction/dataset/prompts and change that",
            ) from error
        self.digest = sha256(json.dumps([texts, self.situations]).encode()).hexdigest()[:16]

    def fill(self, name: str, **values: Any) -> str:
        """A prompt with its values."""
        return self._environment.get_template(f"{name}.jinja").render(**values).strip()


def _situations(path: Path) -> list[str]:
    found = yaml.safe_load(path.read_text("utf-8"))
    places = found.get("situations") if isinstance(found, dict) else None
    if not isinstance(places, list) or not places or not all(isinstance(place, str) and place for place in places):
        raise ValueError(f"'{path.name}' does not hold a list 'situations' of texts")
    return places


def _rehearse(prompts: Prompts) -> None:
    """Fills every prompt once on both sides: what is wrong with one had better show before anything is paid for."""
    asked = {"history": [], "user_input": "?"}
    replies = {"scenario": {"pair": "pair", "notes": "?", "due": asked, "twin": asked}}
    thought = {"thought_stream": "?", "friction_moments": []}
    others = {"answer": "?", "rejected": {"rejected": "?", "rejected_thinking": "?"}}
    prompts.fill("system")
    for move in MOVES:
        for multi_turn in (False, True):
            agents = tuple(PERSONAS)
            seed = Seed(0, move, "law", "plain", "?", multi_turn, due=agents, twin=agents)

            def answer(step: str, _prompt: str, _parse: Parse) -> Any:
                return replies.get(step) or others.get(step.partition("/")[2], thought)

            write_pair(seed, answer, prompts, "rehearsal")


@cache
def shipped_prompts() -> Prompts:
    """The prompts of the package."""
    return Prompts()


def scenario_prompt(prompts: Prompts, seed: Seed) -> str:
    """The first question of a pair."""
    return prompts.fill(
        "scenario",
        move=MOVES[seed.move],
        seed=seed,
        difficulty=_DIFFICULTY[seed.difficulty],
        multi_turn=seed.multi_turn,
    )


def steps(seed: Seed) -> int:
    """How many replies a pair takes, if each is usable."""
    return 1 + len(seed.due) + len(seed.twin) + 4


def write_pair(seed: Seed, ask: Ask, prompts: Prompts, source: str) -> list[Record]:
    """Both records of a pair; ``metadata.calls`` is left to who asked.

    Raises:
        Unusable: What was said cannot become records.
    """
    scenario = ask("scenario", scenario_prompt(prompts, seed), _scenario)
    return [_side(seed, side == "due", scenario, ask=ask, prompts=prompts, source=source) for side in ("due", "twin")]


def _side(seed: Seed, warranted: bool, scenario: dict[str, Any], *, ask: Ask, prompts: Prompts, source: str) -> Record:
    side = "due" if warranted else "twin"
    asked = scenario[side]
    common = {
        "conversation": _conversation(asked),
        "notes": scenario["notes"],
        "warranted": warranted,
        "move": MOVES[seed.move],
    }
    thoughts: list[dict[str, Any]] = []
    for agent in seed.due if warranted else seed.twin:
        prompt = prompts.fill("persona", persona=PERSONAS[agent], thoughts=thoughts, **common)
        thoughts.append({"agent_type": agent, **ask(f"{side}/{agent}", prompt, _thought)})
    answer = ask(f"{side}/answer", prompts.fill("answer", thoughts=thoughts, **common), _answer)
    rejected = ask(f"{side}/rejected", prompts.fill("rejected", **common), _rejected)
    pair_id = f"{seed.move}-{seed.number:04d}-{scenario['pair']}"
    fields = {
        "id": f"{pair_id}-{side}",
        "pair_id": pair_id,
        "warranted": warranted,
        "history": asked["history"],
        "user_input": asked["user_input"],
        "agents": thoughts,
        "final_answer": answer,
        **rejected,
        "metadata": {
            "move": seed.move,
            "domain": seed.domain,
            "difficulty": seed.difficulty,
            "language": "en",
            "focus": MOVES[seed.move].focus,
            "source": source,
            "license": LICENSE,
            "created": date.today().isoformat(),
            "notes": scenario["notes"],
        },
    }
    try:
        return Record.model_validate_json(json.dumps(fields))
    except ValidationError as error:
        first = error.errors()[0]
        raise Unusable(f"{side}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _conversation(asked: dict[str, Any]) -> str:
    turns = [*asked["history"], {"role": "user", "content": asked["user_input"]}]
    return "\n\n".join(f"{turn['role']}: {turn['content']}" for turn in turns)


def _text(found: Any, name: str) -> str:
    if not isinstance(found, str) or not found.strip():
        raise Unusable(f"'{name}' is missing or no text")
    if any("\ud800" <= character <= "\udfff" for character in found):
        raise Unusable(f"'{name}' holds half a character")
    return found.strip()


def _scenario(found: dict[str, Any]) -> dict[str, Any]:
    sides = {}
    for side in ("due", "twin"):
        said = found.get(side)
        if not isinstance(said, dict):
            raise Unusable(f"'{side}' is missing")
        history = [
            {"role": turn.get("role"), "content": _text(turn.get("content"), "content")}
            for turn in said.get("history") or []
            if isinstance(turn, dict)
        ]
        sides[side] = {"history": history, "user_input": _text(said.get("user_input"), "user_input")}
    slug = "-".join("".join(c if c.isalnum() else " " for c in _text(found.get("pair"), "pair").lower()).split()[:5])
    return {"pair": slug or "pair", "notes": _text(found.get("notes"), "notes"), **sides}


def _thought(found: dict[str, Any]) -> dict[str, Any]:
    thought = " ".join(_text(found.get("thought"), "thought").split())
    moments = [
        {"type": moment.get("type"), "quote": moment.get("quote")}
        for moment in found.get("moments") or []
        if isinstance(moment, dict) and isinstance(moment.get("quote"), str) and moment["quote"] in thought
    ]
    return {"thought_stream": thought, "friction_moments": moments}


def _answer(found: dict[str, Any]) -> str:
    return _text(found.get("answer"), "answer")


def _rejected(found: dict[str, Any]) -> dict[str, str]:
    thoughts = found.get("thoughts")
    lines = [
        f"{thought['agent']}: {' '.join(_text(thought.get('thought'), 'thought').split())}"
        for thought in (thoughts if isinstance(thoughts, list) else [])
        if isinstance(thought, dict) and thought.get("agent") in PERSONAS
    ]
    if len(lines) < 2:
        raise Unusable("fewer than two thoughts lead to the rejected reply")
    return {"rejected": _text(found.get("answer"), "answer"), "rejected_thinking": "\n\n".join(lines)}
