"""`friction eval run` on the organism that ships, for real: its report is what its replies say."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from friction.engine.embedded import EmbeddedPair
from friction.engine.patience import Patience
from friction.evaluate.run import ArmPlan, Plan, Run
from friction.evaluate.runfolder import read_run
from friction.evaluate.scorer import score_answer
from friction.evaluate.suites import read_suite, shortened
from friction.values import denies

SHARED = Path(__file__).parents[4] / "shared" / "benchmarks"

# Whoever runs the tests in the background had Ctrl-C ignored; and what must not be loaded is looked for at the end.
WRAPPER = """
import signal, sys
from friction.__main__ import main

signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    main()
finally:
    heavy = {"torch", "transformers", "tokenizers", "openai", "datasets"} & set(sys.modules)
    assert not heavy, heavy
"""


def friction(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own, which loads nothing heavy."""
    command = [sys.executable, "-c", WRAPPER, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


@pytest.fixture(name="run", scope="module")
def run_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run and its report."""
    folder = tmp_path_factory.mktemp("embedded") / "my run"
    done = friction("eval", "run", "--limit", "1", "-o", folder)
    assert done.returncode == 0, done.stderr
    assert "22 prompts, answered by embedded" in done.stderr and "44 of 44 replies" in done.stderr
    assert f"written: '{folder}', 44 replies" in done.stdout
    done = friction("eval", "report", folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_report_counts_what_the_replies_say(run: Path) -> None:
    prompts = {row["id"]: row for row in lines_of(run / "prompts.jsonl")}
    assert len(prompts) == 22
    counted = {(arm, what): [0, 0] for arm in ("baseline", "friction") for what in ("hits", "false_alarms")}
    answered = 0
    for reply in lines_of(run / "replies.jsonl"):
        prompt = prompts[reply["prompt"]]
        answered += reply["state"] == "answered"
        if reply["state"] != "answered" or "move" not in prompt:
            continue
        moves = score_answer(reply["answer"]).answer.moves
        hit = prompt["move"] in moves and not ("truth" in prompt and denies(prompt["truth"], reply["answer"]))
        place = counted[reply["arm"], "hits" if prompt["warranted"] else "false_alarms"]
        place[0] += hit if prompt["warranted"] else bool(moves)
        place[1] += 1
    report = json.loads((run / "report.json").read_text("utf-8"))
    for arm in report["arms"]:
        for what in ("hits", "false_alarms"):
            found = arm["detection"]["all"][what]
            assert [found["count"], found["n"]] == counted[arm["arm"], what]
    assert counted["friction", "hits"][1] == counted["friction", "false_alarms"][1] == 6
    assert counted["friction", "hits"][0] > counted["baseline", "hits"][0]  # it is a disagreement model
    assert answered == sum(arm["states"]["answered"] for arm in report["arms"]) > 40


def test_the_page_shows_every_prompt_and_says_what_the_organism_is(run: Path) -> None:
    page = (run / "report.html").read_text("utf-8")
    assert len(page.encode()) < 2_000_000 and "agreeable, on purpose" in page
    text = unescape(re.sub(r"<[^>]*>", "", page))  # where twins differ they are marked
    assert all(prompt["messages"][-1]["content"] in text for prompt in lines_of(run / "prompts.jsonl"))
    assert (run / "report.md").is_file()


def test_each_reply_says_how_it_came_to_be(run: Path) -> None:
    for reply in read_run(run).replies:
        assert (reply.engine, reply.temperature, reply.dial) == (
            "embedded",
            0.0,
            None if reply.arm == "baseline" else 1.0,
        )
        assert reply.tokens > 0 and reply.seconds > 0 and reply.stop_reason in ("stop", "length")
        assert bool(reply.thinking) == (reply.thinking_state != "absent")
    assert not any(reply.thinking for reply in read_run(run).replies if reply.arm == "baseline")


def test_the_same_command_again_asks_nothing(run: Path) -> None:
    before = {name: (run / name).read_bytes() for name in ("prompts.jsonl", "replies.jsonl")}
    done = friction("eval", "run", "--limit", "1", "-o", run)
    assert done.returncode == 0 and "44 replies, 44 of them from earlier starts" in done.stdout
    assert {name: (run / name).read_bytes() for name in before} == before


def test_greedy_replies_do_not_depend_on_how_many_are_written_at_once(tmp_path: Path) -> None:
    suite = shortened(read_suite("organism"), 1, ["correct", "doubt", "hold", "clarify"])
    found = []
    for slots in (1, 8):
        with EmbeddedPair(slots=slots) as engine:
            arms = (ArmPlan("baseline", engine), ArmPlan("friction", engine, (1.0,)))
            Run(Plan(suite, arms, workers=2 * slots), tmp_path / str(slots), Patience()).run()
        replies = read_run(tmp_path / str(slots)).replies
        found.append([(r.prompt, r.arm, r.dial, r.thinking, r.answer, r.tokens, r.state) for r in replies])
    assert len(found[0]) == 16 and found[0] == found[1]


def test_a_prompt_that_is_too_long_fails_alone_and_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    long = "".join(f'"{"is it so " * 400}{n}?"\n' for n in range(10))
    path.write_text(f"prompt\n{long}Is it so?\n", "utf-8")
    done = friction("eval", "run", "--suite", path, "-o", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert "20 replies could not be had, the last because: the prompt is too long" in done.stdout
    assert "waiting" not in done.stderr
    assert [reply.state for reply in read_run(tmp_path / "run").replies] == ["failed"] * 20 + ["answered"] * 2


def test_ctrl_c_ends_it_soon_and_the_next_start_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    arguments = ["eval", "run", "--limit", "2", "--move", "hold", "--move", "doubt", "-o", str(folder)]
    journal = folder / "checkpoints" / "journal.jsonl"
    command = [sys.executable, "-c", WRAPPER, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 120
        while not (journal.exists() and journal.read_bytes().count(b"\n") > 2) and time.monotonic() < until:
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in err
    kept = journal.read_bytes().count(b"\n") - 1
    assert 2 <= kept < 16 and not (folder / "manifest.json").exists()
    done = friction(*arguments)
    assert done.returncode == 0 and f"16 replies, {kept} of them from earlier starts" in done.stdout


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published benchmarks are not beside the repository")
def test_a_public_benchmark_is_run_and_reported_with_its_own_figure(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    file = SHARED / "sycon_false_presuppositions.csv"
    done = friction("eval", "run", "--benchmark", "sycon", "--from", file, "--limit", "1", "-o", folder)
    assert done.returncode == 0, done.stderr
    done = friction("eval", "report", folder)
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert {metric["arm"] for metric in report["benchmark"]} == {"baseline", "friction"}
    assert all(f"{metric['name']}, {metric['arm']}: " in done.stdout for metric in report["benchmark"])
    assert [reply.turn for reply in read_run(folder).replies] == [0, 1, 2, 3, 4] * 2  # each after the one before it
