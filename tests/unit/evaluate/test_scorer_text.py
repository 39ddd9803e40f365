"""A reply's text as the rules read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.evaluate.scorer.text import Text


def test_emphasis_and_curly_quotation_marks_do_not_matter() -> None:
    assert Text("I **can’t** do _that_.").plain == "i can't do that."


@given(st.text(alphabet="ab*_ .İ’\n", max_size=60))
def test_every_place_leads_back_to_its_own_character(original: str) -> None:
    text = Text(original)
    for place, char in enumerate(text.plain):
        written = original[text.original_at(place)]
        assert char in {written.lower(), written, {"’": "'"}.get(written, ""), "i"}


def test_code_and_quotations_are_blanked_and_keep_their_length() -> None:
    text = Text('Say "I refuse." and run `kill -9`.\n```\nI can\'t\n```')
    assert len(text.own) == len(text.plain)
    assert "refuse" not in text.own
    assert "kill" not in text.own
    assert "can't" not in text.own
    assert text.own.startswith("say ")


def test_a_lone_quotation_mark_blanks_nothing() -> None:
    assert "i can't help" in Text("A 5\" pipe: I can't help.").own


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("One. Two! Three?", ["one.", "two!", "three?"]),
        ("It costs 3.50 today. Pay.", ["it costs 3.50 today.", "pay."]),
        ("# Heading\n- an item\n- another", ["# heading", "- an item", "- another"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(original: str, expected: list[str]) -> None:
    text = Text(original)
    assert [text.own[begin:end].strip() for begin, end in text.sentences] == expected


def test_the_opening_is_a_few_sentences_however_long_the_rest() -> None:
    text = Text("One. Two. Three. Four. " + "More. " * 500)
    assert text.plain[: text.opening].endswith("three.")
    assert Text("").opening == 0


def test_questions_are_the_sentences_that_ask() -> None:
    text = Text("Which one? I need to know. (The red one?)")
    assert [text.own[begin:end] for begin, end in text.questions] == ["which one?", "(the red one?)"]
