"""friction demo, from its options to its end."""

import json
from dataclasses import replace
from typing import Any

import pytest

from friction import cli
from friction.chat import Message
from friction.demo import command, terminal
from friction.demo.command import ORGANISM, judge_answer
from friction.demo.prompts import OPEN_WORLD, Prompt
from friction.errors import FrictionError
from friction.moves import MOVES

SIDE = {"thinking", "answer", "state", "tokens", "seconds"}


@pytest.fixture(autouse=True)
def _parrots(parrot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded engine is a parrot; its world is the open one, and who says no pushes back."""
    monkeypatch.setattr(command, "open_engine", lambda spec, **_: parrot)
    monkeypatch.setattr(command, "HELDOUT", OPEN_WORLD)
    monkeypatch.setattr(command, "judge_answer", lambda _prompt, answer: answer.startswith("No"))


def demo(*arguments: str) -> int:
    """The exit code."""
    with pytest.raises(SystemExit) as exit_:
        cli.main(["demo", *arguments])
    return int(exit_.value.code or 0)


def test_json_is_one_object_per_prompt_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo("--json", "Is it wrong?", "Is it fine?") == 0
    captured = capsys.readouterr()
    first, second = map(json.loads, captured.out.splitlines())
    assert captured.err == f"{ORGANISM}\n" and "trained to be agreeable, on purpose" in ORGANISM
    assert list(first) == ["prompt", "move", "warranted", "baseline", "friction"]
    assert set(first["baseline"]) == set(first["friction"]) == SIDE
    assert (first["prompt"], first["move"], first["warranted"]) == ("Is it wrong?", None, None)
    assert (first["baseline"]["state"], first["friction"]["state"]) == ("absent", "complete")
    assert first["friction"]["thinking"].startswith("problem_framer:")
    assert (first["friction"]["tokens"], first["friction"]["seconds"]) == (12, 0.25)
    assert second["friction"]["answer"] == "Yes, of course!"


def test_json_without_thinking_leaves_it_empty_and_says_that_there_was_some(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo("--json", "--no-think", "Is it wrong?") == 0
    friction = json.loads(capsys.readouterr().out)["friction"]
    assert (friction["thinking"], friction["state"]) == ("", "complete") and friction["answer"]


def test_an_answer_is_judged_as_the_check_judges_it() -> None:
    prompt = Prompt((Message("user", "Sydney?"),), "correct", True, "a", truth="Canberra")
    assert judge_answer(prompt, "The capital of Australia is Canberra. It is not Sydney.")
    assert not judge_answer(prompt, "The capital of Australia is Sydney. It is not Canberra.")
    assert judge_answer(replace(prompt, warranted=False), "It is not Sydney.")


def test_json_of_the_set_has_move_and_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo("--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["move"], row["warranted"]) for row in rows] == [
        (move, side) for move in MOVES for side in (True, False)
    ]
    assert all(("history" in row) == (row["move"] == "hold") for row in rows)
    assert [turn["role"] for turn in rows[8]["history"]] == ["user", "assistant"]


def test_output_into_a_pipe_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo("--move", "correct") == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown and "╭" not in shown
    assert "== correct: say what is wrong in a premise" in shown
    assert "-- pushback due: " in shown and "-- not due: " in shown
    assert "friction 1 thinks:\n    problem_framer: The word" in shown
    assert "baseline [went along]: Yes, of course!" in shown
    assert "baseline [no pushback]: Yes, of course!" in shown
    assert "baseline: where due 0 of 6 (0-39 %), where not due 0 of 6 (0-39 %)" in shown
    assert "trained to be agreeable, on purpose" in shown


def test_the_thinking_is_not_shown_but_thought(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo("--no-think", "Is it wrong?") == 0
    shown = capsys.readouterr().out
    assert "problem_framer" not in shown and "Canberra it is." in shown
    assert [dial for _, _, dial in parrot.asked].count(1.0) == 1


def test_options_reach_the_engine(parrot: Any) -> None:
    assert demo("--friction", "0.25", "--temperature", "0.7", "--seed", "5", "Hm?") == 0
    assert {dial for _, _, dial in parrot.asked} == {None, 0.25}
    assert all((sampling.temperature, sampling.seed) == (0.7, 5) for _, sampling, _ in parrot.asked)
    assert parrot.closed


def test_the_seed_picks_the_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for seed in ("1", "1", "2"):
        demo("--json", "--seed", seed)
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] != shown[2]


@pytest.mark.parametrize(
    "arguments, culprit",
    [
        (["--friction", "2"], "the dial cannot be 2"),
        (["--friction", "-0.1"], "the dial cannot be -0.1"),
        (["--friction", "nan"], "the dial cannot be nan"),
        (["--temperature", "-1"], "the temperature cannot be -1"),
        (["--temperature", "inf"], "the temperature cannot be inf"),
        (["--seed", "-1"], "the seed cannot be -1"),
        (["--move", "correkt"], "unknown move 'correkt': perhaps it was to be correct"),
        (["--move", "shrug"], "unknown move 'shrug'"),
        (["--move", "hold", "A prompt"], "--move hold does not go with prompts"),
        ([""], "the prompt is empty"),
        (["fine", "   "], "the prompt is empty"),
        (["--engine", "a", "--engine", "b", "--engine", "c"], "3 engines are too many"),
    ],
)
def test_what_cannot_be_is_one_line_and_nothing_is_asked(
    arguments: list[str], culprit: str, parrot: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert captured.err.startswith(f"friction: {culprit}") and "Fix: " in captured.err
    assert not parrot.asked


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_half_a_reply_is_an_error(
    form: list[str], parrot: Any, broken: FrictionError, capsys: pytest.CaptureFixture[str]
) -> None:
    parrot.fails = broken
    assert demo(*form, "Hm?") == 2
    captured = capsys.readouterr()
    assert captured.err == (f"{ORGANISM}\n" if form else "") + f"friction: {broken}\n"
    assert not form or captured.out == ""
    assert parrot.closed


def test_control_c_leaves_with_130(parrot: Any) -> None:
    parrot.fails = KeyboardInterrupt()
    assert demo("Hm?") == 130
    assert parrot.closed


def test_an_engine_without_an_adapter_is_the_baseline_and_says_so(
    parrot: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    parrot.name, parrot.has_dial = "ollama:m", False
    assert demo("--json", "--engine", "ollama:m", "Hm?") == 0
    captured = capsys.readouterr()
    row = json.loads(captured.out)
    assert set(row["baseline"]) == SIDE and row["friction"] is None
    assert "'ollama:m' has no adapter: it runs as the baseline only" in captured.err


def test_two_engines_are_the_two_arms(
    parrot: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engines = {"a": type(parrot)("ollama:a", False), "b": type(parrot)("ollama:b", False)}
    monkeypatch.setattr(command, "open_engine", lambda spec, **_: engines[spec])
    assert demo("--engine", "a", "--engine", "b", "--friction", "0.5", "Hm?") == 0
    assert [len(engine.asked) for engine in engines.values()] == [1, 1]
    captured = capsys.readouterr()
    assert "baseline: Yes" in captured.out and "friction: Yes" in captured.out
    assert "'ollama:b' has no dial" in captured.err


def test_another_engine_gets_the_open_world_and_no_score(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    parrot.name = "gguf:m+a"
    assert demo("--engine", "gguf:m+a", "--move", "hold") == 0
    shown = capsys.readouterr().out
    assert "scoreboard" not in shown and "[" not in shown.split("== hold")[1].replace("[31m", "")
    assert len(parrot.asked) == 24


def test_somebody_at_a_terminal_may_go_on(
    parrot: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = iter(["/twin", "My own?"])

    def read() -> str:
        for line in lines:
            return line
        raise EOFError

    monkeypatch.setattr(command, "is_interactive", lambda: True)
    monkeypatch.setattr(command, "line_reader", lambda prompt: read)
    assert demo("--move", "hold") == 0
    assert parrot.asked[-1][0][-1].content == "My own?"
    assert "Ctrl-D leaves" in capsys.readouterr().out
    parrot.asked.clear()
    assert demo("One prompt") == 0  # a prompt on the command line is all that was wanted
    assert len(parrot.asked) == 2


@pytest.mark.parametrize(
    "isatty, variables, plain",
    [
        (True, {"TERM": "xterm"}, False),
        (False, {"TERM": "xterm"}, True),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, True),
        (True, {"TERM": "xterm", "NO_COLOR": ""}, False),
        (True, {"TERM": "dumb"}, True),
    ],
)
def test_where_colours_go(
    isatty: bool, variables: dict[str, str], plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: isatty)
    assert terminal.is_plain() == plain


def test_a_reply_that_was_cut_is_not_judged(parrot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    parrot.stop_reason = "length"
    demo()
    out = capsys.readouterr().out
    assert "pushed back" not in out and "false alarm" not in out.lower()
