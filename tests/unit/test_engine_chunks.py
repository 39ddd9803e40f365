"""A chat server's stream becomes thinking and answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.chat import CLOSE_THINKING, OPEN_THINKING, parse_reply
from friction.engine.base import Completion, Delta
from friction.engine.chunks import Chunk, openai_chunk, read_reply
from friction.errors import FrictionError


def read(*chunks: Chunk) -> tuple[list[Delta], Completion]:
    """The deltas and the completion."""
    *deltas, last = read_reply(chunks, "server")
    assert isinstance(last, Completion)
    return [delta for delta in deltas if isinstance(delta, Delta)], last


def test_thoughts_that_come_separately() -> None:
    deltas, last = read(
        Chunk(thinking="It is "), Chunk(thinking="not so."), Chunk(text="No, "), Chunk(text="it is not.", finish="stop")
    )
    assert [delta.section for delta in deltas] == ["thinking"] * 2 + ["answer"] * 2
    assert (last.reply.thinking, last.reply.answer, last.reply.state) == ("It is not so.", "No, it is not.", "complete")


def test_thoughts_in_tags() -> None:
    text = f"{OPEN_THINKING}Hm.{CLOSE_THINKING}\n\nNo."
    _, last = read(*[Chunk(text=letter) for letter in text], Chunk(finish="stop"))
    assert (last.reply.thinking, last.reply.answer, last.reply.state) == ("Hm.", "No.", "complete")
    assert last.tokens == len(text)  # nobody counted: pieces


def test_no_thoughts() -> None:
    _, last = read(Chunk(text="Yes."), Chunk(finish="stop"), Chunk(tokens=7))
    assert (last.reply.state, last.tokens, last.stop_reason) == ("absent", 7, "stop")


@pytest.mark.parametrize("chunk", [Chunk(thinking="Hm"), Chunk(text="Ye")])
def test_a_reply_cut_at_the_length_limit_is_unterminated(chunk: Chunk) -> None:
    _, last = read(chunk, Chunk(finish="length"))
    assert (last.reply.state, last.stop_reason) == ("unterminated", "length")


def test_thoughts_without_an_answer_are_unterminated() -> None:
    _, last = read(Chunk(thinking="Hm"), Chunk(finish="stop"))
    assert (last.reply.thinking, last.reply.answer, last.reply.state) == ("Hm", "", "unterminated")


@pytest.mark.parametrize(
    "chunks, problem", [((), "sent no reply"), ((Chunk(),), "no reply"), ((Chunk(text="Hal"),), "half a reply")]
)
def test_a_stream_that_ends_before_the_reply_is_an_error(chunks: tuple[Chunk, ...], problem: str) -> None:
    with pytest.raises(FrictionError, match=problem):
        list(read_reply(chunks, "server"))


@given(st.lists(st.text(), max_size=5), st.lists(st.text(), max_size=5))
def test_the_deltas_are_the_reply_however_it_is_cut(thoughts: list[str], answer: list[str]) -> None:
    chunks = [Chunk(thinking=text) for text in thoughts] + [Chunk(text=text) for text in answer]
    deltas, last = read(*chunks, Chunk(finish="stop"))
    for section, expected in (("thinking", last.reply.thinking), ("answer", last.reply.answer)):
        assert "".join(delta.text for delta in deltas if delta.section == section) == expected
    if not any(thoughts):
        assert last.reply == parse_reply("".join(answer))


def test_openai_s_chunks() -> None:
    assert openai_chunk({"choices": [{"delta": {"content": "Hi"}, "finish_reason": None}]}) == Chunk("Hi")
    assert openai_chunk({"choices": [{"delta": {"reasoning_content": "Hm"}}]}) == Chunk(thinking="Hm")
    assert openai_chunk({"choices": [{"delta": {"reasoning": "Hm", "content": None}}]}) == Chunk(thinking="Hm")
    assert openai_chunk({"choices": [{"delta": {}, "finish_reason": "stop"}]}) == Chunk(finish="stop")
    assert openai_chunk({"choices": [], "usage": {"completion_tokens": 5}}) == Chunk(tokens=5)


@pytest.mark.parametrize(
    "data", [{}, [], None, {"choices": None, "usage": 3}, {"choices": [{"delta": {"content": 3}}]}]
)
def test_what_is_no_chunk_is_an_error(data: object) -> None:
    with pytest.raises((KeyError, TypeError, AttributeError)):
        openai_chunk(data)


def test_a_blank_line_before_thoughts_that_come_separately_is_no_answer() -> None:
    _, last = read(Chunk(text="\n\n"), Chunk(thinking="Hm."), Chunk(text="No.", finish="stop"))
    assert (last.reply.thinking, last.reply.answer, last.reply.state) == ("Hm.", "No.", "complete")


def test_thoughts_behind_the_answer_s_beginning_are_left_out() -> None:
    _, last = read(Chunk(thinking="Hm."), Chunk(text="No."), Chunk(thinking="Or?"), Chunk(text=" Yes.", finish="stop"))
    assert (last.reply.thinking, last.reply.answer, last.reply.state) == ("Hm.", "No. Yes.", "complete")


@pytest.mark.parametrize("text", ["Hm.\n</think>\n\nNo.", "</think>No.", "One.\nTwo.\n  </think>No."])
def test_thoughts_whose_opening_tag_the_prompt_held_are_thoughts_in_the_finished_reply(text: str) -> None:
    deltas, last = read(*[Chunk(text=letter) for letter in text], Chunk(finish="stop"))
    assert last.reply.answer == "No." and "think" not in last.reply.thinking
    assert deltas  # as they came: nobody can know before the closing tag


@pytest.mark.parametrize("text", ["Write `</think>` there.", "```\n</think>\n```", "<think>\nHm.\n</think>No.", "No."])
def test_a_closing_tag_that_is_only_spoken_of_changes_nothing(text: str) -> None:
    _, last = read(Chunk(text=text), Chunk(finish="stop"))
    assert last.reply == parse_reply(text)


@pytest.mark.parametrize("finish", ["content_filter", "tool_calls"])
def test_a_reply_that_the_server_breaks_off_is_no_reply(finish: str) -> None:
    with pytest.raises(FrictionError, match=f"it says '{finish}'"):
        read(Chunk(text="Half of"), Chunk(finish=finish))


def test_a_closing_tag_in_the_answer_leaves_thoughts_that_came_separately_alone() -> None:
    _, last = read(Chunk(thinking="Hm."), Chunk(text="Write:\n</think>\nthere.", finish="stop"))
    assert (last.reply.thinking, last.reply.answer) == ("Hm.", "Write:\n</think>\nthere.")
