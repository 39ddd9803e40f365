"""Files that are missing or changed, and odd files that are right: small ones, written here."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from friction.errors import FrictionError
from friction.evaluate.benchmarks import BENCHMARKS, find_benchmark, read_benchmark

XSTEST = ("id", "prompt", "type", "label", "focus", "note")
SYCON = ("idx", "question", "false_presupposition", "correction", *(f"pushback_{number}" for number in range(1, 5)))
OEQ = (
    "",
    "prompt",
    "human",
    "source",
    "emotional_validation_human",
    "indirect_language_human",
    "indirect_action_human",
    "accept_framing_human",
)
AITA = ("", "prompt", "top_comment", "is_asshole", "ytanta")


def table(path: Path, header: Sequence[str], *rows: Sequence[str], start: str = "", end: str = "\n") -> Path:
    """A CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(start)
        csv.writer(file, lineterminator=end).writerows([header, *rows])
    return path


def as_json(path: Path, content: Any) -> Path:
    """A JSON file."""
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def question(**fields: Any) -> dict[str, Any]:
    """A question of BullshitBench's second version."""
    return {
        "id": "q1",
        "question": "How heavy is a Tuesday?",
        "nonsensical_element": "days have no weight",
        "domain": "calendars",
        "domain_group": "physics",
        "is_control": False,
        **fields,
    }


def bullshit(*questions: Mapping[str, Any]) -> dict[str, Any]:
    """A file of BullshitBench."""
    return {"techniques": [{"technique": "category_error", "questions": list(questions)}]}


def refused(name: str, path: Path) -> str:
    """What is said of a file that cannot be used; always where the right one lives, and its licence."""
    with pytest.raises(FrictionError) as caught:
        read_benchmark(name, path)
    benchmark = BENCHMARKS[name]
    assert benchmark.home in caught.value.fix and benchmark.licence in caught.value.fix
    assert benchmark.file in caught.value.fix and f"'{path}" in caught.value.problem
    return str(caught.value)


def test_names_are_those_of_the_command_line() -> None:
    assert list(BENCHMARKS) == [
        "xstest",
        "bullshit-v1",
        "bullshit-v2",
        "syco-delusion",
        "syco-mirror",
        "syco-pickside",
        "syco-whosaid",
        "sycon",
        "elephant-oeq",
        "elephant-aita",
        "spiral",
        "are-you-sure",
    ]
    assert all(found.name == name and found.home.startswith("https://") for name, found in BENCHMARKS.items())
    assert len({found.title for found in BENCHMARKS.values()}) == len(BENCHMARKS)


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one() -> None:
    with pytest.raises(FrictionError, match="unknown benchmark 'xtest': perhaps it was to be xstest"):
        find_benchmark("xtest")
    with pytest.raises(FrictionError, match="there is no such benchmark.*name one of xstest, bullshit-v1"):
        find_benchmark("gsm8k")


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_missing_file_is_answered_with_its_home_and_licence(name: str, tmp_path: Path) -> None:
    assert "No such file or directory" in refused(name, tmp_path / "nowhere")


@pytest.mark.parametrize("name", BENCHMARKS)
@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"[]", b'{"techniques": 3}', b'"', b"a,b\n1,2\n"])
def test_any_other_file_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert "as published" in refused(name, path)


def test_a_missing_column_is_named_with_what_stands_there_instead(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ("id", "prompt", "kind", "label", "focus", "note"))
    assert "column 'type' is missing; its first line names 'id', 'prompt', 'kind'" in refused("xstest", path)


def test_an_unknown_label_is_named_with_its_row(tmp_path: Path) -> None:
    good, bad = ("1", "How?", "homonyms", "safe", "", ""), ("2", "How?", "homonyms", "unsure", "", "")
    path = table(tmp_path / "a.csv", XSTEST, good, bad)
    assert "row 2 (line 3): the label 'unsure' is neither safe nor unsafe" in refused("xstest", path)


def test_an_empty_field_and_a_short_row_are_named_with_their_row(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", XSTEST, ("1", " ", "homonyms", "safe", "", ""))
    assert "row 1 (line 2): 'prompt' is empty" in refused("xstest", path)
    path = table(tmp_path / "b.csv", XSTEST, ("1", "How?", "homonyms", "safe"))
    assert "row 1 (line 2) has 4 fields instead of 6" in refused("xstest", path)
    path.write_text(",".join(XSTEST) + '\n1,"How?,homonyms,safe,,\n', encoding="utf-8")
    assert "is not CSV (unexpected end of data)" in refused("xstest", path)


def test_an_id_stands_once(tmp_path: Path) -> None:
    row = ("1", "How?", "homonyms", "safe", "", "")
    assert "the id 'xstest-1' stands in it twice" in refused("xstest", table(tmp_path / "a.csv", XSTEST, row, row))
    path = as_json(tmp_path / "b.json", bullshit(question(), question()))
    assert "the id 'bullshit-v2-q1' stands in it twice" in refused("bullshit-v2", path)


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_line_ends_change_nothing_and_quoted_line_breaks_are_kept(
    start: str, end: str, tmp_path: Path
) -> None:
    path = table(tmp_path / "a.csv", ("statement",), ('I am "the" sun,\nand the moon 🌙',), start=start, end=end)
    (found,) = read_benchmark("syco-delusion", path)
    assert found.text == 'I am "the" sun,\nand the moon 🌙' and found.id == "syco-delusion-01"


def test_statements_with_braces_are_put_as_they_are(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ("statement1", "statement2"), ("{statement2} is best", "tabs {0} win"))
    first, second = read_benchmark("syco-pickside", path)
    assert "I'm saying that {statement2} is best, and they're saying that tabs {0} win." in first.text
    assert first.pair == second.pair and first.id != second.id and first.warranted is None


def test_twins_need_the_whole_of_both_types(tmp_path: Path) -> None:
    safe = [(str(number), "How?", "homonyms", "safe", "", "") for number in (1, 2)]
    unsafe = [(str(number), "How?", "contrast_homonyms", "unsafe", "", "") for number in (3, 4)]
    whole = read_benchmark("xstest", table(tmp_path / "a.csv", XSTEST, *safe, *unsafe))
    assert [prompt.pair for prompt in whole] == ["xstest-homonyms-1", "xstest-homonyms-2"] * 2
    part = read_benchmark("xstest", table(tmp_path / "b.csv", XSTEST, *safe, unsafe[1]))
    assert [prompt.pair for prompt in part] == [None] * 3


def test_a_control_question_is_one_where_no_pushback_is_due(tmp_path: Path) -> None:
    path = as_json(tmp_path / "a.json", bullshit(question(), question(id="q2", is_control=True)))
    assert [prompt.warranted for prompt in read_benchmark("bullshit-v2", path)] == [True, False]
    path = as_json(tmp_path / "b.json", bullshit(question(is_control="no")))
    assert "'q1': 'is_control' is neither true nor false" in refused("bullshit-v2", path)


@pytest.mark.parametrize(
    ("content", "because"),
    [
        ([], "the file is no object"),
        ({"techniques": []}, "the file: 'techniques' is missing, empty or no list"),
        ({"techniques": ["x"]}, "a technique is no object"),
        ({"techniques": [{"technique": "x", "questions": {}}]}, "technique 'x': 'questions' is missing"),
        (bullshit({"id": 7}), "question 1 of 'category_error': 'id' is missing, empty or no text"),
        (bullshit(question(question="")), "'q1': 'question' is missing, empty or no text"),
    ],
)
def test_json_of_another_shape_is_refused_where_it_differs(content: Any, because: str, tmp_path: Path) -> None:
    assert because in refused("bullshit-v2", as_json(tmp_path / "a.json", content))


@pytest.mark.parametrize(
    ("content", "because"),
    [
        ({"prompts": []}, "it is no list of scenarios"),
        ([{"prompt_id": "a", "category": "b", "prompts": []}], "'a': 'prompts' is missing, empty or no list"),
        ([{"prompt_id": "a", "category": "b", "prompts": ["x", 3]}], "'a': one of 'prompts' is empty or no text"),
        ([{"prompt_id": "a", "prompts": ["x"]}], "'a': 'category' is missing"),
    ],
)
def test_scenarios_of_another_shape_are_refused(content: Any, because: str, tmp_path: Path) -> None:
    assert because in refused("spiral", as_json(tmp_path / "a.json", content))


def test_later_prompts_of_a_scenario_are_later_turns(tmp_path: Path) -> None:
    path = as_json(tmp_path / "a.json", [{"prompt_id": "a", "category": "b", "prompts": ["one", "two", "three"]}])
    (found,) = read_benchmark("spiral", path)
    assert found.text == "one" and found.follow_ups == ("two", "three")


def test_human_columns_hold_zero_one_or_nothing(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", OEQ, ("3", "What now?", "Leave.", "advice", "1.0", "0", "", "0.0"))
    (found,) = read_benchmark("elephant-oeq", path)
    assert found.tags["emotional_validation_human"] == "1" and found.tags["accept_framing_human"] == "0"
    assert "indirect_action_human" not in found.tags
    path = table(tmp_path / "b.csv", OEQ, ("3", "What now?", "Leave.", "advice", "2", "0", "0", "0"))
    assert "'emotional_validation_human' is '2', neither 0 nor 1" in refused("elephant-oeq", path)


@pytest.mark.parametrize(
    ("label", "verdict", "because"),
    [
        ("1", "NTA", "'is_asshole' and 'ytanta' contradict each other"),
        ("1", "ESH", "'ytanta' is 'ESH'"),
        ("yes", "YTA", "'is_asshole' is 'yes'"),
    ],
)
def test_a_verdict_is_one_of_two_and_stands_there_twice(label: str, verdict: str, because: str, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", AITA, ("3", "AITA?", "Well.", label, verdict))
    assert because in refused("elephant-aita", path)


def test_rows_without_a_number_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", AITA, ("", "AITA?", "Well.", "1", "YTA"))
    assert "its number, in the first column, is empty" in refused("elephant-aita", path)
    path = table(tmp_path / "b.csv", OEQ, ("", "What now?", "Leave.", "advice", "1", "0", "0", "0"))
    assert "its number, in the first column, is empty" in refused("elephant-oeq", path)


def sycon_folder(folder: Path, *, questions: Sequence[str], asked: Sequence[str]) -> Path:
    """The four files in which SYCON-Bench keeps its columns."""
    folder.mkdir()
    (folder / "questions.txt").write_text("\n".join(questions) + "\n", encoding="utf-8")
    for part in ("presuppositions.txt", "corrections.txt"):
        (folder / part).write_text("".join(f"{part} {number}\n" for number in range(len(questions))), encoding="utf-8")
    header = ("Question", "Pushback 1", "Pushback 2", "Pushback 3", "Pushback 4")
    table(folder / "push_back.csv", header, *((text, "a", "b", "c", "d") for text in asked))
    return folder


def test_the_authors_folder_of_four_files_gives_the_same_prompts_as_one_table(tmp_path: Path) -> None:
    folder = sycon_folder(tmp_path / "data", questions=("Why?", "How?"), asked=("Why?", "How?"))
    rows = [
        (str(number), text, f"presuppositions.txt {number}", f"corrections.txt {number}", "a", "b", "c", "d")
        for number, text in enumerate(("Why?", "How?"))
    ]
    found = read_benchmark("sycon", folder)
    assert found == read_benchmark("sycon", table(tmp_path / "a.csv", SYCON, *rows))
    assert found[1].follow_ups == ("a", "b", "c", "d") and found[1].why == "corrections.txt 1"


def test_files_of_the_folder_that_do_not_agree_are_refused(tmp_path: Path) -> None:
    longer = sycon_folder(tmp_path / "a", questions=("Why?", "How?"), asked=("Why?",))
    assert "different numbers of rows: questions.txt 2" in refused("sycon", longer)
    other = sycon_folder(tmp_path / "b", questions=("Why?", "How?"), asked=("How?", "Why?"))
    assert "row 1 does not belong to 'Why?'" in refused("sycon", other)
