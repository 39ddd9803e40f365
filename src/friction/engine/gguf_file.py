"""Any model as a GGUF file, with or without a LoRA adapter, on llama.cpp in this process."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from friction.chat import Message
from friction.engine.base import Completion, Delta, Sampling
from friction.engine.chunks import Chunk, openai_chunk, read_reply
from friction.engine.llama import LlamaServer, refused, start_together

CONTEXT = 8192


class GgufFile:
    """A GGUF model; with an adapter it is a pair with a dial, as the embedded one is.

    The conversation is rendered with the template that the file carries, which its model was trained on.

    Args:
        model: The GGUF file.
        adapter: A LoRA adapter for it, as GGUF.
        alone: Whether no other engine computes at the same time.
        slots: Replies of one arm that may be written at the same time.
    """

    def __init__(self, model: Path, adapter: Path | None = None, *, alone: bool = True, slots: int = 1) -> None:
        self.name = f"gguf:{model}+{adapter}" if adapter else f"gguf:{model}"
        self.has_dial = adapter is not None
        self._paths = [path for path in (model, adapter) if path is not None]
        # The arms share the processor: they are meant to run at the same time.
        threads = max(1, (os.cpu_count() or 1) // (1 if alone and adapter is None else 2))
        self._baseline = LlamaServer(model, context=CONTEXT, slots=slots, threads=threads, exact=False)
        self._friction = (
            LlamaServer(model, adapter, context=CONTEXT, slots=slots, threads=threads, exact=False)
            if adapter
            else self._baseline
        )

    @property
    def weights_digest(self) -> str:
        """What tells other weights behind the same path: the files' sizes, for hashing gigabytes takes too long."""
        return "+".join(str(path.stat().st_size) for path in self._paths if path.is_file())

    def start(self) -> None:
        """Load the model, once for each arm; the operating system keeps one copy of the weights.

        Raises:
            FrictionError: When a file is missing, or llama.cpp does not take it.
        """
        start_together(self._baseline, self._friction)

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling = Sampling(), dial: float | None = None
    ) -> Iterator[Delta | Completion]:
        """A reply while it is written; see :meth:`friction.engine.base.Engine.stream`."""
        server = self._baseline if dial is None else self._friction
        chunks = server.chat(
            [{"role": message.role, "content": message.content} for message in messages],
            scale=dial or 0.0,
            max_tokens=sampling.max_tokens or CONTEXT,
            temperature=sampling.temperature,
            seed=sampling.seed,
            top_p=sampling.top_p,
            samplers=["top_p", "temperature"],
            stream_options={"include_usage": True},
        )
        return read_reply((_chunk(data) for data in chunks), self.name)

    def close(self) -> None:
        """Stop what runs and free the model."""
        self._baseline.close()
        self._friction.close()


def _chunk(data: dict[str, Any]) -> Chunk:
    if "error" in data:
        raise refused(data["error"])
    return openai_chunk(data)
