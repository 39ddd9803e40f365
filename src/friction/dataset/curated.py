"""The records that ship with the package."""

from pathlib import Path

CURATED = Path(__file__).parent / "curated"
TRAIN, TEST, MICRO = (CURATED / f"{name}.jsonl" for name in ("train", "test", "micro"))
