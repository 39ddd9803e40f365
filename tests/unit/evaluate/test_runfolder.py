"""A run's folder: complete or refused, and nothing in it that changed without a word."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from friction.errors import FrictionError
from friction.evaluate import runfolder
from friction.evaluate.runfolder import PROMPTS, REPLIES, earlier_replies, read_run
from friction.manifest import NAME, SCRATCH, write_manifest
from tests.unit.evaluate import scored_samples as samples  # pylint: disable=import-error

ASKED = samples.suite(
    *samples.twins("a"),
    samples.plain("q", "seven", "7"),
    samples.prompt("t", follow_ups=("And?",), truth="90", why="because", cluster="c", tags={"domain": "law"}),
)


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """A finished run."""
    samples.run(samples.Spoken(lambda *_: "It is seven."), ASKED, tmp_path / "run")
    return tmp_path / "run"


def test_a_finished_run_comes_back_with_its_prompts_as_they_were(folder: Path) -> None:
    found = read_run(folder)
    assert found.prompts == ASKED.prompts and found.folder == folder
    assert len(found.replies) == 10 and {reply.answer for reply in found.replies} == {"It is seven."}
    assert found.info["suite"] == "hand" and found.info["repeats"] == 1
    keys = [json.loads(line)["key"] for line in (folder / REPLIES).read_text("utf-8").splitlines()]
    assert len(set(keys)) == 10


@pytest.mark.parametrize("name", [PROMPTS, REPLIES])
def test_files_that_were_edited_or_are_missing_are_refused(name: str, folder: Path) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    path.write_text(text.replace("seven", "eight"), "utf-8")
    with pytest.raises(FrictionError, match=f"{name}' is not the file that .* its content changed"):
        read_run(folder)
    path.unlink()
    with pytest.raises(FrictionError, match="it is missing"):
        read_run(folder)
    path.write_text(text, "utf-8")
    assert read_run(folder).prompts == ASKED.prompts


def test_what_a_person_or_a_report_lays_beside_the_replies_may_change(folder: Path) -> None:
    (folder / "report.html").write_text("first")
    samples.run(samples.Spoken(lambda *_: "It is seven."), ASKED, folder)
    (folder / "report.html").write_text("second")
    assert len(read_run(folder).replies) == 10
    (folder / "report.html").unlink()
    assert len(read_run(folder).replies) == 10


def test_what_is_no_complete_run_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / NAME).rename(tmp_path / NAME)
    for path in (folder, tmp_path / "nothing", folder / REPLIES):
        with pytest.raises(FrictionError, match="is not complete.*manifest.json"):
            read_run(path)
    (folder / NAME).write_text("{")
    with pytest.raises(FrictionError, match="cannot understand"):
        read_run(folder)
    (folder / NAME).unlink()
    write_manifest(folder, kind="adapter")
    with pytest.raises(FrictionError, match="holds no evaluation: .* of kind 'adapter'"):
        read_run(folder)


def test_a_run_that_is_not_complete_has_no_earlier_replies(folder: Path) -> None:
    assert len(list(earlier_replies(folder))) == 10
    (folder / NAME).unlink()
    assert not list(earlier_replies(folder))


def test_a_run_is_not_complete_while_its_files_are_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(runfolder, "whole_file", full)
    with pytest.raises(OSError, match="No space left"):
        samples.run(samples.Spoken(lambda *_: "It is seven."), ASKED, folder)
    with pytest.raises(FrictionError, match="is not complete"):
        read_run(folder)


def test_killed_between_its_files_a_run_is_not_complete_and_asks_nothing_again(folder: Path) -> None:
    (folder / NAME).unlink()  # the first thing that is done, and the last that is written
    (folder / REPLIES).write_text("half a li", "utf-8")
    engine = samples.Spoken(lambda *_: "It is eight.")
    samples.run(engine, ASKED, folder)
    assert not engine.asked and {reply.answer for reply in read_run(folder).replies} == {"It is seven."}
    assert (folder / SCRATCH / "journal.jsonl").exists()


GOOD: dict[str, Any] = {
    "key": "k",
    "prompt": "a",
    "arm": "baseline",
    "engine": "e",
    "dial": None,
    "repeat": 0,
    "turn": 0,
}
GOOD |= {"state": "answered", "thinking": "", "answer": "Yes.", "thinking_state": "absent", "stop_reason": "stop"}
GOOD |= {"tokens": 1, "seconds": 0.1, "temperature": 0.0, "top_p": 0.9, "seed": 1, "max_tokens": None, "error": ""}


def test_a_line_that_is_a_reply_is_no_damage(folder: Path) -> None:
    (folder / REPLIES).write_text(f"{json.dumps(GOOD)}\n", "utf-8")
    assert earlier_replies(folder) == [("k", {name: value for name, value in GOOD.items() if name != "key"})]


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"7",
        b"{}",
        b"[" * 100_000,
        b"\xff",
        json.dumps({name: value for name, value in GOOD.items() if name != "key"}).encode(),
        json.dumps({name: value for name, value in GOOD.items() if name != "answer"}).encode(),
        json.dumps({**GOOD, "more": 1}).encode(),
        json.dumps({**GOOD, "answer": 7}).encode(),
        json.dumps({**GOOD, "state": "well"}).encode(),
        json.dumps({**GOOD, "state": []}).encode(),
        json.dumps({**GOOD, "answer": "half \ud83d"}).encode(),
    ],
)
def test_damaged_replies_are_one_line_and_nothing_is_asked_or_written(line: bytes, folder: Path) -> None:
    path = folder / REPLIES
    path.write_bytes(json.dumps(GOOD).encode() + b"\n" + line + b"\n")
    before = path.read_bytes()
    engine = samples.Spoken(lambda *_: "It is seven.")
    for _ in range(2):  # the first leaves no lock behind
        with pytest.raises(FrictionError, match="name another folder with -o, or remove this one") as error:
            samples.run(engine, ASKED, folder)
        assert f"'{path}' is damaged" in str(error.value) and "\n" not in str(error.value)
    assert line == b"\xff" or "line 2 is no reply" in str(error.value)
    assert not engine.asked and path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"kind": "evaluation"}',
        {"extra": {}},
        {"extra": 7},
        {"extra": {"settings": 1}},
    ],
)
def test_a_damaged_manifest_is_one_line(text: str | dict[str, Any], folder: Path) -> None:
    path = folder / NAME
    whole = json.loads(path.read_text("utf-8"))
    path.write_text(text if isinstance(text, str) else json.dumps({**whole, **text}), "utf-8")
    engine = samples.Spoken(lambda *_: "It is seven.")
    with pytest.raises(FrictionError, match="name another folder with -o, or remove this one") as error:
        samples.run(engine, ASKED, folder)
    assert f"'{path}' is damaged" in str(error.value) and "\n" not in str(error.value)
    assert not engine.asked
