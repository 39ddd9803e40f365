"""The one place where a recipe becomes the libraries' arguments: TRL's, PEFT's and bitsandbytes'."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from friction.train.recipe import Recipe

if TYPE_CHECKING:
    from peft import LoraConfig
    from transformers import BitsAndBytesConfig
    from trl import SFTConfig


def training_arguments(recipe: Recipe, folder: Path, *, cpu: bool) -> SFTConfig:
    """TRL's arguments for a recipe.

    Args:
        recipe: The run.
        folder: Where checkpoints go.
        cpu: Whether no accelerator is used.
    """
    from trl import SFTConfig

    return SFTConfig(
        output_dir=str(folder),
        max_steps=recipe.steps,
        per_device_train_batch_size=recipe.batch_size,
        learning_rate=recipe.optimizer.learning_rate,
        lr_scheduler_type=recipe.optimizer.schedule,
        warmup_steps=recipe.optimizer.warmup_steps,
        weight_decay=recipe.optimizer.weight_decay,
        max_grad_norm=recipe.optimizer.max_grad_norm,
        optim=recipe.optimizer.name,
        bf16=recipe.bf16,
        seed=recipe.seed,
        data_seed=recipe.seed,
        save_steps=recipe.save_steps,
        save_total_limit=2,
        logging_steps=10,
        use_cpu=cpu,
        report_to="none",
        disable_tqdm=True,  # our own progress line stands instead
        max_length=recipe.max_length,
        dataset_kwargs={"skip_prepare_dataset": True},  # ids and labels come from chat.encode, as they are
        packing=False,  # packed dialogues would see one another
        train_sampling_strategy="group_by_length",
        activation_checkpointing=False,  # the organism's activations fit; recomputing them costs a third of the time
        dataloader_pin_memory=not cpu,
    )


def adapter_config(recipe: Recipe) -> LoraConfig:
    """PEFT's description of the adapter."""
    from peft import LoraConfig

    return LoraConfig(
        r=recipe.lora.rank,
        lora_alpha=recipe.lora.alpha,
        lora_dropout=recipe.lora.dropout,
        target_modules=recipe.lora.targets,
        bias="none",
        task_type="CAUSAL_LM",
    )


def quantization_config(recipe: Recipe) -> BitsAndBytesConfig | None:
    """NF4 with double quantisation as in QLoRA (Dettmers et al., 2023), or None."""
    if recipe.quantization == "none":
        return None
    import torch
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16 if recipe.bf16 else torch.float32,
    )
