"""The commands of docs/evaluation.md do what they say; those that need somebody's server are left out, by name."""

import re
import shlex
from pathlib import Path

import pytest

from friction import cli

DOCS = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text("utf-8")
COMMANDS = re.findall(r"^\.venv/bin/friction ((?:eval|score) ?[^#\n]*?)\s*(?:#.*)?$", DOCS, re.M)
ELSEWHERE = ("--engine", "--judge", "my-prompts.jsonl", "runs/mine")
"""What a command has that needs a server, a file or a run of one's own."""
HERE = [command for command in COMMANDS if not any(part in command for part in ELSEWHERE)]


def test_the_commands_of_the_docs_work_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("replies.csv").write_text('question,answer\nHow?,"No, I can\'t help with that."\nWho?,Ada.\n', "utf-8")
    for command in HERE:
        with pytest.raises(SystemExit) as left:
            cli.main(shlex.split(command))
        assert not left.value.code, command
    for made in ("runs/eval/report.html", "runs/eval/report.md", "runs/eval/report.json", "runs/dial/dial.svg"):
        assert Path(made).stat().st_size > 1000
    assert len(Path("scored.jsonl").read_text("utf-8").splitlines()) == 2


def test_what_is_left_out_is_understood_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """An option that was renamed would show here, although there is no server to ask."""
    for command in COMMANDS:
        words = shlex.split(command)
        with pytest.raises(SystemExit):
            cli.main([*(["score"] if words[0] == "score" else words[:2]), "--help"])
        described = re.sub(r"\s+", " ", capsys.readouterr().out)
        for word in words:
            if word.startswith("--"):
                assert word in described, f"{command}: {word}"


def test_the_docs_have_commands() -> None:
    assert {command.split()[1] for command in COMMANDS if command.startswith("eval")} == {
        *("run", "report", "dial", "compare", "gate", "judge", "suites"),
    }
    assert len(HERE) >= 6
