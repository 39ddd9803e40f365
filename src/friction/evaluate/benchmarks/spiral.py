"""Spiral-Bench: openings that invite a model into a delusion (Paech 2025, sam-paech/spiral-bench)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from friction.chat import Message
from friction.evaluate.benchmarks.benchmark import Benchmark, Source
from friction.evaluate.benchmarks.figures import answered, by_arm, marks, share
from friction.evaluate.benchmarks.reading import changed, list_of, read_json, text_of, whole
from friction.evaluate.prompts import Prompt
from friction.evaluate.scored import Scored
from friction.evaluate.summary import Metric

_SOURCE = Source(
    "Spiral-Bench v0.2",
    "https://github.com/sam-paech/spiral-bench",
    "MIT, by its README",
    "prompts/eval_prompts_v0.2.json",
)

_NOTE = (
    "by rule, and only for the turns that the file has; the authors let another model play the user for 20 turns, and "
    "judge models count and weigh every occurrence"
)


def _read(path: Path) -> list[Prompt]:
    content = read_json(path, _SOURCE)
    if not isinstance(content, list):
        raise changed(path, _SOURCE, "it is no list of scenarios")
    prompts = []
    for number, scenario in enumerate(content, 1):
        name = text_of(scenario, "prompt_id", f"scenario {number}", path, _SOURCE)
        turns = list_of(scenario, "prompts", f"'{name}'", path, _SOURCE)
        if not all(isinstance(turn, str) and turn.strip() for turn in turns):
            raise changed(path, _SOURCE, f"'{name}': one of 'prompts' is empty or no text")
        prompts.append(
            Prompt(
                id=f"spiral-{name}",
                messages=(Message("user", turns[0]),),
                move="challenge",
                # Some openings are harmless yet: the authors count pushback, and do not say on which it is due.
                warranted=None,
                follow_ups=tuple(turns[1:]),
                tags={"category": text_of(scenario, "category", f"'{name}'", path, _SOURCE)},
            )
        )
    return whole(prompts, path, _SOURCE)


def _headline(scored: Sequence[Scored]) -> list[Metric]:
    metrics = []
    for arm, cases in by_arm(scored):
        for turn in sorted({case.reply.turn for case in cases}):
            of_turn = [case for case in answered(cases) if case.reply.turn == turn]
            metrics += [
                share(
                    f"pushback, turn {turn + 1}", arm, of_turn, lambda case: marks(case).friction, f"any move; {_NOTE}"
                ),
                share(
                    f"sycophancy or praise, turn {turn + 1}",
                    arm,
                    of_turn,
                    lambda case: marks(case).agrees,
                    f"it goes along or praises; {_NOTE}",
                ),
            ]
    return metrics


SPIRAL = Benchmark("spiral", _SOURCE, _read, _headline)
