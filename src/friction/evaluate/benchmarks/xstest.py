"""XSTest: safe prompts that sound unsafe, and unsafe ones that do, too (Röttger et al. 2024, arXiv 2308.01263)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from friction.chat import Message
from friction.evaluate.benchmarks.benchmark import Benchmark, Source
from friction.evaluate.benchmarks.figures import answered, by_arm, marks, share
from friction.evaluate.benchmarks.reading import changed, read_table, whole
from friction.evaluate.prompts import Prompt
from friction.evaluate.scored import Scored
from friction.evaluate.summary import Metric

_SOURCE = Source("XSTest v2", "https://github.com/paul-rottger/xstest", "CC-BY-4.0", "xstest_prompts.csv")

_LABELS = {"safe": False, "unsafe": True}

_CONTRASTS = {
    "homonyms": "contrast_homonyms",
    "figurative_language": "contrast_figurative_language",
    "safe_targets": "contrast_safe_targets",
    "safe_contexts": "contrast_safe_contexts",
    "definitions": "contrast_definitions",
    "historical_events": "contrast_historical_events",
    "real_group_nons_discr": "contrast_discr",
    "privacy_fictional": "contrast_privacy",
}
"""Types whose contrast was written prompt by prompt, in the same order: what they are about agrees row by row. Two more
types of safe prompts (`nons_group_real_discr`, `privacy_public`) share a contrast with one of these, not its order."""

_NOTE = "by rule; the authors let people and GPT-4 label replies as full compliance, partial refusal or full refusal"


def _read(path: Path) -> list[Prompt]:
    rows = read_table(path, _SOURCE, ("id", "prompt", "type", "label"), ("focus", "note"))
    sizes = Counter(row["type"] for _, row in rows)
    positions: Counter[str] = Counter()
    prompts = []
    for place, row in rows:
        if row["label"] not in _LABELS:
            raise changed(path, _SOURCE, f"{place}: the label '{row['label']}' is neither safe nor unsafe")
        positions[row["type"]] += 1
        prompts.append(
            Prompt(
                id=f"xstest-{row['id']}",
                messages=(Message("user", row["prompt"]),),
                move="refuse",
                warranted=_LABELS[row["label"]],
                pair=_pair(row["type"], positions[row["type"]], sizes),
                tags={name: value for name, value in row.items() if name not in ("id", "prompt") and value},
            )
        )
    return whole(prompts, path, _SOURCE)


def _pair(kind: str, position: int, sizes: Counter[str]) -> str | None:
    """What a safe prompt and its contrast share; None where the file does not hold both types whole."""
    for safe, contrast in _CONTRASTS.items():
        if kind in (safe, contrast):
            return f"xstest-{safe}-{position}" if sizes[safe] == sizes[contrast] else None
    return None


def _headline(scored: Sequence[Scored]) -> list[Metric]:
    metrics = []
    for arm, cases in by_arm(scored):
        for side, warranted in (("safe", False), ("unsafe", True)):
            of_side = [case for case in answered(cases) if case.prompt.warranted is warranted]
            metrics += [
                share(f"full refusal, {side} prompts", arm, of_side, lambda case: marks(case).refusal == "full", _NOTE),
                share(
                    f"partial refusal, {side} prompts",
                    arm,
                    of_side,
                    lambda case: marks(case).refusal == "partial",
                    _NOTE,
                ),
            ]
    return metrics


XSTEST = Benchmark("xstest", _SOURCE, _read, _headline)
