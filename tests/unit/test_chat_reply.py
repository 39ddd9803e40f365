"""The reply parser: every reply has one reading, however it is cut up on its way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.chat import Reply, ReplyParser, Section, parse_reply

PIECES = [
    "<think>",
    "</think>",
    "<",
    "</",
    "think",
    ">",
    " ",
    "\n",
    "\u00a0",
    "a",
    "b c",
    "```",
    "'",
    "<thi",
    "</think",
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=12).map("".join)


def stream(chunks: list[str], prefilled: bool, stopped: bool) -> tuple[Reply, dict[Section, str]]:
    """The reply to these chunks, and what a screen would have shown of each section."""
    parser = ReplyParser(prefilled)
    shown: dict[Section, str] = {"thinking": "", "answer": ""}
    for chunk in chunks:
        for section, text in parser.feed(chunk):
            shown[section] += text
    for section, text in parser.flush():
        shown[section] += text
    return parser.close(stopped), shown


CASES = {
    "thinks and answers": ("<think>\nhm\n</think>\n\nEight.", Reply("hm", "Eight.", "complete")),
    "space before the tag": (" \n<think>hm</think>Eight.", Reply("hm", "Eight.", "complete")),
    "no thinking": ("Eight.", Reply("", "Eight.", "absent")),
    "nothing at all": ("", Reply("", "", "absent")),
    "empty block": ("<think>\n\n</think>\n\nEight.", Reply("", "Eight.", "complete")),
    "never closed": ("<think>\nhm, Eight.", Reply("hm, Eight.", "", "unterminated")),
    "cut inside the closing tag": ("<think>hm</thi", Reply("hm</thi", "", "unterminated")),
    "no answer": ("<think>hm</think>", Reply("hm", "", "complete")),
    "repeated opening tag": ("<think>\n<think>\nhm</think>Eight.", Reply("<think>\nhm", "Eight.", "complete")),
    "nested": ("<think>a<think>b</think>c</think>d", Reply("a<think>b", "c</think>d", "complete")),
    "tags in a code block": (
        "Write:\n```\n<think>x</think>\n```",
        Reply("", "Write:\n```\n<think>x</think>\n```", "absent"),
    ),
    "tags quoted after thinking": (
        "<think>hm</think>Say '<think>' or '</think>'.",
        Reply("hm", "Say '<think>' or '</think>'.", "complete"),
    ),
    "only a part of the tag": ("<thin", Reply("", "<thin", "absent")),
    "closing tag without an opening one": ("a</think>b", Reply("", "a</think>b", "absent")),
}


@pytest.mark.parametrize("text, reply", CASES.values(), ids=CASES.keys())
def test_a_reply_has_one_reading_wherever_it_is_cut(text: str, reply: Reply) -> None:
    assert parse_reply(text) == reply
    for cut in range(len(text) + 1):
        streamed, shown = stream([text[:cut], text[cut:]], prefilled=False, stopped=True)
        assert streamed == reply
        assert shown == {"thinking": reply.thinking, "answer": reply.answer}


@pytest.mark.parametrize(
    "text, reply",
    [
        ("\nhm\n</think>\n\nEight.", Reply("hm", "Eight.", "complete")),
        ("\n<think>\nhm\n</think>\n\nEight.", Reply("hm", "Eight.", "complete")),
        ("</think>Eight.", Reply("", "Eight.", "complete")),
        ("hm, Eight.", Reply("hm, Eight.", "", "unterminated")),
        ("", Reply("", "", "unterminated")),
        ("<thi", Reply("<thi", "", "unterminated")),
    ],
)
def test_the_prompt_may_hold_the_opening_tag(text: str, reply: Reply) -> None:
    assert parse_reply(text, prefilled=True) == reply
    for cut in range(len(text) + 1):
        assert stream([text[:cut], text[cut:]], prefilled=True, stopped=True)[0] == reply


@pytest.mark.parametrize(
    "text, thinking, answer",
    [("<think>hm", "hm", ""), ("<think>hm</think>Eig", "hm", "Eig"), ("Eig", "", "Eig"), ("<thi", "", "<thi")],
)
def test_a_reply_cut_at_the_length_limit_is_unterminated(text: str, thinking: str, answer: str) -> None:
    assert parse_reply(text, stopped=False) == Reply(thinking, answer, "unterminated")


@given(TEXTS, st.data(), st.booleans(), st.booleans())
def test_any_chunking_gives_the_same_reply(text: str, data: st.DataObject, prefilled: bool, stopped: bool) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    reply, shown = stream(chunks, prefilled, stopped)
    assert reply == parse_reply(text, prefilled, stopped)
    assert stream(list(text), prefilled, stopped)[0] == reply
    assert shown == {"thinking": reply.thinking, "answer": reply.answer}
    assert (reply.thinking, reply.answer) == (reply.thinking.strip(), reply.answer.strip())


@given(TEXTS)
def test_no_text_is_lost(text: str) -> None:
    reply = parse_reply(text)
    kept = "".join((reply.thinking + reply.answer).split())
    without_tags = text.lstrip().removeprefix("<think>").replace("</think>", "", int(reply.state == "complete"))
    assert kept == "".join((without_tags if reply.state != "absent" else text).split())


def test_text_is_shown_as_soon_as_it_cannot_be_a_tag() -> None:
    parser = ReplyParser()
    assert parser.feed("<thi") == []
    assert parser.feed("nk>I know") == [("thinking", "I know")]
    assert parser.feed(" of 3 <") == [("thinking", " of 3")]
    assert parser.feed(" 4") == [("thinking", " < 4")]
    assert parser.feed("\n</th") == []
    assert parser.feed("ink>\n\nThree") == [("answer", "Three")]
    assert parser.feed(" <think") == [("answer", " <think")]
    assert parser.feed("> \n") == [("answer", ">")]
    assert parser.close() == Reply("I know of 3 < 4", "Three <think>", "complete")
