"""A chat server's stream, chunk by chunk, as deltas and a completion: the same for every server."""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from friction.chat import CLOSE_THINKING, OPEN_THINKING, Reply, ReplyParser, Section, parse_reply
from friction.engine.base import Completion, Delta
from friction.errors import FrictionError

_BROKEN_OFF = frozenset(("content_filter", "tool_calls", "function_call", "error", "abort"))
"""What servers say of a reply that is no whole answer, and that no length limit cut."""


@dataclass(frozen=True)
class Chunk:
    """What one chunk of a stream adds.

    Attributes:
        text: Of the answer, or of the whole reply where the server leaves thinking tags in it.
        thinking: Thoughts, where the server separates them.
        finish: Why the reply ended, such as `stop` or `length`; None while it goes on.
        tokens: Tokens of the whole reply, where the server counts them.
    """

    text: str = ""
    thinking: str = ""
    finish: str | None = None
    tokens: int | None = None


def openai_chunk(data: Any) -> Chunk:
    """A chunk of OpenAI's chat stream, given as plain JSON.

    Raises:
        KeyError, TypeError, AttributeError: When it is something else.
    """
    tokens = (data.get("usage") or {}).get("completion_tokens")
    if not data["choices"]:
        return Chunk(tokens=tokens)
    choice = data["choices"][0]
    delta = choice.get("delta") or {}
    # llama.cpp, DeepSeek and older vLLM say reasoning_content; OpenRouter and newer vLLM say reasoning.
    thinking = delta.get("reasoning_content") or delta.get("reasoning") or ""
    text = delta.get("content") or ""
    return Chunk(text + "", thinking + "", choice.get("finish_reason"), tokens)  # anything but text is an error here


def read_reply(chunks: Iterable[Chunk], server: str) -> Iterator[Delta | Completion]:
    """The reply that a stream of chunks makes up.

    Args:
        chunks: What the server sends.
        server: Its name for messages.

    Raises:
        FrictionError: When the stream ends before the reply does, or the server breaks the reply off.
    """
    started = time.perf_counter()
    parser: ReplyParser | None = None
    thinking = answering = False
    pieces, tokens, finish = 0, None, None
    for chunk in chunks:
        pieces += bool(chunk.text or chunk.thinking)
        tokens = chunk.tokens if chunk.tokens is not None else tokens
        finish = chunk.finish or finish
        if chunk.thinking and not answering:  # thoughts behind the answer's beginning are nobody's; they are left out
            # Thoughts that come separately are read as behind an opening tag that the prompt held.
            parser, thinking = parser or ReplyParser(prefilled=True), True
            yield from _deltas(parser.feed(chunk.thinking))
        text = chunk.text if parser else chunk.text.lstrip()  # a blank line before the first word says nothing
        if text:
            parser = parser or ReplyParser()
            yield from _deltas(parser.feed(CLOSE_THINKING + text if thinking else text))
            thinking, answering = False, answering or bool(text.strip())
    parser = parser or ReplyParser()
    yield from _deltas(parser.flush())
    if finish is None:
        raise FrictionError(
            problem=f"'{server}' sent half a reply" if pieces else f"'{server}' sent no reply",
            because="its stream ended before it said that the reply was complete",
            fix="look at the server's log, then ask again",
        )
    if finish in _BROKEN_OFF:
        raise FrictionError(
            problem=f"'{server}' broke its reply off",
            because=f"it says '{finish}' where a finished reply has 'stop'",
            fix="look at the server's filters and tools, or ask something else",
        )
    stopped = finish != "length"
    yield Completion(
        reply=_with_lost_tag(parser.close(stopped)),
        tokens=pieces if tokens is None else tokens,
        seconds=time.perf_counter() - started,
        stop_reason="stop" if stopped else "length",
    )


def _with_lost_tag(reply: Reply) -> Reply:
    """The reply, mended where its server neither separates thoughts nor repeats the opening tag that its prompt held.

    Such an answer has a closing tag at the start of a line, and no opening one and no open code block before it. While
    it streamed, the thoughts looked like an answer; the finished reply has them where they belong.
    """
    thoughts, tag, _ = reply.answer.partition(CLOSE_THINKING)
    alone = re.search(r"(^|\n)[ \t]*$", thoughts) is not None
    if reply.thinking or not tag or not alone or OPEN_THINKING in thoughts or thoughts.count("```") % 2:
        return reply
    return parse_reply(reply.answer, prefilled=True, stopped=reply.state != "unterminated")


def _deltas(events: Iterable[tuple[Section, str]]) -> Iterator[Delta]:
    return (Delta(section, text) for section, text in events)
