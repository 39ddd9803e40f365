"""Every command of docs/dataset.md does what it says; what would need a model's server is tried up to its preview."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from friction import cli
from friction.dataset.curated import MICRO, TEST

DOCS = (Path(__file__).parents[3] / "docs" / "dataset.md").read_text("utf-8")
COMMANDS = re.findall(r"^\.venv/bin/friction (data [^#\n]*?)\s*(?:#.*)?$", DOCS, re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_docs_works(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for extra in ("sklearn", "mlcroissant"):
        pytest.importorskip(extra)
    monkeypatch.chdir(tmp_path)
    shutil.copy(MICRO, "mine.jsonl")
    shutil.copy(TEST, "test.jsonl")
    arguments = shlex.split(command)
    if "generate" in arguments and "--preview" not in arguments:
        arguments += ["--preview", "1"]
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    assert not left.value.code
    for option in ("-o", "--croissant", "--html"):
        if option in arguments and "generate" not in arguments:
            assert Path(arguments[arguments.index(option) + 1]).stat().st_size > 1000


def test_the_docs_have_commands() -> None:
    assert len(COMMANDS) >= 9
    assert {command.split()[1] for command in COMMANDS} >= {"show", "stats", "validate", "export", "card", "generate"}
