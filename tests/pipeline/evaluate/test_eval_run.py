"""`friction eval run` against a server on this machine: kills, faults, Ctrl-C; nothing lost, nothing asked twice."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from random import Random
from typing import Any

import pytest

from friction import cli
from friction.chat import Message
from friction.engine.openai_server import OpenAIServer
from friction.engine.patience import Patience
from friction.errors import FrictionError
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import StoredReply
from friction.evaluate.run import GIVEN_UP, ArmPlan, Plan, Progress, Run
from friction.evaluate.runfolder import read_run
from friction.evaluate.suites import Suite
from friction.manifest import SCRATCH
from tests.loopback import Loopback

Asked = tuple[str, str, int]
"""A prompt's id, whose reply, and which turn."""
ARM_OF = {"base": "baseline", "tuned": "friction"}
PROMPTS = [Prompt(f"p{n}", (Message("user", f"p{n} is so, right?"),)) for n in range(30)]
PROMPTS += [
    Prompt(f"t{n}", (Message("user", f"t{n} is so, right?"),), follow_ups=("Really?", "Sure?")) for n in range(6)
]
LONG = [replace(prompt, id=f"{prompt.id}{part}") for part in "abcdefgh" for prompt in PROMPTS]
LONG = [replace(prompt, messages=(Message("user", f"{prompt.id} is so, right?"),)) for prompt in LONG]
FAULTS = ("busy", "busy, says when", "broken", "silent", "reset", "half", "nothing", "nonsense")


def all_of(prompts: Sequence[Prompt]) -> list[Asked]:
    """Every reply that a run of these prompts has, in its order."""
    return [(p.id, arm, turn) for p in prompts for arm in ARM_OF.values() for turn in range(1 + len(p.follow_ups))]


EVERYTHING = set(all_of(PROMPTS))


def reply_to(asked: Asked) -> str:
    """What the server says to a request, the same each time."""
    name, arm, turn = asked
    return f"{arm} says to {name} in turn {turn}: it is so, as far as anybody knows."


class Server(Loopback):
    """A server with two models that answers, and misbehaves as it is told to.

    Attributes:
        asked: Each request, in the order in which they came.
        fault: Says what goes wrong with a request; nothing where it is empty.
        pause: Seconds that an answer takes.
    """

    def __init__(self, port: int = 0) -> None:
        self.asked: list[Asked] = []
        self.turns: list[list[dict[str, str]]] = []
        self.seen: Counter[str] = Counter()
        self.fault: Callable[[Asked], str] = lambda _: ""
        self.pause = 0.0
        self.over = threading.Event()
        self._lock = threading.Lock()
        super().__init__(port)
        self.url += "/v1"

    def answer(self, handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        """Does what it does with a request."""
        turns = request["messages"]
        asked = (turns[0]["content"].split()[0], ARM_OF[request["model"]], len(turns) // 2)
        with self._lock:
            self.asked.append(asked)
            self.turns.append(turns)
            fault = self.fault(asked)
            self.seen[fault] += 1
        if fault == "silent":
            self.over.wait(20)
            return
        if self.pause:
            self.over.wait(self.pause)
        if fault.isdigit() or fault.startswith("b"):
            _refuse(handler, fault)
            return
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        if fault in ("nothing", "nonsense"):
            handler.wfile.write(b"data: {nonsense\n\n" if fault == "nonsense" else b"")
            return
        text = reply_to(asked)
        handler.wfile.write(_event(text[:9], None))
        handler.wfile.flush()
        if fault in ("reset", "half"):
            if fault == "reset":
                handler.connection.close()
            return
        handler.wfile.write(_event(text[9:], fault or "stop") + b"data: [DONE]\n\n")

    def close(self) -> None:
        """Stops it, and lets go of whoever waits."""
        self.over.set()
        super().close()


def _refuse(handler: BaseHTTPRequestHandler, fault: str) -> None:
    status = int(fault) if fault.isdigit() else 500 if fault == "broken" else 429
    handler.send_response(status)
    if fault == "busy, says when":
        handler.send_header("Retry-After", "0.05")
    body = json.dumps({"error": {"message": f"THE SERVER IS {fault.upper()}"}}).encode()
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _event(text: str, finish: str | None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


@pytest.fixture(name="server")
def server_fixture() -> Iterator[Server]:
    """A server, until the test is over."""
    server = Server()
    yield server
    server.close()


def written(prompts: Sequence[Prompt], path: Path) -> Path:
    """Prompts as a file."""
    path.write_text("".join(json.dumps(prompt.as_dict()) + "\n" for prompt in prompts), "utf-8")
    return path


@pytest.fixture(name="suite")
def suite_fixture(tmp_path: Path) -> Path:
    """The prompts as a file."""
    return written(PROMPTS, tmp_path / "prompts.jsonl")


def started(url: str, folder: Path, prompts: list[Prompt] | None = None, **settings: Any) -> Progress:
    """A run that waits for milliseconds where a real one waits for seconds."""
    arms = [ArmPlan(arm, OpenAIServer(model, url, silence=0.4)) for model, arm in ARM_OF.items()]  # type: ignore[arg-type]
    plan = Plan(Suite("hand", "hand", tuple(prompts or PROMPTS), ()), tuple(arms), **{"workers": 4, **settings})
    try:
        return Run(plan, folder, Patience(tries=12, first_wait=0.01)).run()
    finally:
        for arm in arms:
            arm.engine.close()


def place(reply: StoredReply) -> Asked:
    """What a reply answers."""
    return reply.prompt, reply.arm, reply.turn


def on_disk(folder: Path) -> list[Asked]:
    """What the journal holds in whole lines."""
    path = folder / SCRATCH / "journal.jsonl"
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    entries = [json.loads(line) for line in lines]
    return [place(StoredReply.of(entry["value"])) for entry in entries if entry["key"] != "settings"]


def check_all_there(folder: Path, prompts: Sequence[Prompt] = tuple(PROMPTS)) -> None:
    """Every reply once, whole, in order, with nothing that a server said in anger."""
    replies = read_run(folder).replies
    assert [place(reply) for reply in replies] == all_of(prompts)
    assert all((reply.state, reply.answer) == ("answered", reply_to(place(reply))) for reply in replies)


# One process that has loaded what is slow to load, and forks a start of the run for each line that it reads.
STARTER = """
import os, sys
from pathlib import Path
import openai
from friction.engine.openai_server import OpenAIServer
from friction.engine.patience import Patience
from friction.evaluate.run import ArmPlan, Plan, Run
from friction.evaluate.suites import read_suite

url, suite, folder = sys.argv[1:]
plan = Plan(read_suite(suite), (ArmPlan("baseline", OpenAIServer("base", url, silence=5.0)),
                                ArmPlan("friction", OpenAIServer("tuned", url, silence=5.0))), workers=4)
for line in sys.stdin:
    child = os.fork()
    if not child:
        code = 1
        try:
            Run(plan, Path(folder), Patience(tries=12, first_wait=0.01)).run()
            code = 0
        finally:
            os._exit(code)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_killed_at_twenty_moments_no_reply_is_lost_doubled_or_asked_for_again(server: Server, tmp_path: Path) -> None:
    folder, random, everything = tmp_path / "run", Random(3), set(all_of(LONG))
    suite = written(LONG, tmp_path / "long.jsonl")
    server.pause = 0.004
    faults = Random(5)
    server.fault = lambda _: faults.choice(("", "", "", "", "", "broken", "reset", "half"))
    command = [sys.executable, "-c", STARTER, server.url, str(suite), str(folder)]
    kills = grown = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdin and starter.stdout

        def start() -> int:
            assert starter.stdin and starter.stdout
            print(file=starter.stdin, flush=True)
            return int(starter.stdout.readline())

        while kills < 20:
            kept, before = on_disk(folder), len(server.asked)
            assert len(kept) == len(set(kept)) < len(everything)
            child = start()
            until, enough = time.monotonic() + 60, before + random.randint(1, 20)
            while len(server.asked) < enough and time.monotonic() < until:
                time.sleep(0.001)
            time.sleep(random.uniform(0.0, 0.01))
            os.kill(child, signal.SIGKILL)
            assert int(starter.stdout.readline()) == -signal.SIGKILL  # it was at work
            kills += 1
            time.sleep(0.01)
            assert len(server.asked) > before and not set(server.asked[before:]) & set(kept)
            grown += len(on_disk(folder)) > len(kept)
        assert grown > 10 and not (folder / "manifest.json").exists()
        kept, before = on_disk(folder), len(server.asked)
        server.fault = lambda _: ""
        start()
        assert starter.stdout.readline() == "0\n"
        assert Counter(server.asked[before:]) == Counter(everything - set(kept))
        check_all_there(folder, LONG)
        assert Counter(on_disk(folder)) == Counter(everything)
        before = len(server.asked)
        start()  # complete
        assert starter.stdout.readline() == "0\n" and len(server.asked) == before
        starter.stdin.close()
    for turns in server.turns:  # what was replied before the kill is what the next turn is asked with
        for turn, message in enumerate(turns):
            if message["role"] == "assistant":
                assert re.fullmatch(rf"\w+ says to \w+ in turn {turn // 2}: it is so, .*", message["content"])


def test_every_fault_is_survived_and_leaves_no_trace(server: Server, tmp_path: Path) -> None:
    random, tried = Random(5), Counter[Asked]()

    def fault(asked: Asked) -> str:
        tried[asked] += 1
        if server.seen["silent"] > 2:
            return random.choice(FAULTS[:3] + FAULTS[4:]) if tried[asked] < 4 and random.random() < 0.5 else ""
        return random.choice(FAULTS) if tried[asked] < 4 and random.random() < 0.5 else ""

    server.fault = fault
    progress = started(server.url, tmp_path)
    assert (progress.failed, progress.done, progress.total) == (0, len(EVERYTHING), len(EVERYTHING))
    assert set(FAULTS) <= set(server.seen) and progress.waits > 0  # each of them really happened
    check_all_there(tmp_path)
    for name in ("replies.jsonl", "prompts.jsonl", "manifest.json"):
        assert "THE SERVER IS" not in (tmp_path / name).read_text("utf-8")


def test_what_a_filter_or_a_context_turns_down_fails_alone(server: Server, tmp_path: Path) -> None:
    server.fault = lambda asked: {"p1": "content_filter", "p2": "400", "t0": "400", "p3": "length"}.get(asked[0], "")
    progress = started(server.url, tmp_path, workers=1)
    found = {place(reply): reply for reply in read_run(tmp_path).replies}
    assert progress.failed == 2 * 5 and len(found) == len(EVERYTHING)
    bad = {key for key, reply in found.items() if reply.state == "failed"}
    assert {name for name, _, _ in bad} == {"p1", "p2", "t0"} and len(bad) == 10
    assert "content_filter" in found["p1", "friction", 0].error and "400" in found["p2", "baseline", 0].error
    assert {found["p3", arm, 0].state for arm in ARM_OF.values()} == {"cut"}
    assert max(Counter(server.asked).values()) == 1  # waiting would not have helped
    server.asked.clear()
    server.fault = lambda _: ""
    assert started(server.url, tmp_path).failed == 0
    assert Counter(server.asked) == Counter(bad)
    assert {reply.state for reply in read_run(tmp_path).replies} == {"answered", "cut"}


def test_a_server_that_dies_ends_the_run_and_one_that_comes_back_is_gone_on_with(tmp_path: Path) -> None:
    first = Server()
    first.fault = lambda _: "500" if len(first.asked) > 20 else ""
    arms = tuple(ArmPlan(arm, OpenAIServer(model, first.url)) for model, arm in ARM_OF.items())  # type: ignore[arg-type]
    plan = Plan(Suite("hand", "hand", tuple(PROMPTS), ()), arms, workers=1)
    with pytest.raises(FrictionError, match="it answered 500"):
        Run(plan, tmp_path, Patience(tries=1)).run()
    assert len(first.asked) == 20 + 2 * GIVEN_UP - 1  # the two models in turns
    assert len(on_disk(tmp_path)) == 20
    first.close()
    with pytest.raises(FrictionError, match="cannot reach"):  # nobody listens there now
        Run(plan, tmp_path, Patience(tries=2, first_wait=0.01)).run()
    assert len(on_disk(tmp_path)) == 20 and not (tmp_path / "manifest.json").exists()
    again = Server(first.port)
    try:
        progress = Run(plan, tmp_path, Patience(tries=1)).run()
        assert (progress.kept, progress.failed, len(again.asked)) == (20, 0, len(EVERYTHING) - 20)
    finally:
        again.close()
        for arm in arms:
            arm.engine.close()
    check_all_there(tmp_path)


def arguments_for(server: Server, suite: Path, folder: Path, *more: str) -> list[str]:
    """The arguments of `friction eval run` with both models."""
    engines = [f"openai:{model}@{server.url}" for model in ARM_OF]
    both = [part for engine in engines for part in ("--engine", engine)]
    return ["eval", "run", *both, "--suite", str(suite), "-o", str(folder), *more]


def friction(*arguments: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    return int(left.value.code or 0)


def test_the_command_says_how_far_it_is_and_what_to_do_next(
    server: Server, suite: Path, tmp_path: Path, capsys: Any
) -> None:
    folder = tmp_path / "my run"
    server.fault = lambda asked: "content_filter" if asked[0] == "p1" else ""
    assert friction(*arguments_for(server, suite, folder)) == 0
    out, err = capsys.readouterr()
    assert f"36 prompts, answered by openai:base@{server.url}, openai:tuned@{server.url}" in err
    assert f"{len(EVERYTHING)} of {len(EVERYTHING)} replies, 0 s left" in err and "2 failed" in err
    assert f"written: '{folder}', {len(EVERYTHING)} replies" in out
    assert "2 replies could not be had, the last because: " in out and "content_filter" in out
    assert f"the page: friction eval report '{folder}'" in out  # quoted, so that it can be pasted
    server.fault = lambda _: ""
    assert friction(*arguments_for(server, suite, folder)) == 0
    assert f"{len(EVERYTHING) - 2} of them from earlier starts" in capsys.readouterr().out
    check_all_there(folder)
    assert friction("eval", "report", str(folder)) == 0
    assert (folder / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize(("status", "fix"), [("401", "OPENAI_API_KEY"), ("403", "OPENAI_API_KEY"), ("404", "/models")])
def test_a_refused_key_or_name_ends_it_at_once_with_one_line(  # pylint: disable=too-many-positional-arguments
    status: str, fix: str, server: Server, suite: Path, tmp_path: Path, capsys: Any
) -> None:
    server.fault = lambda _: status
    assert friction(*arguments_for(server, suite, tmp_path / "run", "--workers", "3")) == 2
    out, err = capsys.readouterr()
    (line,) = [line for line in err.splitlines() if line.startswith("friction: ")]
    assert f"it answered {status}" in line and fix in line and out == "" and "Traceback" not in err
    assert len(server.asked) <= 3 and not (tmp_path / "run" / "manifest.json").exists()


def test_other_settings_and_other_folders_are_refused_by_the_command(
    server: Server, suite: Path, tmp_path: Path, capsys: Any
) -> None:
    folder = tmp_path / "run"
    assert friction(*arguments_for(server, suite, folder)) == 0
    asked = len(server.asked)
    (tmp_path / "file").write_text("x")
    for more, said in (
        (["--temperature", "0.5"], "its temperature is 0.0, not 0.5"),
        (["--seed", "5"], "its seed is 0, not 5"),
        (["--suite", "plain"], "its suite is 'prompts.jsonl', not 'plain'"),
        (["-o", str(tmp_path / "file")], "cannot use '"),
        (["-o", str(tmp_path / "file" / "run")], "cannot use '"),
    ):
        capsys.readouterr()
        assert friction(*arguments_for(server, suite, folder, *more)) == 2
        assert said in capsys.readouterr().err.splitlines()[-1]
    assert len(server.asked) == asked
    check_all_there(folder)


def test_ctrl_c_keeps_what_is_there_and_leaves_with_130(
    server: Server, suite: Path, tmp_path: Path, capsys: Any
) -> None:
    folder = tmp_path / "run"
    server.pause = 0.03
    arguments = [sys.executable, "-m", "friction", *arguments_for(server, suite, folder, "--workers", "4")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 60
        while len(server.asked) < 20 and time.monotonic() < until:
            time.sleep(0.005)
        server.fault = lambda _: "silent"  # those under way never end: the run cannot be over before it is stopped
        assert friction(*arguments_for(server, suite, folder)) == 2  # meanwhile
        assert "another evaluation is at work in" in capsys.readouterr().err
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in err
    kept = on_disk(folder)
    assert len(kept) >= 12 and not (folder / "manifest.json").exists()
    before = len(server.asked)
    server.fault, server.pause = lambda _: "", 0.0
    server.over.set()
    assert friction(*arguments_for(server, suite, folder)) == 0
    assert Counter(server.asked[before:]) == Counter(EVERYTHING - set(kept))
    check_all_there(folder)
