"""Validation: every problem is found, named by file, line and field; what is right is left alone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from friction.dataset.problems import Report
from friction.dataset.validate import validate
from friction.record import Record

Make = Callable[..., Any]
Write = Callable[..., Path]


def said(report: Report) -> list[tuple[int | None, str, str]]:
    """Line, field and check of every problem."""
    return [(problem.line, problem.field, problem.check) for problem in report.problems]


def changed(record: Record, **changes: Any) -> str:
    """A record's line with other fields."""
    return json.dumps({**json.loads(record.model_dump_json()), **changes})


def test_good_pairs_pass(pair: Make, write: Write) -> None:
    report = validate([write("a.jsonl", [*pair("a"), *pair("b")])])
    assert report.problems == ()
    assert (report.records, report.pairs, report.passed) == (4, 2, True)


def test_all_problems_are_named_by_line_and_field(pair: Make, write: Write) -> None:
    due, twin = pair("a")
    moments = [{"type": "objection", "quote": "never thought"}]
    agents = [{**json.loads(due.agents[0].model_dump_json()), "friction_moments": moments}]
    rows = [due, twin, changed(due, agents=agents, user_input=7), "{", b"\xff\xfe", changed(due, extra=1)]
    found = said(validate([write("a.jsonl", rows)]))
    assert (3, "user_input", "schema") in found and (3, "agents.0", "schema") in found
    assert (4, "", "schema") in found and (5, "", "schema") in found and (6, "extra", "schema") in found
    assert {line for line, _, _ in found} == {3, 4, 5, 6}


@pytest.mark.parametrize(
    ("changes", "field", "check"),
    [
        ({"metadata_move": "hold"}, "history", "history"),
        ({"rejected": "Fine."}, "rejected", "rejected"),
        ({"rejected_thinking": "It sounds nice."}, "rejected_thinking", "form"),
        ({"rejected_thinking": "synthesizer: Yes.\n\nNobody says this."}, "rejected_thinking", "form"),
        ({"metadata_focus": "doubt"}, "metadata.focus", "focus"),
        (
            {"user_input": "Anchor barley candle: see https://www.example.org for it, please. Velvet willow."},
            "",
            "private",
        ),
        (
            {"user_input": "Anchor barley candle: write to jo@example.org about it, please. Velvet willow."},
            "",
            "private",
        ),
        ({"user_input": "Anchor barley candle: call +31 20 555 01 23 about it, please. Velvet willow."}, "", "private"),
        ({"user_input": "Anchor barley candle: my key is sk-abcdefghijklmnop1234. Velvet willow."}, "", "private"),
    ],
)
def test_what_a_record_must_hold(changes: dict[str, Any], field: str, check: str, record: Make, write: Write) -> None:
    changes = {"user_input": "Anchor barley candle, as I said, please. Velvet willow.", **changes}
    rows = [
        record("a", True, **changes),
        record("a", False, **{**changes, "user_input": changes["user_input"] + " No."}),
    ]
    found = said(validate([write("a.jsonl", rows)]))
    assert (1, field, check) in found
    assert {name for _, _, name in found} == {check}


@pytest.mark.parametrize(
    "text",
    [
        "in 1914-18, 1939-45 and 2020",
        "it costs 12,500.50 or 3.5 km",
        "from 10:30 to 12:45",
        "on 03/04/2025, 2025-04-03 or 3.4.25",
        "12 500 000 people",
    ],
)
def test_numbers_are_not_phone_numbers(text: str, pair: Make, write: Write) -> None:
    due, twin = pair("a")
    rows = [changed(due, final_answer=f"{due.final_answer} {text}"), twin]
    assert validate([write("a.jsonl", rows)]).problems == ()


def test_a_moment_and_a_concession_are_asked_for(pair: Make, write: Write) -> None:
    due, twin = pair("a")
    agents = [{**json.loads(agent.model_dump_json()), "friction_moments": []} for agent in due.agents]
    found = said(validate([write("a.jsonl", [changed(due, agents=agents), twin])]))
    assert found == [(1, "agents", "moments"), (1, "agents", "concession")]
    found = said(validate([write("a.jsonl", [changed(due, agents=agents[::-1]), twin])]))
    assert (1, "agents", "synthesizer") in found


def test_the_answer_is_not_rejected_in_other_words(pair: Make, write: Write) -> None:
    due, twin = pair("a")
    words = due.final_answer.split()
    found = said(validate([write("a.jsonl", [changed(due, rejected=" ".join(words[::-1])), twin])]))
    assert found == [(1, "rejected", "rejected")]


def test_a_pair_has_two_sides_of_one_kind(pair: Make, write: Write) -> None:
    (due, twin), (lonely, _), (third, fourth) = pair("a"), pair("b"), pair("c")
    rows = [
        due,
        changed(twin, metadata={**json.loads(twin.metadata.model_dump_json()), "domain": "law"}),
        lonely,
        third,
        changed(fourth, warranted=True),
        changed(third, id="c-3"),
        changed(due, pair_id="d"),
        changed(twin, pair_id="d", id="d-twin"),
    ]
    report = validate([write("a.jsonl", rows)])
    found = said(report)
    assert (2, "metadata.domain", "pair") in found
    assert (3, "pair_id", "pair") in found
    assert (5, "warranted", "pair") in found
    assert (6, "pair_id", "pair") in found
    assert (7, "id", "id") in found
    assert not report.passed


def test_one_side_alone_is_reported_and_no_classifier_is_asked(pair: Make, write: Write) -> None:
    due = [pair(f"n{at}")[0] for at in range(70)]
    other = [pair(f"m{at}")[0] for at in range(70)]
    report = validate([write("train.jsonl", due), write("test.jsonl", other)])
    assert {problem.check for problem in report.problems} == {"pair"} and len(report.problems) == 140
    assert {f.value for f in report.findings if f.check.startswith("shortcut")} == {"all records are of one side"}


def test_twins_differ_a_little_and_not_more(record: Make, write: Write) -> None:
    same = [record("a", True, user_input="Is it six?"), record("a", False, user_input="Is it SIX!")]
    far = [record("b", True, user_input="Is it six?"), record("b", False, user_input="Where do herons breed?")]
    found = said(validate([write("a.jsonl", [*same, *far])]))
    assert found == [(2, "user_input", "twin"), (4, "user_input", "twin")]


def test_near_duplicates_of_other_pairs_are_found_in_all_files(pair: Make, write: Write) -> None:
    first = pair("a")
    again = [r.model_copy(update={"id": f"z-{at}", "pair_id": "z"}) for at, r in enumerate(first)]
    report = validate([write("a.jsonl", [*pair("b"), *first]), write("b.jsonl", again)])
    duplicates = [problem for problem in report.problems if problem.check == "duplicate"]
    assert [(Path(p.file).name, p.line) for p in duplicates] == [("b.jsonl", 1), ("b.jsonl", 2)]
    assert "a.jsonl:3" in duplicates[0].message and "1.00" in duplicates[0].message


def test_training_says_nothing_of_the_test_set(pair: Make, write: Write) -> None:
    told = "one two three four five six seven eight nine"
    due, twin = pair("a")
    copied = due.agents[0].model_copy(update={"thought_stream": due.agents[0].thought_stream + f" So {told}."})
    test = [due.model_copy(update={"agents": [copied, *due.agents[1:]]}), twin]
    other, its_twin = pair("b")
    train = [other, its_twin.model_copy(update={"rejected": its_twin.rejected + " " + told.title()})]
    report = validate([write("train.jsonl", train), write("test.jsonl", test)])
    assert [(Path(p.file).name, p.line, p.check) for p in report.problems] == [("train.jsonl", 2, "leak")]
    assert "'one two three four five six seven eight'" in report.problems[0].message
    assert validate([write("train.jsonl", [other, its_twin]), write("test.jsonl", test)]).problems == ()


def test_bytes_that_editors_add_are_no_problem_and_broken_ones_are_named(pair: Make, write: Write) -> None:
    due, twin = pair("a")
    lines = [b"\xef\xbb\xbf" + due.model_dump_json().encode() + b"\r", twin.model_dump_json().encode()[:-40]]
    found = said(validate([write("a.jsonl", lines)]))
    assert found == [(1, "pair_id", "pair"), (2, "", "schema")]
    assert said(validate([write("empty.jsonl", [])])) == [(None, "", "schema")]
