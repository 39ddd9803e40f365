"""How long validation and deduplication take, and what memory they need, on records of realistic length.

    python benchmarks/dataset.py                      # 100,000 records, and datasketch beside us on 10,000
    python benchmarks/dataset.py --records 1000000    # and the cost of a record against that at a tenth

The records are made of pseudo-words at the lengths of the curated ones, every fiftieth pair a near-copy of an earlier
one. All figures of one call are from one machine in one run; each measurement is a process of its own, so that its
peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from friction.dataset.generate.seeds import DOMAINS
from friction.jsonl import read_records
from friction.moves import MOVES

AGENTS = ("problem_framer", "memory_activator", "mechanism_explorer", "synthesizer")
VOCABULARY = 30_000


def pseudo_words() -> list[str]:
    """A vocabulary whose words are drawn as often as words of a language are: by their rank."""
    random = Random(1)
    return ["".join(random.choices("abcdefghijklmnoprstuvwyz", k=random.randint(2, 10))) for _ in range(VOCABULARY)]


def records(count: int) -> Iterator[dict[str, Any]]:
    """Records in pairs; only speed is measured on them, so their words need no meaning."""
    random, vocabulary = Random(2), pseudo_words()

    def prose(length: int) -> str:
        return " ".join(vocabulary[int(VOCABULARY ** random.random()) - 1] for _ in range(length)) + "."

    kept: list[str] = []
    for number in range(count // 2):
        asked, answer = prose(70), prose(90)
        if number % 50 == 49 and kept:
            asked, answer = json.loads(random.choice(kept))
        elif len(kept) < 1000:
            kept.append(json.dumps([asked, answer]))
        before = [prose(30), prose(40)]
        for side in ("due", "twin"):
            thoughts = [prose(40) for _ in AGENTS]
            yield {
                "id": f"p{number}-{side}",
                "pair_id": f"p{number}",
                "warranted": side == "due",
                "history": [
                    {"role": role, "content": text} for role, text in zip(("user", "assistant"), before, strict=True)
                ],
                "user_input": f"{asked} {side}",
                "agents": [
                    {
                        "agent_type": agent,
                        "thought_stream": thought,
                        "friction_moments": [{"type": "concession", "quote": thought[3:40]}],
                    }
                    for agent, thought in zip(AGENTS, thoughts, strict=True)
                ],
                "final_answer": answer if side == "due" else prose(90),
                "rejected": prose(60),
                "rejected_thinking": "\n\n".join(f"{agent}: {prose(30)}" for agent in AGENTS),
                "metadata": {
                    "move": list(MOVES)[number % 6],
                    "domain": DOMAINS[number % len(DOMAINS)],
                    "difficulty": ("plain", "subtle", "charged")[number % 3],
                    "language": "en",
                    "focus": "doubt",
                    "source": "benchmark",
                    "license": "CC-BY-4.0",
                    "created": "2026-01-01",
                    "notes": "",
                },
            }


def write(path: Path, count: int) -> None:
    """Writes so many records."""
    with path.open("w", encoding="utf-8") as file:
        for record in records(count):
            file.write(json.dumps(record) + "\n")


def measure(task: str, path: Path) -> dict[str, Any]:
    """Runs one task in a process of its own: seconds, and its peak memory in MiB."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--task", task, str(path)], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return {**found, "seconds": time.perf_counter() - begun}


def perform(task: str, path: Path) -> dict[str, Any]:
    """The task itself."""
    if task == "validate":
        from friction.dataset.validate import validate

        report = validate([path])
        found = sum(problem.check == "duplicate" for problem in report.problems)
        count = report.records
    elif task == "dedup":
        from friction.dataset.deduplicate import deduplicate

        found, count = len(deduplicate([path]).pair_ids), 0
    else:
        found, count = with_datasketch(path), 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"found": found, "records": count, "peak": peak}


def with_datasketch(path: Path) -> int:
    """The same deduplication with datasketch: its sketches and index, our exact check of the candidates."""
    from datasketch import MinHash, MinHashLSH  # pylint: disable=import-error  # installed for this comparison only

    from friction.dataset.duplicates import BANDS, LIMIT, ROWS, RUN, jaccard
    from friction.dataset.text import runs, told

    index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
    seen: dict[str, tuple[str, frozenset[str]]] = {}
    gone: set[str] = set()
    for record in read_records(path):
        mine = frozenset(runs(told(record), RUN))
        sketch = MinHash(num_perm=BANDS * ROWS)
        sketch.update_batch([run.encode() for run in mine])
        for key in index.query(sketch):
            pair_id, theirs = seen[str(key)]
            if pair_id not in (record.pair_id, *gone) and jaccard(mine, theirs) > LIMIT:
                gone.add(record.pair_id)
        index.insert(record.id, sketch)
        seen[record.id] = (record.pair_id, mine)
    return len(gone)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--beside", type=int, default=10_000, help="records on which datasketch runs beside us")
    parser.add_argument("--task", choices=["validate", "dedup", "datasketch"], help=argparse.SUPPRESS)
    parser.add_argument("path", nargs="?", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.task:
        print(json.dumps(perform(given.task, given.path)))
        return
    with tempfile.TemporaryDirectory() as folder:
        costs = {}
        for count in sorted({given.records // 10, given.records}):
            path = Path(folder) / f"{count}.jsonl"
            write(path, count)
            size = path.stat().st_size / 2**20
            parts = {task: measure(task, path) for task in ("validate", "dedup")}
            seconds = sum(part["seconds"] for part in parts.values())
            costs[count] = seconds / count
            print(f"{count:,} records, {size:,.0f} MiB: {seconds:.1f} s in all, {1e6 * costs[count]:.0f} µs a record")
            for task, part in parts.items():
                print(f"  {task}: {part['seconds']:.1f} s, peak {part['peak']:,.0f} MiB, {part['found']:,} found")
            path.unlink()
        least, most = min(costs), max(costs)
        print(f"a record at {most:,} costs {costs[most] / costs[least]:.2f} of one at {least:,}")
        path = Path(folder) / "beside.jsonl"
        write(path, given.beside)
        try:
            theirs = measure("datasketch", path)
        except subprocess.CalledProcessError:
            print("datasketch is not installed: pip install datasketch")
            return
        ours = measure("dedup", path)
        print(
            f"dedup of {given.beside:,}: ours {ours['seconds']:.1f} s, {ours['peak']:,.0f} MiB, {ours['found']} pairs; "
            f"datasketch {theirs['seconds']:.1f} s, {theirs['peak']:,.0f} MiB, {theirs['found']} pairs: "
            f"{theirs['seconds'] / ours['seconds']:.1f} times as long"
        )


if __name__ == "__main__":
    main()
