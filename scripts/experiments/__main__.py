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
from pathlib import Path

from friction.errors import FrictionError
from scripts.experiments.settings import DOCS, RESULTS, WORK, Settings


def main() -> int:
    """Does what the command line says; the exit code is 2 for an error that a person can mend."""
    options = _options()
    settings = Settings()
    try:
        _run(options, settings)
    except FrictionError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the same command goes on", file=sys.stderr)
        return 130
    return 0


def _run(options: argparse.Namespace, settings: Settings) -> None:
    from scripts.experiments.schedule import chosen, parted, print_list, work_through
    from scripts.experiments.units import all_units

    units = chosen(all_units(settings), options.only)
    if options.worker:
        _do_one(options, settings)
        return
    if options.list:
        print_list(units, settings, options.results)
        return
    if not options.figures:
        work_through(units, settings, results=options.results, work=options.work, at_once=options.at_once)
        if parted(units, settings, options.results)[1]:
            return
    from scripts.experiments.page import make_page

    print(f"written: '{make_page(settings, options.results, options.docs)}'")


def _do_one(options: argparse.Namespace, settings: Settings) -> None:
    """One unit, in a process of its own.

    What torch, oneDNN and llama.cpp keep in memory would grow from one unit to the next.
    """
    from scripts.experiments.schedule import chosen
    from scripts.experiments.units import all_units
    from scripts.experiments.work import work_on

    unit = next(unit for unit in chosen(all_units(settings), options.only) if unit.name == options.only[0])

    def report(what: str) -> None:
        print(f"  {unit.name}: {what}", file=sys.stderr, flush=True)

    work_on(unit, settings, work=options.work, results=options.results, report=report)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.experiments", description="The experiments on the organism."
    )
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only these; may be given again")
    parser.add_argument("--list", action="store_true", help="what is done, what is left, how long it will take")
    parser.add_argument("--figures", action="store_true", help="only make the page and its figures")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, help="units at the same time, a core each")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder of results")
    parser.add_argument("--docs", type=Path, default=DOCS, help="the folder that the page goes to")
    parser.add_argument("--work", type=Path, default=WORK, help="the folder of what is under way")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
