"""llama.cpp inside this process: one server for one arm."""

import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from friction.errors import FrictionError

_END = object()


class LlamaServer:
    """One llama.cpp server: a model, with an adapter or without any.

    An arm has a server of its own: on one server, requests with different adapter scales wait for one another.

    Args:
        model: The GGUF file.
        adapter: A LoRA adapter as GGUF; its scale is given with every request.
        context: Tokens per conversation, the reply included.
        slots: Replies that may be written at the same time.
        threads: Threads that compute.
        exact: Keep keys and values in full precision: replies are then those of the model as it was trained. It
            takes twice the memory, which matters for a large model.

    Attributes:
        key: What the port asks for; it is new for each server.
    """

    def __init__(
        self,
        model: Path,
        adapter: Path | None = None,
        *,
        context: int,
        slots: int = 1,
        threads: int = 1,
        exact: bool = True,
    ) -> None:
        self._model = model
        self._adapter = adapter
        self._context = context
        self._slots = slots
        self._threads = threads
        self._exact = exact
        self._server: Any = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._workers: set[threading.Thread] = set()
        self.key = secrets.token_urlsafe(16)

    def start(self) -> None:
        """Load the model, once.

        Raises:
            FrictionError: When a file is missing or llama.cpp cannot load it.
        """
        with self._lock:
            if self._closed.is_set():
                raise closed()
            if self._server is None:
                self._server = self._load()

    @property
    def address(self) -> str:
        """The loopback address that llama.cpp opens, such as ``http://127.0.0.1:41321``."""
        self.start()
        return str(self._server.listening_address)

    def tokens(self, text: str) -> list[int]:
        """Token ids of a text in which special tokens count as such."""
        request = {"content": text, "add_special": True, "parse_special": True}
        ids: list[int] = self.post("/tokenize", request)["tokens"]
        return ids

    def post(self, path: str, request: Any) -> Any:
        """What llama.cpp offers by HTTP alone."""
        import urllib.request  # slow to load, and rarely needed

        call = urllib.request.Request(
            f"{self.address}{path}", json.dumps(request).encode(), {"Authorization": f"Bearer {self.key}"}
        )
        # No proxy stands between two ends of one process, whatever the environment says.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(call, timeout=60) as response:
            return json.load(response)

    def complete(self, prompt: str, *, scale: float = 0.0, **options: Any) -> Iterator[dict[str, Any]]:
        """Chunks of OpenAI's text completion of a prompt in which special tokens count as such."""
        self.start()
        return self._stream(self._server.handle_completions, {"prompt": prompt, **options}, scale)

    def chat(self, messages: list[dict[str, str]], *, scale: float = 0.0, **options: Any) -> Iterator[dict[str, Any]]:
        """Chunks of OpenAI's chat completion, rendered with the template inside the model's file."""
        self.start()
        return self._stream(self._server.handle_chat_completions, {"messages": messages, **options}, scale)

    def close(self) -> None:
        """Stop what runs and free the model."""
        self._closed.set()
        with self._lock:
            workers = list(self._workers)
        for worker in workers:
            worker.join()
        with self._lock:
            self._server = None

    def _load(self) -> Any:
        for path in filter(None, (self._model, self._adapter)):
            if not os.access(path, os.R_OK):
                raise FrictionError(
                    problem=f"cannot read '{path}'",
                    because="there is no such file, or it may not be read",
                    fix="check the path: gguf:MODEL.gguf, or gguf:MODEL.gguf+ADAPTER.gguf",
                )
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self._model)
        if self._adapter:
            params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(self._adapter), 0.0)]
        params.n_ctx = self._context * self._slots
        params.n_parallel = self._slots
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads
        # llama.cpp's prompt cache keeps what it computed under another adapter scale: a baseline would show friction.
        params.cache_ram_mib = 0
        # It opens a port even when only this process talks to it.
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.api_keys = [self.key]
        params.ui = params.endpoint_slots = False
        params.warmup = params.fit_params = False
        params.verbosity = -1
        if self._exact:
            # Half-precision keys and values, and attention kernels that round differently, would part the replies
            # from those of the model as it was trained.
            params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
            params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        try:
            server = xllamacpp.Server(params)
            # A server that is freed before its loop runs waits for the loop's end forever; one that answered runs.
            server.handle_completions({"prompt": "a", "max_tokens": 1}, lambda _: None)
            return server
        except RuntimeError as error:
            files = " with ".join(f"'{path}'" for path in (self._model, self._adapter) if path)
            raise FrictionError(
                problem=f"cannot load {files}",
                because="llama.cpp does not take it: it is damaged, not GGUF, or the two do not belong together",
                fix="get or convert the file again",
            ) from error

    def _stream(self, handler: Callable[..., Any], request: dict[str, Any], scale: float) -> Iterator[dict[str, Any]]:
        """Run a request in a thread of its own, so that whoever reads the chunks can be interrupted."""
        request = {**request, "stream": True, "cache_prompt": False}  # nothing computed for another request shapes this
        if self._adapter:
            request["lora"] = [{"id": 0, "scale": scale}]  # llama.cpp applies an adapter at full scale if not told
        chunks: SimpleQueue[Any] = SimpleQueue()
        stopped = threading.Event()

        def take(chunk: dict[str, Any]) -> bool:
            chunks.put(chunk)
            return stopped.is_set() or self._closed.is_set()  # True ends the request

        def work() -> None:
            try:
                handler(request, take)
            except BaseException as error:  # pylint: disable=broad-exception-caught  # raised where chunks are read
                chunks.put(error)
            finally:
                chunks.put(_END)
                self._workers.discard(threading.current_thread())

        worker = threading.Thread(target=work, name="llama.cpp request")
        with self._lock:  # whoever closes meanwhile finds it started, or not at all
            if self._closed.is_set():
                raise closed()
            self._workers.add(worker)
            worker.start()
        try:
            while (chunk := chunks.get()) is not _END:
                if isinstance(chunk, BaseException):
                    raise chunk
                yield chunk
        finally:
            stopped.set()


def start_together(*servers: LlamaServer) -> None:
    """Load several servers at the same time, away from the main thread, whom an interrupt may hit anywhere.

    Raises:
        FrictionError: As :meth:`LlamaServer.start`.
    """
    with ThreadPoolExecutor(len(servers)) as pool:
        for loading in [pool.submit(server.start) for server in servers]:
            loading.result()


def closed() -> FrictionError:
    """What a reply ends with when its model is closed."""
    return FrictionError(problem="the reply ended in the middle", because="the model was closed", fix="ask again")


def refused(error: dict[str, Any]) -> FrictionError:
    """What llama.cpp says instead of a reply, as an error of ours."""
    if error.get("type") == "exceed_context_size_error":
        return FrictionError(
            problem="the prompt is too long",
            because=f"it has {error.get('n_prompt_tokens', 0):,} tokens, and the model reads {error.get('n_ctx', 0):,}",
            fix="shorten it",
        )
    return FrictionError(
        problem="llama.cpp does not answer",
        because=str(error.get("message", error)),
        fix="run the command again; if it stays so, report it with this line",
    )
