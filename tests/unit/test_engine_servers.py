"""Servers that behave, and servers that do not."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from friction.chat import Message
from friction.engine.base import Engine, Sampling, complete
from friction.engine.ollama import CONTEXT, Ollama
from friction.engine.openai_server import OpenAIServer
from friction.errors import FrictionError
from tests.loopback import Loopback

QUESTION = [Message("user", "Well?")]
GIVEN_UP = threading.Event()
"""Set when no test waits for a silent server any more."""

Behave = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


class Scripted(Loopback):
    """A server that does what a test tells it to, and keeps what it was asked."""

    def __init__(self, behave: Behave) -> None:
        self.requests: list[dict[str, Any]] = []
        self._behave = behave
        super().__init__()

    def answer(self, handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        """Keeps the request and behaves."""
        self.requests.append({"path": handler.path, **request})
        self._behave(handler, request)


@pytest.fixture(name="serve")
def _serve() -> Iterator[Callable[[Behave], Scripted]]:
    running: list[Scripted] = []

    GIVEN_UP.clear()

    def start(behave: Behave) -> Scripted:
        running.append(Scripted(behave))
        return running[-1]

    yield start
    GIVEN_UP.set()
    for server in running:
        server.close()


Opener = Callable[[str], Engine]


@pytest.fixture(name="open_at", params=["openai", "ollama"])
def _open_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens an engine of each protocol at an address."""
    opened: list[Engine] = []

    def open_at(url: str) -> Engine:
        if request.param == "openai":
            opened.append(OpenAIServer("m", f"{url}/v1", silence=0.5))
        else:
            monkeypatch.setenv("OLLAMA_HOST", url)
            opened.append(Ollama("m", silence=0.5))
        return opened[-1]

    yield open_at
    for engine in opened:
        engine.close()


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, kind: str = "text/event-stream") -> None:
    """A response; a stream ends when the connection does."""
    handler.send_response(status)
    if status != 200:
        handler.send_header("Content-Length", str(len(body)))
        kind = "application/json" if body.startswith(b"{") else "text/plain"
    handler.send_header("Content-Type", kind)
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()


def events(*chunks: object) -> bytes:
    """Server-sent events."""
    return b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks)


def lines(*chunks: object) -> bytes:
    """JSON lines."""
    return b"".join(json.dumps(chunk).encode() + b"\n" for chunk in chunks)


def said(text: str, finish: str | None = None) -> dict[str, Any]:
    """A chunk of OpenAI's."""
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"} | {
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]
    }


def half(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """The beginning of a reply in the protocol that was asked for."""
    openai = handler.path.startswith("/v1")
    send(handler, events(said("Hal")) if openai else lines({"message": {"content": "Hal"}, "done": False}))


def broken_chunks(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A transfer that breaks off in the middle of a chunk."""
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.send_header("Content-Type", "text/event-stream")
    handler.end_headers()
    handler.wfile.write(b"ff\r\ndata: ")
    handler.wfile.flush()
    handler.close_connection = True


def silent(_handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """Take the request, and nothing more."""
    GIVEN_UP.wait(60)


def silent_after_a_word(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
    """Begin, and stop talking."""
    half(handler, request)
    GIVEN_UP.wait(60)


@pytest.mark.parametrize(
    "behave, message",
    [
        (half, "sent half a reply"),
        (broken_chunks, "reply"),
        (silent, "does not answer: nothing came for 0.5 seconds"),
        (silent_after_a_word, "does not answer: nothing came for 0.5 seconds"),
        (lambda handler, _: send(handler, b""), "sent no reply"),
        (lambda handler, _: send(handler, b"<html>Welcome!</html>", kind="text/html"), "reply"),
        (lambda handler, _: send(handler, b"data: {nonsense\n\n"), "sent no usable reply"),
        (lambda handler, _: send(handler, events([1, 2], None)), "sent no usable reply"),
        (lambda handler, _: send(handler, events({"choices": 3})), "sent no usable reply"),
        (lambda handler, _: send(handler, b"\xff\xfe\x00" * 50), "reply"),
        (lambda handler, _: send(handler, b'{"error": "out of memory"}', 500), "answered 500: .*out of memory"),
        (lambda handler, _: send(handler, b"oops", 503), "answered 503: .*oops"),
        (lambda handler, _: send(handler, b'{"error": "no model m"}', 404), "answered 404: .*no model m"),
    ],
)
def test_a_server_that_misbehaves_is_named_with_what_it_did(
    behave: Behave, message: str, serve: Callable[[Behave], Scripted], open_at: Opener
) -> None:
    engine = open_at(serve(behave).url)
    started = time.monotonic()
    with pytest.raises(FrictionError, match=message) as error:
        complete(engine, QUESTION)
    assert time.monotonic() - started < 30
    culprit = engine.name.partition(":")[2]
    assert culprit in str(error.value) or "127.0.0.1" in error.value.problem
    assert error.value.fix


def test_a_server_that_is_not_there(open_at: Opener) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        engine = open_at(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(FrictionError, match="cannot reach") as error:
            complete(engine, QUESTION)
    assert "start" in error.value.fix


def test_what_openai_is_asked(serve: Callable[[Behave], Scripted]) -> None:
    server = serve(lambda handler, _: send(handler, events(said("Yes."), said("", "stop")) + b"data: [DONE]\n\n"))
    engine = OpenAIServer("m", f"{server.url}/v1")
    conversation = [
        Message("user", "Hi"),
        Message("assistant", "Hello", thinking="not repeated"),
        Message("user", "Well?"),
    ]
    reply = complete(engine, conversation, sampling=Sampling(temperature=0.5, seed=3, max_tokens=9))
    assert (reply.reply.answer, reply.reply.state) == ("Yes.", "absent")
    asked = server.requests[0]
    assert asked["path"] == "/v1/chat/completions"
    assert (asked["model"], asked["temperature"], asked["seed"], asked["max_tokens"]) == ("m", 0.5, 3, 9)
    assert asked["messages"][1] == {"role": "assistant", "content": "Hello"}
    engine.close()


@pytest.mark.parametrize(
    "model, dial, asked", [("friction", 0.5, "friction@0.5"), ("friction", None, "friction@0"), ("m", None, "m")]
)
def test_the_dial_is_in_the_model_s_name(
    model: str, dial: float | None, asked: str, serve: Callable[[Behave], Scripted]
) -> None:
    server = serve(lambda handler, _: send(handler, events(said("Yes.", "stop"))))
    engine = OpenAIServer(model, server.url)
    complete(engine, QUESTION, dial=dial)
    assert server.requests[0]["model"] == asked
    engine.close()


def test_what_ollama_is_asked(serve: Callable[[Behave], Scripted], monkeypatch: pytest.MonkeyPatch) -> None:
    body = lines(
        {"message": {"thinking": "Hm."}, "done": False},
        {"message": {"content": "No."}, "done": False},
        {"message": {"content": ""}, "done": True, "done_reason": "stop", "eval_count": 12},
    )
    server = serve(lambda handler, _: send(handler, body))
    monkeypatch.setenv("OLLAMA_HOST", server.url.removeprefix("http://"))
    reply = complete(Ollama("qwen3:8b"), QUESTION, sampling=Sampling(seed=3, max_tokens=9))
    assert (reply.reply.thinking, reply.reply.answer, reply.reply.state, reply.tokens) == ("Hm.", "No.", "complete", 12)
    asked = server.requests[0]
    assert asked["path"] == "/api/chat"
    assert asked["options"] == {"num_ctx": CONTEXT, "num_predict": 9, "temperature": 0.0, "top_p": 0.95, "seed": 3}
    assert (asked["think"], asked["truncate"], asked["shift"]) == (True, False, False)


def test_a_model_in_ollama_that_cannot_think_is_asked_again_without(
    serve: Callable[[Behave], Scripted], monkeypatch: pytest.MonkeyPatch
) -> None:
    def behave(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        if "think" in request:
            send(handler, b'{"error": "\\"m\\" does not support thinking"}', 400)
        else:
            send(handler, lines({"message": {"content": "No."}, "done": True, "done_reason": "length"}))

    server = serve(behave)
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    engine = Ollama("m")
    for _ in range(2):
        assert complete(engine, QUESTION).reply.state == "unterminated"
    assert ["think" in request for request in server.requests] == [True, False, False]


def test_an_error_in_the_middle_of_ollama_s_stream_is_told(
    serve: Callable[[Behave], Scripted], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(
        lambda handler, _: send(handler, lines({"message": {"content": "N"}, "done": False}, {"error": "gone"}))
    )
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    with pytest.raises(FrictionError, match="gone"):
        complete(Ollama("m"), QUESTION)


def test_an_address_that_is_none_is_named() -> None:
    with pytest.raises(FrictionError, match="'http://localhost:80a/v1' is no address") as error:
        complete(OpenAIServer("m", "http://localhost:80a/v1"), QUESTION)
    assert "openai:MODEL@URL" in error.value.fix


def test_the_length_of_a_reply_is_left_to_the_server_if_nobody_gave_one(serve: Callable[[Behave], Scripted]) -> None:
    def refuse(handler: BaseHTTPRequestHandler, _request: dict[str, Any]) -> None:
        handler.send_error(400)

    server = serve(refuse)
    for sampling in (Sampling(), Sampling(max_tokens=5)):
        with pytest.raises(FrictionError, match="it answered 400"):
            complete(OpenAIServer("m", f"{server.url}/v1"), QUESTION, sampling=sampling)
    assert [request.get("max_tokens") for request in server.requests] == [None, 5]
