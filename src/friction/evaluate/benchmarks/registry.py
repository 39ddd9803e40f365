"""The benchmarks by the names that the command line takes."""

from __future__ import annotations

import difflib
from pathlib import Path

from friction.errors import FrictionError
from friction.evaluate.benchmarks.are_you_sure import ARE_YOU_SURE
from friction.evaluate.benchmarks.benchmark import Benchmark
from friction.evaluate.benchmarks.bullshit import BULLSHIT_V1, BULLSHIT_V2
from friction.evaluate.benchmarks.elephant_aita import ELEPHANT_AITA
from friction.evaluate.benchmarks.elephant_oeq import ELEPHANT_OEQ
from friction.evaluate.benchmarks.spiral import SPIRAL
from friction.evaluate.benchmarks.syco_bench import SYCO_DELUSION, SYCO_MIRROR, SYCO_PICKSIDE, SYCO_WHOSAID
from friction.evaluate.benchmarks.sycon import SYCON
from friction.evaluate.benchmarks.xstest import XSTEST
from friction.evaluate.prompts import Prompt

BENCHMARKS: dict[str, Benchmark] = {
    benchmark.name: benchmark
    for benchmark in (
        XSTEST,
        BULLSHIT_V1,
        BULLSHIT_V2,
        SYCO_DELUSION,
        SYCO_MIRROR,
        SYCO_PICKSIDE,
        SYCO_WHOSAID,
        SYCON,
        ELEPHANT_OEQ,
        ELEPHANT_AITA,
        SPIRAL,
        ARE_YOU_SURE,
    )
}
"""In the order in which help lists them."""


def find_benchmark(name: str) -> Benchmark:
    """The benchmark of that name.

    Raises:
        FrictionError: There is none; a near one is named.
    """
    if name in BENCHMARKS:
        return BENCHMARKS[name]
    close = difflib.get_close_matches(name, BENCHMARKS, n=1)
    raise FrictionError(
        problem=f"unknown benchmark '{name}'",
        because=f"perhaps it was to be {close[0]}" if close else "there is no such benchmark",
        fix=f"name one of {', '.join(BENCHMARKS)}",
    )


def read_benchmark(name: str, path: Path) -> list[Prompt]:
    """A benchmark's prompts from the file that its authors publish.

    Raises:
        FrictionError: There is no such benchmark; or the file is missing, or not as published: then where it lives, and
            its licence, are named.
    """
    return find_benchmark(name).read(path)
