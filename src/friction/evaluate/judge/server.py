"""Who judges: a server that is asked with a JSON schema, or any other engine, which is asked in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from friction.chat import Message
from friction.engine.base import Completion, Delta, Engine, Sampling, complete
from friction.engine.chunks import Chunk, openai_chunk, read_reply
from friction.engine.openai_server import OpenAIServer
from friction.engine.parse import open_engine
from friction.engine.patience import status_of
from friction.errors import FrictionError

SILENCE_SECONDS = 180.0
"""The longest wait for the next piece: a judge may think before its first word."""
_ONE_PROMPT = re.compile(r"context|too long|too large|content.?(filter|policy|management)|moderation|safety", re.I)


@dataclass(frozen=True)
class Said:
    """A reply of the judge and what it took.

    Attributes:
        text: The answer, without thinking.
        stop: ``stop``, or ``length`` where it was cut.
        tokens_in, tokens_out: Tokens read and written.
        counted: The server counted them; else they are estimated at four characters each.
    """

    text: str
    stop: str
    tokens_in: int
    tokens_out: int
    counted: bool


class Judge(Protocol):
    """Who judges."""

    @property
    def name(self) -> str:
        """The string that names it on the command line."""

    def ask(self, messages: Sequence[Message], schema: dict[str, Any], sampling: Sampling) -> Said:
        """One reply. May be called from several threads.

        Raises:
            FrictionError: There is none.
        """

    def close(self) -> None:
        """Frees what it holds."""


def open_judge(spec: str) -> Judge:
    """The judge that an engine string names.

    Raises:
        FrictionError: The string names none.
    """
    engine = open_engine(spec)
    found = re.match(r"openai:(.+?)@(https?://.+)$", engine.name)
    return SchemaServer(found[1], found[2]) if found else PlainJudge(engine)


@dataclass(frozen=True)
class _Habits:
    """What a server takes: not all take everything, and they say so only when asked."""

    schema: bool = True
    limit: str = "max_tokens"
    sampling: bool = True

    def without(self, complaint: str) -> _Habits | None:
        """What to try next after a refusal; None where nothing is left to leave out."""
        if self.limit == "max_tokens" and "max_completion_tokens" in complaint:
            return replace(self, limit="max_completion_tokens")
        if self.sampling and re.search(r"temperature|\bseed\b", complaint):
            return replace(self, sampling=False)
        return replace(self, schema=False) if self.schema else None


class SchemaServer(OpenAIServer):
    """A model on a server that speaks OpenAI's chat protocol, asked for JSON by ``response_format``.

    A server that refuses the schema, or another field, is asked without it from then on.

    Args:
        model: The model's name on the server.
        url: The base of the protocol.
        silence: Seconds to wait for the next piece of a reply.
    """

    def __init__(self, model: str, url: str, *, silence: float = SILENCE_SECONDS) -> None:
        super().__init__(model, url, silence=silence)
        self._habits = _Habits()

    def ask(self, messages: Sequence[Message], schema: dict[str, Any], sampling: Sampling) -> Said:
        """See :meth:`Judge.ask`."""
        self.start()
        habits, refusal = self._habits, None
        while True:
            try:
                said = self._said(messages, schema, sampling, habits)
            except FrictionError as error:
                refusal = refusal or error
                other = habits.without(error.because) if status_of(error) in (400, 422) else None
                if other is None:
                    raise refusal from refusal.__cause__  # what was left out was not the cause
                habits = other
            else:
                self._habits = habits  # only what worked is remembered: the refusal may have had another cause
                return said

    def _said(self, messages: Sequence[Message], schema: dict[str, Any], sampling: Sampling, habits: _Habits) -> Said:
        usage: dict[str, int] = {}
        completion = _whole(read_reply(self._pieces(messages, schema, sampling, habits, usage), self.name))
        estimated = _tokens_of("".join(message.content for message in messages))
        return Said(
            text=completion.reply.answer,
            stop=completion.stop_reason,
            tokens_in=usage.get("prompt_tokens", estimated),
            tokens_out=usage.get("completion_tokens", _tokens_of(completion.reply.thinking + completion.reply.answer)),
            counted=len(usage) == 2,
        )

    def _pieces(
        self,
        messages: Sequence[Message],
        schema: dict[str, Any],
        sampling: Sampling,
        habits: _Habits,
        usage: dict[str, int],
    ) -> Iterator[Chunk]:
        request: dict[str, Any] = {habits.limit: sampling.max_tokens}
        if habits.schema:
            request["response_format"] = schema
        if habits.sampling:
            request |= {"temperature": sampling.temperature, "seed": sampling.seed}
        begun = False
        try:
            with self._client.chat.completions.create(
                model=self._model,
                messages=[{"role": message.role, "content": message.content} for message in messages],
                stream=True,
                stream_options={"include_usage": True},
                **request,
            ) as stream:
                begun = True
                for chunk in stream:
                    data = chunk.model_dump()
                    for name in ("prompt_tokens", "completion_tokens"):
                        if isinstance(count := (data.get("usage") or {}).get(name), int):
                            usage[name] = count
                    yield openai_chunk(data)
        except Exception as error:  # pylint: disable=broad-exception-caught
            # A broken server can make the client raise more than its own errors: JSON's, the transport's, pydantic's.
            raise self._explain(error, begun) from error


class PlainJudge:
    """Any engine as a judge: the form of the reply is asked for in words alone, and tokens read are estimated.

    Args:
        engine: Who judges.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name

    def ask(self, messages: Sequence[Message], schema: dict[str, Any], sampling: Sampling) -> Said:
        """See :meth:`Judge.ask`."""
        del schema
        found = complete(self._engine, messages, sampling=sampling)
        read = _tokens_of("".join(message.content for message in messages))
        return Said(found.reply.answer, found.stop_reason, read, found.tokens, counted=False)

    def close(self) -> None:
        """See :meth:`Judge.close`."""
        self._engine.close()


def is_about_one_prompt(error: FrictionError) -> bool:
    """Whether a server refuses this one question, because of its length or of what it speaks of, and not the others."""
    if status_of(error) in (400, 413, 422):
        return bool(_ONE_PROMPT.search(error.because))
    return _is_filtered(error) or _is_too_long(error)


def may_be_charged(error: FrictionError) -> bool:
    """Whether the server may have worked for a request that failed: it was sent, and was not refused."""
    cause = error.__cause__
    never_sent = type(getattr(cause, "__cause__", None)).__name__ in ("ConnectError", "ConnectTimeout")
    return status_of(error) is None and not never_sent and not _is_too_long(error)


def _is_filtered(error: FrictionError) -> bool:
    return "'content_filter'" in error.because


def _is_too_long(error: FrictionError) -> bool:
    """Whether an engine without HTTP says so."""
    said = f"{error.problem} {error.because}"
    return status_of(error) is None and bool(re.search(r"prompt is too long|context (length|size|window)", said))


def _whole(events: Iterator[Delta | Completion]) -> Completion:
    for event in events:
        if isinstance(event, Completion):
            return event
    raise AssertionError("a reply's stream ends with a completion")


def _tokens_of(text: str) -> int:
    """About how many tokens a text has: four characters each, as English prose comes to."""
    return -(-len(text) // 4)
