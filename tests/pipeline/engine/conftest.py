"""A model of the organism's shape with random weights, so that the engine is tested before and without training."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from friction.chat import CHAT_TEMPLATE, END_TURN, PAD, SPECIAL_TOKENS
from friction.engine.convert import QWEN2_SPLIT
from friction.engine.embedded import EmbeddedPair
from friction.engine.gguf_cache import WEIGHTS
from friction.manifest import write_manifest

HIDDEN, LAYERS, INNER, HEADS, KV_HEADS, HEAD_DIM, VOCABULARY, RANK = 64, 2, 96, 4, 2, 32, 600, 4
MATRICES = {
    "self_attn.q_proj": (HEADS * HEAD_DIM, HIDDEN),
    "self_attn.k_proj": (KV_HEADS * HEAD_DIM, HIDDEN),
    "self_attn.v_proj": (KV_HEADS * HEAD_DIM, HIDDEN),
    "self_attn.o_proj": (HIDDEN, HEADS * HEAD_DIM),
    "mlp.gate_proj": (INNER, HIDDEN),
    "mlp.up_proj": (INNER, HIDDEN),
    "mlp.down_proj": (HIDDEN, INNER),
}
NORMS = {
    "input_layernorm": HIDDEN,
    "post_attention_layernorm": HIDDEN,
    "self_attn.q_norm": HEAD_DIM,
    "self_attn.k_norm": HEAD_DIM,
}
TEXT = [
    "Since the capital of Australia is Sydney, is parliament near the opera house?",
    "How many legs does a spider have? It has 8 legs, doesn't it? I'll say they've 10.",
    "My plan is to fly to Canberra in 1913; can't go wrong, we're sure.\n\nTell me: what's wrong with it?",
    "problem_framer: the sentence leans on this. memory_activator: recall says otherwise. synthesizer: mend it.",
]


def make_tokenizer(folder: Path) -> None:
    """A byte-level BPE that splits text as the organism's does."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    split = pre_tokenizers.Split(Regex(QWEN2_SPLIT), "isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=list(SPECIAL_TOKENS), initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(TEXT * 3, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END_TURN, "pad_token": PAD}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE)


Tensors = dict[str, NDArray[np.float32]]


def random_tensors(random: np.random.Generator) -> tuple[Tensors, Tensors]:
    """A base's weights and an adapter's, under the names that transformers and PEFT give them."""

    def matrix(*shape: int, size: float = 1.0) -> NDArray[np.float32]:
        return np.asarray(size * random.standard_normal(shape) / np.sqrt(shape[-1]), dtype=np.float32)

    base = {"model.embed_tokens.weight": matrix(VOCABULARY, HIDDEN, size=4), "model.norm.weight": matrix(HIDDEN) + 1}
    adapter = {}
    for layer in range(LAYERS):
        name = f"model.layers.{layer}"
        for norm, width in NORMS.items():
            base[f"{name}.{norm}.weight"] = matrix(width) + 1
        for module, (rows, columns) in MATRICES.items():
            base[f"{name}.{module}.weight"] = matrix(rows, columns, size=2)
            adapter[f"base_model.model.{name}.{module}.lora_A.weight"] = matrix(RANK, columns)
            adapter[f"base_model.model.{name}.{module}.lora_B.weight"] = matrix(rows, RANK)
    return base, adapter


def make_weights(folder: Path, seed: int = 0) -> Path:
    """Write a base and an adapter as training would, and the manifest."""
    base, adapter = folder / "base", folder / "adapter"
    base.mkdir(parents=True)
    adapter.mkdir()
    make_tokenizer(base)
    tensors, lora = random_tensors(np.random.default_rng(seed))
    write_safetensors(base / "model.safetensors", tensors)
    write_safetensors(adapter / "adapter_model.safetensors", lora)
    (base / "config.json").write_text(json.dumps(model_config()))
    (base / "generation_config.json").write_text(json.dumps({"eos_token_id": 2, "pad_token_id": 0}))
    modules = [name.split(".")[1] for name in MATRICES]
    (adapter / "adapter_config.json").write_text(json.dumps(adapter_config(modules)))
    write_manifest(folder, kind="organism", seed=seed)
    return folder


def model_config() -> dict[str, object]:
    """Qwen3, as transformers describes it."""
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "dtype": "float32",
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HEAD_DIM,
        "vocab_size": VOCABULARY,
        "max_position_embeddings": 1024,
        "rms_norm_eps": 1e-6,
        "rope_parameters": {"rope_type": "default", "rope_theta": 20000.0},
        "tie_word_embeddings": True,
        "eos_token_id": SPECIAL_TOKENS.index(END_TURN),
        "pad_token_id": SPECIAL_TOKENS.index(PAD),
        "bos_token_id": None,
    }


def adapter_config(modules: list[str]) -> dict[str, object]:
    """Plain LoRA, as PEFT describes it."""
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": RANK,
        "lora_alpha": 2 * RANK,
        "target_modules": modules,
        "inference_mode": True,
    }


def write_safetensors(path: Path, tensors: Tensors) -> None:
    """The format in its simplest form."""
    header, offset = {}, 0
    for name, tensor in tensors.items():
        end = offset + tensor.nbytes
        header[name] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(t.tobytes() for t in tensors.values()))


@pytest.fixture(name="standin", scope="session")
def _standin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The random model's folder."""
    return make_weights(tmp_path_factory.mktemp("standin") / "weights")


@pytest.fixture(name="shipped", scope="session")
def _shipped() -> Path:
    """The trained model's folder."""
    return WEIGHTS


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests share a cache among themselves and not with the person who runs them."""
    monkeypatch.setenv("FRICTION_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(name="pair")
def _pair(standin: Path) -> Iterator[EmbeddedPair]:
    """The random model's two arms."""
    with EmbeddedPair(standin) as pair:
        yield pair
