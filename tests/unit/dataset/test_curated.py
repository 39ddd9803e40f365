"""The curated records pass what is asked of them, and what the docs say of them is so."""

import re
from collections import Counter
from pathlib import Path

import pytest

from friction.dataset.curated import MICRO, TEST, TRAIN
from friction.dataset.pairs import in_pairs
from friction.dataset.validate import validate
from friction.jsonl import read_records
from friction.moves import MOVES
from friction.record import Record

DOCS = (Path(__file__).parents[3] / "docs" / "dataset.md").read_text("utf-8")


@pytest.fixture(name="train", scope="module")
def train_fixture() -> list[Record]:
    """The training set."""
    return list(read_records(TRAIN))


@pytest.fixture(name="test", scope="module")
def test_fixture() -> list[Record]:
    """The test set."""
    return list(read_records(TEST))


def test_they_pass_every_check() -> None:
    pytest.importorskip("sklearn")
    report = validate([TRAIN, TEST])
    assert report.problems == ()
    assert {finding.check: finding.value for finding in report.findings if finding.passed is not True} == {}
    assert "shortcut by words" in {finding.check for finding in report.findings}


def test_there_are_as_many_as_promised(train: list[Record], test: list[Record]) -> None:
    assert len(in_pairs(train, "train")) >= 240 and len(in_pairs(test, "test")) >= 60
    for records in (train, test):
        moves = Counter(record.metadata.move for record in records)
        assert len(set(moves.values())) == 1 and set(moves) == set(MOVES)
    assert all(record.history for record in train + test if record.metadata.move == "hold")


def test_the_small_file_is_copied_from_the_training_set(train: list[Record]) -> None:
    small = list(read_records(MICRO))
    assert len(in_pairs(small, "micro")) == 12
    assert all(record in train for record in small)
    assert set(Counter(record.metadata.move for record in small).values()) == {4}


def test_scenarios_of_the_test_set_are_its_own(train: list[Record], test: list[Record]) -> None:
    assert not {record.pair_id for record in train} & {record.pair_id for record in test}


def test_the_docs_quote_what_is_there(train: list[Record]) -> None:
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| (.+?) \| `([\w-]+)` \|$", DOCS, re.M)
    assert len(rows) == 6
    by_id = {record.id: record for record in train}
    for kind, agent, quote, name in rows:
        moments = next(a.friction_moments for a in by_id[name].agents if a.agent_type == agent)
        assert (kind, quote) in {(moment.type, moment.quote) for moment in moments}
