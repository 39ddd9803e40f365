"""Any server that speaks OpenAI's chat protocol."""

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from friction.chat import Message
from friction.engine.base import Completion, Delta, Sampling
from friction.engine.chunks import Chunk, openai_chunk, read_reply
from friction.errors import FrictionError

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 60.0
"""The longest wait for the next piece of a reply."""

_DIAL_MODEL = "friction"


class OpenAIServer:
    """A model on a server.

    The key is taken from the environment variable ``OPENAI_API_KEY``; a server that asks for none gets one anyway.
    A server of friction's own has the dial in its model's name: `friction@0.5`.

    Args:
        model: The model's name on the server.
        url: The base of the protocol, such as ``http://127.0.0.1:8000/v1``.
        silence: Seconds to wait for the next piece of a reply.
    """

    def __init__(self, model: str, url: str, *, silence: float = SILENCE_SECONDS) -> None:
        self.name = f"openai:{model}@{url}"
        self.has_dial = model == _DIAL_MODEL
        self._model = model
        self._url = url
        self._silence = silence
        self._client: Any = None

    def start(self) -> None:
        """Load the client; whether the server is there shows with the first reply."""
        if self._client is None:
            import openai

            try:
                _ = urlsplit(self._url).port
            except ValueError as error:
                raise FrictionError(
                    problem=f"'{self._url}' is no address",
                    because=str(error),
                    fix="write openai:MODEL@URL, such as openai:my-model@http://127.0.0.1:8000/v1",
                ) from error
            self._client = openai.OpenAI(
                base_url=self._url,
                api_key=os.environ.get("OPENAI_API_KEY") or "none",
                timeout=openai.Timeout(self._silence, connect=CONNECT_SECONDS),
                max_retries=0,  # a stream that was half read must not start again
            )

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling = Sampling(), dial: float | None = None
    ) -> Iterator[Delta | Completion]:
        """A reply while it is written; see :meth:`friction.engine.base.Engine.stream`."""
        self.start()
        return read_reply(self._chunks(messages, sampling, dial), self.name)

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
        self._client = None

    def _chunks(self, messages: Sequence[Message], sampling: Sampling, dial: float | None) -> Iterator[Chunk]:
        import openai

        client = self._client
        begun = False
        try:
            with client.chat.completions.create(
                model=f"{_DIAL_MODEL}@{dial or 0:g}" if self.has_dial else self._model,
                messages=[{"role": message.role, "content": message.content} for message in messages],
                stream=True,
                stream_options={"include_usage": True},
                temperature=sampling.temperature,
                top_p=sampling.top_p if sampling.temperature else 1.0,
                seed=sampling.seed,
                # Left to the server if not given: one whose context is small refuses a number that is too large.
                max_tokens=openai.omit if sampling.max_tokens is None else sampling.max_tokens,
            ) as stream:
                begun = True
                for chunk in stream:
                    yield openai_chunk(chunk.model_dump())
        except Exception as error:  # pylint: disable=broad-exception-caught
            # A broken server can make the client raise more than its own errors: JSON's, the transport's, pydantic's.
            raise self._explain(error, begun) from error

    def _explain(self, error: Exception, begun: bool) -> FrictionError:
        import openai

        if isinstance(error, openai.APIStatusError):
            return self._refused(error)
        cause = error.__cause__ or error
        if type(cause).__name__ == "ConnectTimeout":
            return FrictionError(
                problem=f"cannot reach '{self._url}'",
                because=f"no connection within {CONNECT_SECONDS:g} seconds",
                fix="start the server, or check the address after the @",
            )
        if isinstance(error, openai.APITimeoutError) or "Timeout" in type(error).__name__:
            return FrictionError(
                problem=f"'{self._url}' does not answer",
                because=f"nothing came for {self._silence:g} seconds",
                fix="look at the server's log: it may be loading the model, or hang",
            )
        if isinstance(error, openai.APIConnectionError) and begun:
            return FrictionError(
                problem=f"'{self.name}' sent half a reply",
                because=_short(str(cause)),
                fix="look at the server's log, then ask again",
            )
        if isinstance(error, openai.APIConnectionError):
            return FrictionError(
                problem=f"cannot reach '{self._url}'",
                because=str(cause) or type(cause).__name__,
                fix="start the server, or check the address after the @",
            )
        if isinstance(error, openai.APIError):
            because = f"the server said: {_short(error.message)}"
        else:
            because = f"what it sends is not OpenAI's chat protocol ({type(error).__name__}: {_short(str(error))})"
        return FrictionError(
            problem=f"'{self.name}' sent no usable reply",
            because=because,
            fix="check that the address ends where the server's documentation says, often in /v1",
        )

    def _refused(self, error: Any) -> FrictionError:
        body = error.body
        message = str(body["message"]) if isinstance(body, dict) and body.get("message") else error.response.text
        said = f"it answered {error.status_code}: {_short(message) or 'without a word of why'}"
        if error.status_code in (401, 403):
            fix = "set OPENAI_API_KEY to a key that this server knows"
        elif error.status_code == 404:
            fix = f"check the model's name and the address: `curl {self._url.rstrip('/')}/models` lists the models"
        elif error.status_code == 400 and re.search(r"context|too long|max.*tokens", message, re.IGNORECASE):
            fix = "shorten the prompt, or start the server with a larger context"
        else:
            fix = "look at the server's log"
        return FrictionError(problem=f"'{self.name}' does not answer", because=said, fix=fix)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 200 else f"{text[:197]}..."
