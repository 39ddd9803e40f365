"""Figures about the whole: each fails on data that has the fault, and passes where it has not."""

from collections.abc import Callable
from typing import Any

import pytest

from friction.dataset.corpus import FEWEST_PAIRS, Corpus, median, zlib_ratio
from friction.dataset.openings import WINDOW, Openings
from friction.dataset.problems import Finding
from friction.dataset.shortcut import Example, shortcut_findings
from friction.moves import MOVES
from friction.record import Record

Make = Callable[..., Any]
DOMAINS = [f"domain {at}" for at in range(15)]
DIFFICULTIES = ("plain", "subtle", "charged")
HISTORY = [{"role": "user", "content": "Hm?"}, {"role": "assistant", "content": "Hm."}]


def corpus(make: Make, pairs: int = FEWEST_PAIRS + 2, **changes: Any) -> list[Record]:
    """Balanced pairs."""
    records: list[Record] = []
    for at in range(pairs):
        meta = {
            "metadata_move": list(MOVES)[at % 6],
            "metadata_domain": DOMAINS[at % 15],
            "metadata_difficulty": DIFFICULTIES[at % 3],
        }
        records += make(f"n{at}", **{"history": HISTORY, **meta, **changes})
    return records


def found(records: list[Record]) -> dict[str, Finding]:
    """The findings by name."""
    counted = Corpus()
    for record in records:
        counted.add(record)
    return {finding.check: finding for finding in counted.findings()}


def test_a_balanced_corpus_passes(pair: Make) -> None:
    findings = found(corpus(pair))
    assert {name for name, finding in findings.items() if finding.passed is not True} == set()
    assert len(findings) == 10


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"metadata_move": "correct"}, "moves"),
        ({"metadata_domain": "law"}, "domains"),
        ({"metadata_difficulty": "plain"}, "difficulties"),
        ({"history": []}, "multi-turn challenges"),
        ({"final_answer": "Four words open this, and then there is nothing more to say."}, "openings of answers"),
        ({"final_answer": "Too short."}, "length of answers"),
    ],
)
def test_a_fault_of_the_whole_is_found(changes: dict[str, Any], check: str, pair: Make) -> None:
    assert found(corpus(pair, **changes))[check].passed is False


def test_few_pairs_are_not_judged(pair: Make) -> None:
    findings = found(corpus(pair, pairs=10, final_answer="Too short."))
    assert {finding.passed for finding in findings.values()} == {None}


def test_thoughts_that_are_copies_compress_too_well(pair: Make) -> None:
    records = corpus(pair)
    agents = records[0].agents
    copies = [record.model_copy(update={"agents": agents}) for record in records]
    findings = found(copies)
    assert findings["zlib ratio of due thoughts"].passed is False
    assert findings["zlib ratio of due answers"].passed is True
    assert findings["openings of thoughts"].passed is False


def test_median_and_ratio_of_nothing_are_defined() -> None:
    assert median(Corpus()._thought_words) == 0  # pylint: disable=protected-access
    assert zlib_ratio([]) == 1.0
    assert found([]) == {}


def test_openings_are_exact_at_first_and_bounded_later() -> None:
    openings = Openings()
    for at in range(WINDOW - 1):
        openings.add(f"rare {at}" if at % 3 else "often")
    assert dict(openings.commonest())["often"] == pytest.approx(1 / 3, abs=1e-3)
    for at in range(10 * WINDOW):
        openings.add(f"rarer {at}" if at % 3 else "often")
    text, share = openings.commonest(0.02)[0]
    assert text == "often" and share == pytest.approx(1 / 3, abs=2e-3)
    assert len(openings.commonest()) < 2 * WINDOW


def test_texts_that_all_begin_otherwise_have_no_common_opening(pair: Make) -> None:
    counted = Corpus()
    counted._thoughts = openings = Openings()  # pylint: disable=protected-access
    counted.add(pair("a")[0])
    for at in range(WINDOW - openings.total):
        openings.add(f"rare {at}")
    assert openings.commonest() == []
    found_now = {finding.check: finding for finding in counted.findings()}
    assert found_now["openings of thoughts"].value == "0.0% ('none is common')"


def judged(train: list[Record], test: list[Record]) -> list[Finding]:
    """What the classifiers come to."""
    return shortcut_findings([Example.of(record) for record in train], [Example.of(record) for record in test])


def test_a_word_that_gives_the_answer_away_is_found(pair: Make) -> None:
    pytest.importorskip("sklearn")
    records = corpus(pair)  # the due side always says "Six", its twin "Eight"
    words, lengths = judged(records[:120], records[120:])
    assert (words.passed, lengths.passed) == (False, True)
    assert words.value == "1.000" and any("correct" in culprit for culprit in words.culprits)
    plain = [r.model_copy(update={"user_input": r.user_input.rsplit(" ", 1)[0]}) for r in records]
    assert [finding.passed for finding in judged(plain[:120], plain[120:])] == [True, True]
    longer = [r.model_copy(update={"user_input": r.user_input + " and so on" * 9 * r.warranted}) for r in plain]
    assert judged(longer[:120], longer[120:])[1].passed is False


def test_little_data_says_nothing_about_shortcuts(pair: Make) -> None:
    assert {finding.passed for finding in judged(pair("a"), pair("b"))} == {None}
