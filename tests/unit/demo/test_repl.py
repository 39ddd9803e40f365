"""The interactive prompt."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.history import FileHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from friction.demo import terminal
from friction.demo.prompts import OPEN_WORLD, load_pairs
from friction.demo.repl import Conversation
from friction.demo.runner import Arm
from friction.demo.stage import PlainLines, Stage
from friction.engine.base import Sampling
from friction.errors import FrictionError

PAIRS = load_pairs(OPEN_WORLD)


def converse(parrot: Any, lines: Iterable[str | BaseException], **settings: Any) -> Stage:
    """Type lines, then leave as Ctrl-D does."""
    waiting = list(lines)

    def read() -> str:
        line = waiting.pop(0) if waiting else EOFError()
        if isinstance(line, BaseException):
            raise line
        return line

    arms = [Arm("baseline", parrot), *([Arm("friction", parrot, 1.0)] if parrot.has_dial else [])]
    stage = Stage(arms, PlainLines(), Sampling())
    Conversation(stage, PAIRS, **settings).run(read)
    assert not waiting, "it left before the end"
    return stage


def prompts(parrot: Any) -> list[str]:
    """What the friction arm was asked."""
    return [messages[-1].content for messages, _, dial in parrot.asked if dial is not None]


def test_each_prompt_stands_alone(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    converse(parrot, ["First?", "  Second?  ", ""])
    assert prompts(parrot) == ["First?", "Second?"]
    assert all(len(messages) == 1 for messages, _, _ in parrot.asked)
    assert "prompt:" not in capsys.readouterr().out  # it stands where it was typed


def test_the_dial(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    stage = converse(parrot, ["/dial 0.5", "Hm?", "/dial", "/dial 7", "/dial nan", "/dial much", "/dial 1.5", "Hm?"])
    assert sorted(dial for _, _, dial in parrot.asked if dial is not None) == [0.5, 1.5]
    assert stage.arms[0].dial is None
    shown = capsys.readouterr().out
    assert "the dial is at 0.5" in shown
    for wrong in ("7", "nan", "'much'"):
        assert f"the dial cannot be {wrong}" in shown


def test_without_an_adapter_there_is_no_dial(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    parrot.has_dial = False
    converse(parrot, ["/dial 0.5"])
    assert "there is no dial" in capsys.readouterr().out


def test_the_twin_of_an_example_and_back(parrot: Any) -> None:
    converse(parrot, ["/example hold", "/twin", "/twin"])
    first, twin, again = prompts(parrot)
    assert first == again != twin
    pair = next(pair for pair in PAIRS if first in (pair[0].text, pair[1].text))
    assert {first, twin} == {pair[0].text, pair[1].text} and pair[0].move == "hold"


def test_the_twin_of_the_last_prompt_that_was_shown(parrot: Any) -> None:
    converse(parrot, ["/twin"], last=PAIRS[3][1])
    assert prompts(parrot) == [PAIRS[3][0].text]


def test_a_typed_prompt_has_no_twin(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    converse(parrot, ["/twin", "Hello?", "/twin", "/example shrug"])
    shown = capsys.readouterr().out
    assert "nothing was asked yet" in shown
    assert "only the prompts of the set have one" in shown
    assert "unknown move 'shrug'" in shown


def test_the_thinking_can_be_hidden_and_shown(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    converse(parrot, ["/think", "Hm?"])
    assert "thinks:" not in capsys.readouterr().out
    converse(parrot, ["/think", "/think", "Hm?"])
    assert "thinks:" in capsys.readouterr().out


def test_help_and_what_is_no_command(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    converse(parrot, ["/help", "/dail"])
    shown = capsys.readouterr().out
    assert all(command in shown for command in ("/dial", "/twin", "/think", "/example", "/help", "/quit"))
    assert "unknown command '/dail'" in shown


def test_quit_leaves(parrot: Any) -> None:
    with pytest.raises(AssertionError, match="before the end"):
        converse(parrot, ["/quit", "Not asked"])
    assert not parrot.asked


def test_control_c_stops_a_line_or_a_reply_and_not_the_demo(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    parrot.fails = KeyboardInterrupt()
    converse(parrot, ["Hm?", KeyboardInterrupt(), "/help"])
    shown = capsys.readouterr().out
    assert "stopped" in shown and "/quit" in shown


def test_an_error_does_not_end_the_demo(parrot: Any, broken: FrictionError, capsys: pytest.CaptureFixture[str]) -> None:
    parrot.fails = broken
    converse(parrot, ["Hm?", "Hm?"])
    assert capsys.readouterr().out.count(f"friction: {broken}") == 2


def test_lines_are_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRICTION_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TERM", "xterm")
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("First?\rSecond?\r\x04")
        read = terminal.line_reader("> ")
        assert [read(), read()] == ["First?", "Second?"]
        with pytest.raises(EOFError):
            read()
    history = FileHistory(str(tmp_path / "cache" / "history"))
    assert list(history.load_history_strings()) == ["Second?", "First?"]


def test_without_a_place_for_the_history_lines_are_read_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("FRICTION_CACHE", str(tmp_path / "file"))
    monkeypatch.setenv("TERM", "xterm")
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("First?\r")
        assert terminal.line_reader("> ")() == "First?"


def test_a_terminal_that_cannot_edit_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("builtins.input", lambda prompt: f"{prompt}typed")
    assert terminal.line_reader("> ")() == "> typed"


def test_a_history_that_can_no_longer_be_kept_stops_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRICTION_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TERM", "xterm")
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("First?\rSecond?\r")
        read = terminal.line_reader("> ")
        shutil.rmtree(tmp_path / "cache")
        (tmp_path / "cache").write_bytes(b"")
        assert [read(), read()] == ["First?", "Second?"]
