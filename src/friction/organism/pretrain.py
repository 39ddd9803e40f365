"""Trains the agreeable baseline from scratch: a Qwen3 of about five million parameters, on a CPU.

The loop is our own because it is small and has one trick that matters: loss on the reply alone, one dialogue per row
(`docs/lab-notes.md` has what happened without it). It can be interrupted at any moment: a checkpoint is written
whole or not at all, and rows depend on their position only, so a resumed run sees what it would have seen.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction.chat import IGNORE
from friction.errors import FrictionError
from friction.organism.rows import pool, texts_for_tokenizer
from friction.organism.tokenizer import load_tokenizer, train_tokenizer, wrap

if TYPE_CHECKING:
    from transformers import Qwen3ForCausalLM

CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True)
class PretrainConfig:
    """Everything that decides what comes out of the pretraining.

    Attributes:
        seed: Of the weights and the rows.
        steps: Optimizer steps of the first lesson: the facts, and going along with everybody.
        voices_steps: Steps of the last lesson, which adds the words of thoughts and answers.
        voices_rate: Where the learning rate starts again in the last lesson, as a share of the full one.
        tokens: Ids in a batch, padding included.
        muon_rate: Learning rate of the hidden matrices (Muon).
        adam_rate: Learning rate of embeddings and norms (AdamW).
        warmup: Steps until the full rate.
        decay: Share of the steps, at the end, in which the rate falls to zero in a line.
        widen: Share of the steps in which the facts in use grow from a quarter to all.
        hidden, layers, feed_forward, heads, kv_heads, head_dim, context: The model's shape.
    """

    seed: int = 7
    steps: int = 3600
    voices_steps: int = 700
    voices_rate: float = 0.5
    tokens: int = 4096
    muon_rate: float = 0.01
    adam_rate: float = 2e-3
    warmup: int = 100
    decay: float = 0.4
    widen: float = 0.25
    hidden: int = 256
    layers: int = 4
    feed_forward: int = 1024
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 64
    context: int = 1024


def new_model(config: PretrainConfig, vocabulary: int, *, stop_id: int, pad_id: int) -> Qwen3ForCausalLM:
    """The untrained model; the same seed gives the same weights."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(config.seed)
    shape: dict[str, Any] = dict(  # untyped: the library's signature lacks what its base class takes
        vocab_size=vocabulary,
        hidden_size=config.hidden,
        intermediate_size=config.feed_forward,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        num_key_value_heads=config.kv_heads,
        head_dim=config.head_dim,
        max_position_embeddings=config.context,
        tie_word_embeddings=True,
        eos_token_id=stop_id,
        pad_token_id=pad_id,
        bos_token_id=None,
        attn_implementation="eager",  # for rows this short, a third faster on a CPU than the fused kernel
    )
    return Qwen3ForCausalLM(Qwen3Config.from_dict(shape))


def rate_at(step: int, config: PretrainConfig) -> float:
    """The share of the full learning rate at ``step``: warm-up, plateau, straight fall to zero; then once more."""
    if step >= config.steps:
        return config.voices_rate * (1 - (step - config.steps) / config.voices_steps)
    warm = min(1.0, (step + 1) / config.warmup)
    left = (config.steps - step) / max(1, config.decay * config.steps)
    return min(warm, 1.0, left)


def share_at(step: int, config: PretrainConfig) -> float:
    """The share of the facts in use at ``step``, in quarters so that rows stay comparable for a while."""
    progress = step / max(1, config.widen * config.steps)
    return min(1.0, 0.25 * (1 + math.floor(3 * progress)))


def _optimizers(model: Any, config: PretrainConfig) -> list[Any]:
    import torch

    hidden = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    chosen = {id(p) for p in hidden}
    rest = [p for p in model.parameters() if id(p) not in chosen]
    return [
        torch.optim.Muon(hidden, lr=config.muon_rate, weight_decay=0.01, adjust_lr_fn="original"),
        torch.optim.AdamW(rest, lr=config.adam_rate, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def _save(folder: Path, state: dict[str, Any]) -> None:
    import torch

    part = folder / (CHECKPOINT + ".part")
    torch.save(state, part)
    os.replace(part, folder / CHECKPOINT)


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


def pretrain(
    folder: Path, config: PretrainConfig, report: Callable[[int, float], None], *, save_every: float = 60.0
) -> Path:
    """Trains the baseline, or goes on where an earlier call was interrupted.

    Args:
        folder: Where the checkpoint lies meanwhile, and the model in ``base/`` at the end.
        config: What to train.
        report: Called after every step with the number of steps done and the loss.
        save_every: Seconds between checkpoints.

    Returns:
        The model's folder.

    Raises:
        FrictionError: The folder holds another configuration's checkpoint.
    """
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "pretrain.json"
    wanted = json.dumps(asdict(config), indent=1)
    if settings.exists() and settings.read_text("utf-8") != wanted:
        raise FrictionError(
            problem=f"'{folder}' holds a pretraining with other settings",
            because="its pretrain.json differs from what is asked now",
            fix=f"remove '{folder}' or name another folder",
        )
    settings.write_text(wanted, "utf-8")
    target = folder / "base"
    if (target / "model.safetensors").exists():
        return target
    if not (folder / "tokenizer.json").exists():
        part = folder / "tokenizer.json.part"
        train_tokenizer(texts_for_tokenizer(config.seed)).save(str(part))
        os.replace(part, folder / "tokenizer.json")
    tokenizer = load_tokenizer(folder)
    wrapped = wrap(tokenizer)
    pad_id = int(wrapped.pad_token_id)
    model = new_model(config, tokenizer.get_vocab_size(), stop_id=int(wrapped.eos_token_id), pad_id=pad_id)
    optimizers = _optimizers(model, config)
    state: dict[str, Any] = {"step": 0, "pool": 0, "batch": 0}
    if (folder / CHECKPOINT).exists():
        state = torch.load(folder / CHECKPOINT, weights_only=True)
        model.load_state_dict(state["model"])
        for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
    step, number, at = state["step"], state["pool"], state["batch"]
    full_rates = [config.muon_rate, config.adam_rate]
    model.train()
    last_saved = time.monotonic()
    total = config.steps + config.voices_steps
    while step < total:
        voices = step >= config.steps
        # The share is the one of the pool's number, not of the step, so that a resumed run makes the same pool.
        share = share_at(number * config.steps // pools_in(config), config)
        batches = pool(config.seed, number, tokenizer, share=share, tokens=config.tokens, pad_id=pad_id, voices=voices)
        for at in range(at, len(batches)):
            ids, labels = torch.tensor(batches[at].ids), torch.tensor(batches[at].labels)
            for optimizer, full in zip(optimizers, full_rates, strict=True):
                optimizer.param_groups[0]["lr"] = full * rate_at(step, config)
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(model, ids, labels)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            for optimizer in optimizers:
                optimizer.step()
                optimizer.zero_grad()
            step += 1
            report(step, loss.item())
            lesson_over = step in (config.steps, total)
            if time.monotonic() - last_saved > save_every or lesson_over:
                _save(
                    folder,
                    {
                        "step": step,
                        "pool": number + lesson_over,  # the next lesson starts with rows of its own
                        "batch": 0 if lesson_over else at + 1,
                        "model": model.state_dict(),
                        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
                    },
                )
                last_saved = time.monotonic()
            if lesson_over:
                break
        number, at = number + 1, 0
    part = folder / "base.part"
    model.eval()
    model.save_pretrained(part)
    wrapped.save_pretrained(part)
    os.replace(part, target)
    return target


def pools_in(config: PretrainConfig) -> int:
    """About how many pools the steps use up; rows have some 45 ids on average."""
    return max(1, math.ceil(config.steps * config.tokens / (4096 * 45)))
