"""One unit of work from its rows to its result; killed at any moment, the next start goes on."""

from __future__ import annotations

import fcntl
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from friction.errors import FrictionError
from friction.evaluate.run import Progress
from friction.files import whole_file
from friction.manifest import read_manifest
from scripts.experiments.measuring import Kept, ask_adapter, ask_shipped, kept, suite_of, whole_suite, write_replies
from scripts.experiments.results import Result, key_of, replies_path, settings_of, write_result
from scripts.experiments.rows import dialogues_of, write_rows
from scripts.experiments.settings import Settings
from scripts.experiments.training import train_unit
from scripts.experiments.units import Unit

Report = Callable[[str], None]


@dataclass
class Stopwatch:
    """Seconds of work by its kind, over all starts; a kill loses those since the last report.

    Attributes:
        path: Where they are kept.
    """

    path: Path
    _seconds: dict[str, float] = field(default_factory=dict)
    _last: float = 0.0

    def __post_init__(self) -> None:
        if self.path.exists():
            self._seconds = json.loads(self.path.read_text("utf-8"))
        self._last = time.monotonic()

    def tick(self, kind: str) -> None:
        """Adds the time since the last tick."""
        now = time.monotonic()
        self._seconds[kind] = round(self._seconds.get(kind, 0.0) + now - self._last, 1)
        self._last = now
        with whole_file(self.path) as file:
            file.write(json.dumps(self._seconds).encode())

    @property
    def seconds(self) -> dict[str, float]:
        """By kind."""
        return dict(self._seconds)


def work_on(unit: Unit, settings: Settings, *, work: Path, results: Path, report: Report) -> Result:
    """Does a unit, or the rest of it, and writes its result.

    Args:
        unit: What to do.
        settings: Of the experiments.
        work: The folder of work folders.
        results: The folder of results.
        report: Is told how it goes.

    Raises:
        FrictionError: Somebody else is doing it.
    """
    made = settings_of(unit, settings)
    key = key_of(made)
    folder = work / f"{unit.name}-{key[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    with _only_here(unit, folder):
        watch = Stopwatch(folder / "seconds.json")
        if unit.part:
            rows: dict[str, int] = {}
            replies = _of_shipped(unit, settings, folder, watch, report)
        else:
            rows, replies = _of_training(unit, settings, folder, watch, report)
        write_replies(replies_path(results, unit), replies)
        result = Result(
            unit=unit.name,
            key=key,
            settings=made,
            rows=rows,
            seconds=watch.seconds,
            replies=len(replies),
            states=dict(sorted(Counter(one.reply.state for one in replies).items())),
            versions=read_manifest(next(folder.glob("replies-*"))).versions,
        )
        write_result(results, unit, result)
    return result


@contextmanager
def _only_here(unit: Unit, folder: Path) -> Iterator[None]:
    """Keeps a second start away from a unit; the system lets go of it however this one ends."""
    with (folder / "lock").open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FrictionError(
                problem=f"'{unit.name}' is being worked on",
                because="another start of the experiments has it",
                fix="wait for it, or stop it",
            ) from error
        yield


def _of_shipped(unit: Unit, settings: Settings, folder: Path, watch: Stopwatch, report: Report) -> list[Kept]:
    suite, dials = (whole_suite(), (1.0,)) if unit.part == "arms" else (suite_of(settings), settings.dials)
    asked = ask_shipped(suite, dials, settings, folder / "replies-shipped", _progress("replies", watch, report))
    watch.tick("replies")
    return kept(asked, None)


def _of_training(
    unit: Unit, settings: Settings, folder: Path, watch: Stopwatch, report: Report
) -> tuple[dict[str, int], list[Kept]]:
    rows, counts = folder / "rows.jsonl", folder / "rows.json"
    if not counts.exists():
        report("making its rows")
        found = write_rows(rows, dialogues_of(unit, settings.rows))
        with whole_file(counts) as file:
            file.write(json.dumps(found).encode())
    watch.tick("rows")

    def trained(step: int) -> None:
        watch.tick("training")
        report(f"step {step:,} of {settings.steps:,}")

    adapters = train_unit(unit, settings, rows=rows, folder=folder / "training", report=trained)
    watch.tick("training")
    replies = []
    for step, adapter in adapters.items():
        progress = _progress(f"replies after step {step:,}", watch, report)
        replies += kept(ask_adapter(adapter, settings, folder / f"replies-{step}", progress), step)
        watch.tick("replies")
    return json.loads(counts.read_text("utf-8")), replies


def _progress(what: str, watch: Stopwatch, report: Report) -> Callable[[Progress], None]:
    """Takes the evaluation's progress; it comes with every reply, from several threads."""
    said = time.monotonic()

    def told(progress: Progress) -> None:
        nonlocal said
        if time.monotonic() - said > 10 or progress.done == progress.total:
            said = time.monotonic()
            watch.tick("replies")
            report(f"{what}: {progress.done:,} of {progress.total:,}")

    return told
