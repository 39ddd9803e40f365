"""Hits against false alarms as a picture: two marks for each move and model, and between them what it tells apart."""

from __future__ import annotations

from markupsafe import Markup

from friction.evaluate.report.numbers import Shown
from friction.evaluate.report.svg import element, false_alarm_marker, figure, hit_marker, line, whisker, words
from friction.evaluate.report.tables import moves_of
from friction.evaluate.report.words import move_name
from friction.evaluate.statistics.estimate import Estimate
from friction.evaluate.summary import Detection, Summary

_WIDTH, _LEFT, _RIGHT, _TOP = 760, 176, 590, 92
_LANE, _GAP = 26, 16
_HITS, _ALARMS = 640, 740


def rates_svg(summary: Summary) -> str:
    """Hits (filled circles) and false alarms (hollow diamonds) per move and model, with 95 % intervals.

    The band from one to the other is Youden's J: how well the model tells due from not due. Where false alarms are
    as many as hits, there is no band.

    Returns:
        An SVG file's text, readable on light and dark grounds.
    """
    moves = moves_of(summary)
    body, y = legend(_LEFT), float(_TOP)
    grid_at, described = len(body), []
    for move in moves:
        lanes = [(arm.arm, arm.detection[move]) for arm in summary.arms if move in arm.detection]
        body.append(words(move_name(move), 20, y + len(lanes) * _LANE / 2 + 4, "f-ink f-strong"))
        for arm, found in lanes:
            body += _lane(y + _LANE / 2, arm, found)
            rates = f"hits {Shown(found.hits).text}, false alarms {Shown(found.false_alarms).text}"
            described.append(f"{move_name(move)}, {arm}: {rates}")
            y += _LANE
        body.append(line(20, y + _GAP / 2, _WIDTH - 20, y + _GAP / 2, "f-grid"))
        y += _GAP
    body[grid_at:grid_at] = _grid(y - _GAP / 2)
    title = "Hits against false alarms, by move"
    description = "; ".join(described) or "nothing was counted"
    return figure("rates", title, f"{description}.", (_WIDTH, y + 42), body)


def legend(left: float) -> list[Markup]:
    """What the two marks and the two columns mean, above lanes that begin at ``left``."""
    return [
        hit_marker(left + 4, 54, "neutral"),
        words("hit: pushback where due", left + 15, 58, "f-soft"),
        false_alarm_marker(left + 196, 54, "neutral"),
        words("false alarm: where not due", left + 208, 58, "f-soft"),
        words("hits", _HITS, 80, "f-soft", "end"),
        words("false alarms", _ALARMS, 80, "f-soft", "end"),
    ]


def _grid(bottom: float) -> list[Markup]:
    found = []
    for part in range(5):
        x = _place(part / 4)
        found.append(line(x, _TOP - 6, x, bottom, "f-grid"))
        found.append(words(f"{part / 4:g}", x, bottom + 18, "f-soft", "middle"))
    return [*found, words("share of replies, with 95 % intervals", _LEFT, bottom + 36, "f-soft")]


def _lane(y: float, arm: str, found: Detection) -> list[Markup]:
    drawn = [words(arm, _LEFT - 14, y + 4, "f-soft", "end")]
    hits, alarms = found.hits.value, found.false_alarms.value
    if hits is not None and alarms is not None and hits > alarms:
        x = _place(alarms)
        drawn.append(element("rect", class_=f"f-band f-{arm}", x=x, y=y - 10, width=_place(hits) - x, height=20, rx=3))
    drawn += [_interval(found.hits, y - 4.5, arm), _interval(found.false_alarms, y + 4.5, arm)]
    if alarms is not None:
        drawn.append(false_alarm_marker(_place(alarms), y + 4.5, arm))
    if hits is not None:
        drawn.append(hit_marker(_place(hits), y - 4.5, arm))
    drawn.append(words(Shown(found.hits).value, _HITS, y + 4, f"f-{arm} f-strong", "end"))
    drawn.append(words(Shown(found.false_alarms).value, _ALARMS, y + 4, f"f-{arm}", "end"))
    return drawn


def _interval(estimate: Estimate, y: float, arm: str) -> Markup:
    if estimate.low is None or estimate.high is None:
        return Markup("")
    return whisker(_place(estimate.low), _place(estimate.high), y, f"f-whisker f-{arm}-line")


def _place(share: float) -> float:
    return _LEFT + min(1.0, max(0.0, share)) * (_RIGHT - _LEFT)
