"""llama.cpp reads and writes what transformers reads and writes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from friction.chat import END_TURN, PAD, Message, Reply, parse_reply, render
from friction.demo.prompts import HELDOUT, load_pairs
from friction.engine.base import Sampling
from friction.engine.convert import convert_base
from friction.engine.embedded import EmbeddedPair
from friction.engine.llama import LlamaServer

PROMPTS_PER_ARM = 50


@dataclass
class Both:
    """A model in both worlds, with conversations that it may be asked to continue."""

    folder: Path
    prompts: list[tuple[Message, ...]]
    tokens: int


@pytest.fixture(name="both", params=["standin", "shipped"])
def _both(request: pytest.FixtureRequest) -> Both:
    folder: Path = request.getfixturevalue(request.param)
    if request.param == "standin":
        names = ("Canberra", "Sydney", "a spider", "1913", "Zürich", "the year 12,000", "don't know")
        prompts: list[tuple[Message, ...]] = [
            (Message("user", f"Question {i}: what's {names[i % len(names)]}, and why is it {i * 7}?"),)
            for i in range(PROMPTS_PER_ARM)
        ]
    else:
        sides = [prompt.messages for pair in load_pairs(HELDOUT) for prompt in pair]
        prompts = sides[:: len(sides) // PROMPTS_PER_ARM - 1 | 1]  # an odd step meets both sides of the pairs
    assert len(prompts) >= PROMPTS_PER_ARM
    # What was trained ends by itself; a random model never does.
    return Both(folder, prompts, tokens=32 if request.param == "standin" else 300)


@pytest.fixture(name="reference")
def _reference(both: Both) -> Iterator[tuple[Any, Any]]:
    """The base in transformers, and the same with its adapter; the tokenizer comes with the first."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # for a model this small, threads cost more than they give
    base = AutoModelForCausalLM.from_pretrained(both.folder / "base", dtype=torch.float32)
    other = AutoModelForCausalLM.from_pretrained(both.folder / "base", dtype=torch.float32)
    tuned = PeftModel.from_pretrained(other, both.folder / "adapter")
    for model in (base, tuned):
        model.train(False)
    yield base, tuned
    torch.set_num_threads(threads)


def greedy(model: Any, tokenizer: Any, prompt: str, tokens: int) -> tuple[str, bool]:
    """What transformers writes, and whether it ended its turn."""
    import torch

    ids = torch.tensor([tokenizer.encode(prompt, add_special_tokens=False).ids])
    # llama.cpp takes the padding token for an end as well; a trained model writes neither but to end.
    stops = [tokenizer.token_to_id(END_TURN), tokenizer.token_to_id(PAD)]
    with torch.no_grad():
        written = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=tokens,
            do_sample=False,
            eos_token_id=stops,
            pad_token_id=0,
        )[0, ids.shape[1] :].tolist()
    stopped = written[-1] in stops
    return tokenizer.decode(written[:-1] if stopped else written, skip_special_tokens=False), stopped


def tokenizer_of(folder: Path) -> Any:
    """The tokenizer that training uses."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "base" / "tokenizer.json"))


@pytest.mark.parametrize("dial", [None, 1.0])
def test_greedy_replies_are_those_of_transformers(both: Both, reference: tuple[Any, Any], dial: float | None) -> None:
    tokenizer = tokenizer_of(both.folder)
    with EmbeddedPair(both.folder) as pair:
        replies = pair.generate_many(both.prompts, dial=dial, sampling=Sampling(max_tokens=both.tokens))
    model = reference[0 if dial is None else 1]
    expected = [greedy(model, tokenizer, render(messages, for_reply=True), both.tokens) for messages in both.prompts]
    assert [whole(reply.reply) for reply in replies] == [
        whole(parse_reply(text, stopped=stop)) for text, stop in expected
    ]
    assert len({reply.reply for reply in replies}) > PROMPTS_PER_ARM // 2, "replies that are all alike prove nothing"


def whole(reply: Reply) -> Reply:
    """A reply without a character of which the cut left only some bytes."""
    return replace(reply, thinking=reply.thinking.rstrip("\ufffd \t\n"), answer=reply.answer.rstrip("\ufffd \t\n"))


def test_token_ids_are_those_of_the_tokenizer(both: Both, tmp_path: Path) -> None:
    tokenizer = tokenizer_of(both.folder)
    convert_base(both.folder / "base", tmp_path / "base.gguf")
    hard = [
        "don't I'LL we've 's 'tis",
        "12,345.67 1st 2nd e=mc²  ½",
        "  two  spaces\t\ttabs \n\n\nlines \r\n end ",
        "Zürich, naïve café, Ελλάδα, Москва, 東京, ไทย, हिन्दी",
        "emoji 👍🏽 👩‍👩‍👧 ❤️ and symbols €%&$#@!?;:()[]{}<>\\/|~`^",
        '{"json": [1, null], "code": "if x < 3 && y > 4: pass"}',
        "<|im_start|>assistant\nI was opened by a user<|im_end|><think>no</think>",
    ]
    texts = [render(messages, for_reply=True) for messages in both.prompts]
    texts += [render([Message("user", text)], for_reply=True) for text in hard]
    server = LlamaServer(tmp_path / "base.gguf", context=1024)
    server.start()
    try:
        for text in texts:
            assert server.tokens(text) == tokenizer.encode(text, add_special_tokens=False).ids, text
    finally:
        server.close()


def test_the_template_inside_the_gguf_renders_as_we_do(both: Both, tmp_path: Path) -> None:
    convert_base(both.folder / "base", tmp_path / "base.gguf")
    server = LlamaServer(tmp_path / "base.gguf", context=1024)
    server.start()
    try:
        for messages in both.prompts[:10]:
            turns = [message.as_dict() for message in messages]
            assert server.post("/apply-template", {"messages": turns})["prompt"] == render(messages, for_reply=True)
    finally:
        server.close()


def test_no_weight_is_lost_on_the_way(standin: Path, tmp_path: Path) -> None:
    import gguf

    convert_base(standin / "base", tmp_path / "base.gguf")
    reader = gguf.GGUFReader(tmp_path / "base.gguf")
    config = json.loads((standin / "base" / "config.json").read_text())
    fields = {name: field.contents() for name, field in reader.fields.items()}
    assert fields["qwen3.attention.head_count_kv"] == config["num_key_value_heads"]
    assert fields["qwen3.attention.key_length"] == fields["qwen3.attention.value_length"] == config["head_dim"]
    assert fields["qwen3.context_length"] == config["max_position_embeddings"]
    assert fields["qwen3.rope.freq_base"] == config["rope_parameters"]["rope_theta"]
    assert fields["qwen3.attention.layer_norm_rms_epsilon"] == pytest.approx(config["rms_norm_eps"])
    assert fields["tokenizer.ggml.eos_token_id"] == config["eos_token_id"]
    assert len(reader.tensors) == 11 * config["num_hidden_layers"] + 2
    assert {tensor.tensor_type.name for tensor in reader.tensors} == {"F32"}
