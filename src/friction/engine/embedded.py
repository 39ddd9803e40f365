"""The embedded organism: baseline and friction, each on a llama.cpp server of its own, in this process."""

import shutil
import tempfile
import threading
import time
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

from friction.chat import Message, ReplyParser, render
from friction.engine.base import Completion, Delta, Notify, Sampling, complete
from friction.engine.gguf_cache import WEIGHTS, GgufPair, cached_gguf
from friction.engine.llama import LlamaServer, closed, refused, start_together
from friction.errors import FrictionError
from friction.manifest import read_manifest

CONTEXT = 1024
_ROOM = 64  # tokens that a conversation must leave for the reply


class EmbeddedPair:
    """The organism's two arms. Without a dial the baseline answers, on a server that never sees the adapter.

    Args:
        weights: A folder as `make organism` writes it; None takes the one that ships with the package.
        slots: Replies of one arm that may be written at the same time.
        threads: Threads that compute for one arm.
        notify: Is told what the person should know, such as that the cache cannot be used.
    """

    name = "embedded"
    has_dial = True

    def __init__(
        self, weights: Path | None = None, *, slots: int = 1, threads: int = 1, notify: Notify = lambda _: None
    ) -> None:
        self._weights = weights
        self._slots = slots
        self._threads = threads
        self._notify = notify
        self._arms: tuple[LlamaServer, LlamaServer] | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._temporary: Path | None = None

    @classmethod
    def of_checkpoint(cls, base: Path, adapter: Path | None = None, *, slots: int = 1, threads: int = 1) -> Self:
        """The arms of unfinished training: folders as transformers and PEFT save them, converted but not cached.

        Without an adapter both arms are the base.
        """
        from friction.engine.convert import convert_adapter, convert_base

        pair = cls(slots=slots, threads=threads)
        folder = Path(tempfile.mkdtemp(prefix="friction-"))
        pair._temporary = folder
        files = GgufPair(folder / "base.gguf", folder / "adapter.gguf")
        try:
            convert_base(base, files.base)
            if adapter is not None:
                convert_adapter(adapter, base, files.adapter)
        except BaseException:
            pair.close()
            raise
        pair._arms = (pair._server(files.base), pair._server(files.base, files.adapter if adapter else None))
        return pair

    @property
    def weights_digest(self) -> str | None:
        """What identifies the weights behind the name; None for a checkpoint."""
        return None if self._temporary else read_manifest(self._weights or WEIGHTS).digest[:16]

    def start(self) -> None:
        """Convert the weights if need be, and load both arms.

        Raises:
            FrictionError: When weights are missing or damaged, or there is no room to convert them.
        """
        start_together(*self._servers())

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling = Sampling(), dial: float | None = None
    ) -> Iterator[Delta | Completion]:
        """A reply while it is written; see :meth:`friction.engine.base.Engine.stream`."""
        server = self._servers()[0 if dial is None else 1]
        # The model's tokenizer composes accents before it looks anything up, and llama.cpp's does not.
        prompt = unicodedata.normalize("NFC", render(messages, for_reply=True))
        _check_length(server, prompt)
        started = time.perf_counter()
        chunks = server.complete(
            prompt,
            scale=dial or 0.0,
            max_tokens=sampling.max_tokens or CONTEXT,
            temperature=sampling.temperature,
            seed=sampling.seed,
            top_p=sampling.top_p,
            samplers=["top_p", "temperature"],
        )
        parser = ReplyParser()
        last: dict[str, Any] = {}
        for last in chunks:
            if "error" in last:
                raise refused(last["error"])
            yield from (Delta(*event) for event in parser.feed(last["choices"][0]["text"]))
        yield from (Delta(*event) for event in parser.flush())
        if not last or last["choices"][0]["finish_reason"] is None:
            raise closed()
        stopped = last["choices"][0]["finish_reason"] == "stop"
        yield Completion(
            reply=parser.close(stopped),
            tokens=last["usage"]["completion_tokens"],
            seconds=time.perf_counter() - started,
            stop_reason="stop" if stopped else "length",
        )

    def generate_many(
        self, prompts: Sequence[Sequence[Message]], *, dial: float | None = None, sampling: Sampling = Sampling()
    ) -> list[Completion]:
        """The replies to many conversations, in their order; as many at a time as there are slots."""
        with ThreadPoolExecutor(self._slots) as pool:
            return list(pool.map(lambda prompt: complete(self, prompt, sampling=sampling, dial=dial), prompts))

    def close(self) -> None:
        """Stop what runs and free both arms."""
        with self._lock:
            self._closed = True
            arms, self._arms = self._arms or (), None
        for server in arms:
            server.close()
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _servers(self) -> tuple[LlamaServer, LlamaServer]:
        with self._lock:
            if self._closed:
                raise closed()
            if self._arms is None:
                files = cached_gguf(self._weights, notify=self._notify)
                self._arms = (self._server(files.base), self._server(files.base, files.adapter))
            return self._arms

    def _server(self, model: Path, adapter: Path | None = None) -> LlamaServer:
        return LlamaServer(model, adapter, context=CONTEXT, slots=self._slots, threads=self._threads)


def _check_length(server: LlamaServer, prompt: str) -> None:
    """Refuse a conversation that leaves no room for a reply; a token is at least one byte."""
    if len(prompt.encode()) <= CONTEXT - _ROOM:
        return
    tokens = len(server.tokens(prompt))
    if tokens > CONTEXT - _ROOM:
        raise FrictionError(
            problem="the prompt is too long",
            because=f"it has {tokens:,} tokens, and the model reads {CONTEXT:,}, of which {_ROOM} are for the reply",
            fix="shorten it",
        )
