"""The dial as a picture: both rates as it is turned, and the operating curve that they make."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from friction.evaluate.report.numbers import Shown, dial_setting
from friction.evaluate.report.svg import element, false_alarm_marker, figure, hit_marker, line, path, whisker, words
from friction.evaluate.statistics.estimate import Estimate
from friction.evaluate.summary import Dial, DialPoint

_SIDE, _TOP, _BY_DIAL, _CURVE = 290, 92, 62, 440
_BOTTOM = _TOP + _SIDE
_LINE = "f-line f-friction-line"
_WHISKER = "f-whisker f-friction-line"


def dial_svg(dial: Dial) -> str:
    """Left: hits and false alarms by the dial. Right: hits against false alarms, each point named by its dial.

    Returns:
        An SVG file's text, readable on light and dark grounds.
    """
    described = "; ".join(
        f"dial {dial_setting(point.dial)}: hits {Shown(point.hits).text}, false alarms {Shown(point.false_alarms).text}"
        for point in dial.points
    )
    description = f"{described or 'nothing was counted'}. Area {dial.auc:.2f}. Best dial {dial_setting(dial.best)}."
    body = [*_frame(_BY_DIAL), *_by_dial(dial), *_frame(_CURVE), *_curve(dial)]
    return figure("dial", "Turning the dial", description, (760, _BOTTOM + 58), body)


def _frame(left: float) -> list[Markup]:
    found = []
    for part in range(5):
        y = _up(part / 4)
        found.append(line(left, y, left + _SIDE, y, "f-axis" if part == 0 else "f-grid"))
        found.append(words(f"{part / 4:g}", left - 8, y + 4, "f-soft", "end"))
    return found


def _by_dial(dial: Dial) -> list[Markup]:
    middle = _BY_DIAL + _SIDE / 2
    drawn = [
        words("dial (scale of the adapter)", middle, _BOTTOM + 40, "f-soft", "middle"),
        hit_marker(_BY_DIAL + 6, 66, "friction"),
        words("hits", _BY_DIAL + 17, 70, "f-soft"),
        false_alarm_marker(_BY_DIAL + 68, 66, "friction"),
        words("false alarms", _BY_DIAL + 80, 70, "f-soft"),
    ]
    if not dial.points:
        return drawn
    settings = [point.dial for point in dial.points]
    low, span = min(settings), (max(settings) - min(settings)) or 1.0

    def across(setting: float) -> float:
        return _BY_DIAL + 14 + (setting - low) / span * (_SIDE - 28)

    x = across(dial.best)
    drawn.append(line(x, _TOP, x, _BOTTOM, "f-axis f-dash"))
    drawn.append(words(f"best {dial_setting(dial.best)}", x, _TOP - 6, "f-ink f-strong", _inward(x)))
    drawn += [
        words(dial_setting(setting), across(setting), _BOTTOM + 18, "f-soft", "middle")
        for setting in settings[:: 1 + len(settings) // 10]
    ]
    hits = [(across(point.dial), point.hits) for point in dial.points]
    alarms = [(across(point.dial), point.false_alarms) for point in dial.points]
    drawn += [_series(hits, _LINE, hit_marker), _series(alarms, f"{_LINE} f-dash", false_alarm_marker)]
    return drawn


def _inward(x: float) -> str:
    return "start" if x < _BY_DIAL + 40 else "end" if x > _BY_DIAL + _SIDE - 40 else "middle"


def _series(series: list[tuple[float, Estimate]], style: str, marker: Callable[[float, float, str], Markup]) -> Markup:
    known = [(x, rate, rate.value) for x, rate in series if rate.value is not None]
    return Markup("").join(
        [
            path([(x, _up(value)) for x, _, value in known], style),
            *(_upright(x, rate) for x, rate, _ in known),
            *(marker(x, _up(value), "friction") for x, _, value in known),
        ]
    )


def _upright(x: float, rate: Estimate) -> Markup:
    if rate.low is None or rate.high is None:
        return Markup("")
    return whisker(_up(rate.low), _up(rate.high), x, _WHISKER, upright=True)


def _curve(dial: Dial) -> list[Markup]:
    known = [point for point in dial.points if point.hits.value is not None and point.false_alarms.value is not None]
    placed = [(_spot(point), point) for point in known]
    corners = [(_right(0), _up(0)), *sorted((spot for spot, _ in placed), key=_by_rate), (_right(1), _up(1))]
    drawn = [
        words("false alarms", _CURVE + _SIDE / 2, _BOTTOM + 40, "f-soft", "middle"),
        words("hits, against false alarms", _CURVE, 70, "f-soft"),
        words(f"area {dial.auc:.2f}", _CURVE + _SIDE - 8, _BOTTOM - 12, "f-ink f-strong", "end"),
        *(words(f"{part / 4:g}", _right(part / 4), _BOTTOM + 18, "f-soft", "middle") for part in range(5)),
        element("polygon", class_="f-band f-friction", points=_listed([*corners, (_right(1), _up(0))])),
        line(_right(0), _up(0), _right(1), _up(1), "f-axis f-dash"),
        path(corners, _LINE),
    ]
    for (x, y), point in placed:
        drawn += [_upright(x, point.hits), _sideways(y, point.false_alarms)]
    for (x, y), point in placed:
        if point.dial == dial.best:
            drawn.append(element("circle", class_="f-line f-neutral-line", cx=x, cy=y, r=8.5))
        drawn.append(hit_marker(x, y, "friction"))
    return drawn + _labels(placed)


def _by_rate(spot: tuple[float, float]) -> tuple[float, float]:
    return spot[0], -spot[1]


def _sideways(y: float, rate: Estimate) -> Markup:
    if rate.low is None or rate.high is None:
        return Markup("")
    return whisker(_right(rate.low), _right(rate.high), y, _WHISKER)


def _labels(placed: list[tuple[tuple[float, float], DialPoint]]) -> list[Markup]:
    """The dials beside their points: points in one spot share a label, and no label lies on a point or a label."""
    spots: list[tuple[tuple[float, float], list[str]]] = []
    for (x, y), point in placed:
        for (near_x, near_y), names in spots:
            if abs(near_x - x) < 9 and abs(near_y - y) < 9:
                names.append(dial_setting(point.dial))
                break
        else:
            spots.append(((x, y), [dial_setting(point.dial)]))
    taken = [(x - 9, y - 9, x + 9, y + 9) for (x, y), _ in spots]
    drawn = []
    for (x, y), names in spots:
        text = ", ".join(names)
        width = 7.5 * len(text)
        for right, below in ((12, 17), (12, -11), (-12 - width, -11), (-12 - width, 17), (12, 32), (14, 48)):
            box = (x + right, y + below - 12, x + right + width, y + below + 3)
            inside = box[0] > _CURVE and box[2] < _CURVE + _SIDE + 26
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                drawn.append(words(text, x + right, y + below, "f-ink"))
                break
    return drawn


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _spot(point: DialPoint) -> tuple[float, float]:
    return _right(point.false_alarms.value or 0.0), _up(point.hits.value or 0.0)


def _listed(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _up(share: float) -> float:
    return _BOTTOM - min(1.0, max(0.0, share)) * _SIDE


def _right(share: float) -> float:
    return _CURVE + min(1.0, max(0.0, share)) * _SIDE
