"""Which units are done, which are left, and doing those: as many at once as there are cores, a process for each."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from friction.errors import FrictionError
from scripts.experiments.estimate import idle_seconds, seconds_left
from scripts.experiments.results import Result, read_result
from scripts.experiments.settings import ROOT, Settings
from scripts.experiments.units import Unit

_NOT_MANY = 3
"""Failures after which the rest is not tried."""


def chosen(units: Sequence[Unit], only: Sequence[str]) -> list[Unit]:
    """The units that are named, or whose names begin so; all where none is.

    Raises:
        FrictionError: A name fits none.
    """
    for name in only:
        if not any(unit.name.startswith(name) for unit in units):
            raise FrictionError(
                problem=f"there is no experiment '{name}'",
                because=f"they are called {', '.join(unit.name for unit in units)}",
                fix="name one of them, or the beginning of several",
            )
    return [unit for unit in units if not only or unit.name.startswith(tuple(only))]


def parted(units: Sequence[Unit], settings: Settings, results: Path) -> tuple[list[tuple[Unit, Result]], list[Unit]]:
    """What is done, and what is left."""
    found = [(unit, read_result(results, unit, settings)) for unit in units]
    return [(unit, result) for unit, result in found if result], [unit for unit, result in found if not result]


def print_list(units: Sequence[Unit], settings: Settings, results: Path) -> None:
    """What is done and what is left, with the minutes of one core."""
    done, left = parted(units, settings, results)
    for unit, result in done:
        print(f"done  {unit.name:24} {sum(result.seconds.values()) / 60:5.0f} min")
    for unit in left:
        print(f"left  {unit.name:24} {seconds_left(done, [unit], settings) / 60:5.0f} min, estimated")
    idle = sum(idle_seconds(unit, settings) for unit in units)
    print(
        f"{len(done)} of {len(units)} done; {seconds_left(done, left, settings) / 60:.0f} min of one core left", end=""
    )
    print(f" ({idle / 60:.0f} in all on a core that has nothing else to do)")


def work_through(units: Sequence[Unit], settings: Settings, *, results: Path, work: Path, at_once: int) -> None:
    """Does what is left.

    Each unit computes on one core: two trainings beside each other are done sooner than one after the other on both
    cores, as a step of the organism is too small to be shared well.

    Raises:
        FrictionError: Several units failed.
    """
    done, left = parted(units, settings, results)
    waiting, running, failed = list(left), dict[Unit, "subprocess.Popen[bytes]"](), list[str]()
    try:
        while (waiting and len(failed) < _NOT_MANY) or running:
            while waiting and len(running) < at_once and len(failed) < _NOT_MANY:
                done, left = parted(units, settings, results)
                _say_what_is_left(waiting[0], done, left, settings, at_once)
                running[waiting[0]] = _begin(waiting[0], results, work)
                del waiting[0]
            for unit, process in list(running.items()):
                if process.poll() is not None:
                    del running[unit]
                    failed += [unit.name] if process.returncode else []
            time.sleep(0.2)
    finally:
        for process in running.values():
            process.terminate()
    if failed:
        raise FrictionError(
            problem=f"{len(failed)} of the experiments failed: {', '.join(failed)}",
            because="each says why above",
            fix="mend that and start again: what is done stays",
        )


def _say_what_is_left(
    unit: Unit, done: Sequence[tuple[Unit, Result]], left: Sequence[Unit], settings: Settings, at_once: int
) -> None:
    minutes = seconds_left(done, left, settings) / min(at_once, len(left)) / 60
    print(f"{unit.name} begins; {len(done)} done, {len(left)} left, {minutes:.0f} min", file=sys.stderr, flush=True)


def _begin(unit: Unit, results: Path, work: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "scripts.experiments", "--worker", "--only", unit.name]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(  # pylint: disable=consider-using-with  # it is waited for by whoever began it
        [*command, "--results", str(results.resolve()), "--work", str(work.resolve())], cwd=ROOT, env=environment
    )
