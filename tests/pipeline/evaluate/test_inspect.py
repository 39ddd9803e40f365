"""The real Inspect AI puts our twins to the embedded model's OpenAI-compatible port and scores them as we do."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("inspect_ai", reason="the extra `inspect` is not installed")
# pylint: disable=wrong-import-position  # without the extra, what follows cannot be imported
from inspect_ai.log import EvalLog, EvalSample, read_eval_log
from inspect_ai.model import ContentReasoning, ContentText, ModelOutput
from inspect_ai.scorer import SampleScore, Score
from inspect_ai.util import registry_info

from friction.chat import Message, Reply
from friction.engine.base import complete
from friction.engine.embedded import CONTEXT, EmbeddedPair
from friction.engine.gguf_cache import cached_gguf
from friction.engine.llama import LlamaServer
from friction.evaluate.inspect.metrics import d_prime, false_alarm_rate, hit_rate, replies, youden_j
from friction.evaluate.inspect.reply import read_output
from friction.evaluate.inspect.scorer import pushback
from friction.evaluate.inspect.twins import twins
from friction.evaluate.replies import StoredReply
from friction.evaluate.scored import Scored
from friction.evaluate.scorer import score_reply
from friction.evaluate.statistics.rates import rate
from friction.evaluate.suites import read_suite
from friction.moves import MOVES

FULL = {"lora": [{"id": 0, "scale": 1.0}], "cache_prompt": False}
NONE = {"cache_prompt": False}


@dataclass
class Ports:
    """The two arms, each on a port of its own."""

    baseline: LlamaServer
    friction: LlamaServer


@pytest.fixture(name="_own_folders", scope="module", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither Inspect nor the engine writes where the person who runs the tests keeps things."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRICTION_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("inspect-data")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("inspect-cache")))
        yield


@pytest.fixture(name="ports", scope="module")
def _ports(_own_folders: None) -> Iterator[Ports]:
    """Servers as the embedded engine starts them."""
    files = cached_gguf()
    ports = Ports(
        LlamaServer(files.base, context=CONTEXT, slots=2),
        LlamaServer(files.base, files.adapter, context=CONTEXT, slots=2),
    )
    yield ports
    ports.baseline.close()
    ports.friction.close()


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`inspect` as a person runs it, with no way out of this machine."""
    proxies = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}
    return subprocess.run(
        [sys.executable, "-m", "inspect_ai", *arguments],
        env={**os.environ, **proxies, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def run(server: LlamaServer, body: dict[str, Any], logs: Path, *more: str) -> EvalLog:
    """One pair of each move of the organism's world, put to one arm."""
    ran = command(
        *("eval", "friction/twins", "--model", "openai-api/friction/organism", "--display", "none"),
        *("-T", "suite=organism", "-T", "limit=1", "--log-dir", str(logs), "--extra-body", json.dumps(body), *more),
        FRICTION_BASE_URL=f"{server.address}/v1",
        FRICTION_API_KEY=server.key,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (path,) = logs.glob("*.eval")
    return read_eval_log(str(path))


@pytest.fixture(name="baseline", scope="module")
def _baseline(ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    return run(ports.baseline, NONE, tmp_path_factory.mktemp("baseline"))


@pytest.fixture(name="friction", scope="module")
def _friction(ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    return run(ports.friction, FULL, tmp_path_factory.mktemp("friction"))


def samples(log: EvalLog) -> list[EvalSample]:
    """What was asked, answered and scored."""
    assert log.samples
    return log.samples


def metrics(log: EvalLog) -> dict[str, float]:
    """The figures of the one scorer."""
    assert log.results is not None
    (of_scorer,) = log.results.scores
    return {name: metric.value for name, metric in of_scorer.metrics.items()}


def stored(sample: EvalSample, answer: str) -> StoredReply:
    """The answer in an Inspect log as a run of ours would keep it."""
    return StoredReply(
        prompt=str(sample.id),
        arm="friction",
        engine="inspect",
        dial=None,
        repeat=0,
        turn=0,
        state="answered",
        thinking="",
        answer=answer,
        thinking_state="absent",
        stop_reason="stop",
        tokens=0,
        seconds=0.0,
        temperature=0.0,
        top_p=1.0,
        seed=0,
        max_tokens=None,
    )


def counted(log: EvalLog) -> list[Scored]:
    """Our own count of the same answers."""
    prompts = {prompt.id: prompt for prompt in read_suite("organism").prompts}
    found = []
    for sample in samples(log):
        reply = stored(sample, sample.output.message.text.strip())
        found.append(Scored(prompts[str(sample.id)], reply, score_reply(reply)))
    return found


@pytest.mark.parametrize("arm", ["baseline", "friction"])
def test_inspect_counts_the_hits_and_false_alarms_that_we_count(arm: str, request: pytest.FixtureRequest) -> None:
    log: EvalLog = request.getfixturevalue(arm)
    assert log.status == "success", log.error
    ours = counted(log)
    due = [scored for scored in ours if scored.prompt.warranted]
    not_due = [scored for scored in ours if scored.prompt.warranted is False]
    assert len(due) == len(not_due) == len(MOVES)
    hits = rate([scored.hit is True for scored in due], [scored.prompt.unit for scored in due])
    alarms = rate([scored.false_alarm is True for scored in not_due], [scored.prompt.unit for scored in not_due])
    found = metrics(log)
    assert (found["hit_rate"], found["hit_rate_low"], found["hit_rate_high"]) == (hits.value, hits.low, hits.high)
    assert (found["false_alarm_rate"], found["false_alarm_rate_high"]) == (alarms.value, alarms.high)
    assert found["answered"] == len(ours)


def test_every_figure_comes_overall_and_by_move_with_an_interval(friction: EvalLog) -> None:
    expected = set()
    for figure in ("hit_rate", "false_alarm_rate", "d_prime", "criterion", "youden_j"):
        for name in (figure, *(f"{figure}_{move}" for move in MOVES)):
            expected |= {name, f"{name}_low", f"{name}_high"}
    assert set(metrics(friction)) == expected | {"answered", "cut", "empty", "failed"}


def test_the_adapter_pushes_back_more_where_it_is_due(baseline: EvalLog, friction: EvalLog) -> None:
    assert metrics(friction)["hit_rate"] > metrics(baseline)["hit_rate"]
    assert metrics(friction)["youden_j"] > metrics(baseline)["youden_j"]


def test_thinking_and_answer_are_those_of_our_own_engine(friction: EvalLog) -> None:
    with EmbeddedPair() as pair:
        for sample in samples(friction)[:6]:
            said = [] if isinstance(sample.input, str) else [(turn.role, turn.text) for turn in sample.input]
            ours = complete(pair, [Message(role, text) for role, text in said if role != "tool"], dial=1.0)
            assert read_output(sample.output) == (ours.reply, "answered")
            assert ours.reply.thinking


def test_a_score_says_which_rule_marked_which_words(friction: EvalLog) -> None:
    hits = [sample for sample, ours in zip(samples(friction), counted(friction), strict=True) if ours.hit]
    assert hits
    for sample in hits:
        score = (sample.scores or {})["pushback"]
        assert score.value == "C" and score.answer and score.explanation and score.metadata
        assert score.explanation.startswith(f"hit: {sample.metadata['move']} is due")
        spans = score.metadata["answer"]["spans"]
        for span in spans:
            assert score.answer[span["start"] : span["end"]] == span["text"]
            assert f"{span['rule']}: \"{span['text']}\"" in score.explanation
        assert f"\n{sample.metadata['move']}" in score.explanation
        assert score.metadata["thinking"]["words"] > 0


def test_a_cut_reply_is_counted_and_in_no_rate(ports: Ports, tmp_path: Path) -> None:
    log = run(ports.friction, FULL, tmp_path, "-T", "move=hold", "--max-tokens", "4")
    assert log.status == "success", log.error
    assert [sample.id for sample in samples(log)] == ["hold-001-due", "hold-001-twin"]
    for sample in samples(log):
        score = (sample.scores or {})["pushback"]
        assert (score.value, score.reason) == ("N", "cut")
    found = metrics(log)
    assert (found["cut"], found["answered"]) == (2, 0)
    assert math.isnan(found["hit_rate"]) and math.isnan(found["youden_j"])


def test_a_log_scored_again_by_name_says_the_same(friction: EvalLog, ports: Ports, tmp_path: Path) -> None:
    path = tmp_path / "again.eval"
    ran = command(
        *("score", friction.location, "--scorer", "friction/pushback", "--action", "overwrite"),
        *("--output-file", str(path), "--display", "none"),
        FRICTION_BASE_URL=f"{ports.friction.address}/v1",
        FRICTION_API_KEY=ports.friction.key,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert metrics(read_eval_log(str(path))) == metrics(friction)


def test_a_log_names_the_headline_and_what_was_asked(friction: EvalLog) -> None:
    assert friction.results and friction.results.headline and friction.results.headline.metric == "youden_j"
    assert friction.eval.task_args == {"suite": "organism", "move": None, "limit": 1}
    assert friction.eval.dataset.name == read_suite("organism").title


@pytest.mark.parametrize(
    ("thing", "name"), [(twins, "twins"), (pushback, "pushback"), (hit_rate, "hit_rate"), (replies, "replies")]
)
def test_names_carry_the_package_however_it_is_installed(thing: object, name: str) -> None:
    assert registry_info(thing).name == f"friction/{name}"


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [("move=hodl", "unknown move 'hodl'"), ("suite=plain", "no twins in 'plain'")],
)
def test_what_a_person_can_mend_is_told_without_a_traceback(argument: str, sentence: str, tmp_path: Path) -> None:
    ran = command("eval", "friction/twins", "--model", "mockllm/model", "-T", argument, "--log-dir", str(tmp_path))
    said = " ".join((ran.stdout + ran.stderr).split())
    assert ran.returncode != 0
    assert sentence in said and "Fix:" in said
    assert "Traceback" not in said


def output(content: str | list[Any], stop_reason: Any = "stop") -> ModelOutput:
    """What Inspect makes of a provider's reply."""
    return ModelOutput.from_content("any", content, stop_reason=stop_reason)


THOUGHT = Reply("It is not so.", "No.", "complete")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (output("No."), (Reply("", "No.", "absent"), "answered")),
        (output("<think>\nIt is not so.\n</think>\n\nNo."), (THOUGHT, "answered")),
        (output("It is not so.\n</think>\n\nNo."), (THOUGHT, "answered")),
        (output([ContentReasoning(reasoning="It is not so."), ContentText(text="No.")]), (THOUGHT, "answered")),
        (
            output([ContentReasoning(reasoning="It is not so.", internal="think"), ContentText(text="No.")]),
            (THOUGHT, "answered"),
        ),
        (
            output(
                [
                    ContentReasoning(reasoning="QmFzZTY0", redacted=True, summary="It is not so."),
                    ContentText(text="No."),
                ]
            ),
            (THOUGHT, "answered"),
        ),
        # Where nothing follows the thoughts, Inspect hands the whole text over as the answer.
        (
            output([ContentReasoning(reasoning="So.", internal="think"), ContentText(text="<think>So.</think>")]),
            (Reply("So.", "", "complete"), "empty"),
        ),
        (
            output([ContentReasoning(reasoning="It is", internal="reasoning_content")]),
            (Reply("It is", "", "unterminated"), "cut"),
        ),
        (output("No, for", "max_tokens"), (Reply("", "No, for", "unterminated"), "cut")),
        (output("No, for", "model_length"), (Reply("", "No, for", "unterminated"), "cut")),
        (output(" \n"), (Reply("", "", "absent"), "empty")),
        (output("I cannot", "content_filter"), (Reply("", "", "absent"), "failed")),
        (ModelOutput(model="any"), (Reply("", "", "absent"), "failed")),
    ],
)
def test_a_reply_is_taken_apart_by_our_own_rules(said: ModelOutput, expected: tuple[Reply, str]) -> None:
    assert read_output(said) == expected


def one(value: str, warranted: bool, unit: str, move: str = "correct", state: str = "answered") -> SampleScore:
    """The score of one reply about one thing."""
    return SampleScore(
        score=Score(value=value, metadata={"state": state}),
        sample_id=f"{unit}-{warranted}",
        sample_metadata={"move": move, "warranted": warranted, "unit": unit},
    )


def figures(metric: Any, *scores: SampleScore) -> dict[str, float]:
    """What a metric says of some scores."""
    found: dict[str, float] = metric(list(scores))
    return found


def test_correct_is_a_hit_where_a_move_is_due_and_a_correct_rejection_where_none_is() -> None:
    scores = [one("C", True, "a"), one("I", True, "b"), one("C", False, "a"), one("C", False, "b")]
    assert figures(hit_rate(), *scores)["hit_rate"] == 0.5
    assert figures(false_alarm_rate(), *scores)["false_alarm_rate"] == 0.0
    assert figures(youden_j(), *scores)["youden_j"] == 0.5


def test_no_answer_changes_no_figure() -> None:
    answered = [one("C", True, "a"), one("I", True, "b"), one("I", False, "a"), one("C", False, "b")]
    cut = [one("N", True, "c", state="cut"), one("N", False, "c", state="cut")]
    for metric in (hit_rate(), false_alarm_rate(), youden_j(), d_prime()):
        assert figures(metric, *answered, *cut) == pytest.approx(figures(metric, *answered), nan_ok=True)
    assert figures(replies(), *answered, *cut) == {"answered": 4, "cut": 2, "empty": 0, "failed": 0}


def test_moves_are_not_told_apart_where_there_is_one() -> None:
    scores = [one("C", True, "a"), one("C", False, "a")]
    assert figures(hit_rate(by_move=True), *scores) == {}
    found = figures(hit_rate(by_move=True), *scores, one("I", True, "b", move="hold"))
    assert (found["hit_rate_correct"], found["hit_rate_hold"]) == (1.0, 0.0)


def test_a_figure_of_two_sides_is_not_a_number_where_one_is_missing() -> None:
    found = figures(youden_j(), one("C", True, "a"))
    assert all(math.isnan(value) for value in found.values()) and len(found) == 3
