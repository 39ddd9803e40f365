"""The figures: rates in lanes, and rates along a line, each with its intervals and with every seed's own figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from markupsafe import Markup

from friction.evaluate.report.numbers import Shown
from friction.evaluate.report.rates import legend
from friction.evaluate.report.svg import element, false_alarm_marker, figure, hit_marker, line, path, whisker, words
from friction.evaluate.statistics.estimate import Estimate

_WIDTH = 760
_LEFT, _RIGHT, _TOP = 206, 590, 92
_LANE, _GAP = 28, 14
_HITS, _ALARMS = 640, 740


@dataclass(frozen=True)
class Rates:
    """What is drawn at one place.

    Attributes:
        label: What it is.
        hits, false_alarms: Over all seeds.
        seeds: Each seed's hits and false alarms.
        colour: ``friction`` or ``baseline``.
    """

    label: str
    hits: Estimate
    false_alarms: Estimate
    seeds: tuple[tuple[float | None, float | None], ...] = ()
    colour: str = "friction"

    @property
    def text(self) -> str:
        """In words."""
        return f"{self.label}: hits {Shown(self.hits).text}, false alarms {Shown(self.false_alarms).text}"


@dataclass(frozen=True)
class Group:
    """Lanes under one name."""

    name: str
    lanes: tuple[Rates, ...]


def lanes_svg(name: str, title: str, groups: Sequence[Group]) -> str:
    """Hits (filled circles) and false alarms (hollow diamonds) in lanes; ticks are seeds, the band is Youden's J.

    Returns:
        An SVG file's text, readable on light and dark grounds.
    """
    body, y = legend(_LEFT), float(_TOP)
    for group in groups:
        body.append(words(group.name, 20, y + len(group.lanes) * _LANE / 2 + 4, "f-ink f-strong"))
        for lane in group.lanes:
            body += _lane(y + _LANE / 2, lane)
            y += _LANE
        y += _GAP
        body.append(line(20, y - _GAP / 2, _WIDTH - 20, y - _GAP / 2, "f-grid"))
    described = "; ".join(f"{group.name}, {lane.text}" for group in groups for lane in group.lanes)
    grid = _grid(y - _GAP / 2)
    return figure(name, title, f"{described}.", (_WIDTH, y + 42), [*grid, *body])


def _grid(bottom: float) -> list[Markup]:
    found = []
    for part in range(5):
        x = _place(part / 4)
        found.append(line(x, _TOP - 6, x, bottom, "f-grid"))
        found.append(words(f"{part / 4:g}", x, bottom + 18, "f-soft", "middle"))
    note = "share of replies, with 95 % intervals; ticks: single seeds"
    return [*found, words(note, _LEFT, bottom + 36, "f-soft")]


def _lane(y: float, lane: Rates) -> list[Markup]:
    drawn = [words(lane.label, _LEFT - 14, y + 4, "f-soft", "end")]
    hits, alarms = lane.hits.value, lane.false_alarms.value
    if hits is not None and alarms is not None and hits > alarms:
        x = _place(alarms)
        band = f"f-band f-{lane.colour}"
        drawn.append(element("rect", class_=band, x=x, y=y - 11, width=_place(hits) - x, height=22, rx=3))
    for at, (estimate, marker) in enumerate(((lane.hits, hit_marker), (lane.false_alarms, false_alarm_marker))):
        height = y - 5 + 10 * at
        if estimate.value is None or estimate.low is None or estimate.high is None:
            continue
        drawn += [_tick(_place(seed[at]), height, lane.colour) for seed in lane.seeds if seed[at] is not None]
        low, high = _place(estimate.low), _place(estimate.high)
        drawn.append(whisker(low, high, height, f"f-whisker f-{lane.colour}-line"))
        drawn.append(marker(_place(estimate.value), height, lane.colour))
    drawn.append(words(Shown(lane.hits).value, _HITS, y + 4, f"f-{lane.colour} f-strong", "end"))
    drawn.append(words(Shown(lane.false_alarms).value, _ALARMS, y + 4, f"f-{lane.colour}", "end"))
    return drawn


def _tick(x: float, y: float, colour: str) -> Markup:
    return line(x, y - 5, x, y + 5, f"f-{colour}-line")


def _place(share: float | None) -> float:
    return _LEFT + min(1.0, max(0.0, share or 0.0)) * (_RIGHT - _LEFT)


_SIDE, _CURVE_LEFT, _CURVE_TOP, _CURVE_WIDTH = 300, 62, 92, 660
_ASIDE = 4
"""How far the two rates of one place stand to its left and right, so that neither hides the other's interval."""


def curve_svg(name: str, title: str, axis: str, points: Sequence[tuple[float, Rates]]) -> str:
    """Hits and false alarms along an axis on which every doubling is as wide; thin lines are single seeds.

    Args:
        name, title: Of the figure.
        axis: What the places are.
        points: Places above 0, rising, with what was measured there; labels name the places.
    """
    bottom = _CURVE_TOP + _SIDE
    body = _curve_frame(bottom, axis)
    low, high = log2(points[0][0]), log2(points[-1][0])

    def across(place: float) -> float:
        share = (log2(place) - low) / (high - low) if high > low else 0.5
        return _CURVE_LEFT + 24 + share * (_CURVE_WIDTH - 48)

    body += [words(rates.label, across(place), bottom + 18, "f-soft", "middle") for place, rates in points]
    for at, (style, marker) in enumerate((("", hit_marker), (" f-dash", false_alarm_marker))):
        aside = _ASIDE * (2 * at - 1)
        for seed in range(max(len(rates.seeds) for _, rates in points)):
            spots = [
                (across(place) + aside, rates.seeds[seed][at]) for place, rates in points if seed < len(rates.seeds)
            ]
            thin = [(x, _up(share)) for x, share in spots if share is not None]
            body.append(element("g", path(thin, f"f-friction-line f-thin{style}"), fill="none", opacity=0.45))
        known = [(across(place) + aside, rates.false_alarms if at else rates.hits) for place, rates in points]
        drawn = [(x, estimate, estimate.value) for x, estimate in known if estimate.value is not None]
        body.append(path([(x, _up(value)) for x, _, value in drawn], f"f-line f-friction-line{style}"))
        body += [_upright(x, estimate) for x, estimate, _ in drawn]
        body += [marker(x, _up(value), "friction") for x, _, value in drawn]
    described = "; ".join(rates.text for _, rates in points)
    return figure(name, title, f"{described}.", (_WIDTH, bottom + 58), body)


def _curve_frame(bottom: float, axis: str) -> list[Markup]:
    found = [
        hit_marker(_CURVE_LEFT + 6, 62, "friction"),
        words("hits", _CURVE_LEFT + 17, 66, "f-soft"),
        false_alarm_marker(_CURVE_LEFT + 68, 62, "friction"),
        words("false alarms; with 95 % intervals. Thin lines: single seeds", _CURVE_LEFT + 80, 66, "f-soft"),
        words(axis, _CURVE_LEFT + _CURVE_WIDTH / 2, bottom + 40, "f-soft", "middle"),
    ]
    for part in range(5):
        y = _up(part / 4)
        found.append(line(_CURVE_LEFT, y, _CURVE_LEFT + _CURVE_WIDTH, y, "f-grid" if part else "f-axis"))
        found.append(words(f"{part / 4:g}", _CURVE_LEFT - 8, y + 4, "f-soft", "end"))
    return found


def _upright(x: float, rate: Estimate) -> Markup:
    if rate.low is None or rate.high is None:
        return Markup("")
    return whisker(_up(rate.low), _up(rate.high), x, "f-whisker f-friction-line", upright=True)


def _up(share: float) -> float:
    return _CURVE_TOP + _SIDE - min(1.0, max(0.0, share)) * _SIDE
