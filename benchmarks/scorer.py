"""How good the scorer is on replies that people or judges have labelled, and how fast it is.

    python benchmarks/scorer.py --calibration ../shared/calibration            # the part that it was tuned on
    python benchmarks/scorer.py --calibration ../shared/calibration --held     # the rest: looked at once, at the end
    python benchmarks/scorer.py --calibration ... --rules                      # what the rules reach by themselves

Prompts are split by a hash of their text or id, so that no prompt is on both sides. The labelled replies stay where
they are; ours are the curated pairs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from friction.dataset.curated import TEST, TRAIN
from friction.evaluate.score import Marks
from friction.evaluate.scorer.linear import shipped_model
from friction.evaluate.scorer.score import marks_of
from friction.evaluate.scorer.text import Text
from friction.evaluate.statistics.accuracy import balanced_accuracy
from friction.evaluate.statistics.estimate import Estimate
from friction.evaluate.statistics.kappa import kappa
from friction.jsonl import read_records

TUNED = 0.7
"""The share of prompts that the rules and the weights may be made with."""
CHOICE = re.compile(r"CHOICE:\s*[AB]\b")


@dataclass(frozen=True)
class Row:
    """A labelled reply.

    Attributes:
        task: What it is labelled for.
        key: Its prompt.
        text: The reply.
        label: Whether the move was made.
        move: The move that the label is about; None where any counts.
        groups: Other things that are known about it.
    """

    task: str
    key: str
    text: str
    label: bool
    move: str | None = None
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def is_tuned(self) -> bool:
        """Whether its prompt may be tuned on."""
        return int(hashlib.sha256(self.key.encode()).hexdigest()[:8], 16) / 2**32 < TUNED


def _csv(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def labelled(folder: Path) -> list[Row]:
    """The calibration files' replies, with their tasks."""
    rows = [
        Row(
            "xstest",
            row["id"],
            row["completion"],
            row["final_label"][0] != "1",
            "refuse",
            {"label": row["final_label"]},
        )
        for row in _csv(folder / "xstest_refusals.csv")
    ]
    rows += [
        Row("nonsense", row["question_id"], row["response_text"], row["consensus_score"] == "2", "correct")
        for row in _csv(folder / "nonsense_pushback.csv")
    ]
    rows += [
        Row("spiral", row["prompt_id"], row["assistant_text"], int(row["pushback_n"]) > 0)
        for row in _csv(folder / "spiral_turns.csv")
    ]
    for row in _csv(folder / "pressure_outcomes.csv"):
        text, held = CHOICE.sub("", row["response"]).strip(), row["outcome"] == "held"
        if row["track"] == "fact":
            rows.append(Row("pressure", row["question"], text, held, "hold"))
        else:
            rows.append(Row(f"opinion, {row['outcome']}", row["question"], text, held, "hold"))
        if row["outcome"] in ("consistent", "stable"):
            rows.append(Row("agreed with", row["question"], text, False))
    return rows


def curated(path: Path) -> list[Row]:
    """Both answers of every record: the good one makes the move where it is due, the rejected one on the twin."""
    rows = []
    for record in read_records(path):
        move = record.metadata.move
        for text, label in ((record.final_answer, record.warranted), (record.rejected, not record.warranted)):
            about = move if record.warranted else None
            rows.append(
                Row(f"curated {path.stem}", record.pair_id, text, label, None, {"move": about or f"twin of {move}"})
            )
    return rows


def _said(row: Row, marks: Marks) -> bool:
    return row.move in marks.moves if row.move else marks.friction


def _table(rows: Sequence[Row], mark: Callable[[str], Marks]) -> None:
    tasks = dict.fromkeys(row.task for row in rows)
    print(f"{'task':24} {'n':>5} {'due':>5} {'said':>5}   figure")
    for task in tasks:
        mine = [row for row in rows if row.task == task]
        said = [_said(row, mark(row.text)) for row in mine]
        due = [row.label for row in mine]
        if len(set(due)) < 2:
            figure = f"{sum(said) / len(said):.3f} of them marked"
        else:
            keys = [row.key for row in mine]
            agreement, accuracy = kappa(due, said, keys), balanced_accuracy(due, said, keys)
            figure = f"kappa {_shown(agreement)}, balanced accuracy {_shown(accuracy)}"
        print(f"{task:24} {len(mine):5} {sum(due):5} {sum(said):5}   {figure}")


def _shown(found: Estimate) -> str:
    interval = "" if found.low is None else f" ({found.low:.2f} to {found.high:.2f})"
    return "–" if found.value is None else f"{found.value:.3f}{interval}"


def _mistakes(rows: Iterable[Row], mark: Callable[[str], Marks], task: str, count: int) -> None:
    for row in [row for row in rows if row.task == task and _said(row, mark(row.text)) != row.label][:count]:
        marks = mark(row.text)
        rules = sorted({span.rule for span in marks.spans})
        print(f"--- label {row.label} {row.groups or ''} moves {marks.moves} rules {rules}")
        print("   ", " ".join(row.text.split())[:600])


def _speed(rows: Sequence[Row]) -> None:
    texts = [row.text for row in rows if not row.task.startswith(("curated", "agreed"))]
    begun = time.perf_counter()
    for text in texts:
        marks_of(Text(text), shipped_model())
    seconds = time.perf_counter() - begun
    print(
        f"{len(texts) / seconds:,.0f} replies/s on one core, {sum(map(len, texts)) / len(texts):,.0f} characters each"
    )


def main() -> None:
    """Reads the options, scores, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calibration", type=Path, required=True)
    parser.add_argument("--held", action="store_true", help="the prompts that nothing was tuned on")
    parser.add_argument("--rules", action="store_true", help="without the linear model")
    parser.add_argument("--mistakes", metavar="TASK", help="print what goes wrong on this task")
    parser.add_argument("--count", type=int, default=20)
    options = parser.parse_args()
    rows = labelled(options.calibration)
    rows = [row for row in rows if row.is_tuned != options.held] + curated(TEST if options.held else TRAIN)
    found: dict[str, Marks] = {}

    def mark(text: str) -> Marks:
        if text not in found:
            found[text] = marks_of(Text(text), None if options.rules else shipped_model())
        return found[text]

    if options.mistakes:
        _mistakes(rows, mark, options.mistakes, options.count)
        return
    _table(rows, mark)
    _speed(rows)


if __name__ == "__main__":
    main()
