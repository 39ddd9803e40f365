"""`friction data` on records: what a person reads, what a machine reads, and one line for what cannot be done."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from friction import cli
from friction.cli.data_records import print_pair
from friction.dataset.pairs import in_pairs
from friction.jsonl import read_records
from friction.record import Record

Make = Callable[..., Any]
Write = Callable[..., Path]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(name="run")
def run_fixture(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `friction data` and gives its exit code, output and error."""
    monkeypatch.setenv("COLUMNS", "300")

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["data", *map(str, arguments)])
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture(name="file")
def file_fixture(pair: Make, write: Write) -> Path:
    """Three pairs of two moves."""
    history = [{"role": "user", "content": "Six?"}, {"role": "assistant", "content": "Eight."}]
    return write("some.jsonl", [*pair("a"), *pair("b"), *pair("c", metadata_move="hold", history=history)])


def test_a_record_is_shown_whole_and_its_twin_below(run: Run, file: Path) -> None:
    code, out, err = run("show", "a-twin", "--file", file)
    assert (code, err) == (0, "")
    due, twin = list(read_records(file))[:2]
    for record in (due, twin):
        for text in (record.user_input, record.final_answer, record.rejected):
            assert text in out
    assert out.index("[a-twin]") < out.index("[a-due]")
    quote = due.agents[0].friction_moments[0].quote
    assert f"[objection: {quote}]" in out
    assert run("show", "a", "--file", file)[1].index("[a-due]") < out.index("[a-due]")


def test_a_move_and_a_number_choose(run: Run, file: Path) -> None:
    out = run("show", file, "--move", "hold", "--number", "5")[1]
    assert "[c-due]" in out and "[a-due]" not in out and "they: Six?" in out and "model: Eight." in out
    assert sum(f"[{name}-due]" in run("show", file, "--number", "2")[1] for name in "abc") == 2
    assert run("show", file, "--seed", "3")[1] == run("show", file, "--seed", "3")[1]
    assert {run("show", file, "--random")[1] for _ in range(30)} > {run("show", file, "--random")[1]}


def test_what_is_not_there_is_named(run: Run, file: Path) -> None:
    code, _, err = run("show", "a-dew", "--file", file)
    assert code == 2 and "there is no record or pair 'a-dew': perhaps it was to be a-due" in err
    code, _, err = run("show", file, "--move", "refuse")
    assert code == 2 and "it holds no such pair" in err
    assert run("show", "--move", "refuze", "--file", file)[0] == 2


def test_moments_are_underlined_where_a_terminal_can(file: Path) -> None:
    pairs = in_pairs(read_records(file), "x")
    console = Console(force_terminal=True, color_system="256", width=100, highlight=False)
    with console.capture() as capture:
        print_pair(console, pairs[0].records)
    shown = capture.get()
    assert "‹objection›" in shown and "\x1b[3;4m" in shown and "[objection" not in shown


def test_overlapping_moments_are_shown_once(record: Make) -> None:
    made: Record = record("a")
    thought = made.agents[0].thought_stream
    moments = [{"type": "objection", "quote": thought[:12]}, {"type": "boundary", "quote": thought[6:20]}]
    agents = [{**json.loads(made.agents[0].model_dump_json()), "friction_moments": moments}]
    agents += [json.loads(agent.model_dump_json()) for agent in made.agents[1:]]
    made = Record.model_validate_json(json.dumps({**json.loads(made.model_dump_json()), "agents": agents}))
    console = Console(width=400, highlight=False, no_color=True)
    with console.capture() as capture:
        print_pair(console, [made])
    assert f"[objection: {thought[:12]}]{thought[12:40]}" in capture.get()


def test_validate_leaves_with_one_when_something_is_wrong(run: Run, file: Path, pair: Make, write: Write) -> None:
    code, out, err = run("validate", file)
    assert (code, err) == (0, "") and "6 records, 3 pairs: nothing to mend" in out
    bad = write("bad.jsonl", [*pair("a")[:1], "{"])
    code, out, _ = run("validate", bad)
    assert code == 1
    assert f"{bad}:1: pair_id: 'a' has one side only [pair]" in out
    assert f"{bad}:2: it is not JSON" in out and "1 × schema" in out
    code, out, _ = run("validate", "--json", bad)
    found = json.loads(out)
    assert code == 1 and found["passed"] is False
    assert found["problems"][0] == {
        "file": str(bad), "line": 1, "field": "pair_id", "check": "pair", "message": "'a' has one side only",
    }  # fmt: skip
    assert run("validate", bad.with_name("none.jsonl"))[0] == 2


def test_statistics_as_tables_json_and_a_page(run: Run, file: Path, tmp_path: Path) -> None:
    code, out, _ = run("stats", file)
    assert code == 0 and "6 records, 3 pairs" in out and "Friction moments by persona" in out
    found = {table["title"]: table["rows"] for table in json.loads(run("stats", file, "--json")[1])}
    assert ["correct", "2", "2", "66.7%", "0"] in found["Moves"] and ["hold", "1", "1", "33.3%", "2"] in found["Moves"]
    page = tmp_path / "page.html"
    assert run("stats", file, "--html", page)[0] == 0
    html = page.read_text("utf-8")
    assert html.count("<svg") == 4 and "http" not in html.replace("http-equiv", "")
    assert "correct: 2 due, 2 not due" in html


def test_pairs_are_split_sampled_merged_and_deduplicated(run: Run, file: Path, tmp_path: Path) -> None:
    train, test, small, all_of_it = (tmp_path / f"{name}.jsonl" for name in ("train", "test", "small", "all"))
    assert run("split", file, "--train", train, "--test", test, "--test-share", "0.34")[0] == 0
    assert len(list(read_records(train))) == 4 and len(list(read_records(test))) == 2
    assert run("merge", train, test, train, "-o", all_of_it)[1].endswith("3 pairs; 2 were there twice\n")
    assert {r.id for r in read_records(all_of_it)} == {r.id for r in read_records(file)}
    assert run("micro", file, "-o", small, "--pairs", "2")[0] == 0
    assert {r.metadata.move for r in read_records(small)} == {"correct", "hold"}
    renamed = [r.model_copy(update={"pair_id": f"{r.pair_id}2", "id": f"{r.id}2"}) for r in read_records(train)]
    again = tmp_path / "again.jsonl"
    again.write_text("".join(r.model_dump_json() + "\n" for r in renamed), "utf-8")
    out = run("dedup", file, again, "-o", small)[1]
    assert out.endswith("3 pairs; 2 dropped\n") and out.count("nearly the same as") == 2
    assert list(read_records(small)) == list(read_records(file))


def test_what_would_lose_records_is_refused(run: Run, file: Path, pair: Make, write: Write, tmp_path: Path) -> None:
    before = file.read_bytes()
    one, two = tmp_path / "one.jsonl", tmp_path / "folder.jsonl"
    for train, test in ((one, one), (file, one), (one, file)):
        code, _, err = run("split", file, "--train", train, "--test", test, "--test-share", "0.34")
        assert code == 2 and "two of the three are one file" in err
    two.mkdir()
    code, _, err = run("split", file, "--train", one, "--test", two, "--test-share", "0.34")
    assert code == 2 and f"cannot use '{two}': it is a folder" in err
    assert not one.exists() and file.read_bytes() == before
    lonely = write("lonely.jsonl", [*pair("x"), pair("y")[0]])
    code, _, err = run("dedup", lonely, "-o", one)
    assert code == 2 and "'y' in" in err and "it has one side only" in err and not one.exists()
    other = write("other.jsonl", [r.model_copy(update={"rejected": r.rejected + " No."}) for r in pair("x")])
    code, _, err = run("dedup", write("x.jsonl", pair("x")), other, "-o", one)
    assert code == 2 and "two different pairs are named 'x'" in err
    empty = write("empty.jsonl", [])
    for command in (["merge"], ["micro"], ["export", "--format", "messages"], ["dedup"]):
        assert run(*command, empty, "-o", one)[0] == 2
    loop = tmp_path / "loop.jsonl"
    loop.symlink_to(loop)
    code, _, err = run("merge", file, "-o", loop)
    assert code == 2 and "its links lead round in a circle" in err
    assert not one.exists()


def test_a_pair_that_is_there_twice_is_written_once(run: Run, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    said = run("dedup", file, file, "-o", out)[1]
    assert said.endswith("3 pairs; 0 dropped, 3 were there twice\n")
    assert list(read_records(out)) == list(read_records(file))


def test_a_link_stays_one_and_its_file_is_written(run: Run, file: Path, tmp_path: Path) -> None:
    target, link = tmp_path / "target.jsonl", tmp_path / "link.jsonl"
    target.write_text("old", "utf-8")
    link.symlink_to(target)
    assert run("merge", file, "-o", link)[0] == 0
    assert link.is_symlink() and len(list(read_records(target))) == 6


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_where_a_file_is_needed(run: Run, file: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for command in (["validate", pipe], ["dedup", pipe, "-o", tmp_path / "o.jsonl"], ["show", "--file", pipe]):
        code, _, err = run(*command)
        assert code == 2 and "no regular file" in err
    code, _, err = run("merge", file, "-o", pipe)
    assert code == 2 and f"cannot use '{pipe}': it is not a regular file" in err


def test_a_name_says_already_what_to_show(run: Run, file: Path) -> None:
    code, _, err = run("show", "a", "--file", file, "--move", "hold")
    assert code == 2 and "a name says already what to show" in err


def test_marks_of_rich_are_words_like_others(run: Run, pair: Make, write: Write) -> None:
    out = run("stats", write("odd.jsonl", pair("a", metadata_domain="[red]law[/b]")))[1]
    assert "[red]law[/b]" in out


def test_few_letters_and_a_closed_pipe_are_no_error(file: Path) -> None:
    command = [sys.executable, "-m", "friction", "data"]
    plain = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*command, "stats", "--json", str(file)], env=plain, capture_output=True, check=False)
    assert "Lengths in words: median (least–most)" in {table["title"] for table in json.loads(done.stdout)}
    done = subprocess.run([*command, "show", str(file)], env=plain, capture_output=True, check=False)
    assert done.returncode == 0 and b"? pushback due" in done.stdout
    piped = f"{sys.executable} -m friction data show {file} --number 3 | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", piped], capture_output=True, check=False)
    assert done.stdout.splitlines()[-1] in (b"0", b"141") and done.stderr == b""


def test_an_import_says_what_is_lacking(run: Run, tmp_path: Path) -> None:
    old, out = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    thoughts = {"problem_framer": "A leap.", "critic\x1b[31m": "No."}
    old.write_text(
        json.dumps({"question": "Six?", "agent_responses": thoughts, "final_answer": "Eight."}) + "\n", "utf-8"
    )
    code, said, _ = run("import", old, "-o", out, "--move", "hold")
    assert code == 0 and "old-0001 lacks warranted" in said and "its twin" in said
    assert "left behind: a thought of 'critic\\x1b[31m'" in said and "\x1b" not in said
    assert json.loads(out.read_text("utf-8"))["metadata"]["move"] == "hold"
    assert run("validate", out)[0] == 1


def test_an_export_says_how_many_rows(run: Run, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run("export", file, "--format", "preference", "-o", out)[1].endswith("6 rows\n")
    code, _, err = run("export", file, "--format", "csv", "-o", out)
    assert code == 2 and "unknown format 'csv'" in err


def test_the_data_commands_import_nothing_heavy(file: Path) -> None:
    script = (
        "import sys\nfrom friction.cli import main\n"
        f"for command in (['show', {str(file)!r}], ['stats', {str(file)!r}], ['validate', {str(file)!r}]):\n"
        "    try:\n        main(['data', *command])\n    except SystemExit as left:\n        assert not left.code\n"
        "assert not {'torch', 'transformers', 'datasets', 'sklearn', 'pyarrow'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
