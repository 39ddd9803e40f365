"""Runs the experiments and makes their page.

    python -m scripts.experiments             everything that is not there yet, then docs/experiments.md
    python -m scripts.experiments --list      what is done, what is left, and how long it will take
    python -m scripts.experiments --only no-twins-seed-0
    python -m scripts.experiments --figures   the page and its figures from the results that there are

Stopped at any moment, the same command goes on.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from friction.errors import FrictionError
from scripts.experiments.estimate import idle_seconds, seconds_left
from scripts.experiments.results import Result, read_result
from scripts.experiments.settings import RESULTS, WORK, Settings
from scripts.experiments.units import Unit, all_units


def main() -> int:
    """What is left, one unit in each process."""
    # Threads that wait for one another by spinning need five times the time as soon as anything else is at work.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    options = _options()
    settings = Settings()
    try:
        units = chosen(all_units(settings), options.only)
        if options.list:
            _list(units, settings, options.results)
        elif options.figures:
            _figures(options.results)
        else:
            _work(units, settings, options)
    except FrictionError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the same command goes on", file=sys.stderr)
        return 130
    return 0


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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.experiments", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only this unit; may be given again"
    )
    parser.add_argument("--list", action="store_true", help="what is done, what is left, how long it will take")
    parser.add_argument("--figures", action="store_true", help="only make the page and its figures")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder of results")
    parser.add_argument("--work", type=Path, default=WORK, help="the folder of what is under way")
    return parser.parse_args()


def _work(units: Sequence[Unit], settings: Settings, options: argparse.Namespace) -> None:
    """Does the first unit that is not there yet, and goes on in a fresh process under the same number.

    What torch, oneDNN and llama.cpp keep in memory would otherwise grow from training to training.
    """
    done, left = _parted(units, settings, options.results)
    if not left:
        print("all results are there", file=sys.stderr)
        _figures(options.results)
        return
    from scripts.experiments.work import work_on

    unit, begun = left[0], time.monotonic()
    print(f"{unit.name}: {len(done) + 1} of {len(units)}", file=sys.stderr, flush=True)

    def report(what: str) -> None:
        after = seconds_left(done, left[1:], settings)
        rest = max(0.0, seconds_left(done, left[:1], settings) - (time.monotonic() - begun))
        print(f"{unit.name}: {what}; {(after + rest) / 60:.0f} min left in all", file=sys.stderr, flush=True)

    work_on(unit, settings, work=options.work, results=options.results, report=report)
    if len(left) > 1:
        os.execv(sys.executable, [sys.executable, "-m", "scripts.experiments", *sys.argv[1:]])
    _figures(options.results)


def _parted(units: Sequence[Unit], settings: Settings, results: Path) -> tuple[list[tuple[Unit, Result]], list[Unit]]:
    """What is done, and what is not."""
    found = [(unit, read_result(results, unit, settings)) for unit in units]
    return [(unit, result) for unit, result in found if result], [unit for unit, result in found if not result]


def _list(units: Sequence[Unit], settings: Settings, results: Path) -> None:
    done, left = _parted(units, settings, results)
    for unit, result in done:
        print(f"done  {unit.name:24} {sum(result.seconds.values()) / 60:5.0f} min")
    for unit in left:
        print(f"left  {unit.name:24} {seconds_left(done, [unit], settings) / 60:5.0f} min, estimated")
    idle = sum(idle_seconds(unit, settings) for unit in units)
    print(f"{len(done)} of {len(units)} done; {seconds_left(done, left, settings) / 60:.0f} min left", end="")
    print(f" ({idle / 60:.0f} in all on an idle machine of two cores)")


def _figures(results: Path) -> None:
    print(f"the page is not made here yet; results lie in '{results}'", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
