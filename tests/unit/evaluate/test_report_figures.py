"""The figures as SVG files that stand on their own."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from friction.evaluate.report import dial_svg, rates_svg
from friction.evaluate.report.numbers import Shown
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.summary import Dial, DialPoint
from tests.unit.evaluate import report_samples as samples  # pylint: disable=import-error

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = pytest.mark.parametrize(
    "text", [rates_svg(samples.summary()), dial_svg(samples.dial())], ids=["rates", "dial"]
)


def markers(text: str, shape: str) -> list[float]:
    """Where the marks of a kind stand, from left to right as drawn."""
    tree = ElementTree.fromstring(text)
    if shape == "hits":
        return [float(found.attrib["cx"]) for found in tree.iter(f"{SVG}circle") if "r" in found.attrib]
    return [float(found.attrib["d"][1:].split()[0]) for found in tree.iter(f"{SVG}path")]


@FIGURES
def test_a_figure_needs_nothing_else_and_says_what_it_shows(text: str) -> None:
    """It is well-formed, sized, named and described, and has colours for both schemes."""
    tree = ElementTree.fromstring(text)
    assert tree.tag == f"{SVG}svg"
    assert tree.attrib["role"] == "img"
    assert tree.attrib["viewBox"] == f"0 0 {tree.attrib['width']} {tree.attrib['height']}"
    named = {found.attrib.get("id"): found.text for found in tree.iter()}
    assert all(named[name] for name in tree.attrib["aria-labelledby"].split())
    assert "prefers-color-scheme:dark" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "var(" not in text


@FIGURES
def test_all_that_is_drawn_lies_inside(text: str) -> None:
    """Where it would be cut off, nobody sees it."""
    tree = ElementTree.fromstring(text)
    width, height = float(tree.attrib["width"]), float(tree.attrib["height"])
    for found in tree.iter():
        for name, most in (("x", width), ("x1", width), ("x2", width), ("cx", width), ("y", height), ("cy", height)):
            assert 0 <= float(found.attrib.get(name, 0)) <= most


def test_the_rates_figure_tells_every_number_to_those_who_do_not_see_it() -> None:
    """Per move and model, with intervals."""
    summary = samples.summary()
    described = next(ElementTree.fromstring(rates_svg(summary)).iter(f"{SVG}desc")).text or ""
    for arm in summary.arms:
        for found in arm.detection.values():
            assert f"hits {Shown(found.hits).text}, false alarms {Shown(found.false_alarms).text}" in described


def test_more_hits_stand_further_right() -> None:
    """The picture has the order of the numbers."""
    summary = samples.summary()
    rates = [arm.detection[move].hits.value for move in ("all", "correct", "doubt") for arm in summary.arms]
    drawn = markers(rates_svg(summary), "hits")[1 : 1 + len(rates)]
    pairs = sorted(zip(rates, drawn, strict=True), key=lambda one: one[0] or 0)
    assert [place for _, place in pairs] == sorted(drawn)


def test_a_move_that_was_not_asked_has_a_dash_and_no_mark() -> None:
    """One mark for each counted rate, and one in the legend."""
    text = rates_svg(samples.summary())
    counted = sum(found.hits.value is not None for arm in samples.summary().arms for found in arm.detection.values())
    assert len(markers(text, "hits")) == counted + 1
    assert ">–</text>" in text


def test_one_model_alone_and_an_empty_run_can_be_drawn() -> None:
    """An evaluation need not compare."""
    assert ">baseline</text>" not in rates_svg(samples.summary(arms=samples.summary().arms[1:]))
    assert ">baseline</text>" in rates_svg(samples.summary())
    assert "nothing was counted" in rates_svg(samples.summary(arms=()))


def test_names_in_a_figure_are_escaped() -> None:
    """A benchmark may call a category what it likes."""
    arm = samples.arm_summary("friction")
    arm.detection["<script>&\u202e\ud800"] = samples.detection(1, 0)
    text = rates_svg(samples.summary(arms=(arm,)))
    ElementTree.fromstring(text)
    assert "<script" not in text
    text.encode()


def test_dials_in_one_spot_share_a_label_and_the_best_one_is_named() -> None:
    """Labels that lie on one another cannot be read."""
    text = dial_svg(samples.dial())
    assert ">0, 0.25</text>" in text
    assert ">best 1</text>" in text
    assert ">area 0.91</text>" in text


@pytest.mark.parametrize(
    "points",
    [
        (),
        (DialPoint(1.0, samples.share(3, 9), samples.share(1, 9), NOTHING),),
        tuple(DialPoint(at / 10, Estimate(0.5, None, None, 2), NOTHING, NOTHING) for at in range(31)),
        tuple(DialPoint(at / 10, samples.share(9, 9), samples.share(9, 9), NOTHING) for at in range(31)),
    ],
    ids=["none", "one", "no false alarms known", "thirty in one corner"],
)
def test_any_dial_can_be_drawn(points: tuple[DialPoint, ...]) -> None:
    """None, one, many, unknown, all equal."""
    ElementTree.fromstring(dial_svg(Dial(points, auc=0.5, best=1.0)))
