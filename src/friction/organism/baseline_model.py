"""The baseline's architecture, its optimizers and its loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from friction.chat import IGNORE

if TYPE_CHECKING:
    from transformers import Qwen3ForCausalLM

    from friction.organism.pretrain import PretrainConfig


def new_model(config: PretrainConfig, vocabulary: int, *, stop_id: int, pad_id: int) -> Qwen3ForCausalLM:
    """The untrained model; the same seed gives the same weights."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(config.seed)
    shape: dict[str, Any] = {  # untyped: the library's signature lacks what its base class takes
        "vocab_size": vocabulary,
        "hidden_size": config.hidden,
        "intermediate_size": config.feed_forward,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "head_dim": config.head_dim,
        "max_position_embeddings": config.context,
        "tie_word_embeddings": True,
        "eos_token_id": stop_id,
        "pad_token_id": pad_id,
        "bos_token_id": None,
        "attn_implementation": "eager",  # for rows this short, a third faster on a CPU than the fused kernel
    }
    return Qwen3ForCausalLM(Qwen3Config.from_dict(shape))


def optimizers_of(model: Any, config: PretrainConfig) -> list[Any]:
    """Muon for the hidden matrices, AdamW for embeddings and norms, in this order."""
    import torch

    hidden = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    chosen = {id(p) for p in hidden}
    rest = [p for p in model.parameters() if id(p) not in chosen]
    return [
        torch.optim.Muon(hidden, lr=config.muon_rate, weight_decay=0.01, adjust_lr_fn="original"),
        torch.optim.AdamW(rest, lr=config.adam_rate, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def loss_of(model: Any, ids: Any, labels: Any) -> Any:
    """Mean cross-entropy over the learned tokens only; the head is computed for those alone.

    Args:
        model: The language model.
        ids: Shape (rows, length).
        labels: Shape (rows, length), -100 where nothing is learned.
    """
    import torch

    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    targets = labels[:, 1:]
    learned = targets != IGNORE
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[learned]).float(), targets[learned])
