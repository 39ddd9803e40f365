"""The OpenAI engine against a real server: llama.cpp's own, over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from friction.chat import Message
from friction.demo.prompts import HELDOUT, load_pairs
from friction.engine.base import Completion, Delta, Sampling, complete
from friction.engine.embedded import EmbeddedPair
from friction.engine.gguf_cache import cached_gguf
from friction.engine.gguf_file import GgufFile
from friction.engine.llama import LlamaServer
from friction.engine.openai_server import OpenAIServer
from friction.errors import FrictionError

PROMPTS = [(Message("user", f"What's {i} times {i + 1}, since it's Sydney?"),) for i in range(5)]
SHORT = Sampling(max_tokens=24)


@pytest.fixture(name="server")
def _server(standin: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LlamaServer]:
    server = LlamaServer(cached_gguf(standin).base, context=1024)
    monkeypatch.setenv("OPENAI_API_KEY", server.key)
    server.start()
    yield server
    server.close()


def test_it_gives_the_replies_of_the_embedded_engine(server: LlamaServer, pair: EmbeddedPair) -> None:
    engine = OpenAIServer("any", f"{server.address}/v1")
    for prompt in PROMPTS:
        *deltas, last = engine.stream(prompt, sampling=SHORT)
        expected = complete(pair, prompt, sampling=SHORT)
        assert isinstance(last, Completion)
        assert (last.reply, last.tokens, last.stop_reason) == (expected.reply, expected.tokens, expected.stop_reason)
        assert "".join(delta.text for delta in deltas if isinstance(delta, Delta)) == last.reply.answer
    engine.close()


def test_thinking_that_the_server_separates_is_thinking(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = cached_gguf(shipped)
    server = LlamaServer(files.base, files.adapter, context=1024)
    monkeypatch.setenv("OPENAI_API_KEY", server.key)
    server.post("/lora-adapters", [{"id": 0, "scale": 1.0}])
    engine = OpenAIServer("any", f"{server.address}/v1")
    prompts = [prompt.messages for pair in load_pairs(HELDOUT)[:5] for prompt in pair]
    with EmbeddedPair(shipped) as pair:
        for prompt in prompts:
            assert complete(engine, prompt).reply == complete(pair, prompt, dial=1.0).reply
    engine.close()
    server.close()


def test_a_prompt_beyond_the_context_is_the_server_s_refusal(server: LlamaServer) -> None:
    engine = OpenAIServer("any", f"{server.address}/v1")
    with pytest.raises(FrictionError, match="context size") as error:
        complete(engine, [Message("user", "1 " * 2000)])
    assert "shorten" in error.value.fix
    engine.close()


def test_a_wrong_key_is_named(server: LlamaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "wrong")
    engine = OpenAIServer("any", f"{server.address}/v1")
    with pytest.raises(FrictionError, match="401") as error:
        complete(engine, PROMPTS[0])
    assert "OPENAI_API_KEY" in error.value.fix
    engine.close()


def test_a_gguf_file_has_the_embedded_replies_and_a_dial(standin: Path, pair: EmbeddedPair) -> None:
    files = cached_gguf(standin)
    engine = GgufFile(files.base, files.adapter)
    assert engine.has_dial and not GgufFile(files.base).has_dial
    engine.start()
    for prompt in PROMPTS[:3]:
        for dial in (None, 1.0):
            few = Sampling(max_tokens=6)  # half-precision keys and values part the replies later on
            assert (
                complete(engine, prompt, sampling=few, dial=dial).reply
                == complete(pair, prompt, sampling=few, dial=dial).reply
            )
    with pytest.raises(FrictionError, match="too long"):
        complete(engine, [Message("user", "1 " * 8200)])
    engine.close()
