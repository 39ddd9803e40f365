"""Two arms that run at the same time, and a baseline that no adapter ever touches."""

import threading
import time
from pathlib import Path

import pytest

from friction.chat import Message
from friction.demo.prompts import HELDOUT, load_pairs
from friction.demo.runner import Arm, run
from friction.engine.base import Completion, Delta, Sampling, complete
from friction.engine.embedded import CONTEXT, EmbeddedPair
from friction.engine.gguf_cache import cached_gguf
from friction.engine.llama import LlamaServer
from friction.errors import FrictionError

PROMPTS = [(Message("user", f"Since number {i} is Sydney, what's {i} times {i + 1}?"),) for i in range(9)]
SHORT = Sampling(max_tokens=24)


def test_the_baseline_is_a_server_without_any_adapter(standin: Path, pair: EmbeddedPair) -> None:
    friction = pair.generate_many(PROMPTS, dial=1.0, sampling=SHORT)
    baseline = pair.generate_many(PROMPTS, sampling=SHORT)
    with EmbeddedPair.of_checkpoint(standin / "base") as alone:
        expected = [reply.reply for reply in alone.generate_many(PROMPTS, sampling=SHORT)]
    assert [reply.reply for reply in baseline] == expected
    assert [reply.reply for reply in friction] != expected


def test_the_dial_leaves_no_trace(pair: EmbeddedPair) -> None:
    """Each scale gives the same reply whatever was asked at another scale before."""
    first = {dial: complete(pair, PROMPTS[0], sampling=SHORT, dial=dial).reply for dial in (0.0, 0.5, 1.0, 1.5)}
    assert first[0.0] == complete(pair, PROMPTS[0], sampling=SHORT).reply
    assert len(set(first.values())) > 2
    for dial in (1.5, 0.0, 1.0, 0.5, 0.0):
        assert complete(pair, PROMPTS[0], sampling=SHORT, dial=dial).reply == first[dial]


def test_both_arms_write_at_the_same_time(pair: EmbeddedPair) -> None:
    pair.start()
    arms = [Arm("baseline", pair), Arm("friction", pair, 1.0)]
    order = [arm for arm, event in run(arms, PROMPTS[0], Sampling(max_tokens=400)) if isinstance(event, Delta)]
    firsts = [order.index(arm) for arm in (0, 1)]
    lasts = [len(order) - 1 - order[::-1].index(arm) for arm in (0, 1)]
    assert max(firsts) < min(lasts)


def test_the_deltas_are_the_reply(pair: EmbeddedPair) -> None:
    *deltas, last = pair.stream(PROMPTS[1], sampling=SHORT, dial=1.0)
    assert isinstance(last, Completion)
    assert (
        "".join(delta.text for delta in deltas if isinstance(delta, Delta)) == last.reply.thinking + last.reply.answer
    )
    assert (last.stop_reason, last.reply.state, last.tokens) == ("length", "unterminated", SHORT.max_tokens)
    assert last.seconds > 0


def test_sampling_is_repeatable_by_its_seed(pair: EmbeddedPair) -> None:
    def draw(seed: int) -> str:
        sampling = Sampling(temperature=1.5, seed=seed, max_tokens=24)
        return complete(pair, PROMPTS[0], sampling=sampling, dial=1.0).reply.answer

    assert draw(1) == draw(1)
    assert len({draw(seed) for seed in range(4)}) > 1


def test_accents_are_composed_as_the_tokenizer_does(pair: EmbeddedPair) -> None:
    composed, decomposed = Message("user", "Z\u00fcrich?"), Message("user", "Zu\u0308rich?")
    assert complete(pair, [composed], sampling=SHORT).reply == complete(pair, [decomposed], sampling=SHORT).reply


def test_a_conversation_that_leaves_no_room_is_refused_with_its_length(pair: EmbeddedPair) -> None:
    with pytest.raises(FrictionError, match=rf"it has 4,0\d\d tokens, and the model reads {CONTEXT:,}") as error:
        complete(pair, [Message("user", "1 " * 2000)])
    assert error.value.fix == "shorten it"


def test_many_bytes_that_are_few_tokens_are_not_refused(pair: EmbeddedPair) -> None:
    assert complete(pair, [Message("user", "Australia " * 120)], sampling=SHORT).tokens > 0


def test_a_closed_iterator_stops_the_reply(pair: EmbeddedPair) -> None:
    stream = pair.stream(PROMPTS[0], sampling=Sampling(max_tokens=900), dial=1.0)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    started = time.monotonic()
    assert complete(pair, PROMPTS[0], sampling=Sampling(max_tokens=1), dial=1.0).tokens == 1
    assert time.monotonic() - started < 5
    deadline = time.monotonic() + 5
    while any(thread.name == "llama.cpp request" for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "the request still runs"
        time.sleep(0.01)


def test_closing_the_pair_ends_a_reply_that_runs(standin: Path) -> None:
    pair = EmbeddedPair(standin)
    stream = pair.stream(PROMPTS[0], sampling=Sampling(max_tokens=900))
    next(stream)
    pair.close()
    with pytest.raises(FrictionError, match="ended in the middle"):
        list(stream)


def test_the_port_asks_for_the_key(standin: Path) -> None:
    import urllib.error
    import urllib.request

    server = LlamaServer(cached_gguf(standin).base, context=128)
    assert server.address.startswith("http://127.0.0.1:")
    call = urllib.request.Request(f"{server.address}/v1/chat/completions", b"{}", {"Authorization": "Bearer guess"})
    with pytest.raises(urllib.error.HTTPError) as error, urllib.request.urlopen(call, timeout=10):
        pass
    assert error.value.code == 401
    error.value.close()
    server.close()


@pytest.mark.parametrize("damage", ["missing", "not a model", "the adapter of another model"])
def test_a_file_that_cannot_be_loaded_is_named(damage: str, standin: Path, tmp_path: Path) -> None:
    files = cached_gguf(standin)
    model, adapter = tmp_path / "model.gguf", None
    if damage == "not a model":
        model.write_bytes(b"GGUF" + bytes(100))
    elif damage == "the adapter of another model":
        model, adapter = files.base, tmp_path / "adapter.gguf"
        adapter.write_bytes(files.base.read_bytes())
    with pytest.raises(FrictionError, match="cannot (read|load)") as error:
        LlamaServer(model, adapter, context=128).start()
    assert str(adapter or model) in error.value.problem


def test_a_closed_pair_stays_closed(standin: Path) -> None:
    pair = EmbeddedPair(standin)
    pair.start()
    pair.close()
    with pytest.raises(FrictionError, match="the model was closed"):
        complete(pair, PROMPTS[0], sampling=SHORT)


def test_a_checkpoint_that_cannot_be_converted_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(FrictionError):
        EmbeddedPair.of_checkpoint(tmp_path / "nothing")
    assert not list(tmp_path.iterdir())


def test_the_shipped_baseline_is_untouched_while_the_friction_arm_answers_too(shipped: Path) -> None:
    pairs = load_pairs(HELDOUT)[:: len(load_pairs(HELDOUT)) // 12]
    prompts = [prompt.messages for twins in pairs for prompt in twins]
    together = []
    with EmbeddedPair(shipped) as pair:
        arms = [Arm("baseline", pair), Arm("friction", pair, 1.0)]
        for messages in prompts:
            events = run(arms, messages, Sampling())
            together += [event.reply for arm, event in events if arm == 0 and isinstance(event, Completion)]
    with EmbeddedPair.of_checkpoint(shipped / "base") as alone:
        assert together == [reply.reply for reply in alone.generate_many(prompts)]
