"""How much faster a run is than asking one prompt after the other, on the embedded engine.

    python benchmarks/evaluation.py             # 120 prompts to both arms
    python benchmarks/evaluation.py --slots 4 8 16

Both sides are measured in one run, alternately. The sequential side asks llama.cpp's own HTTP port, with a connection
that is kept alive, one request at a time, and both cores compute for it. The replies of both sides are compared: speed
that changes what is said is none.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import tempfile
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from friction.chat import parse_reply, render
from friction.engine.embedded import CONTEXT, EmbeddedPair
from friction.engine.gguf_cache import cached_gguf
from friction.engine.llama import LlamaServer
from friction.evaluate.prompts import Prompt
from friction.evaluate.run import ArmPlan, Plan, Run
from friction.evaluate.runfolder import read_run
from friction.evaluate.suites import Suite, read_suite, shortened

DIALS: tuple[tuple[str, float], ...] = (("baseline", 0.0), ("friction", 1.0))


def sequential(prompts: Sequence[Prompt], threads: int) -> tuple[float, dict[tuple[str, str], str]]:
    """Seconds for all prompts and both arms, one request at a time, and the answers."""
    files = cached_gguf(None)
    answers: dict[tuple[str, str], str] = {}
    seconds = 0.0
    for arm, scale in DIALS:
        adapter = files.adapter if arm == "friction" else None
        server = LlamaServer(files.base, adapter, context=CONTEXT, slots=1, threads=threads)
        server.start()
        address = urlsplit(server.address)
        connection = http.client.HTTPConnection(str(address.hostname), address.port)
        begun = time.perf_counter()
        for prompt in prompts:
            answers[arm, prompt.id] = _ask(connection, server.key, prompt, scale if adapter else None)
        seconds += time.perf_counter() - begun
        connection.close()
        server.close()
    return seconds, answers


def _ask(connection: http.client.HTTPConnection, key: str, prompt: Prompt, scale: float | None) -> str:
    text = unicodedata.normalize("NFC", render(prompt.messages, for_reply=True))
    request = {"prompt": text, "max_tokens": CONTEXT, "temperature": 0.0, "cache_prompt": False}
    if scale is not None:
        request["lora"] = [{"id": 0, "scale": scale}]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/completions", json.dumps(request), headers)
    reply = json.loads(connection.getresponse().read())
    return parse_reply(reply["choices"][0]["text"]).answer


def run(suite: Suite, slots: int, threads: int) -> tuple[float, dict[tuple[str, str], str]]:
    """Seconds for the same by a run, everything that it writes to disk included, and the answers."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPair(slots=slots, threads=threads) as pair:
        pair.start()
        plan = Plan(suite, (ArmPlan("baseline", pair), ArmPlan("friction", pair, (1.0,))), workers=2 * slots)
        begun = time.perf_counter()
        Run(plan, Path(folder)).run()
        seconds = time.perf_counter() - begun
        replies = read_run(Path(folder)).replies
    return seconds, {(reply.arm, reply.prompt): reply.answer for reply in replies}


def main() -> None:
    """Reads the options, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slots", type=int, nargs="+", default=[8], help="replies of one arm at the same time")
    parser.add_argument("--threads", type=int, default=1, help="threads of one arm in the run")
    parser.add_argument("--pairs", type=int, default=10, help="pairs of each move")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    suite = shortened(
        read_suite("organism"), options.pairs, ["correct", "doubt", "clarify", "refuse", "hold", "challenge"]
    )
    cores = os.cpu_count() or 1
    print(f"{len(suite.prompts)} prompts × 2 arms, {cores} cores")
    for _ in range(options.rounds):
        alone, expected = sequential(suite.prompts, cores)
        print(f"one at a time, {cores} threads: {alone:6.1f} s")
        for slots in options.slots:
            seconds, answers = run(suite, slots, options.threads)
            same = sum(answers[key] == answer for key, answer in expected.items())
            print(
                f"run, 2 × {slots} at once:       {seconds:6.1f} s, {alone / seconds:.1f} times as fast, "
                f"{same} of {len(expected)} answers the same"
            )


if __name__ == "__main__":
    main()
