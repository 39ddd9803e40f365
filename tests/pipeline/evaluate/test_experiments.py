"""One unit of the experiments for real: killed in the middle, started again, and on the page at the end."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from friction.errors import FrictionError
from friction.files import sha256

pytest.importorskip("trl", reason="needs the extra 'train'")

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))
# pylint: disable=wrong-import-position
from scripts.experiments.measuring import read_replies
from scripts.experiments.page import make_page
from scripts.experiments.results import Result, read_result, replies_path
from scripts.experiments.settings import Settings
from scripts.experiments.units import Unit
from scripts.experiments.work import work_on

UNIT = Unit("reference", 0)
SETTINGS = Settings(
    seeds=(0,),
    steps=2,
    milestones=(1, 2),
    save_steps=1,
    batch_size=2,
    sizes=(6,),
    pairs_of_each_move=1,
    plain=2,
    longest_reply=40,
)
PROMPTS = 6 * 2 + 2
START = """
from pathlib import Path
from scripts.experiments.settings import Settings
from scripts.experiments.units import Unit
from scripts.experiments.work import work_on
work_on({unit}, {settings}, work=Path({work!r}), results=Path({results!r}), report=print)
"""


def _killed_after_its_first_step(work: Path, results: Path) -> None:
    """Starts the unit in a process of its own and kills it as soon as its first checkpoint is complete."""
    settings = repr(SETTINGS).replace(repr(SETTINGS.weights), f"Path({str(SETTINGS.weights)!r})")
    code = START.format(unit=repr(UNIT), settings=settings, work=str(work), results=str(results))
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        until = time.monotonic() + 300
        while not list(work.glob("*/training/checkpoints/checkpoint-1/trainer_state.json")):
            assert process.poll() is None and time.monotonic() < until, "it ended before its first checkpoint"
            time.sleep(0.02)
        process.kill()


@pytest.fixture(name="folder", scope="module")
def fixture_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A unit that was killed and then went on, with its work and its result."""
    folder = tmp_path_factory.mktemp("experiments")
    _killed_after_its_first_step(folder / "work", folder / "results")
    assert not (folder / "results" / f"{UNIT.name}.json").exists()
    (folder / "first").write_text(_first_adapter(folder), "utf-8")
    work_on(UNIT, SETTINGS, work=folder / "work", results=folder / "results", report=lambda _: None)
    return folder


def _first_adapter(folder: Path) -> str:
    return sha256(next(folder.glob("work/*/training/checkpoints/checkpoint-1/adapter_model.safetensors")))


def test_a_unit_that_was_killed_goes_on_from_its_checkpoint(folder: Path) -> None:
    found = next(folder.glob("work/*/training/adapters/1/adapter_model.safetensors"))

    assert sha256(found) == (folder / "first").read_text("utf-8") == _first_adapter(folder)


def test_the_adapters_of_two_steps_are_two(folder: Path) -> None:
    training = next(folder.glob("work/*/training"))
    first, last = training / "adapters" / "1", training / "adapter"

    assert sha256(first / "adapter_model.safetensors") != sha256(last / "adapter_model.safetensors")


def test_the_result_has_every_reply_of_every_milestone(folder: Path) -> None:
    result = read_result(folder / "results", UNIT, SETTINGS)

    assert result is not None
    assert result.replies == 2 * PROMPTS == sum(result.states.values())
    assert sum(result.rows.values()) == 4
    replies = read_replies(replies_path(folder / "results", UNIT))
    for step in (1, 2):
        assert len({one.reply.prompt for one in replies if one.step == step}) == PROMPTS


def test_a_finished_unit_is_done_again_without_a_difference(folder: Path) -> None:
    said: list[str] = []
    before = replies_path(folder / "results", UNIT).read_bytes()

    work_on(UNIT, SETTINGS, work=folder / "work", results=folder / "results", report=said.append)

    assert replies_path(folder / "results", UNIT).read_bytes() == before
    assert not [line for line in said if line.startswith("step")]


def test_two_starts_do_not_share_a_unit(folder: Path) -> None:
    lock = next(folder.glob("work/*/lock"))
    code = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); input()"
    command = [sys.executable, "-c", code, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline()
        with pytest.raises(FrictionError, match="being worked on"):
            work_on(UNIT, SETTINGS, work=folder / "work", results=folder / "results", report=lambda _: None)
        other.kill()


def test_its_rates_stand_on_the_page(folder: Path, tmp_path: Path) -> None:
    page = make_page(SETTINGS, folder / "results", tmp_path).read_text("utf-8")

    assert "experiments/steps.svg" in page and (tmp_path / "experiments" / "steps.svg").exists()
    rates = json.loads((tmp_path / "experiments" / "rates.json").read_text("utf-8"))
    assert [row["step"] for row in rates] == [1, 2]


def test_a_result_is_what_a_reader_can_read(folder: Path) -> None:
    row = json.loads((folder / "results" / f"{UNIT.name}.json").read_text("utf-8"))

    assert Result(**row).settings["training"]["steps"] == 2
    assert str(folder) not in json.dumps(row)
