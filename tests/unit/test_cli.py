"""The command line: fast, light, and with one shape of error."""

import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from friction import __main__, cli
from friction.errors import FrictionError

ROOT = Path(__file__).parents[2]


def leave(arguments: list[str]) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    return int(exit_.value.code or 0)


def test_help_names_every_noun(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(noun in shown for noun in cli.NOUNS)


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave(["--version"]) == 0
    assert capsys.readouterr().out == f"friction {version('friction-lm')}\n"


def test_an_unknown_noun_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave(["dmo"]) == 2
    assert "Did you mean 'demo'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error, line",
    [
        (
            FrictionError(problem="no 'x'", because="none was made", fix="make one"),
            "friction: no 'x': none was made. Fix: make one\n",
        ),
        (
            ModuleNotFoundError("No module named 'torch'", name="torch.nn"),
            "friction: 'torch' is not installed: this command needs the extra 'train'. "
            f"Fix: cd '{ROOT}' && {sys.executable} -m pip install --constraint constraints.txt --editable '.[train]'\n",
        ),
        (
            OSError(28, "No space left on device", "a.jsonl"),
            "friction: cannot use 'a.jsonl': No space left on device. "
            "Fix: check that the path exists, that it is yours to use, and that the disk is not full\n",
        ),
    ],
)
def test_what_a_person_can_mend_is_one_line(
    error: Exception, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail(monkeypatch, error)
    assert leave(["demo"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", line)


def test_control_c_leaves_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, KeyboardInterrupt())
    assert leave(["demo"]) == 130


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (ZeroDivisionError(), ModuleNotFoundError("No module named 'frictoin'", name="frictoin")):
        fail(monkeypatch, error)
        with pytest.raises(type(error)):
            cli.main(["demo"])


def fail(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let every noun raise this when it is loaded."""

    def load(_name: str) -> Any:
        raise error

    monkeypatch.setattr(cli, "import_module", load)


def test_help_is_fast_and_loads_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['friction', '--help']\n"
        "from friction.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n"
        "    heavy = {'torch', 'transformers', 'numpy', 'openai', 'xllamacpp', 'pydantic'} & set(sys.modules)\n"
        "    sys.exit(f'loaded: {heavy}' if heavy else 0)\n"
    )
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - start)
        assert done.returncode == 0, done.stderr
        assert "Watch the baseline" in done.stdout
    # Measured at 0.2 s; the bound leaves room for a busy machine.
    assert min(seconds) < 0.8


@pytest.mark.parametrize("noun", cli.NOUNS)
def test_a_noun_loads_no_torch_and_repeats_its_help(noun: str) -> None:
    script = (
        "import sys, importlib, typer.main\n"
        f"command = typer.main.get_command(importlib.import_module('friction.cli.{noun}').app)\n"
        "heavy = {'torch', 'transformers'} & set(sys.modules)\n"
        "print(command.get_short_help_str(limit=200))\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == cli.NOUNS[noun]


def test_ctrl_c_before_anything_is_loaded_leaves_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)
    with pytest.raises(SystemExit) as exit_:
        __main__.main()
    assert exit_.value.code == 130
