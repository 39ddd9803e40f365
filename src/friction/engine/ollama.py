"""A model in Ollama, through its native protocol: the OpenAI-compatible one ignores the context length."""

import http.client
import json
import os
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from friction.chat import Message
from friction.engine.base import Completion, Delta, Sampling
from friction.engine.chunks import Chunk, read_reply
from friction.errors import FrictionError

CONTEXT = 8192
_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 120.0  # Ollama loads the model before the first word
_DEFAULT_HOST = "http://127.0.0.1:11434"


class Ollama:
    """A model that Ollama has; the environment variable ``OLLAMA_HOST`` says where Ollama is.

    Args:
        model: Its name in Ollama.
        silence: Seconds to wait for the next piece of a reply.
    """

    has_dial = False

    def __init__(self, model: str, *, silence: float = _SILENCE_SECONDS) -> None:
        self.name = f"ollama:{model}"
        self._model = model
        self._silence = silence
        host = os.environ.get("OLLAMA_HOST") or _DEFAULT_HOST
        self._host = host if "://" in host else f"http://{host}"
        self._thinks = True

    def start(self) -> None:
        """Nothing to load here: Ollama loads the model with the first reply."""

    def close(self) -> None:
        """Nothing to free here."""

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling = Sampling(), dial: float | None = None
    ) -> Iterator[Delta | Completion]:
        """A reply while it is written; see :meth:`friction.engine.base.Engine.stream`. There is no dial."""
        del dial
        request = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            # Without these Ollama drops the beginning of a long conversation and does not say so.
            "truncate": False,
            "shift": False,
            "options": {
                "num_ctx": CONTEXT,
                "num_predict": sampling.max_tokens or CONTEXT,
                "temperature": sampling.temperature,
                "top_p": sampling.top_p,
                "seed": sampling.seed,
            },
        }
        return read_reply(self._chunks(request), self.name)

    def _chunks(self, request: dict[str, Any]) -> Iterator[Chunk]:
        try:
            for data in self._lines({**request, "think": True} if self._thinks else request):
                yield _chunk(data)
        except _Refused as refusal:
            if not self._thinks or "does not support thinking" not in refusal.message:
                raise self._explain(refusal) from refusal
            self._thinks = False
            yield from self._chunks(request)
        except TimeoutError as error:
            raise self._problem(
                "does not answer",
                f"nothing came for {self._silence:g} seconds",
                "look at Ollama's log: it may be loading the model, or hang",
            ) from error
        except http.client.HTTPException as error:
            raise self._problem(
                "sent half a reply", type(error).__name__, "look at Ollama's log, then ask again"
            ) from error
        except OSError as error:
            raise FrictionError(
                problem=f"cannot reach Ollama at '{self._host}'",
                because=error.strerror or str(error),
                fix="start it with `ollama serve`, or set OLLAMA_HOST to where it runs",
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._problem(
                "sent no usable reply",
                f"what it sends is not Ollama's protocol ({error})",
                "check that OLLAMA_HOST names an Ollama server",
            ) from error

    def _lines(self, request: dict[str, Any]) -> Iterator[Any]:
        address = urlsplit(self._host)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = kind(address.hostname or "127.0.0.1", address.port or 11434, timeout=_CONNECT_SECONDS)
        try:
            try:
                connection.connect()
            except TimeoutError as error:  # not the silence of a server that is there
                raise OSError(f"no connection within {_CONNECT_SECONDS:g} seconds") from error
            connection.sock.settimeout(self._silence)
            body = json.dumps(request)
            connection.request(
                "POST", f"{address.path.rstrip('/')}/api/chat", body, {"Content-Type": "application/json"}
            )
            with connection.getresponse() as response:
                if response.status != 200:
                    raise _Refused(response.status, response.read(4096))
                while line := response.readline():
                    data = json.loads(line)
                    if "error" in data:
                        raise _Refused(200, line)
                    yield data
        finally:
            connection.close()

    def _explain(self, refusal: "_Refused") -> FrictionError:
        said = f"it answered {refusal.status}: {refusal.message}"
        if refusal.status == 404:
            return self._problem("is not there", said, f"`ollama pull {self._model}`; `ollama list` shows what is")
        if "context" in refusal.message:
            return self._problem("does not answer", said, f"shorten the prompt: the context is {CONTEXT:,} tokens")
        return self._problem("does not answer", said, "look at Ollama's log")

    def _problem(self, what: str, because: str, fix: str) -> FrictionError:
        return FrictionError(problem=f"'{self.name}' {what}", because=because, fix=fix)


class _Refused(Exception):
    """Ollama said no."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        try:
            self.message = " ".join(str(json.loads(body)["error"]).split())[:200]
        except (ValueError, KeyError, TypeError):
            self.message = " ".join(body.decode(errors="replace").split())[:200]
        super().__init__(self.message)


def _chunk(data: Any) -> Chunk:
    message = data["message"]
    return Chunk(
        text=(message.get("content") or "") + "",
        thinking=(message.get("thinking") or "") + "",
        finish=(data.get("done_reason") or "stop") if data["done"] else None,
        tokens=data.get("eval_count"),
    )
