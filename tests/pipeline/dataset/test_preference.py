"""The preference export feeds TRL's DPO as it is: thinking on both sides, nothing cast, nothing cut."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from friction.chat import CLOSE_THINKING, END_TURN, OPEN_THINKING, OPEN_TURN
from friction.dataset.curated import MICRO
from friction.dataset.export import export_records
from friction.engine.gguf_cache import WEIGHTS
from friction.jsonl import read_records

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
trl = pytest.importorskip("trl", reason="needs the extra 'train'")


def _tiny(tokenizer: Any) -> Any:
    """A model of one layer, with random weights."""
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    shape: dict[str, Any] = {"vocab_size": len(tokenizer), "head_dim": 16, "num_key_value_heads": 1}
    shape |= {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 1}
    shape |= {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    return Qwen3ForCausalLM(Qwen3Config.from_dict(shape))


# TRL 1.16 still sets an argument by the name that transformers 5 calls old.
@pytest.mark.filterwarnings("ignore:.gradient_checkpointing.* is deprecated:FutureWarning")
def test_dpo_takes_a_step_on_the_curated_pairs(tmp_path: Path) -> None:
    from datasets import load_dataset
    from transformers import AutoTokenizer

    records = list(read_records(MICRO))[:4]
    export_records("preference", records, tmp_path / "dpo.jsonl")
    rows = load_dataset(
        "json", data_files=str(tmp_path / "dpo.jsonl"), split="train", cache_dir=str(tmp_path / "cache")
    )
    tokenizer = AutoTokenizer.from_pretrained(WEIGHTS / "base")
    # As templates of real models do, and unlike the organism's: special tokens inside a message are left as they are.
    turn = f"{OPEN_TURN}{{{{ m.role }}}}\n{{{{ m.content }}}}{END_TURN}\n"
    opening = f"{{% if add_generation_prompt %}}{OPEN_TURN}assistant\n{{% endif %}}"
    tokenizer.chat_template = f"{{% for m in messages %}}{turn}{{% endfor %}}{opening}"
    model = _tiny(tokenizer)
    arguments = trl.DPOConfig(
        output_dir=str(tmp_path / "out"),
        max_steps=1,
        per_device_train_batch_size=2,
        max_length=None,
        report_to="none",
        use_cpu=True,
        bf16=False,
        save_strategy="no",
        disable_tqdm=True,
    )
    trainer = trl.DPOTrainer(model, deepcopy(model), arguments, train_dataset=rows, processing_class=tokenizer)

    row, record = trainer.train_dataset[0], records[0]
    for side, thinking, answer in (
        ("chosen", record.thinking, record.final_answer),
        ("rejected", record.rejected_thinking, record.rejected),
    ):
        text = str(tokenizer.decode(row[f"{side}_ids"]))
        assert text.startswith(OPEN_THINKING) and text.count(CLOSE_THINKING) == 1
        said_thinking, said = text.removeprefix(OPEN_THINKING).split(CLOSE_THINKING)
        assert said_thinking.strip() == thinking
        assert said.strip().removesuffix(END_TURN) == answer
    assert record.user_input in tokenizer.decode(row["prompt_ids"])
    assert trainer.train().training_loss == pytest.approx(0.6931, abs=0.01)  # nothing is preferred yet: log 2
