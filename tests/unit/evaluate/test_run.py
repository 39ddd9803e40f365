"""A run: each reply once, whoever is first, whatever fails, however often it is started."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from friction.chat import CLOSE_THINKING, OPEN_THINKING, Message, Reply
from friction.engine.base import Completion, Sampling
from friction.engine.patience import Patience
from friction.errors import FrictionError
from friction.evaluate.assess import score_run
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import StoredReply
from friction.evaluate.run import GIVEN_UP, ArmPlan, Run
from friction.evaluate.runfolder import REPLIES, read_run
from friction.manifest import SCRATCH, write_manifest
from tests.unit.evaluate import scored_samples as samples  # pylint: disable=import-error
from tests.unit.evaluate.scored_samples import Spoken, completion, failure, run  # pylint: disable=import-error

PAIRS = samples.suite(*(one for number in range(6) for one in samples.twins(f"p{number}")), samples.plain("q"))


def echo(messages: Sequence[Message], _sampling: Sampling, dial: float | None) -> str:
    """Says back what was asked, and at which dial."""
    return f"{messages[-1].content} {dial}"


def name_of(messages: Sequence[Message]) -> str:
    """The id of the prompt that a conversation began with."""
    return messages[0].content.rstrip("?")


def replies_in(folder: Path) -> list[StoredReply]:
    """All replies of a finished run."""
    return list(read_run(folder).replies)


def test_each_reply_is_kept_with_how_it_was_sampled_and_what_it_took(tmp_path: Path) -> None:
    engine = Spoken(lambda *_: completion(f"{OPEN_THINKING}Hm.{CLOSE_THINKING}\n\nNo.", tokens=17))
    run(engine, samples.suite(samples.prompt("a")), tmp_path, temperature=0.7, top_p=0.8, max_tokens=99, seed=5)
    baseline, friction = replies_in(tmp_path)
    for reply in (baseline, friction):
        assert (reply.thinking, reply.answer, reply.thinking_state, reply.state) == (
            "Hm.",
            "No.",
            "complete",
            "answered",
        )
        assert (reply.stop_reason, reply.tokens, reply.seconds, reply.error) == ("stop", 17, 0.125, "")
        assert (reply.temperature, reply.top_p, reply.max_tokens) == (0.7, 0.8, 99)
        assert (reply.prompt, reply.engine, reply.repeat, reply.turn) == ("a", "spoken", 0, 0)
    assert (baseline.arm, baseline.dial, friction.arm, friction.dial) == ("baseline", None, "friction", 1.0)
    asked = {dial: sampling for _, sampling, dial in engine.asked}
    assert asked == {dial: Sampling(0.7, baseline.seed, 99, 0.8) for dial in (None, 1.0)}


def test_the_files_do_not_tell_which_worker_was_first(tmp_path: Path) -> None:
    def slowly(messages: Sequence[Message], sampling: Sampling, dial: float | None) -> str:
        time.sleep(sampling.seed % 7 / 1000)
        return echo(messages, sampling, dial)

    for folder, workers, say in (("one", 1, echo), ("many", 8, slowly)):
        run(Spoken(say), PAIRS, tmp_path / folder, workers=workers, repeats=2, temperature=1.0)
    for name in ("prompts.jsonl", "replies.jsonl", "manifest.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "many" / name).read_bytes()
    order = [(reply.repeat, reply.prompt, reply.arm) for reply in replies_in(tmp_path / "many")]
    assert order == [
        (repeat, prompt.id, arm) for repeat in (0, 1) for prompt in PAIRS.prompts for arm in ("baseline", "friction")
    ]


def test_both_arms_of_a_prompt_draw_with_one_seed_and_all_else_with_another(tmp_path: Path) -> None:
    run(Spoken(echo), PAIRS, tmp_path / "a", repeats=3, temperature=1.0)
    seeds: dict[tuple[str, int], set[int]] = {}
    for reply in replies_in(tmp_path / "a"):
        seeds.setdefault((reply.prompt, reply.repeat), set()).add(reply.seed)
    assert all(len(found) == 1 for found in seeds.values())
    first = {seed for found in seeds.values() for seed in found}
    assert len(first) == len(seeds) == 3 * len(PAIRS.prompts)
    run(Spoken(echo), PAIRS, tmp_path / "b", repeats=3, temperature=1.0, seed=1)
    assert not {reply.seed for reply in replies_in(tmp_path / "b")} & first


def say_states(messages: Sequence[Message], _sampling: Sampling, _dial: float | None) -> Completion:
    """A reply of the state that the prompt is named after; where it is scored, it would count as something."""
    no = "No, that is not right: it is seven, not eight."
    kind = name_of(messages).partition("-")[0]
    if kind == "failed":
        raise failure(400)
    return {
        "answered": completion(no),
        "cut": completion(no, cut=True),
        "thinking": completion(f"{OPEN_THINKING}{no}"),
        "empty": completion(f"{OPEN_THINKING}{no}{CLOSE_THINKING}"),
        "blank": Completion(Reply("", " \n\t", "absent"), 3, 0.1, "stop"),
    }[kind]


KINDS = {
    "answered": "answered",
    "cut": "cut",
    "thinking": "cut",
    "empty": "empty",
    "blank": "empty",
    "failed": "failed",
}
STATES = samples.suite(
    *(one for kind in KINDS for one in samples.twins(kind)), *(samples.plain(f"{kind}-plain") for kind in KINDS)
)


def test_only_an_answer_is_scored_and_every_other_state_is_counted(tmp_path: Path) -> None:
    progress = run(Spoken(say_states), STATES, tmp_path, workers=1)
    assert (progress.done, progress.total, progress.failed) == (36, 36, 6)
    found = score_run(read_run(tmp_path))
    for one in found:
        kind = one.prompt.id.partition("-")[0]
        assert one.reply.state == KINDS[kind]
        assert (one.score is not None) == (kind == "answered")
        if one.prompt.warranted:
            assert one.hit is (True if kind == "answered" else None) and one.false_alarm is None
        elif one.prompt.warranted is False:
            assert one.false_alarm is (True if kind == "answered" else None) and one.hit is None
        else:  # a plain question that was not answered was not answered correctly, if it had a reply at all
            assert one.right is (None if kind == "failed" else kind == "answered")
            assert one.lenient is (True if kind == "answered" else None)
    failed = [one.reply for one in found if one.reply.state == "failed"]
    assert {(reply.stop_reason, reply.answer, reply.tokens) for reply in failed} == {("error", "", 0)}
    assert all("no reply: it is a test" in reply.error for reply in failed)
    assert "no reply: it is a test" in progress.reason


def test_a_complete_run_that_is_started_again_asks_nothing(tmp_path: Path) -> None:
    engine = Spoken(echo)
    run(engine, PAIRS, tmp_path)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    asked = len(engine.asked)
    progress = run(engine, PAIRS, tmp_path)
    assert len(engine.asked) == asked == 26
    assert (progress.done, progress.total, progress.kept, progress.tokens) == (26, 26, 26, 0)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == files
    shutil.rmtree(tmp_path / SCRATCH)  # what was asked for last is in the folder's own files, too
    run(engine, PAIRS, tmp_path)
    assert len(engine.asked) == asked
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == files


def test_replies_that_failed_are_asked_for_again_and_only_those(tmp_path: Path) -> None:
    bad = {"p1-due", "q"}

    def say(messages: Sequence[Message], sampling: Sampling, dial: float | None) -> str:
        if name_of(messages) in bad and dial:
            raise failure(500)
        return echo(messages, sampling, dial)

    engine = Spoken(say)
    assert run(engine, PAIRS, tmp_path).failed == 2
    assert {(r.prompt, r.arm) for r in replies_in(tmp_path) if r.state == "failed"} == {(n, "friction") for n in bad}
    engine.asked.clear()
    bad = {"q"}
    assert run(engine, PAIRS, tmp_path).failed == 1
    assert Counter(name_of(asked) for asked, _, _ in engine.asked) == Counter(["p1-due", "q"])
    shutil.rmtree(tmp_path / SCRATCH)
    engine.asked.clear()
    bad = set()
    assert run(engine, PAIRS, tmp_path).failed == 0
    assert [name_of(asked) for asked, _, _ in engine.asked] == ["q"]
    assert all(reply.state == "answered" for reply in replies_in(tmp_path))


def test_more_prompts_and_more_repeats_ask_only_what_is_new(tmp_path: Path) -> None:
    engine = Spoken(echo)
    few = samples.suite(*PAIRS.prompts[:4])
    run(engine, few, tmp_path, temperature=1.0)
    first = replies_in(tmp_path)
    assert len(engine.asked) == len(first) == 8
    run(engine, PAIRS, tmp_path, temperature=1.0)
    assert len(engine.asked) == 26 and replies_in(tmp_path)[:8] == first
    run(engine, PAIRS, tmp_path, temperature=1.0, repeats=2)
    assert len(engine.asked) == 52 and len(replies_in(tmp_path)) == 52
    run(engine, few, tmp_path, temperature=1.0)
    assert replies_in(tmp_path) == first  # only what this start asks for
    run(engine, PAIRS, tmp_path, temperature=1.0, repeats=2)
    assert len(engine.asked) == 52  # and the rest is not forgotten
    counted = Counter((tuple(asked), sampling.seed, dial) for asked, sampling, dial in engine.asked)
    assert set(counted.values()) == {1}


def test_a_smaller_start_drops_no_reply_even_where_the_journal_had_been_removed(tmp_path: Path) -> None:
    engine = Spoken(echo)
    run(engine, PAIRS, tmp_path)
    first = replies_in(tmp_path)
    shutil.rmtree(tmp_path / SCRATCH)
    run(engine, samples.suite(*PAIRS.prompts[:2]), tmp_path)
    assert len(replies_in(tmp_path)) == 4
    run(engine, PAIRS, tmp_path)
    assert len(engine.asked) == 26 and replies_in(tmp_path) == first


def test_another_suite_does_not_go_on_with_a_run_that_was_only_begun(tmp_path: Path) -> None:
    def gone(*_: object) -> str:
        raise failure()

    with pytest.raises(FrictionError, match="no reply"):
        run(Spoken(gone), PAIRS, tmp_path)
    engine = Spoken(echo)
    with pytest.raises(FrictionError, match="holds another evaluation.*its suite is 'hand', not 'another'"):
        run(engine, replace(PAIRS, name="another"), tmp_path)
    assert not engine.asked
    run(engine, PAIRS, tmp_path)


def test_another_dial_is_asked_for_and_the_baseline_is_not_asked_again(tmp_path: Path) -> None:
    engine = Spoken(echo)
    few = samples.suite(*samples.twins("a"))
    for dials in ((1.0,), (0.0, 0.5, 1.0)):
        arms = (ArmPlan("baseline", engine), ArmPlan("friction", engine, dials))
        run(engine, few, tmp_path, arms=arms)
    assert Counter(dial for _, _, dial in engine.asked) == {None: 2, 1.0: 2, 0.0: 2, 0.5: 2}
    found = {(reply.prompt, reply.dial): reply.answer for reply in replies_in(tmp_path)}
    assert found == {(p.id, d): f"{p.text} {d}" for p in few.prompts for d in (None, 0.0, 0.5, 1.0)}


def test_dials_that_differ_in_a_late_digit_are_two(tmp_path: Path) -> None:
    engine = Spoken(echo)
    arms = (ArmPlan("friction", engine, (0.1234567, 0.1234568)),)
    run(engine, samples.suite(samples.prompt("a")), tmp_path, arms=arms)
    assert [reply.answer for reply in replies_in(tmp_path)] == ["a? 0.1234567", "a? 0.1234568"]


def test_a_prompt_whose_words_were_changed_is_another_one(tmp_path: Path) -> None:
    engine = Spoken(echo)
    run(engine, samples.suite(samples.prompt("a"), samples.prompt("b")), tmp_path)
    changed = Prompt("a", (Message("user", "other words"),))
    run(engine, samples.suite(changed, samples.prompt("b")), tmp_path)
    assert [asked[-1].content for asked, _, _ in engine.asked[4:]] == ["other words"] * 2
    assert replies_in(tmp_path)[0].answer == "other words None"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"temperature": 0.5}, "its temperature is 0.0, not 0.5"),
        ({"top_p": 0.5}, "its top_p is 0.95, not 0.5"),
        ({"max_tokens": 7}, "its max_tokens is None, not 7"),
        ({"seed": 7}, "its seed is 0, not 7"),
        ({"suite": replace(PAIRS, name="another")}, "its suite is 'hand', not 'another'"),
        ({"arms": (ArmPlan("baseline", Spoken(echo, "another")),)}, "not {'baseline': 'another'}"),
    ],
)
def test_other_settings_in_the_same_folder_are_refused_in_one_line(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    engine = Spoken(echo)
    run(engine, PAIRS, tmp_path)
    before = (tmp_path / REPLIES).read_bytes()
    for _ in ("with a journal", "without one"):
        with pytest.raises(FrictionError, match="holds another evaluation") as error:
            run(engine, PAIRS, tmp_path, **change)
        assert said in str(error.value) and "\n" not in str(error.value)
        shutil.rmtree(tmp_path / SCRATCH, ignore_errors=True)
    assert len(engine.asked) == 26 and (tmp_path / REPLIES).read_bytes() == before
    run(engine, PAIRS, tmp_path)  # the refused start left nothing behind that keeps the right one out


def test_a_second_start_while_one_runs_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    inside, go_on = threading.Event(), threading.Event()

    def wait(*_: object) -> str:
        inside.set()
        assert go_on.wait(30)
        return "Yes."

    first = threading.Thread(target=run, args=(Spoken(wait), PAIRS, tmp_path))
    first.start()
    try:
        assert inside.wait(30)
        with pytest.raises(FrictionError, match="another evaluation is at work in"):
            run(Spoken(echo), PAIRS, tmp_path)
    finally:
        go_on.set()
        first.join()
    assert {reply.answer for reply in replies_in(tmp_path)} == {"Yes."}


def test_a_folder_of_another_kind_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "adapter.bin").write_bytes(b"weights")
    write_manifest(tmp_path, kind="adapter", seed=1)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(FrictionError, match="holds no evaluation.*kind 'adapter'"):
        run(Spoken(echo), PAIRS, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


TALK = samples.suite(samples.prompt("t", follow_ups=("Really?", "Sure?")), samples.prompt("u"))


def test_what_was_replied_is_part_of_the_next_turn(tmp_path: Path) -> None:
    engine = Spoken(lambda messages, _s, dial: f"{OPEN_THINKING}secret{CLOSE_THINKING}\n\n{len(messages)} {dial}")
    progress = run(engine, TALK, tmp_path)
    assert (progress.done, progress.total) == (8, 8)
    talks = [asked for asked, _, dial in engine.asked if dial is None and name_of(asked) == "t"]
    assert [[turn.content for turn in talk] for talk in talks] == [
        ["t?"],
        ["t?", "1 None", "Really?"],
        ["t?", "1 None", "Really?", "3 None", "Sure?"],
    ]
    assert not any("secret" in turn.content for talk in talks for turn in talk)
    mine = [reply for reply in replies_in(tmp_path) if reply.arm == "friction" and reply.prompt == "t"]
    assert [(reply.turn, reply.answer) for reply in mine] == [(0, "1 1.0"), (1, "3 1.0"), (2, "5 1.0")]
    assert len({reply.seed for reply in mine}) == 3


def test_a_conversation_that_broke_off_goes_on_with_the_turn_that_was_kept(tmp_path: Path) -> None:
    works = False

    def say(messages: Sequence[Message], sampling: Sampling, dial: float | None) -> str:
        if len(messages) == 3 and not works:
            raise failure(500)
        return f"{name_of(messages)} {len(messages)} {dial} {sampling.temperature}"

    engine = Spoken(say)
    assert run(engine, TALK, tmp_path).failed == 4  # two arms, two turns each: the last needs the one before it
    found = {(r.arm, r.prompt, r.turn): r for r in replies_in(tmp_path)}
    assert found["baseline", "t", 0].state == "answered"
    assert [found["baseline", "t", turn].state for turn in (1, 2)] == ["failed", "failed"]
    assert found["baseline", "t", 2].error == "turn 1 failed"
    engine.asked.clear()
    works = True
    assert run(engine, TALK, tmp_path).failed == 0
    assert sorted(len(asked) for asked, _, _ in engine.asked) == [3, 3, 5, 5]
    assert all(asked[1].content == f"t 1 {dial} 0.0" for asked, _, dial in engine.asked)


def test_a_conversation_goes_on_after_a_turn_that_said_nothing(tmp_path: Path) -> None:
    engine = Spoken(lambda messages, _s, _d: "" if len(messages) == 1 else completion("So", cut=len(messages) == 3))
    run(engine, TALK, tmp_path)
    states = [r.state for r in replies_in(tmp_path) if r.prompt == "t" and r.arm == "baseline"]
    assert states == ["empty", "cut", "answered"]
    assert all(turn.content for asked, _, _ in engine.asked for turn in asked)  # servers refuse empty turns


MANY = samples.suite(*(samples.prompt(f"bad-{number}") for number in range(GIVEN_UP + 4)), samples.prompt("good"))


@pytest.mark.parametrize(
    "error",
    [
        FrictionError(problem="the prompt is too long", because="it has 2,000 tokens", fix="shorten it"),
        FrictionError(problem="'m' broke its reply off", because="it says 'content_filter'", fix="ask else"),
    ],
)
def test_prompts_that_never_have_a_reply_fail_alone_and_nobody_waits_for_them(
    error: FrictionError, tmp_path: Path
) -> None:
    def say(messages: Sequence[Message], sampling: Sampling, dial: float | None) -> str:
        if name_of(messages) != "good":
            raise error
        return echo(messages, sampling, dial)

    for workers in (1, 4):  # they come first: nobody was answered yet
        engine = Spoken(say)
        progress = run(engine, MANY, tmp_path / str(workers), workers=workers, tries=8)
        assert (progress.failed, len(engine.asked)) == (2 * len(MANY.prompts) - 2, 2 * len(MANY.prompts))
        again = run(engine, MANY, tmp_path / str(workers), workers=workers, tries=8)
        assert again.failed == progress.failed and again.kept == 2


def test_requests_that_a_server_turns_down_fail_alone_where_it_answers_others(tmp_path: Path) -> None:
    def say(messages: Sequence[Message], sampling: Sampling, dial: float | None) -> str:
        if name_of(messages) != "good":
            raise failure(400)
        return echo(messages, sampling, dial)

    backwards = samples.suite(*reversed(MANY.prompts))
    for _ in ("first", "again"):  # the second start is answered by nobody, and the first one was
        assert run(Spoken(say), backwards, tmp_path, workers=1).failed == 2 * (GIVEN_UP + 4)
    with pytest.raises(FrictionError, match="no reply"):  # here it turns everything down
        run(Spoken(say), samples.suite(*MANY.prompts[:-1]), tmp_path / "none", workers=1)


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_what_every_request_would_meet_ends_the_run_at_once(status: int, tmp_path: Path) -> None:
    def say(*_: object) -> str:
        raise failure(status)

    engine = Spoken(say)
    with pytest.raises(FrictionError, match="no reply"):
        run(engine, PAIRS, tmp_path, tries=8)
    assert len(engine.asked) <= 4  # as many as were under way
    assert not (tmp_path / "manifest.json").exists()
    engine.say = echo
    assert run(engine, PAIRS, tmp_path).failed == 0


def test_where_nobody_listens_the_run_ends_with_the_first_reply(tmp_path: Path) -> None:
    def say(*_: object) -> str:
        raise failure(None, "cannot reach 'http://127.0.0.1:9'")

    engine = Spoken(say)
    with pytest.raises(FrictionError, match="cannot reach"):
        run(engine, PAIRS, tmp_path, workers=1)
    assert len(engine.asked) == 1


@pytest.mark.parametrize(("status", "requests"), [(None, 3), (500, 8 * GIVEN_UP)])
def test_an_arm_whose_server_is_gone_ends_the_run_however_well_the_other_one_answers(
    status: int | None, requests: int, tmp_path: Path
) -> None:
    def say(*_: object) -> str:
        raise failure(status, "cannot reach 'it'")

    answers, gone, now = Spoken(echo, "there"), Spoken(say, "gone"), [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    arms = (ArmPlan("baseline", answers), ArmPlan("friction", gone))
    patience = Patience(tries=8, sleep=sleep, clock=lambda: now[0])
    with pytest.raises(FrictionError, match="cannot reach"):
        Run(samples.plan(answers, PAIRS, arms=arms, workers=1), tmp_path, patience).run()
    assert len(gone.asked) == requests


@pytest.mark.parametrize("status", [None, 500])
def test_a_server_that_dies_ends_the_run_and_the_next_start_goes_on(status: int | None, tmp_path: Path) -> None:
    answers = 6

    def say(messages: Sequence[Message], sampling: Sampling, dial: float | None) -> str:
        if len(engine.asked) > answers:
            raise failure(status)
        return echo(messages, sampling, dial)

    engine = Spoken(say)
    with pytest.raises(FrictionError, match="no reply"):
        run(engine, PAIRS, tmp_path, workers=1)
    assert len(engine.asked) == answers + GIVEN_UP
    assert not (tmp_path / "manifest.json").exists()
    engine.asked.clear()
    answers = 1000
    progress = run(engine, PAIRS, tmp_path)
    assert (progress.kept, progress.failed, len(engine.asked)) == (6, 0, 20)


def test_failures_with_answers_in_between_do_not_end_it(tmp_path: Path) -> None:
    def say(messages: Sequence[Message], sampling: Sampling, dial: float | None) -> str:
        if dial is None:
            raise failure(500)
        return echo(messages, sampling, dial)

    assert run(Spoken(say), PAIRS, tmp_path, workers=1).failed == 13 > GIVEN_UP


def test_a_request_that_stumbles_is_made_again(tmp_path: Path) -> None:
    seen: Counter[object] = Counter()

    def say(messages: Sequence[Message], sampling: Sampling, dial: float | None) -> str:
        seen[messages[-1], dial] += 1
        if seen[messages[-1], dial] == 1:
            raise failure(503)
        return echo(messages, sampling, dial)

    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    patience = Patience(tries=4, first_wait=0.01, sleep=sleep, clock=lambda: now[0])
    progress = Run(samples.plan(Spoken(say), PAIRS), tmp_path, patience).run()
    assert progress.failed == 0 and set(seen.values()) == {2}


def test_an_error_of_our_own_is_not_taken_for_a_failed_reply(tmp_path: Path) -> None:
    def say(*_: object) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(Spoken(say), PAIRS, tmp_path)


def test_repeats_without_chance_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FrictionError, match="2 repeats at temperature 0 are all the same"):
        run(Spoken(echo), PAIRS, tmp_path, repeats=2)
    assert not list(tmp_path.iterdir())


def test_any_text_that_a_model_writes_comes_back_as_it_was(tmp_path: Path) -> None:
    texts = ["a\u2028b\u2029c\x85d", "a\x0b\x0c\x1c\x00b", "a\r\nb\rc", "🙂 é e\u0301", '"\\', "half \ud83d"]
    asked = samples.suite(*(samples.prompt(str(number)) for number in range(len(texts))))
    engine = Spoken(lambda messages, _s, _d: texts[int(name_of(messages))])
    for _ in ("first", "again"):
        run(engine, asked, tmp_path)
        found = [reply.answer for reply in replies_in(tmp_path) if reply.arm == "baseline"]
        assert found == [*texts[:-1], "half ?"]
        shutil.rmtree(tmp_path / SCRATCH)
    assert len(engine.asked) == 12


def test_progress_counts_what_was_done_kept_and_written(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def report(progress: Any) -> None:
        seen.append((progress.done, progress.total))

    progress = Run(samples.plan(Spoken(echo), PAIRS, workers=1), tmp_path, Patience(), report).run()
    assert seen == [(done, 26) for done in range(1, 27)]
    assert (progress.tokens, progress.kept) == (26 * 5, 0)


def test_the_manifest_says_what_was_run_and_holds_no_machine_s_paths(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text("{}")
    run(Spoken(echo), samples.suite(*PAIRS.prompts, files=(file,)), tmp_path / "run", seed=3)
    text = (tmp_path / "run" / "manifest.json").read_text("utf-8")
    found = json.loads(text)
    assert (found["kind"], found["seed"], list(found["inputs"])) == ("evaluation", 3, ["mine.jsonl"])
    assert found["extra"]["settings"]["engines"] == {"baseline": "spoken", "friction": "spoken"}
    assert found["extra"]["dials"] == {"baseline": [None], "friction": [1.0]} and found["extra"]["repeats"] == 1
    assert str(tmp_path) not in text
