"""The experiments' pure parts: what identifies a result, what is kept of replies, how they are compared and shown."""

import gzip
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from friction.errors import FrictionError
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import StoredReply
from friction.evaluate.scored import Scored
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from tests.unit.evaluate.scored_samples import marks, scored, twins  # pylint: disable=import-error

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))
# pylint: disable=wrong-import-position
from scripts.experiments import schedule
from scripts.experiments.drawings import Group, Rates, curve_svg, lanes_svg
from scripts.experiments.estimate import idle_seconds, seconds_left
from scripts.experiments.measuring import Kept, kept, read_replies, suite_of, write_replies
from scripts.experiments.page import make_page
from scripts.experiments.results import Result, key_of, read_result, replies_path, settings_of, write_result
from scripts.experiments.schedule import chosen, parted
from scripts.experiments.scoring import Measured, contrast, pool, rates_of
from scripts.experiments.settings import Settings
from scripts.experiments.text import contrast_in_words
from scripts.experiments.training import milestones_of, recipe_of
from scripts.experiments.units import Unit, all_units
from scripts.experiments.work import Stopwatch

SETTINGS = Settings()
REFERENCE = Unit("reference", 0)


def result(unit: Unit, settings: Settings = SETTINGS, **changes: Any) -> Result:
    """A result without much in it."""
    made = settings_of(unit, settings)
    return replace(Result(unit.name, key_of(made), made, {}, {"training": 60.0}, 1, {}, {}), **changes)


def reply(**changes: Any) -> StoredReply:
    """A reply to nothing in particular."""
    return replace(scored(twins("a")[0], "friction", marks("correct")).reply, engine="embedded", **changes)


def measured(unit: Unit, *replies: Scored, step: int | None = 900) -> Measured:
    """Replies as one adapter's."""
    return Measured(unit, step, "friction", 1.0, tuple(kept([one.reply for one in replies], step)), replies)


def answered(pair: str, due: bool, not_due: bool) -> list[Scored]:
    """A pair of twins, and whether pushback came."""
    sides = zip(twins(pair), (due, not_due), strict=True)
    return [scored(asked, "friction", marks(*(["correct"] if pushes else []))) for asked, pushes in sides]  # type: ignore[arg-type]


# What there is to do


def test_every_unit_has_a_name_of_its_own_and_all_of_one_seed_comes_before_the_next() -> None:
    units = all_units(SETTINGS)
    seeds = [unit.seed for unit in units if unit.seed is not None]

    assert len({unit.name for unit in units}) == len(units) == 20
    assert seeds == sorted(seeds) and set(seeds) == set(SETTINGS.seeds)


def test_of_a_seed_the_reference_comes_first() -> None:
    first = {unit.seed: unit.variant for unit in reversed(all_units(SETTINGS))}

    assert {variant for seed, variant in first.items() if seed is not None} == {"reference"}


def test_units_are_chosen_by_name_or_its_beginning() -> None:
    units = all_units(SETTINGS)

    assert chosen(units, []) == units
    assert [unit.name for unit in chosen(units, ["no-twins-seed-1"])] == ["no-twins-seed-1"]
    assert {unit.seed for unit in chosen(units, ["no-thinking"])} == set(SETTINGS.seeds)


def test_a_unit_that_there_is_not_is_named() -> None:
    with pytest.raises(FrictionError, match="'no-twin5'"):
        chosen(all_units(SETTINGS), ["no-twin5"])


def test_only_the_reference_is_measured_on_its_way() -> None:
    for unit in all_units(SETTINGS):
        if not unit.part:
            assert milestones_of(unit, SETTINGS)[-1] == SETTINGS.steps
            assert (len(milestones_of(unit, SETTINGS)) > 1) == (unit.variant == "reference")


def test_every_milestone_is_a_checkpoint() -> None:
    """The trainer logs every ten steps and keeps two checkpoints: one is there long enough to be copied."""
    assert all(step % SETTINGS.save_steps == 0 for step in SETTINGS.milestones)
    assert 2 * SETTINGS.save_steps > 10


def test_variants_of_a_seed_are_trained_alike_but_for_their_rows() -> None:
    recipes = [recipe_of(unit, SETTINGS) for unit in all_units(SETTINGS) if unit.seed == 1]

    assert len({recipe.model_copy(update={"name": "", "data": ""}).model_dump_json() for recipe in recipes}) == 1


def test_sizes_are_shared_out_evenly_among_the_moves() -> None:
    assert all(size % 6 == 0 for size in SETTINGS.sizes)


def test_what_fails_is_named_and_the_rest_is_still_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def begin(unit: Unit, *_: Path) -> "subprocess.Popen[bytes]":
        begun.append(unit.name)
        return subprocess.Popen([sys.executable, "-c", f"raise SystemExit({int(unit.variant == 'no-twins')})"])

    monkeypatch.setattr(schedule, "_begin", begin)
    units = [Unit("reference", 0), Unit("no-twins", 0), Unit("no-thinking", 0)]

    with pytest.raises(FrictionError, match="1 of the experiments failed: no-twins-seed-0"):
        schedule.work_through(units, SETTINGS, results=tmp_path, work=tmp_path, at_once=2)

    assert begun == [unit.name for unit in units]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--list"], 0, "0 of 20 done"),
        (["--list", "--only", "no-twins"], 0, "0 of 3 done"),
        (["--only", "twins"], 2, "there is no experiment 'twins'"),
    ],
)
def test_the_command_lists_and_explains(options: list[str], code: int, said: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.experiments", "--results", str(tmp_path), "--work", str(tmp_path)]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == code
    assert said in done.stdout + done.stderr and "Traceback" not in done.stderr


# Results


@pytest.mark.parametrize("change", [{"steps": 300}, {"batch_size": 8}, {"longest_reply": 99}, {"plain": 7}])
def test_what_decides_the_replies_decides_the_key(change: dict[str, Any]) -> None:
    assert key_of(settings_of(REFERENCE, SETTINGS)) != key_of(settings_of(REFERENCE, replace(SETTINGS, **change)))


def test_every_unit_has_a_key_of_its_own() -> None:
    keys = [key_of(settings_of(unit, SETTINGS)) for unit in all_units(SETTINGS)]

    assert len(set(keys)) == len(keys)


def test_a_result_is_read_back(tmp_path: Path) -> None:
    write_replies(replies_path(tmp_path, REFERENCE), kept([reply()], 900))
    write_result(tmp_path, REFERENCE, result(REFERENCE))

    assert read_result(tmp_path, REFERENCE, SETTINGS) == result(REFERENCE)


def test_a_result_without_its_replies_is_none(tmp_path: Path) -> None:
    write_result(tmp_path, REFERENCE, result(REFERENCE))

    assert read_result(tmp_path, REFERENCE, SETTINGS) is None


def test_a_result_of_other_settings_is_none(tmp_path: Path) -> None:
    write_replies(replies_path(tmp_path, REFERENCE), kept([reply()], 900))
    write_result(tmp_path, REFERENCE, result(REFERENCE, replace(SETTINGS, steps=300)))

    assert read_result(tmp_path, REFERENCE, SETTINGS) is None
    assert parted([REFERENCE], SETTINGS, tmp_path) == ([], [REFERENCE])


def test_replies_are_read_back_without_their_thinking(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl.gz"
    thought = reply(thinking="problem_framer: is it so?\nNo.", answer="Çanberra – “no”.\u2028\n", dial=0.25)
    write_replies(path, kept([thought, reply(state="cut", dial=None)], 50))

    first, second = read_replies(path)

    assert (first.step, first.thinking_words) == (50, 5)
    assert (first.reply.answer, first.reply.thinking, first.reply.dial) == (thought.answer, "", 0.25)
    assert (second.reply.state, second.reply.dial) == ("cut", None)
    assert b"framer" not in gzip.decompress(path.read_bytes())


def test_the_same_replies_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_replies(tmp_path / name, kept([reply()], 900))

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_suite_keeps_twins_together() -> None:
    suite = suite_of(replace(SETTINGS, pairs_of_each_move=2, plain=5))
    sides: dict[str, set[bool | None]] = {}
    for prompt in suite.prompts:
        if prompt.pair:
            sides.setdefault(prompt.pair, set()).add(prompt.warranted)

    assert len(sides) == 12 and all(found == {True, False} for found in sides.values())
    assert sum(prompt.is_plain for prompt in suite.prompts) == 5


def test_seconds_add_up_over_starts(tmp_path: Path) -> None:
    (tmp_path / "seconds.json").write_text('{"training": 100.0}', "utf-8")
    watch = Stopwatch(tmp_path / "seconds.json")
    watch.tick("training")
    watch.tick("replies")

    assert 100.0 <= Stopwatch(tmp_path / "seconds.json").seconds["training"] < 160.0
    assert set(watch.seconds) == {"training", "replies"}


def test_what_is_left_takes_as_long_as_what_is_done_took() -> None:
    twice_as_slow = result(REFERENCE, seconds={"training": 2 * idle_seconds(REFERENCE, SETTINGS)})
    left = [Unit("no-twins", 0)]
    idle = sum(idle_seconds(unit, SETTINGS) for unit in left)

    assert seconds_left([], left, SETTINGS) == idle
    assert seconds_left([(REFERENCE, twice_as_slow)], left, SETTINGS) == pytest.approx(2 * idle)
    assert seconds_left([], [], SETTINGS) == 0


# Comparing


def test_rates_are_pooled_over_seeds_and_their_items_stay_one_unit() -> None:
    found = [measured(Unit("reference", seed), *answered("a", True, seed == 0)) for seed in (0, 1)]

    pooled = pool(found)

    assert (pooled.detection.hits.count, pooled.detection.hits.n) == (2, 2)
    assert (pooled.detection.false_alarms.count, pooled.detection.false_alarms.n) == (1, 2)
    assert pooled.seeds == (0, 1)
    one_item = pool([measured(REFERENCE, *answered("a", True, True))]).detection.hits
    assert pooled.detection.hits.low == pytest.approx(one_item.low)  # two seeds on one item are one case


def test_variants_are_compared_prompt_by_prompt_on_the_seeds_that_both_have() -> None:
    reference = [measured(Unit("reference", seed), *answered("a", True, False)) for seed in (0, 1)]
    other = [measured(Unit("no-twins", 1), *answered("a", False, True), *answered("b", True, True))]

    found = contrast(reference, other)

    assert found.hits.difference.n == found.false_alarms.difference.n == 1
    assert (found.hits.difference.value, found.false_alarms.difference.value) == (-1.0, 1.0)
    assert found.plain.p is None


def test_a_cut_reply_is_counted_and_never_scored() -> None:
    due, not_due = twins("a")
    found = measured(REFERENCE, scored(due, "friction", None), scored(not_due, "friction", marks()))

    assert pool([found]).detection.hits.n == 0
    assert (pool([found]).cut.count, pool([found]).cut.n) == (1, 2)
    assert "hits" not in rates_of(found, None)


def test_rates_of_a_move_are_of_that_move_alone() -> None:
    due, not_due = twins("b", "hold")
    held = [scored(due, "friction", marks("hold")), scored(not_due, "friction", marks())]
    found = measured(REFERENCE, *answered("a", False, True), *held)

    assert rates_of(found, "hold")["hits"].value == 1.0
    assert rates_of(found, "correct")["false_alarms"].value == 1.0
    assert rates_of(found, None)["hits"].value == 0.5


def test_a_difference_that_no_test_finds_is_not_called_one() -> None:
    one = [measured(REFERENCE, *answered("a", True, False), *answered("b", True, False))]
    other = [measured(Unit("no-twins", 0), *answered("a", True, False), *answered("b", False, True))]

    words = contrast_in_words("with twins", "without twins", contrast(one, other))

    assert "Hits: no difference" in words and "**" not in words


def test_a_difference_that_a_test_finds_says_which_way() -> None:
    names = [f"pair-{number}" for number in range(20)]
    one = [measured(REFERENCE, *(half for name in names for half in answered(name, True, False)))]
    other = [measured(Unit("no-twins", 0), *(half for name in names for half in answered(name, False, True)))]

    words = contrast_in_words("with twins", "without twins", contrast(one, other))

    assert "Hits: **fewer** without twins" in words
    assert "False alarms: **more** without twins" in words


# The page and its figures

HOSTILE = '<script>alert("x")</script> & \u202e \x1b'
SHARE = Estimate(0.5, 0.4, 0.6, 10, 5)


@pytest.mark.parametrize("estimate", [SHARE, NOTHING, Estimate(1.0, None, None, 3, 3)])
def test_a_figure_is_well_formed_whatever_was_measured(estimate: Estimate) -> None:
    rates = Rates(HOSTILE, estimate, SHARE, ((0.4, None), (None, 0.6)))
    lanes = lanes_svg("one", HOSTILE, [Group(HOSTILE, (rates, rates))])
    curve = curve_svg("two", HOSTILE, HOSTILE, [(50.0, rates), (100.0, rates)])

    for drawn in (lanes, curve, curve_svg("three", "t", "x", [(50.0, rates)])):
        assert ElementTree.fromstring(drawn).tag.endswith("svg")
        assert "<script" not in drawn


def test_a_figure_says_its_rates_to_those_who_do_not_see_it() -> None:
    drawn = curve_svg("steps", "t", "x", [(50.0, Rates("50", SHARE, NOTHING))])

    assert "50: hits 0.50 (0.40 to 0.60), false alarms –" in drawn


def test_without_results_the_page_says_of_all_six_that_they_were_not_run(tmp_path: Path) -> None:
    page = make_page(SETTINGS, tmp_path / "results", tmp_path).read_text("utf-8")

    assert page.count("*Not run yet.*") == 6
    assert "svg" not in page and "| ---" not in page
    assert "no-twins-seed-2" in page  # among what is left
    assert json.loads((tmp_path / "experiments" / "rates.json").read_text("utf-8")) == []


def test_the_page_shows_what_there_is_and_how_much_is_missing(tmp_path: Path) -> None:
    asked = suite_of(SETTINGS).prompts
    for unit in (REFERENCE, Unit("no-twins", 0)):
        replies = [_kept(prompt, step) for step in milestones_of(unit, SETTINGS) for prompt in asked]
        write_replies(replies_path(tmp_path, unit), replies)
        rows = {"due": 60, "not_due": 40, "neither": 50}
        write_result(tmp_path, unit, result(unit, rows=rows))

    page = make_page(SETTINGS, tmp_path, tmp_path).read_text("utf-8")

    assert page.count("*1 of 3 seeds so far.*") == 2
    assert page.count("*Not run yet.*") == 4
    figures = sorted(path.name for path in (tmp_path / "experiments").iterdir())
    assert figures == ["rates.json", "steps.json", "steps.svg", "twins.json", "twins.svg"]
    numbers = json.loads((tmp_path / "experiments" / "twins.json").read_text("utf-8"))
    assert numbers["all"]["no-twins"]["hits"]["n"] == 120 and numbers["correct"]["reference"]["false_alarms"]["n"] == 20


def test_a_figure_whose_result_is_gone_goes_as_well(tmp_path: Path) -> None:
    old = tmp_path / "experiments" / "twins.svg"
    old.parent.mkdir()
    old.write_text("<svg/>", "utf-8")

    make_page(SETTINGS, tmp_path / "results", tmp_path)

    assert not old.exists()


def _kept(prompt: Prompt, step: int) -> Kept:
    return Kept(step, 3, reply(prompt=prompt.id, dial=1.0, answer="Sure."))
