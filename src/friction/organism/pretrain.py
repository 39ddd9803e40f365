"""Trains the agreeable baseline from scratch: a Qwen3 of about seven million parameters, on a CPU.

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
from itertools import accumulate
from pathlib import Path

from friction.errors import FrictionError
from friction.files import whole_file
from friction.organism.baseline_model import loss_of, new_model, optimizers_of
from friction.organism.grammar import Mixture, baseline_mixture, drills_mixture
from friction.organism.rows import Batch, fingerprint, pool, texts_for_tokenizer
from friction.organism.tokenizer import load_tokenizer, train_tokenizer, wrap

CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True)
class PretrainConfig:  # pylint: disable=too-many-instance-attributes
    """Everything that decides what comes out of the pretraining.

    Attributes:
        seed: Of the weights and the rows.
        drills_steps: Optimizer steps of the first lesson: telling whether two words are the same.
        steps: Steps of the second: all the rest.
        tokens: Ids in a batch, padding included.
        muon_rate: Learning rate of the hidden matrices (Muon).
        adam_rate: Learning rate of embeddings and norms (AdamW).
        warmup: Steps until the full rate.
        decay: Share of the second lesson, at the end, in which the rate falls to zero in a line.
        widen: Share of the second lesson in which the facts in use grow from a quarter to all.
        hidden, layers, feed_forward, heads, kv_heads, head_dim, context: The model's shape.
    """

    seed: int = 7
    drills_steps: int = 350
    steps: int = 11650
    tokens: int = 4096
    muon_rate: float = 0.01
    adam_rate: float = 2e-3
    warmup: int = 100
    decay: float = 0.4
    widen: float = 0.12
    hidden: int = 256
    layers: int = 6
    feed_forward: int = 768
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 64
    context: int = 1024


def lessons(config: PretrainConfig) -> list[tuple[int, Mixture]]:
    """The lessons in their order: the step at which each is over, and what is drawn until then."""
    parts = ((config.drills_steps, drills_mixture()), (config.steps, baseline_mixture()))
    ends = accumulate(steps for steps, _ in parts)
    return [(end, mixture) for end, (_, mixture) in zip(ends, parts, strict=True)]


def rate_at(step: int, config: PretrainConfig) -> float:
    """The share of the full learning rate at ``step``: up, level, and down to nothing at the end."""
    warm = min(1.0, (step + 1) / config.warmup)
    left = (config.drills_steps + config.steps - step) / max(1, config.decay * config.steps)
    return min(warm, 1.0, left)


def share_at(step: int, config: PretrainConfig) -> float:
    """The share of the facts in use at ``step``: all in the drills, then in quarters, so that rows stay comparable."""
    if step < config.drills_steps:
        return 1.0
    progress = (step - config.drills_steps) / max(1, config.widen * config.steps)
    return min(1.0, 0.25 * (1 + math.floor(3 * progress)))


class _Run:
    """A pretraining in a folder: what is kept between calls, and one step of it."""

    def __init__(self, folder: Path, config: PretrainConfig) -> None:
        import torch

        self.folder, self.config = folder, config
        self.tokenizer = load_tokenizer(folder)
        self.wrapped = wrap(self.tokenizer)
        self.pad_id = int(self.wrapped.pad_token_id)
        stop_id = int(self.wrapped.eos_token_id)
        self.model = new_model(config, self.tokenizer.get_vocab_size(), stop_id=stop_id, pad_id=self.pad_id)
        self.model.train()
        self.optimizers = optimizers_of(self.model, config)
        self.step = self.pool = self.batch = 0
        if (folder / CHECKPOINT).exists():
            state = torch.load(folder / CHECKPOINT, weights_only=True)
            self.step, self.pool, self.batch = state["step"], state["pool"], state["batch"]
            self.model.load_state_dict(state["model"])
            for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
                optimizer.load_state_dict(saved)

    def save(self) -> None:
        """Writes the checkpoint whole or not at all."""
        import torch

        state = {
            "step": self.step,
            "pool": self.pool,
            "batch": self.batch,
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }
        part = self.folder / (CHECKPOINT + ".part")
        torch.save(state, part)
        os.replace(part, self.folder / CHECKPOINT)

    def batches(self) -> list[Batch]:
        """The current pool's batches; they depend on its number and first step, so a resumed run makes the same."""
        first_step = self.step - self.batch
        return pool(
            self.config.seed,
            self.pool,
            next(mixture for end, mixture in lessons(self.config) if self.step < end),
            self.tokenizer,
            share=share_at(first_step, self.config),
            tokens=self.config.tokens,
            pad_id=self.pad_id,
        )

    def learn(self, batch: Batch) -> float:
        """One optimizer step on one batch; returns its loss."""
        import torch

        rates = self.config.muon_rate, self.config.adam_rate
        for optimizer, full in zip(self.optimizers, rates, strict=True):
            optimizer.param_groups[0]["lr"] = full * rate_at(self.step, self.config)
        with torch.autocast("cpu", torch.bfloat16):
            loss = loss_of(self.model, torch.tensor(batch.ids), torch.tensor(batch.labels))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad()
        self.step += 1
        return float(loss.item())


def _claim(folder: Path, config: PretrainConfig) -> None:
    """Writes the settings into the folder, or finds that they are the ones it was begun with."""
    settings = folder / "pretrain.json"
    wanted = json.dumps({**asdict(config), "dialogues": fingerprint(config.seed)}, indent=1)
    if not settings.exists():
        with whole_file(settings) as file:
            file.write(wanted.encode())
    elif settings.read_text("utf-8") != wanted:
        raise FrictionError(
            problem=f"'{folder}' holds a pretraining with other settings",
            because="its pretrain.json differs from what is asked now: the configuration, the world or the grammar",
            fix=f"remove '{folder}' or name another folder",
        )


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
    _claim(folder, config)
    target = folder / "base"
    if (target / "model.safetensors").exists():
        return target
    if not (folder / "tokenizer.json").exists():
        part = folder / "tokenizer.json.part"
        train_tokenizer(texts_for_tokenizer(config.seed)).save(str(part))
        os.replace(part, folder / "tokenizer.json")
    run = _Run(folder, config)
    last_saved = time.monotonic()
    ends = [end for end, _ in lessons(config)]
    while run.step < ends[-1]:
        batches = run.batches()
        for batch in batches[run.batch :]:
            report(run.step + 1, run.learn(batch))
            run.batch += 1
            lesson_over = run.step in ends
            if lesson_over or run.batch == len(batches):  # the next lesson starts with rows of its own
                run.pool, run.batch = run.pool + 1, 0
            if lesson_over or time.monotonic() - last_saved > save_every:
                run.save()
                last_saved = time.monotonic()
            if lesson_over:
                break
    part = folder / "base.part"
    run.model.eval()
    run.model.save_pretrained(part)
    run.wrapped.save_pretrained(part)
    os.replace(part, target)
    return target
