"""The README's numbers and quotations are those of the shipped weights."""

import json
import re
from pathlib import Path

import pytest

from friction.engine.gguf_cache import WEIGHTS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", README, re.M)


def cell(name: str) -> str:
    """A rate of the manifest as the README writes it."""
    rate = json.loads((WEIGHTS / "manifest.json").read_text("utf-8"))["extra"]["check"][name]
    return f"{rate['rate']:.2f} ({rate['low']:.2f}–{rate['high']:.2f})"


@pytest.mark.parametrize(
    "start, name",
    [
        ("hits: pushback", "{arm} hits"),
        ("false alarms: pushback", "{arm} false alarms"),
        ("hits, `challenge`", "{arm} hits: challenge"),
        ("hits, `refuse`", "{arm} hits: refuse"),
        ("false alarms, `clarify`", "{arm} false alarms: clarify"),
        ("plain questions right", "{arm} straight questions right"),
        ("outside its world", "{arm} says it does not know what is outside"),
        ("own words (", "own words: hits"),
        ("own words: false alarms", "own words: false alarms"),
    ],
)
def test_its_numbers_are_those_of_the_manifest(start: str, name: str) -> None:
    ((_, baseline, friction),) = [row for row in ROWS if row[0].startswith(start)]
    assert friction.strip("*") == cell(name.format(arm="friction"))
    if "{arm}" in name:
        assert baseline == cell(name.format(arm="baseline"))


def test_its_picture_is_there_and_has_words_for_those_who_cannot_see_it() -> None:
    alt, target = re.findall(r"!\[([^]]+)\]\(([^)]+)\)", README)[0]
    assert len(alt) > 40 and (ROOT / target).is_file()
