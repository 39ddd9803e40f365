"""Drawing in SVG: elements, and the frame, colours and markers that all figures share."""

from __future__ import annotations

from markupsafe import Markup, escape

from friction.evaluate.report.visible import visible

# No CSS variables: programs other than browsers draw these files, too. Ochre-red against slate stays apart for every
# kind of colour blindness, and no figure tells anything by colour alone.
_STYLE = """
.f-figure{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",sans-serif;
font-size:13px;font-variant-numeric:tabular-nums}
.f-paper,.f-hollow{fill:#fff}.f-ink{fill:#1d2125}.f-soft{fill:#59616a}.f-title{fill:#1d2125;font-size:15px;font-weight:600}
.f-strong{font-weight:600}.f-grid{stroke:#e2e0da}.f-axis{stroke:#8b929a}.f-line{fill:none;stroke-width:2}
.f-whisker{stroke-width:1.5}.f-dash{stroke-dasharray:5 4}.f-hollow{stroke-width:2}.f-band{opacity:.16}
.f-friction{fill:#a8431c}.f-baseline{fill:#5d6975}.f-neutral{fill:#1d2125}
.f-friction-line{stroke:#a8431c}.f-baseline-line{stroke:#5d6975}.f-neutral-line{stroke:#1d2125}
@media screen and (prefers-color-scheme:dark){
.f-paper,.f-hollow{fill:#181b1f}.f-ink,.f-title{fill:#e8e6e1}.f-soft{fill:#a5adb5}.f-grid{stroke:#33383e}.f-axis{stroke:#7d858d}
.f-band{opacity:.26}.f-friction{fill:#f2935f}.f-baseline{fill:#a9b6c2}.f-neutral{fill:#e8e6e1}
.f-friction-line{stroke:#f2935f}.f-baseline-line{stroke:#a9b6c2}.f-neutral-line{stroke:#e8e6e1}
}
"""


def element(name: str, *inside: str, **attributes: str | float) -> Markup:
    """An SVG element. Plain text inside is escaped; an underscore in an attribute's name stands for a hyphen."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{shown}>{Markup('').join(inside)}</{name}>")


def words(text: str, x: float, y: float, style: str = "f-ink", anchor: str = "start") -> Markup:
    """A text; `anchor` says which end of it stands at x."""
    return element("text", visible(text), class_=style, x=x, y=y, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> Markup:
    """A straight line."""
    return element("line", class_=style, x1=x1, y1=y1, x2=x2, y2=y2)


def path(points: list[tuple[float, float]], style: str) -> Markup:
    """A line through points."""
    return element("polyline", class_=style, points=" ".join(f"{_value(x)},{_value(y)}" for x, y in points))


def hit_marker(x: float, y: float, arm: str) -> Markup:
    """What stands for hits everywhere: a filled circle."""
    return element("circle", class_=f"f-{arm}", cx=x, cy=y, r=4.5)


def false_alarm_marker(x: float, y: float, arm: str) -> Markup:
    """What stands for false alarms everywhere: a hollow diamond."""
    return element(
        "path", class_=f"f-hollow f-{arm}-line", d=f"M{_value(x)} {_value(y - 5.5)}l5.5 5.5l-5.5 5.5l-5.5 -5.5z"
    )


def whisker(start: float, end: float, across: float, style: str, upright: bool = False) -> Markup:
    """An interval: a line with a cap at each end, lying, or upright where told so."""
    pieces = [(start, across, end, across)]
    pieces += [(cap, across - 3, cap, across + 3) for cap in (start, end)]
    if upright:
        pieces = [(y1, x1, y2, x2) for x1, y1, x2, y2 in pieces]
    return Markup("").join(line(*piece, style=style) for piece in pieces)


def figure(name: str, title: str, description: str, size: tuple[float, float], body: list[Markup]) -> str:
    """A whole drawing that stands on its own.

    Args:
        name: Unique among the figures of a page.
        title, description: What it shows, for those who do not see it; the title is also written at its top.
        size: Width and height in pixels; it shrinks to the width of its place.
        body: What is drawn.
    """
    width, height = size
    drawn = element(
        "svg",
        element("title", visible(title), id=f"{name}-title"),
        element("desc", visible(description), id=f"{name}-description"),
        element("style", Markup(_STYLE)),
        element("rect", class_="f-paper", width=width, height=height, rx=8),
        words(title, 20, 30, "f-title"),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{name}-title {name}-description",
        class_="f-figure",
    )
    return str(drawn)


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"
