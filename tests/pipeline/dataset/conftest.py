"""A server on this machine that writes records, and misbehaves in every way that servers do."""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from random import Random
from typing import Any

import pytest

from tests.loopback import Loopback

FAULTS = (
    "busy",
    "busy, says when",
    "broken",
    "silent",
    "reset",
    "cut off",
    "no JSON",
    "half JSON",
    "empty",
    "too short",
)
_LETTERS = Random("vocabulary")
VOCABULARY = ["".join(_LETTERS.choices("abcdefghijklmnoprstuvw", k=_LETTERS.randint(3, 9))) for _ in range(3000)]


def written(prompt: str, seed: int) -> dict[str, Any]:
    """What a good model answers to a prompt of ours."""
    random = Random(f"{prompt}/{seed}")

    def prose(count: int) -> str:
        return " ".join(random.choices(VOCABULARY, k=count)).capitalize() + "."

    if prompt.startswith("Invent one situation"):
        text, history = prose(30), []
        if "several turns" in prompt:
            history = [{"role": "user", "content": prose(12)}, {"role": "assistant", "content": prose(12)}]
        sides = {
            side: {"history": history, "user_input": f"{text} {word}?"}
            for side, word in (("due", "six"), ("twin", "eight"))
        }
        return {"pair": prose(3), "notes": "It turns on a number.", **sides}
    if "You are " in prompt and "Your job" in prompt:
        thought = prose(30)
        moments = [
            {"type": kind, "quote": thought[at : at + 25]} for at, kind in ((2, "objection"), (40, "concession"))
        ]
        return {"thought": thought, "moments": moments}
    if "the reply that the dataset rejects" in prompt:
        thoughts = [{"agent": agent, "thought": prose(20)} for agent in ("problem_framer", "synthesizer")]
        return {"thoughts": thoughts, "answer": prose(40)}
    assert "Write the answer that the person reads" in prompt
    return {"answer": prose(50)}


class Author(Loopback):
    """The server.

    Attributes:
        url: Its address.
        served: How often it did what.
        faults: Which faults it has.
        share: How many requests meet one.
    """

    def __init__(self, faults: tuple[str, ...] = (), share: float = 0.4) -> None:
        self.served: Counter[str] = Counter()
        self.faults, self.share = faults, share
        self._random = Random(5)
        self._lock = threading.Lock()
        self.given_up = threading.Event()
        super().__init__()
        self.url += "/v1"

    def answer(self, handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        """Does what it does with a request."""
        with self._lock:
            fault = ""
            if self.faults and self._random.random() < self.share:
                fault = self._random.choice(self.faults)
            self.served[fault or "good"] += 1
        if fault in ("busy", "busy, says when", "broken"):
            handler.send_response(500 if fault == "broken" else 429)
            if fault == "busy, says when":
                handler.send_header("Retry-After", "0.05")
            body = json.dumps({"error": {"message": f"THE SERVER IS {fault.upper()}"}}).encode()
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
            return
        if fault == "silent":
            self.given_up.wait(5)
            return
        text = json.dumps(written(request["messages"][-1]["content"], request["seed"]))
        if fault == "no JSON":
            text = "I am afraid I cannot write that as an object."
        elif fault == "half JSON":
            text = text[: len(text) // 2]
        elif fault == "empty":
            text = ""
        elif fault == "too short":
            text = re.sub(r'"answer": "[^"]*"', '"answer": "No."', text)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        middle = len(text) // 2
        for piece in (text[:middle], text[middle:]):
            if fault == "reset" and piece == text[middle:]:
                handler.connection.close()
                return
            handler.wfile.write(_event({"content": piece}, None))
            handler.wfile.flush()
        handler.wfile.write(_event({}, "length" if fault == "cut off" else "stop") + b"data: [DONE]\n\n")
        handler.wfile.flush()

    def close(self) -> None:
        """Stops it."""
        self.given_up.set()
        time.sleep(0.02)
        super().close()


def _event(delta: dict[str, Any], finish: str | None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


@pytest.fixture(name="author")
def author_fixture() -> Iterator[Callable[..., Author]]:
    """Starts servers, and stops them after the test."""
    running: list[Author] = []

    def start(*faults: str, share: float = 0.4) -> Author:
        running.append(Author(faults, share))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture(name="all_faults")
def all_faults_fixture() -> tuple[str, ...]:
    """Every fault that the server knows."""
    return FAULTS
