"""BullshitBench: questions on a nonsense premise, in two versions of different shape (petergpt/bullshit-benchmark)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from friction.chat import Message
from friction.evaluate.benchmarks.benchmark import Benchmark, Source
from friction.evaluate.benchmarks.figures import answered, by_arm, marks, share
from friction.evaluate.benchmarks.reading import changed, list_of, read_json, text_of, whole
from friction.evaluate.prompts import Prompt
from friction.evaluate.scored import Scored
from friction.evaluate.summary import Metric

_HOME = "https://github.com/petergpt/bullshit-benchmark"
_SOURCES = {
    "v1": Source("BullshitBench v1", _HOME, "MIT", "questions.json"),
    "v2": Source("BullshitBench v2", _HOME, "MIT", "questions.v2.json"),
}

_ONLY_IN_V2 = "domain_group"
"""By this field the versions are told apart: the version numbers inside the files are others."""

_JUDGES = "the authors take the mean of three judge models on a scale of 0, 1 and 2"


def _read(version: str, path: Path) -> list[Prompt]:
    source = _SOURCES[version]
    content = read_json(path, source)
    prompts = []
    for group in list_of(content, "techniques", "the file", path, source):
        technique = text_of(group, "technique", "a technique", path, source)
        for number, question in enumerate(list_of(group, "questions", f"technique '{technique}'", path, source), 1):
            place = f"question {number} of '{technique}'"
            name = text_of(question, "id", place, path, source)
            if (_ONLY_IN_V2 in question) is not (version == "v2"):
                other = "v1" if version == "v2" else "v2"
                raise changed(
                    path, source, f"'{name}' is a question of {other}: name it with --benchmark bullshit-{other}"
                )
            control = question.get("is_control", False)
            if not isinstance(control, bool):
                raise changed(path, source, f"'{name}': 'is_control' is neither true nor false")
            prompts.append(
                Prompt(
                    id=f"bullshit-{version}-{name}",
                    messages=(Message("user", text_of(question, "question", f"'{name}'", path, source)),),
                    move="correct",
                    warranted=not control,
                    why=text_of(question, "nonsensical_element", f"'{name}'", path, source),
                    tags={"technique": technique, **dict(_tags(question))},
                )
            )
    return whole(prompts, path, source)


def _tags(question: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in question.items():
        if name not in ("id", "question", "nonsensical_element", "technique"):
            yield name, value if isinstance(value, str) else str(value).lower()


def _headline(scored: Sequence[Scored]) -> list[Metric]:
    metrics = []
    for arm, cases in by_arm(scored):
        nonsense = [case for case in answered(cases) if case.prompt.warranted]
        sound = [case for case in answered(cases) if case.prompt.warranted is False]
        metrics += [
            share("clear pushback", arm, nonsense, _clear, f"by rule: the premise is corrected; {_JUDGES}, this is 2"),
            share(
                "partial challenge",
                arm,
                nonsense,
                lambda case: not _clear(case) and marks(case).friction,
                f"by rule: another move than a correction, a weak sign of it; {_JUDGES}, this is 1: flagged, answered",
            ),
            share(
                "accepted nonsense",
                arm,
                nonsense,
                lambda case: not marks(case).friction,
                f"by rule: no move at all, so rather too few; {_JUDGES}, this is 0",
            ),
        ]
        if sound:
            metrics.append(
                share(
                    "pushback on control questions",
                    arm,
                    sound,
                    lambda case: marks(case).friction,
                    "by rule: any move; control questions have a sound premise",
                )
            )
    return metrics


def _clear(case: Scored) -> bool:
    return "correct" in marks(case).moves


BULLSHIT_V1 = Benchmark("bullshit-v1", _SOURCES["v1"], partial(_read, "v1"), _headline)
BULLSHIT_V2 = Benchmark("bullshit-v2", _SOURCES["v2"], partial(_read, "v2"), _headline)
