"""What the README quotes is what its command prints."""

import re
import shlex
from pathlib import Path

import pytest

from friction.cli import main

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_the_quoted_demo_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    ((command, quoted),) = re.findall(r"^\$ (\.venv/bin/friction demo (?:.*\\\n)*.*)\n((?:.*\n)*?)```", README, re.M)
    with pytest.raises(SystemExit) as left:
        main(shlex.split(command.replace("\\\n", " "))[1:])
    assert not left.value.code
    assert capsys.readouterr().out.strip() == quoted.strip()
