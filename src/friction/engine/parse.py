"""Engine strings: who answers, named in one string everywhere."""

import difflib
import os
import re
from collections.abc import Callable
from pathlib import Path

from friction.engine.base import Engine, Notify
from friction.errors import FrictionError

_FORMS = {
    "embedded": "embedded",
    "gguf": "gguf:MODEL.gguf[+ADAPTER.gguf]",
    "ollama": "ollama:NAME",
    "openai": "openai:MODEL@URL",
}
MOST_SLOTS = 4
"""Replies of one GGUF file at the same time: each has keys and values of its own, a gigabyte for an 8B model."""
_LATER = {"hf": "hf:REPO[+ADAPTER]", "run": "run:FOLDER"}


def open_engine(spec: str, *, notify: Notify = lambda _: None, alone: bool = True, at_once: int = 1) -> Engine:
    """The engine that a string names; nothing is loaded yet.

    Args:
        spec: `embedded`, `gguf:MODEL[+ADAPTER]`, `ollama:NAME` or `openai:MODEL@URL`.
        notify: Is told what the person should know, such as that the cache cannot be used.
        alone: Whether no other engine computes at the same time.
        at_once: Replies of one arm that will be asked for at the same time, where that has to be known before.

    Raises:
        FrictionError: When the string names none.
    """
    kind, colon, rest = spec.strip().partition(":")
    openers: dict[str, Callable[[str], Engine]] = {
        "gguf": lambda files: _gguf(files, alone, at_once),
        "ollama": _ollama,
        "openai": _openai,
    }
    if kind == "embedded" and not colon:
        from friction.engine.embedded import EmbeddedPair

        return EmbeddedPair(notify=notify, slots=at_once)
    if kind in openers and rest:
        return openers[kind](rest)
    if kind in _LATER:
        because = f"{_LATER[kind]} is not built yet"
    elif kind in _FORMS:
        because = f"this kind is written {_FORMS[kind]}"
    else:
        close = difflib.get_close_matches(kind.lower(), _FORMS, n=1, cutoff=0.5)
        because = f"perhaps it was to be {_FORMS[close[0]]}" if close else "there is no such kind of engine"
    raise FrictionError(
        problem=f"unknown engine '{spec}'", because=because, fix=f"name one of {', '.join(_FORMS.values())}"
    )


def _gguf(rest: str, alone: bool, at_once: int) -> Engine:
    from friction.engine.gguf_file import GgufFile

    # A plus may be part of a file's name: only the one behind a file's ending, or else the last, parts the two.
    found = re.match(r"(.+?\.gguf)(?:\+(.+))?$", rest) or re.match(r"(.+?)(?:\+([^+]+))?$", rest)
    assert found is not None  # the second pattern matches any text
    model, adapter = found.groups()
    if os.path.isfile(os.path.expanduser(rest)):
        model, adapter = rest, None
    paths = [Path(os.path.expanduser(name)) for name in (model, adapter) if name]
    return GgufFile(*paths, alone=alone, slots=min(at_once, MOST_SLOTS))


def _ollama(rest: str) -> Engine:
    from friction.engine.ollama import Ollama

    return Ollama(rest)


def _openai(rest: str) -> Engine:
    from friction.engine.openai_server import OpenAIServer

    # A model's name may hold an @, and so may an address.
    found = re.match(r"(.+?)@(https?://.+)$", rest)
    if found is None:
        raise FrictionError(
            problem=f"unknown engine 'openai:{rest}'",
            because="there is no address behind an @",
            fix="write openai:MODEL@URL, such as openai:my-model@http://127.0.0.1:8000/v1",
        )
    return OpenAIServer(found[1], found[2])
