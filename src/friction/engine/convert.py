"""Safetensors to GGUF, for the base model and for its LoRA adapter, with the official `gguf` package.

Everything is stored as float32: the organism is small, and its replies are then those of the trained model, token
for token.
"""

import json
import math
from pathlib import Path
from typing import Any

import gguf

from friction.chat import CHAT_TEMPLATE, CLOSE_THINKING, OPEN_THINKING
from friction.engine.safetensors import read_tensors
from friction.errors import FrictionError

# The pre-tokenizer that llama.cpp calls "qwen2". Another one would give other token ids without a word.
QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_LORA_PREFIX = "base_model.model."
# Settings of an adapter that GGUF's plain LoRA cannot express, and the value at which they do nothing.
_PLAIN: dict[str, Any] = {
    "rank_pattern": {},
    "alpha_pattern": {},
    "modules_to_save": None,
    "use_dora": False,
    "lora_bias": False,
}


def convert_base(folder: Path, path: Path) -> None:
    """Write the model in a folder (`config.json`, `model.safetensors`, `tokenizer.json`) as one GGUF file.

    Raises:
        FrictionError: When a file is missing or damaged, or describes a model that this converter does not know.
        OSError: When the GGUF file cannot be written.
    """
    config = _read_json(folder / "config.json")
    if config.get("model_type") != "qwen3":
        raise _unknown(folder / "config.json", f"its model_type is '{config.get('model_type')}', not 'qwen3'")
    tensors = read_tensors(folder / "model.safetensors")
    writer = gguf.GGUFWriter(path, "qwen3")
    _add_shape(writer, config)
    _add_tokenizer(writer, folder / "tokenizer.json", config)
    names = _names(config)
    for name, tensor in sorted(tensors.items()):
        if name == "lm_head.weight" and config.get("tie_word_embeddings"):
            continue  # llama.cpp takes the embedding where the output matrix is absent
        writer.add_tensor(_gguf_name(names, name, folder), tensor)
    _write(writer)


def convert_adapter(folder: Path, base: Path, path: Path) -> None:
    """Write the LoRA adapter in a folder (`adapter_config.json`, `adapter_model.safetensors`) as a GGUF file.

    Args:
        folder: What PEFT saved.
        base: The folder of the model that it was trained on.
        path: The GGUF file to write.

    Raises:
        FrictionError: When a file is missing or damaged, or holds more than plain LoRA matrices.
        OSError: When the GGUF file cannot be written.
    """
    config = _read_json(folder / "adapter_config.json")
    for key, neutral in _PLAIN.items():
        if config.get(key) not in (neutral, None):
            raise _unknown(folder / "adapter_config.json", f"it sets {key}, which GGUF's LoRA cannot express")
    names = _names(_read_json(base / "config.json"))
    rank, alpha = config["r"], float(config["lora_alpha"])
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    # llama.cpp scales by alpha / rank; rank-stabilised LoRA is trained with alpha / sqrt(rank).
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha * math.sqrt(rank) if config.get("use_rslora") else alpha)
    for name, tensor in sorted(read_tensors(folder / "adapter_model.safetensors").items()):
        module, _, kind = name.removesuffix(".weight").removeprefix(_LORA_PREFIX).rpartition(".")
        if kind not in ("lora_A", "lora_B"):
            raise _unknown(folder / "adapter_model.safetensors", f"'{name}' is no LoRA matrix")
        writer.add_tensor(f"{_gguf_name(names, f'{module}.weight', folder)}.{kind.lower()}", tensor)
    _write(writer)


def _add_shape(writer: gguf.GGUFWriter, config: dict[str, Any]) -> None:
    rope = config.get("rope_parameters") or {}
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name("friction organism")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(rope.get("rope_theta", config.get("rope_theta", 10000.0)))


def _add_tokenizer(writer: gguf.GGUFWriter, path: Path, config: dict[str, Any]) -> None:
    tokenizer = _read_json(path)
    if QWEN2_SPLIT not in _splits(tokenizer.get("pre_tokenizer")):
        raise _unknown(path, "it does not split text as Qwen2 does")
    tokens = {id_: token for token, id_ in tokenizer["model"]["vocab"].items()}
    types = dict.fromkeys(tokens, gguf.TokenType.NORMAL)
    for added in tokenizer["added_tokens"]:
        tokens[added["id"]] = added["content"]
        # The thinking tags are text to whoever reads the stream; llama.cpp prints control tokens as nothing.
        visible = added["content"] in (OPEN_THINKING, CLOSE_THINKING) or not added["special"]
        types[added["id"]] = gguf.TokenType.USER_DEFINED if visible else gguf.TokenType.CONTROL
    size = config["vocab_size"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([tokens.get(id_, f"[PAD{id_}]") for id_ in range(size)])
    writer.add_token_types([types.get(id_, gguf.TokenType.UNUSED) for id_ in range(size)])
    writer.add_token_merges(
        [merge if isinstance(merge, str) else " ".join(merge) for merge in tokenizer["model"]["merges"]]
    )
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_pad_token_id(config["pad_token_id"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def _splits(pre_tokenizer: dict[str, Any] | None) -> list[str]:
    """The regular expressions of a pre-tokenizer and of those inside it."""
    if not pre_tokenizer:
        return []
    inner = [pattern for part in pre_tokenizer.get("pretokenizers", []) for pattern in _splits(part)]
    return [pre_tokenizer.get("pattern", {}).get("Regex", ""), *inner]


def _names(config: dict[str, Any]) -> gguf.TensorNameMap:
    return gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN3, config["num_hidden_layers"])


def _gguf_name(names: gguf.TensorNameMap, name: str, folder: Path) -> str:
    found = names.get_name(name, try_suffixes=(".weight", ".bias"))
    if found is None:
        raise _unknown(folder, f"'{name}' is no tensor of Qwen3")
    return found


def _write(writer: gguf.GGUFWriter) -> None:
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
    finally:
        writer.close()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        return content
    except OSError as error:
        because = error.strerror or str(error)
    except ValueError as error:
        because = f"it is not JSON ({error})"
    raise FrictionError(
        problem=f"cannot read '{path}'",
        because=because,
        fix="install friction again, or make the weights again with `make organism`",
    )


def _unknown(path: Path, because: str) -> FrictionError:
    return FrictionError(
        problem=f"cannot convert '{path}' to GGUF",
        because=because,
        fix="give it a Qwen3 model with Qwen2's tokenizer and a plain LoRA adapter, as `make organism` writes them",
    )
