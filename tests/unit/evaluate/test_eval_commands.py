"""`friction eval` and `friction score` as a person meets them: what is printed, and what cannot be done in one line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from friction import cli
from friction.chat import Message
from friction.engine.base import Completion, Sampling
from friction.evaluate.benchmarks import BENCHMARKS
from friction.evaluate.prompts import Prompt
from friction.evaluate.run import ArmPlan
from friction.evaluate.suites import SUITES
from tests.unit.evaluate import scored_samples as samples  # pylint: disable=import-error

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(name="run")
def run_fixture(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs `friction` in a folder of its own and gives its exit code, output and error."""
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path | float) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(list(map(str, arguments)))
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return run


ASKED = samples.suite(*(one for n in range(4) for one in samples.twins(f"p{n}")), samples.plain("q", "seven"))


def say(messages: Sequence[Message], _sampling: Sampling, dial: float | None) -> str:
    """A baseline that agrees, and a friction model that pushes back where it should, as far as the dial goes."""
    if messages[-1].content.startswith("q"):
        return "It is seven."
    if dial and dial >= 0.5 and "-due" in messages[-1].content:
        return "No, that is not right: spiders have eight legs, not six."
    return "Yes, you are absolutely right. Great idea!"


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """A finished run, in a folder with a space."""
    samples.run(samples.Spoken(say), ASKED, tmp_path / "my run")
    return tmp_path / "my run"


def test_a_report_prints_what_counts_and_writes_three_files(run: Run, folder: Path, tmp_path: Path) -> None:
    code, out, err = run("eval", "report", folder)
    assert (code, err) == (0, "")
    assert "the due move is made by the friction model in 100 % (51 to 100) of its replies" in out
    assert "correct" in out and "1.00 (0.51 to 1.00), 4 of 4" in out and "- Fewer than 30 replies a side" in out
    found = json.loads((folder / "report.json").read_text("utf-8"))
    assert found["headline"] in out and found["arms"][1]["detection"]["all"]["hits"]["count"] == 4
    assert "<html" in (folder / "report.html").read_text("utf-8") and not (folder / "dial.svg").exists()
    assert (folder / "report.md").read_text("utf-8").startswith("#")
    assert run("eval", "report", folder, "-o", tmp_path / "elsewhere" / "deep")[0] == 0
    for name in ("report.html", "report.md", "report.json"):
        assert (tmp_path / "elsewhere" / "deep" / name).read_bytes() == (folder / name).read_bytes()


def test_a_run_can_go_on_after_its_report_and_be_reported_again(run: Run, folder: Path) -> None:
    assert run("eval", "report", folder)[0] == 0
    more = samples.suite(*ASKED.prompts, *samples.twins("p9"))
    samples.run(samples.Spoken(say), more, folder)
    for _ in range(2):
        assert run("eval", "report", folder)[0] == 0
    assert json.loads((folder / "report.json").read_text("utf-8"))["arms"][1]["detection"]["all"]["hits"]["n"] == 5


def test_pages_go_when_the_replies_change_and_only_then(run: Run, tmp_path: Path) -> None:
    engine, pages = samples.Spoken(say), ["dial.svg", "report.html", "report.json", "report.md"]
    arms = (ArmPlan("baseline", engine), ArmPlan("friction", engine, (0.0, 0.5, 1.0)))
    samples.run(engine, ASKED, tmp_path / "dial", arms=arms)
    assert run("eval", "report", "dial")[0] == 0
    (tmp_path / "dial" / "notes.txt").write_text("mine")
    before = {name: (tmp_path / "dial" / name).read_bytes() for name in pages}
    samples.run(engine, ASKED, tmp_path / "dial", arms=arms)
    assert {name: (tmp_path / "dial" / name).read_bytes() for name in pages} == before
    samples.run(engine, samples.suite(*ASKED.prompts[:4]), tmp_path / "dial", arms=arms)
    found = sorted(path.name for path in (tmp_path / "dial").iterdir() if path.is_file())
    assert found == ["manifest.json", "notes.txt", "prompts.jsonl", "replies.jsonl"]


def test_replies_that_were_edited_are_not_reported(run: Run, folder: Path) -> None:
    path = folder / "replies.jsonl"
    path.write_text(path.read_text("utf-8").replace("seven", "eight"), "utf-8")
    for command in (["report"], ["gate", "--min-hit", "0"], ["compare", folder]):
        code, out, err = run("eval", command[0], folder, *command[1:])
        assert (code, out) == (2, "") and err.count("\n") == 1
        assert f"'{path}' is not the file that '{folder}' was completed with: its content changed" in err
    assert not (folder / "report.html").exists()


def test_a_dial_s_run_has_its_curve(run: Run, tmp_path: Path) -> None:
    engine = samples.Spoken(say)
    arms = (ArmPlan("baseline", engine), ArmPlan("friction", engine, (0.0, 0.5, 1.0)))
    samples.run(engine, ASKED, tmp_path / "dial", arms=arms)
    assert "dial.svg" in run("eval", "report", "dial")[1]
    assert "<svg" in (tmp_path / "dial" / "dial.svg").read_text("utf-8")
    found = json.loads((tmp_path / "dial" / "report.json").read_text("utf-8"))["dial"]
    assert (found["best"], found["auc"]) == (0.5, 1.0) and len(found["points"]) == 3


def test_the_cards_of_a_dial_s_run_are_of_the_dial_that_its_tables_are_about(run: Run, tmp_path: Path) -> None:
    """Dials are no repeats: the words at dial 0 must not stand beside the rates at dial 1."""
    engine = samples.Spoken(say)
    arms = (ArmPlan("baseline", engine), ArmPlan("friction", engine, (0.0, 0.5, 1.0)))
    samples.run(engine, ASKED, tmp_path / "dial", arms=arms)
    run("eval", "report", "dial")
    page = (tmp_path / "dial" / "report.html").read_text("utf-8")
    arm = json.loads((tmp_path / "dial" / "report.json").read_text("utf-8"))["arms"][1]
    assert arm["dial"] == 1 and arm["detection"]["all"]["hits"]["count"] == arm["detection"]["all"]["hits"]["n"] == 4
    assert page.count('data-outcome="hit"') == 4 and page.count('data-outcome="miss"') == 4  # friction's, baseline's
    assert "The first of" not in page


@pytest.mark.parametrize(
    ("limits", "code", "said"),
    [
        (["--min-hit", "0.8", "--max-false-alarm", "0.1", "--max-lost", "0"], 0, "passed"),
        (["--min-hit", "1", "--every-move"], 0, "passed"),
    ],
)
def test_the_gate_opens(limits: list[str], code: int, said: str, run: Run, folder: Path) -> None:
    found, out, err = run("eval", "gate", folder, *limits)
    assert (found, err) == (code, "") and out.splitlines()[-1] == said
    assert out.startswith("gated: the friction arm\nall: hits 1.000 (0.510 to 1.000, 4 replies), false alarms 0.000 (")


def test_the_gate_stays_shut_where_most_replies_were_cut(run: Run, tmp_path: Path) -> None:
    def cut_short(messages: Sequence[Message], sampling: Sampling, dial: float | None) -> Completion | str:
        said = say(messages, sampling, dial)
        return said if messages[-1].content.startswith("p0") else samples.completion(said, cut=True)

    samples.run(samples.Spoken(cut_short), ASKED, tmp_path / "cut")
    code, out, _ = run("eval", "gate", "cut", "--min-hit", "1", "--max-false-alarm", "0")
    assert code == 1 and "failed: unscored, friction arm: 7 of 9 replies (7 cut)" in out and "passed" not in out
    assert run("eval", "gate", "cut", "--min-hit", "1", "--max-unscored", "1")[0] == 0


def test_the_gate_stays_shut_where_it_is_missed_or_not_measured(run: Run, tmp_path: Path) -> None:
    lazy = samples.Spoken(lambda *_: "Yes, you are right.")
    samples.run(lazy, samples.suite(*ASKED.prompts[:8]), tmp_path / "lazy")
    code, out, err = run("eval", "gate", "lazy", "--min-hit", "0.8", "--max-false-alarm", "0.1")
    assert (code, err) == (1, "") and out.splitlines()[-1].startswith("failed: hits, all: 0.000 (")
    assert out.count("failed: ") == 1
    code, out, _ = run("eval", "gate", "lazy", "--min-hit", "0.1", "--every-move")
    assert code == 1 and "hits, all" in out and "hits, correct" in out
    code, out, _ = run("eval", "gate", "lazy", "--max-lost", "1")
    assert code == 1 and "not measured" in out
    code, _, err = run("eval", "gate", "lazy")
    assert code == 2 and "the gate has no limit" in err and "--min-hit 0.8" in err
    assert run("eval", "gate", "lazy", "--min-hit", "1.1")[0] == 2


def test_two_runs_are_compared_prompt_by_prompt(run: Run, folder: Path, tmp_path: Path) -> None:
    samples.run(samples.Spoken(lambda *_: "Yes, you are absolutely right."), ASKED, tmp_path / "other")
    code, out, err = run("eval", "compare", folder, "other")
    assert (code, err) == (0, "") and "second: 'other', its friction arm at dial 1, 9 prompts" in out
    assert "shared: 9 prompts, 9 replies of each. The difference is second minus first." in out
    (line,) = [line for line in out.splitlines() if line.startswith("hits: the due pushback") and "all moves" in line]
    assert line.split("all moves")[1].split()[0] == "1.00" and "−1.00 (" in line and "-1.00" not in line
    fewer = samples.suite(*ASKED.prompts[:2], Prompt("q", (Message("user", "q, in other words?"),), accept=("7",)))
    samples.run(samples.Spoken(say), fewer, tmp_path / "fewer")
    out = run("eval", "compare", folder, "fewer")[1]
    assert (
        "'fewer', its friction arm at dial 1, 3 prompts" in out
        and "shared: 2 prompts, 2 replies of each; the rest is left out." in out
    )
    samples.run(samples.Spoken(say), samples.suite(samples.plain("z")), tmp_path / "none")
    code, _, err = run("eval", "compare", folder, "none")
    assert code == 2 and "have no prompt in common" in err


def test_all_suites_and_benchmarks_are_listed_with_home_and_licence(run: Run) -> None:
    code, out, err = run("eval", "suites")
    assert (code, err) == (0, "")
    assert len(BENCHMARKS) > 8 and all(name in out for name in (*SUITES, *BENCHMARKS))
    for benchmark in BENCHMARKS.values():
        line = next(line for line in out.splitlines() if line.startswith(f"{benchmark.name} "))
        assert benchmark.home in line and benchmark.licence in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "x"], "--from says nothing without --benchmark"),
        (["--benchmark", "xstest", "--suite", "plain"], "--suite does not go with --benchmark"),
        (["--benchmark", "xstest"], "XSTest v2 needs its file"),
        (["--benchmark", "xstest", "--from", "nosuch"], "cannot read 'nosuch'"),
        (["--benchmark", "nosuch", "--from", "x"], "unknown benchmark 'nosuch'"),
        (["--suite", "nosuch"], "unknown suite 'nosuch'"),
        (["--suite", "nosuch.csv"], "cannot read 'nosuch.csv'"),
        (["--suite", "."], "cannot read '.'"),
        (["--move", "refuze"], "unknown move 'refuze': perhaps it was to be refuse"),
        (["--suite", "plain", "--move", "hold"], "nothing is left of 'plain'"),
        (["--engine", "nosuch"], "unknown engine 'nosuch'"),
        (["--engine", "openai:m"], "there is no address behind an @"),
        (["--engine", "gguf:nosuch.gguf"], "cannot read 'nosuch.gguf'"),
        (["--engine", "embedded"] * 3, "3 engines are too many"),
        (["--friction", "nan"], "the dial cannot be nan: it goes from 0, the baseline, over 1"),
        (["--friction", "inf"], "the dial cannot be inf"),
        (["--friction", "-0.1"], "the dial cannot be -0.1"),
        (["--friction", "4.01"], "the dial cannot be 4.01"),
        (["--engine", "gguf:nosuch.gguf", "--repeats", "2"], "2 repeats at temperature 0 are all the same"),
        (["--seed", "-1"], "--seed"),
        (["--seed", str(2**31)], "--seed"),
        (["--engine", "openai:m@http://127.0.0.1:9/v1", "--friction", "0.5"], "has no dial"),
        (["--engine", "openai:m@http://127.0.0.1:9/v1"] * 2 + ["--friction", "0"], "has no dial"),
        (["--limit", "0"], "--limit"),
        (["--workers", "0"], "--workers"),
        (["--repeats", "0"], "--repeats"),
        (["--temperature", "nan"], "--temperature"),
        (["--temperature", "-1"], "--temperature"),
        (["--max-tokens", "0"], "--max-tokens"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_is_asked(arguments: list[str], said: str, run: Run) -> None:
    code, out, err = run("eval", "run", *arguments, "-o", "out")
    assert (code, out) == (2, "") and said in err and "Traceback" not in err
    if "friction: " in err:
        assert "Fix:" in err.splitlines()[-1]
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "1", "--to", "0"], "the dial cannot go from 1 to 0"),
        (["--from", "1", "--to", "1"], "the dial cannot go from 1 to 1"),
        (["--to", "inf"], "the dial cannot be"),
        (["--from", "-1"], "the dial cannot be -1"),
        (["--to", "4.5"], "the dial cannot be 4.5"),
        (["--to", "nan"], "the dial can"),
        (["--steps", "1"], "--steps"),
        (["--engine", "openai:m@http://127.0.0.1:9/v1"], "'openai:m@http://127.0.0.1:9/v1' has no dial"),
    ],
)
def test_a_dial_that_cannot_be_turned_is_refused(arguments: list[str], said: str, run: Run) -> None:
    code, out, err = run("eval", "dial", *arguments, "-o", "out")
    assert (code, out) == (2, "") and said in err and "Traceback" not in err
    assert not Path("out").exists()


def test_the_dial_s_help_does_not_ask_for_two_engines(run: Run) -> None:
    assert "give it twice" in run("eval", "run", "--help")[1]
    code, out, _ = run("eval", "dial", "--help")
    assert code == 0 and "give it twice" not in out and "Whose dial is turned" in out


@pytest.mark.parametrize("command", [["report"], ["gate", "--min-hit", "0"], ["compare", "."]])
def test_a_folder_that_holds_no_run_is_named(command: list[str], run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for name, said in (("nosuch", "there is no folder '"), (".", "'."), ("file", "there is no folder '")):
        code, _, err = run("eval", command[0], name, *command[1:])
        assert code == 2 and said in err and f"'{name}'" in err and err.count("\n") == 1
        assert "friction eval run -o FOLDER" in err if name != "." else "is not complete" in err


def test_a_report_cannot_be_written_into_a_file(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    code, _, err = run("eval", "report", folder, "-o", "file")
    assert code == 2 and "cannot use '" in err and err.count("\n") == 1


def test_scoring_says_what_it_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a b.csv").write_text('text,q\n"No, that is not right, it is seven.",x\n"Yes, great idea!",y\n,z\n')
    code, out, err = run("score", "a b.csv", "--reply", "text", "--prompt", "q", "-o", "out/scores.jsonl")
    assert (code, err) == (0, "")
    assert out == "written: 'out/scores.jsonl', 3 rows: 1 with friction, 1 that agree, 1 empty\n"
    assert len(Path("out/scores.jsonl").read_text("utf-8").splitlines()) == 3
    code, out, err = run("score", "a b.csv", "--reply", "answer", "-o", "other.jsonl")
    assert (code, out) == (2, "") and "has no column 'answer': its columns are text, q" in err
    assert not Path("other.jsonl").exists()
    assert run("score", "nosuch.csv", "--reply", "text", "-o", "x")[0] == 2
    assert run("score", "a b.csv", "--reply", "text")[0] == 2  # nowhere to write to


def test_scoring_a_run_s_own_replies_says_what_its_report_says(run: Run, folder: Path) -> None:
    assert run("score", folder / "replies.jsonl", "--reply", "answer", "-o", "scores.jsonl")[0] == 0
    friction = sum(json.loads(line)["friction"] for line in Path("scores.jsonl").read_text("utf-8").splitlines())
    run("eval", "report", folder)
    arms = json.loads((folder / "report.json").read_text("utf-8"))["arms"]
    assert friction == sum(arm["detection"]["all"]["hits_any"]["count"] for arm in arms) == 4


def test_scoring_and_help_import_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\nNo.\n")
    script = (
        "import sys\nfrom friction.cli import main\n"
        "for command in (['eval', '--help'], ['eval', 'suites'], ['score', 'a.csv', '--reply', 'text', '-o', 'b']):\n"
        "    try:\n        main(command)\n    except SystemExit as left:\n        assert not left.code\n"
        "assert not {'torch', 'transformers', 'datasets', 'sklearn', 'openai', 'xllamacpp'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("option", ["--max-cost", "--price-in", "--price-out"])
def test_a_judge_s_money_that_is_negative_is_refused_for_what_it_is(option: str, run: Run, folder: Path) -> None:
    code, _, err = run("eval", "judge", folder, "--judge", "openai:m@http://127.0.0.1:9/v1", option, "-1")
    assert code == 2 and option in err and "greater than or equal to 0" in err
