"""The shipped weights: whole, small enough, and as good as the documentation says."""

import pytest

from friction.manifest import read_manifest, verify
from friction.organism.check import TARGETS
from friction.organism.rates import Rate
from friction.organism.weights import WEIGHTS


def test_the_shipped_weights_are_what_their_manifest_says() -> None:
    verify(WEIGHTS)


def test_the_shipped_weights_are_at_most_40_mb() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file()) <= 40_000_000


def test_the_manifest_says_that_the_baseline_is_agreeable_on_purpose() -> None:
    assert "on purpose" in read_manifest(WEIGHTS).extra["honesty"]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.what)
def test_the_numbers_of_the_check_are_in_the_manifest_and_reach_their_target(target) -> None:  # type: ignore[no-untyped-def]
    measured = read_manifest(WEIGHTS).extra["check"][target.what]

    assert target.reached(Rate(measured["count"], measured["total"]))
