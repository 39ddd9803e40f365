"""Records of the older shape (`question`, `agent_responses`, `final_answer`) as drafts of ours.

Nothing is invented: what an old record does not say stays empty in the draft and is reported, so that
`friction data validate` passes only when a person has filled it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from friction.errors import FrictionError
from friction.jsonl import no_records, strict_json
from friction.moves import MOVES, MoveName, find_move
from friction.personas import AgentType, MomentType
from friction.record import Difficulty

_AGENT_KEYS = ("agent_type", "agent", "name", "role")
_THOUGHT_KEYS = ("thought_stream", "response", "thought", "content", "text")
_AGENTS: tuple[str, ...] = get_args(AgentType)
_MOMENTS: tuple[str, ...] = get_args(MomentType)


@dataclass(frozen=True)
class Draft:
    """One converted record.

    Attributes:
        fields: The record in our shape; empty where nothing was known.
        lacking: Fields that a person still has to fill in.
        dropped: What the old record held that has no place here, or could not be read.
    """

    fields: dict[str, Any]
    lacking: tuple[str, ...]
    dropped: tuple[str, ...]


def read_older(path: Path, *, move: MoveName, source: str, created: str) -> list[Draft]:
    """Converts a JSONL, or a JSON list, of old records.

    Args:
        path: The file.
        move: The move of those that do not name one.
        source: Where they come from, for `metadata.source`.
        created: The day of the import, as ISO date.

    Raises:
        FrictionError: The file cannot be read, or a record in it is not of the older shape.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FrictionError(
            problem=f"cannot read '{path}'",
            because=getattr(error, "strerror", None) or "it is not UTF-8",
            fix="check the path, and that it is a text file",
        ) from error
    drafts: list[Draft] = []
    names: set[str] = set()
    for number, old in enumerate(_objects(path, text), 1):
        if not isinstance(old, dict) or not isinstance(old.get("question"), str) or "agent_responses" not in old:
            raise FrictionError(
                problem=f"record {number} of '{path}' is not of the older shape",
                because="it has no 'question' with 'agent_responses'",
                fix="name a file of such records; ours need no import: friction data validate FILE",
            )
        name = str(old.get("id") or f"{path.stem}-{number:04d}")
        if name in names:
            raise FrictionError(
                problem=f"two records of '{path}' have the id '{name}'",
                because=f"record {number} is the second",
                fix="rename one of them",
            )
        names.add(name)
        drafts.append(_draft(old, name, move, source, created))
    if not drafts:
        raise no_records(path)
    return drafts


def _objects(path: Path, text: str) -> list[Any]:
    lines = text.split("\n")  # and at nothing else: other line ends may stand inside a string
    if text.lstrip().startswith("[") or lines[0].strip() == "{":
        try:
            found = strict_json(text)
        except ValueError as error:
            raise _not_json(path, None, error) from error
        return found if isinstance(found, list) else [found]
    objects = []
    for line, content in enumerate(lines, 1):
        if content.strip():
            try:
                objects.append(strict_json(content))
            except ValueError as error:
                raise _not_json(path, line, error) from error
    return objects


def _not_json(path: Path, line: int | None, error: ValueError) -> FrictionError:
    place = f"line {line} of '{path}'" if line else f"'{path}'"
    return FrictionError(problem=f"{place} is not JSON", because=str(error), fix="mend it, or remove the line")


def _draft(old: Mapping[str, Any], name: str, move: MoveName, source: str, created: str) -> Draft:
    dropped: list[str] = []
    found = old.get("metadata")
    meta: dict[str, Any] = found if isinstance(found, dict) else {}
    texts = {}
    for key in ("final_answer", "rejected", "rejected_thinking"):
        texts[key] = old[key].strip() if isinstance(old.get(key), str) else ""
        if old.get(key) is not None and not isinstance(old[key], str):
            dropped.append(f"field '{key}', which is no text")
    if found is not None and not isinstance(found, dict):
        dropped.append("field 'metadata', which is no object")
    if not isinstance(old["agent_responses"], (dict, list)):
        dropped.append("field 'agent_responses', which holds no thoughts")
    named = meta.get("move")
    chosen = find_move(named) if isinstance(named, str) and named in MOVES else move
    if named is not None and named != chosen:
        dropped.append(f"the move {named!r}, which is none of ours: '{chosen}' stands there")
    difficulty = meta.get("difficulty") if meta.get("difficulty") in get_args(Difficulty) else ""
    if meta.get("difficulty") not in (None, difficulty):
        dropped.append(f"the difficulty {meta['difficulty']!r}, which is none of ours")
    warranted = old.get("warranted")
    dropped += [
        f"metadata '{key}'" for key in meta if key not in ("move", "domain", "difficulty", "language", "license")
    ]
    agents = _agents(old["agent_responses"], dropped)
    fields = {
        "id": name,
        "pair_id": str(old.get("pair_id") or name),
        "warranted": warranted if isinstance(warranted, bool) else True,
        "history": [],
        "user_input": old["question"].strip(),
        "agents": agents,
        **texts,
        "metadata": {
            "move": chosen,
            "domain": str(meta.get("domain") or ""),
            "difficulty": difficulty,
            "language": str(meta.get("language") or "en"),
            "focus": MOVES[chosen].focus,
            "source": source,
            "license": str(meta.get("license") or ""),
            "created": created,
            "notes": "",
        },
    }
    used = {
        "id",
        "pair_id",
        "warranted",
        "question",
        "agent_responses",
        "final_answer",
        "rejected",
        "rejected_thinking",
        "metadata",
    }
    dropped += [f"field '{key}'" for key in old if key not in used]
    assumed = [] if isinstance(warranted, bool) else ["warranted (true stands there)"]
    assumed += [] if meta.get("language") else ["metadata.language (en stands there)"]
    return Draft(fields, (*assumed, *_lacking(fields)), tuple(dropped))


def _lacking(fields: Mapping[str, Any]) -> list[str]:
    found = [key for key in ("user_input", "final_answer", "rejected", "rejected_thinking") if not fields[key]]
    found += [f"metadata.{key}" for key in ("domain", "difficulty", "license") if not fields["metadata"][key]]
    if len(fields["agents"]) < 3:
        found.append("agents (fewer than three)")
    if not any(agent["friction_moments"] for agent in fields["agents"]):
        found.append("friction_moments")
    return [*found, "its twin"]


def _agents(responses: Any, dropped: list[str]) -> list[dict[str, Any]]:
    """The thoughts of the personas that we know, in their order; each once."""
    if isinstance(responses, dict):
        responses = [
            {"agent_type": agent, **(said if isinstance(said, dict) else {"thought_stream": said})}
            for agent, said in responses.items()
        ]
    agents: dict[str, dict[str, Any]] = {}
    for response in responses if isinstance(responses, list) else []:
        said = response if isinstance(response, dict) else {}
        agent = next((str(said[key]) for key in _AGENT_KEYS if said.get(key)), "")
        thought = next((str(said[key]).strip() for key in _THOUGHT_KEYS if said.get(key)), "")
        known = agent.lower().replace(" ", "_").replace("-", "_")
        if known not in _AGENTS or not thought or known in agents:
            dropped.append(f"a thought of '{agent or 'nobody'}'")
            continue
        old = said.get("friction_moments") or []
        old = old if isinstance(old, list) else [old]
        moments = [moment for moment in (_moment(found, thought) for found in old) if moment]
        if len(moments) < len(old):
            dropped.append(f"friction moments of '{known}' that are not quoted from the thought")
        agents[known] = {"agent_type": known, "thought_stream": thought, "friction_moments": moments}
    return [agents[name] for name in _AGENTS if name in agents]


def _moment(found: Any, thought: str) -> dict[str, str] | None:
    """A moment with its type, if it is quoted verbatim; what names no type counts as a hesitation."""
    said = {"quote": found} if isinstance(found, str) else found if isinstance(found, dict) else {}
    quote, kind = str(said.get("quote") or said.get("text") or ""), str(said.get("type") or "hesitation")
    if not quote or quote not in thought or kind not in _MOMENTS:
        return None
    return {"type": kind, "quote": quote}
