"""The radar: ratios of some areas on one fixed scale, with the two minima as rings."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from zi_portal.ui import svg
from zi_portal.ui.charts import short
from zi_portal.ui.numbers import percent
from zi_portal.ui.svg import Number, element, image

WBK, WBBM = Fraction(60, 100), Fraction(75, 100)
"""Minimum of each area, PermenPANRB 90/2021; callers with threshold data pass theirs."""

_RADIUS = 142.0
_WEB = (0.2, 0.4, 0.8, 1.0)  # the minima are the rings between


@dataclass(frozen=True, slots=True)
class Axis:
    """One area: its short name and its ratio (0..1) at one stage, or at two."""

    name: str
    value: Number
    other: Number | None = None


def radar(
    axes: Sequence[Axis],
    *,
    title: str,
    minimum: Number,
    wbk: Number = WBK,
    wbbm: Number = WBBM,
    stages: tuple[str, str] = ("Mandiri", "TPI"),
    font_size: int = 12,
) -> SafeString:
    """The ratios from 0 to 1, shown as percentages and read from the centre.

    The first stage is a filled shape; the second one, often nearly equal, is a bar across each
    axis, so that neither hides the other. A value below `minimum` (that of the unit's target) has
    a hollow point, and ▼ at its figure. `font_size` is in units of the drawing: 12 for a panel on
    screen, 15 for half a printed page.
    """
    side = 9 * font_size + 14  # room for the longest name beside the web
    middle = _RADIUS * sin(pi / 3) + side
    web = _Web(len(axes), middle, 192.0)
    values = [float(axis.value) for axis in axes]
    shapes = [
        *(element("polygon", css="web", fill="none", stroke=svg.LINE_2, points=web.ring(at))
          for at in _WEB),
        *(element("line", css="axis", stroke=svg.LINE, x1=web.x, y1=web.y,
                  **dict(zip(("x2", "y2"), web.at(index, 1), strict=True)))
          for index in range(len(axes))),
        element("polygon", css="ring-wbk", fill="none", stroke=svg.BAD, stroke_width=1.5,
                stroke_dasharray="5 3", points=web.ring(float(wbk))),
        element("polygon", css="ring-wbbm", fill="none", stroke=svg.OK, stroke_width=1.5,
                stroke_dasharray="1.5 3", stroke_linecap="round", points=web.ring(float(wbbm))),
        element("polygon", css="main", fill=svg.ACCENT, fill_opacity=0.13, stroke=svg.ACCENT,
                stroke_width=2, points=web.shape(values)),
    ]  # fmt: skip
    for index, axis in enumerate(axes):
        if axis.other is not None:
            shapes += _crossbar(web, index, float(axis.other))
    for index, axis in enumerate(axes):
        shapes += _point(web, index, axis, low=axis.value < minimum, font_size=font_size)
    shapes += _scale(web, values, (float(wbk), float(wbbm)), font_size - 2)
    spoken = ", ".join(
        f"{axis.name} {percent(Fraction(axis.value))}"
        + ("" if axis.other is None else f" ({stages[1]} {percent(Fraction(axis.other))})")
        for axis in axes
    )
    return image(
        shapes,
        f"{title}: {spoken}; batas WBK {_whole(wbk)} %, WBBM {_whole(wbbm)} %",
        "radar",
        viewBox=f"0 6 {2 * middle:.0f} 378",
    )


def legend(
    *, stages: tuple[str, str] | tuple[str] = ("Mandiri",), wbk: Number = WBK, wbbm: Number = WBBM
) -> SafeString:
    """What the lines of a radar mean."""
    names = (*stages, f"WBK {_whole(wbk)} %", f"WBBM {_whole(wbbm)} %")
    marks: dict[str, dict[str, Any]] = {
        "lg-main": {"d": "M0 5h22", "stroke": svg.ACCENT, "stroke_width": 3},
        "lg-other": {"d": "M4 5h14", "stroke": svg.INK, "stroke_width": 3},
        "lg-wbk": {"d": "M0 5h22", "stroke": svg.BAD, "stroke_width": 2, "stroke_dasharray": "5 3"},
        "lg-wbbm": {"d": "M0 5h22", "stroke": svg.OK, "stroke_width": 2,
                    "stroke_dasharray": "1.5 3", "stroke_linecap": "round"},
    }  # fmt: skip
    if len(stages) == 1:
        del marks["lg-other"]
    entries = format_html_join(
        "",
        "<span>{}{}</span>",
        (
            (
                element("svg", element("path", css=css, fill="none", **look), aria_hidden="true"),
                name,
            )
            for name, (css, look) in zip(names, marks.items(), strict=True)
        ),
    )
    return format_html('<p class="legend">{}</p>', entries)


def _whole(ratio: Number) -> str:
    """A minimum as a percentage without its sign: "60"."""
    return short(round(Fraction(ratio) * 100, 2))


@dataclass(frozen=True, slots=True)
class _Web:
    """Where a ratio lies on one of `count` axes around (x, y); axis 0 points up."""

    count: int
    x: float
    y: float

    def at(self, axis: float, value: float) -> tuple[float, float]:
        angle = 2 * pi * axis / self.count - pi / 2
        reach = _RADIUS * min(max(value, 0), 1)
        return self.x + reach * cos(angle), self.y + reach * sin(angle)

    def shape(self, values: Sequence[float]) -> str:
        placed = (self.at(index, value) for index, value in enumerate(values))
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)

    def ring(self, value: float) -> str:
        return self.shape([value] * self.count)


def _crossbar(web: _Web, index: int, value: float) -> list[SafeString]:
    """A bar across the axis, 16 wide, on a halo in the colour of the surface."""
    x, y = web.at(index, value)
    angle = 2 * pi * index / web.count
    dx, dy = 8 * cos(angle), 8 * sin(angle)
    ends: dict[str, Any] = {"x1": x - dx, "y1": y - dy, "x2": x + dx, "y2": y + dy}
    return [
        element("line", css="other-halo", stroke=svg.SURFACE, stroke_width=6, **ends),
        element("line", css="other", stroke=svg.INK, stroke_width=3, **ends),
    ]


def _point(web: _Web, index: int, axis: Axis, *, low: bool, font_size: int) -> list[SafeString]:
    """The point of one area, and its name and figure outside the web."""
    x, y = web.at(index, float(axis.value))
    look: dict[str, Any] = (
        {"css": "dot low", "fill": svg.SURFACE, "stroke": svg.BAD, "stroke_width": 2.5}
        if low
        else {"css": "dot", "fill": svg.ACCENT, "stroke": svg.SURFACE, "stroke_width": 1.5}
    )
    tip_x, tip_y = web.at(index, 1)
    leading = font_size * 1.25
    if abs(tip_x - web.x) < 1:
        text_x, anchor = web.x, "middle"
        first = tip_y - leading - 12 if tip_y < web.y else tip_y + leading + 10
    else:
        right = tip_x > web.x
        text_x, anchor = tip_x + (12 if right else -12), "start" if right else "end"
        first = tip_y - leading / 2 + 4
    placed: dict[str, Any] = {
        "x": text_x,
        "text_anchor": anchor,
        "font_family": "Inter, sans-serif",
    }
    figure = percent(Fraction(axis.value))
    return [
        element("circle", cx=x, cy=y, r=4.5, **look),
        element("text", axis.name, y=first, font_size=font_size, fill=svg.INK_2, **placed),
        element("text", f"▼ {figure}" if low else figure, css="v low" if low else "v",
                y=first + leading, font_size=font_size + 1, font_weight=600,
                fill=svg.BAD if low else svg.INK, **placed),
    ]  # fmt: skip


def _scale(
    web: _Web, values: Sequence[float], rings: tuple[float, ...], size: int
) -> list[SafeString]:
    """The figures of the rings, between the two axes where the filled shape is farthest away."""
    half = cos(pi / web.count)  # how far a straight edge lies from the centre, at its middle

    def clearance(index: int) -> float:
        one, two = values[index], values[(index + 1) % web.count]
        edge = 2 * one * two * half / (one + two) if one + two else 0.0
        return min(abs(edge - ring * half) for ring in rings)

    sector = max(range(web.count), key=clearance) + 0.5
    scale: dict[str, Any] = {
        "css": "sc",
        "font_family": "Inter, sans-serif",
        "font_size": 10,
        "fill": svg.INK_3,
    }
    shapes = []
    for ring in (*rings, 1.0):
        x, y = web.at(sector, ring * half)
        shapes.append(element("text", _whole(ring), x=x, y=y + 3.5, text_anchor="middle", **scale))
    return shapes
