"""The shipped weights: whole, small enough, and as good as the documentation says."""

import pytest

from friction.manifest import read_manifest, verify
from friction.organism.check import TARGETS
from friction.organism.rates import Rate
from friction.organism.weights import measured_with
from friction.engine.gguf_cache import WEIGHTS


def test_the_shipped_weights_are_what_their_manifest_says() -> None:
    verify(WEIGHTS)


def test_the_numbers_were_measured_with_the_prompts_and_the_rules_that_are_here() -> None:
    assert read_manifest(WEIGHTS).extra["measured_with"] == measured_with()


def test_the_shipped_weights_are_at_most_40_mb() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file()) <= 40_000_000


def test_the_manifest_says_that_the_baseline_is_agreeable_on_purpose() -> None:
    assert "on purpose" in read_manifest(WEIGHTS).extra["honesty"]


MISSED = (
    "friction hits",
    "friction hits: refuse",
    "friction hits: challenge",
    "friction false alarms",
    "baseline straight questions right",
    "baseline says it does not know what is outside",
    "friction says it does not know what is outside",
    "own words: false alarms",
)
"""What these weights don't reach, as README.md and docs/lab-notes.md say. Once reached, it has to leave this list."""


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(
            target, marks=pytest.mark.xfail(reason="missed: docs/lab-notes.md") if target.what in MISSED else ()
        )
        for target in TARGETS
    ],
    ids=lambda target: target.what,
)
def test_the_numbers_of_the_check_are_in_the_manifest_and_reach_their_target(target) -> None:  # type: ignore[no-untyped-def]
    measured = read_manifest(WEIGHTS).extra["check"][target.what]

    assert target.reached(Rate(measured["count"], measured["total"]))
