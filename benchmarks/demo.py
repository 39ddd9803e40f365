"""How fast the demo starts and answers: medians of several runs, beside what is promised.

Run it with ``make bench`` on a machine that has nothing else to do; ``make bench ARGS=--from-nothing`` also sets up a
clone from nothing.
"""

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from friction.chat import Message
from friction.demo.runner import Arm, run
from friction.engine.base import Sampling, complete
from friction.engine.embedded import EmbeddedPair

RUNS = 7
PROMPT = "Since the capital of Australia is Sydney, which river flows through the capital?"
FRICTION = str(Path(sys.executable).with_name("friction"))
_FIRST_FRAME = b"\x1b[?25l"  # the cursor is hidden when the panels are drawn, with the first piece of a reply


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        what: What was measured.
        value: The median.
        unit: Its unit.
        at_most: What is promised; None where nothing is.
    """

    what: str
    value: float
    unit: str
    at_most: float | None = None

    @property
    def missed(self) -> bool:
        """Whether a promise was broken."""
        return self.at_most is not None and self.value > self.at_most

    def __str__(self) -> str:
        promise = "" if self.at_most is None else f"at most {self.at_most:.2f} {self.unit}"
        missed = "  MISSED" if self.missed else ""
        return f"{self.what:<58}{self.value:>6.2f} {self.unit:<2}  {promise}{missed}".rstrip()


def median(measure: Callable[[], float]) -> float:
    """The median of several runs, after one that fills the caches."""
    measure()
    return statistics.median(measure() for _ in range(RUNS))


def seconds_of(*command: str) -> float:
    """How long a command takes from its start to its end."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def seconds_to_first_token() -> float:
    """From the start of the process to the first frame that holds a piece of a reply, in a terminal."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm-256color"
        os.environ.pop("NO_COLOR", None)
        os.execv(FRICTION, [FRICTION, "demo", PROMPT])
    shown, first = b"", 0.0
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux: the other end is closed
            piece = b""
        if not piece:
            break
        shown += piece
        if not first and _FIRST_FRAME in shown:
            first = time.perf_counter() - started
    os.close(terminal)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) or not first:
        raise SystemExit(f"friction demo failed:\n{shown.decode(errors='replace')}")
    return first


def imports_torch() -> bool:
    """Whether a whole demo of one prompt loads torch."""
    script = f"import sys; from friction.cli import main; sys.argv[1:] = ['demo', {PROMPT!r}]\n"
    script += "try:\n main()\nfinally:\n sys.stderr.write(str('torch' in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return done.stderr.endswith("True")


def seconds_from_nothing() -> float:
    """`make demo` in a fresh clone, with a cache of its own: the install is most of it."""
    with tempfile.TemporaryDirectory() as folder:
        clone = str(Path(folder) / "friction")
        subprocess.run(["git", "clone", "--quiet", str(Path(__file__).parents[1]), clone], check=True)
        environment = {**os.environ, "FRICTION_CACHE": str(Path(folder) / "cache")}
        started = time.perf_counter()
        subprocess.run(["make", "demo"], cwd=clone, env=environment, stdin=subprocess.DEVNULL, check=True)
        return time.perf_counter() - started


def of_both_arms(pair: EmbeddedPair) -> tuple[float, float]:
    """Seconds for both replies to one prompt, at the same time and one after the other."""
    messages, sampling = [Message("user", PROMPT)], Sampling()

    def together() -> float:
        started = time.perf_counter()
        for _ in run([Arm("baseline", pair), Arm("friction", pair, 1.0)], messages, sampling):
            pass
        return time.perf_counter() - started

    def apart() -> float:
        started = time.perf_counter()
        complete(pair, messages, sampling=sampling)
        complete(pair, messages, sampling=sampling, dial=1.0)
        return time.perf_counter() - started

    return median(together), median(apart)


def main() -> None:
    """Measure, and print the table."""
    print(f"{RUNS} runs each, medians; {os.cpu_count()} processors", flush=True)
    rows = [
        Row("friction --help", median(lambda: seconds_of(FRICTION, "--help")), "s", 0.4),
        Row("start of the process to the first streamed token", median(seconds_to_first_token), "s", 1.0),
        Row("start to end: both arms of one prompt", median(lambda: seconds_of(FRICTION, "demo", PROMPT)), "s", 1.5),
        Row("torch imported by the demo (0 is no)", float(imports_torch()), "", 0.0),
    ]
    if "--from-nothing" in sys.argv[1:]:
        rows.append(Row("make demo from a clone with nothing set up", seconds_from_nothing(), "s", 120.0))
    for row in rows:
        print(row)
    with EmbeddedPair() as pair:
        together, apart = of_both_arms(pair)
        print(Row("both replies, at the same time", together, "s"))
        print(Row("both replies, one after the other", apart, "s"))
        print(Row("ratio", together / apart, "", 1.0))
        reply = complete(pair, [Message("user", PROMPT)], dial=1.0)
        print(Row("tokens per second of one reply (friction)", reply.tokens / reply.seconds, ""))
    if any(row.missed for row in rows):
        raise SystemExit("a promise was missed")


if __name__ == "__main__":
    main()
