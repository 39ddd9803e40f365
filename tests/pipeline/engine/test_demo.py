"""friction demo as a process: what a person and a pipe get, and what an interrupt leaves behind."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from friction.demo.command import ORGANISM
from friction.demo.prompts import HELDOUT

WRAPPER = """
import signal
import sys
from pathlib import Path
from friction.demo import command, prompts
from friction.engine import gguf_cache

gguf_cache.WEIGHTS = Path(sys.argv.pop(1))
command.HELDOUT = prompts.OPEN_WORLD
from friction.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background had it ignored
try:
    main()
finally:
    heavy = {"torch", "transformers", "tokenizers", "openai"} & set(sys.modules)
    assert not heavy, heavy
"""


def command(weights: Path, *arguments: str) -> list[str]:
    """The demo over a folder of weights, with the open-world prompts."""
    return [sys.executable, "-c", WRAPPER, str(weights), "demo", *arguments]


def in_terminal(arguments: list[str], keys: bytes = b"", width: int = 80) -> tuple[int, str]:
    """Exit code and output of a process that a person watches; the keys are typed once it waits for a line."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS=str(width), LINES="40")
        os.environ.pop("NO_COLOR", None)
        os.execv(arguments[0], arguments)
    shown, deadline = b"", time.monotonic() + 120
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.05)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if b"\x1b[6n" in piece:  # where is the cursor?
            os.write(terminal, b"\x1b[1;1R")
        # Before the line editor has the terminal, a Ctrl-D would be swallowed; it says so with this sequence.
        if keys and b"\x1b[?2004h" in shown.partition(b"Ctrl-D leaves")[2]:
            os.write(terminal, keys)
            keys = b""
    else:
        os.kill(child, signal.SIGKILL)
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode(errors="replace")


def test_json_of_the_real_arms(standin: Path) -> None:
    done = subprocess.run(command(standin, "--json", "Hello?"), capture_output=True, text=True, check=True)
    assert done.stderr == f"{ORGANISM}\n"
    row = json.loads(done.stdout)
    assert row["prompt"] == "Hello?"
    assert row["baseline"] != row["friction"]
    assert all(row[arm]["tokens"] > 0 and row[arm]["seconds"] > 0 for arm in ("baseline", "friction"))


def test_nothing_but_text_goes_into_a_pipe(standin: Path) -> None:
    done = subprocess.run(command(standin, "--move", "clarify"), capture_output=True, check=True)
    assert b"\x1b" not in done.stdout
    assert b"scoreboard" in done.stdout


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_person_watches_and_types(width: int, standin: Path) -> None:
    code, shown = in_terminal(command(standin, "--move", "hold"), b"/help\r/dial 0.5\rMine?\r\x04", width)
    assert code == 0, shown
    assert "pushback due" in shown and "38;5;" in shown
    assert "/example" in shown and "dial 0.5" in shown


def test_a_pipe_that_closes_is_no_error(standin: Path) -> None:
    with subprocess.Popen(command(standin, "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_an_interrupt_leaves_with_130_and_nothing_broken(
    standin: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FRICTION_CACHE", str(tmp_path / "cache"))
    codes = []
    for wait in (0.0, 0.05, 0.1, 0.2, 0.4):
        with subprocess.Popen(
            command(standin), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=0
        ) as process:
            assert process.stdout and process.stderr
            process.stdout.read(1)  # it has loaded, or nearly
            time.sleep(wait)
            process.send_signal(signal.SIGINT)
            process.stdout.read()
            assert "Traceback" not in process.stderr.read()
        codes.append(process.returncode)
    assert set(codes) <= {0, 130} and 130 in codes
    subprocess.run(command(standin, "--json", "Hello?"), check=True, capture_output=True)


@pytest.mark.skipif(not HELDOUT.exists(), reason="the organism's held-out prompts are not in this checkout")
def test_the_shipped_demo(shipped: Path) -> None:
    assert shipped
    friction = str(Path(sys.executable).with_name("friction"))
    done = subprocess.run([friction, "demo", "--json"], capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 12
    assert {row["baseline"]["state"] for row in rows} == {"absent"}
    assert all(row["friction"]["state"] == "complete" for row in rows if row["warranted"])
