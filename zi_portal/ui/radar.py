"""The radar: ratios of some areas on one fixed scale, with the two minima as rings."""

from collections.abc import Iterable, Sequence
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
_LEADING = 1.25  # of the labels, in font sizes
_WEB = (0.2, 0.4, 0.8, 1.0)  # the minima are the rings between


@dataclass(frozen=True, slots=True)
class Axis:
    """One area: its short name and its ratio (0..1) at one stage, or at two. `open`: it still has
    blanks, so that a value below the minimum is not the last word."""

    name: str
    value: Number
    other: Number | None = None
    open: bool = False


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

    The first stage is a filled shape; the second one, often nearly equal, a thin line over it, so
    that neither hides the other. A value below `minimum` (that of the unit's target) has a hollow
    point, and ▼ at its figure; the point is dashed while the area is open. `font_size` is in
    units of the drawing: 12 for a panel on screen, 15 for half a printed page.
    """
    side = 6.4 * font_size + 14  # room for the longest word beside the web
    middle = _RADIUS * sin(pi / 3) + side
    web = _Web(len(axes), middle, _RADIUS + 2 * _LEADING * font_size + 16)
    values = [float(axis.value) for axis in axes]
    others = [float(axis.other) for axis in axes if axis.other is not None]
    shown = [values, others] if others else [values]
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
    if others:
        shapes.append(
            element("polygon", css="other", fill="none", stroke=svg.INK, stroke_width=1.25,
                    points=web.shape(others))
        )  # fmt: skip
    shapes += _scale(web, shown, (float(wbk), float(wbbm)), font_size - 1)
    for index, axis in enumerate(axes):
        low = axis.value < minimum
        x, y = web.at(index, float(axis.value))
        shapes.append(_dot(x, y, low=low, is_open=axis.open))
        shapes += _name(web, index, axis, low, font_size)
    spoken = ", ".join(
        f"{axis.name} {percent(Fraction(axis.value))}"
        + ("" if axis.other is None else f" ({stages[1]} {percent(Fraction(axis.other))})")
        for axis in axes
    )
    return image(
        shapes,
        f"{title}: {spoken}; batas WBK {_whole(wbk)} %, WBBM {_whole(wbbm)} %",
        "radar",
        viewBox=f"0 0 {2 * middle:.0f} {2 * web.y:.0f}",
    )


def legend(
    *,
    stages: tuple[str, str] | tuple[str] = ("Mandiri",),
    wbk: Number = WBK,
    wbbm: Number = WBBM,
    axes: Sequence[Axis] = (),
    minimum: Number = 0,
) -> SafeString:
    """What the lines of a radar mean, and the points of those `axes` that are below `minimum`."""
    lines = [*zip(stages, _LINES, strict=False), *zip(_rings(wbk, wbbm), _LINES[2:], strict=True)]
    entries = [
        (name, element("path", fill="none", d="M0 5h22", css=css, **look))
        for name, (css, look) in lines
    ]
    for is_open, name in ((False, "▼ di bawah syarat"), (True, "▼ di bawah syarat, belum lengkap")):
        if any(axis.value < minimum and axis.open == is_open for axis in axes):
            entries.append((name, _dot(11, 5, low=True, is_open=is_open, size=0.8)))
    drawn = (
        (element("svg", mark, viewBox="0 0 22 10", aria_hidden="true"), name)
        for name, mark in entries
    )
    return format_html('<p class="legend">{}</p>', format_html_join("", "<span>{}{}</span>", drawn))


_LINES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("lg-main", {"stroke": svg.ACCENT, "stroke_width": 2}),
    ("lg-other", {"stroke": svg.INK, "stroke_width": 1.25}),
    ("lg-wbk", {"stroke": svg.BAD, "stroke_width": 1.5, "stroke_dasharray": "5 3"}),
    ("lg-wbbm", {"stroke": svg.OK, "stroke_width": 1.5, "stroke_dasharray": "1.5 3",
                 "stroke_linecap": "round"}),
)  # fmt: skip


def _rings(wbk: Number, wbbm: Number) -> tuple[str, str]:
    return f"WBK {_whole(wbk)} %", f"WBBM {_whole(wbbm)} %"


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


def _dot(x: float, y: float, *, low: bool, is_open: bool, size: float = 1) -> SafeString:
    """The point of one area: full, or hollow when it is too low, and dashed while it is open."""
    look: dict[str, Any] = {"css": "dot", "fill": svg.ACCENT, "stroke": svg.SURFACE,
                            "stroke_width": 1.5, "r": 4.5 * size}  # fmt: skip
    if low:
        look = {"css": "dot low", "fill": svg.SURFACE, "stroke": svg.BAD,
                "stroke_width": 2.5 * size, "r": 5.5 * size}  # fmt: skip
    if low and is_open:
        look |= {"css": "dot low open", "stroke": svg.INK_2, "stroke_width": 2 * size,
                 "stroke_dasharray": f"{3 * size:g} {2 * size:g}"}  # fmt: skip
    return element("circle", cx=x, cy=y, **look)


def _name(web: _Web, index: int, axis: Axis, low: bool, size: int) -> Iterable[SafeString]:
    """Name and figure of one area outside the web: beside it a word a line, to leave it room."""
    tip_x, tip_y = web.at(index, 1)
    beside = abs(tip_x - web.x) > 1
    names = axis.name.split() if beside else [axis.name]
    leading = _LEADING * size
    if beside:
        right = tip_x > web.x
        x, anchor = tip_x + (12 if right else -12), "start" if right else "end"
        first = tip_y - leading * len(names) / 2 + size / 3
    else:
        x, anchor = web.x, "middle"
        first = tip_y - leading - 12 if tip_y < web.y else tip_y + leading + 8
    placed: dict[str, Any] = {"x": x, "text_anchor": anchor, "font_family": "Inter, sans-serif"}
    for number, name in enumerate(names):
        yield element("text", name, y=first + number * leading, font_size=size, fill=svg.INK_2,
                      **placed)  # fmt: skip
    figure = percent(Fraction(axis.value))
    css = f"v{' low' if low else ''}{' open' if axis.open else ''}"
    yield element("text", f"▼ {figure}" if low else figure, css=css,
                  y=first + len(names) * leading, font_size=size + 1, font_weight=600,
                  fill=svg.BAD if low and not axis.open else svg.INK, **placed)  # fmt: skip


def _scale(
    web: _Web, shown: Sequence[Sequence[float]], rings: tuple[float, ...], size: int
) -> Iterable[SafeString]:
    """The figures of the rings, each in a gap of its line, between the two axes where the lines of
    all stages are farthest away."""
    half = cos(pi / web.count)  # how far a straight edge lies from the centre, at its middle

    def edge(values: Sequence[float], index: int) -> float:
        one, two = values[index], values[(index + 1) % web.count]
        return 2 * one * two * half / (one + two) if one + two else 0.0

    def clearance(index: int) -> float:
        return min(abs(edge(values, index) - ring * half) for values in shown for ring in rings)

    sector = max(range(web.count), key=clearance) + 0.5
    for ring in (*rings, 1.0):
        x, y = web.at(sector, ring * half)
        figure = _whole(ring)
        width = 0.68 * size * len(figure) + 4
        yield element("rect", css="sc-back", fill=svg.SURFACE, x=x - width / 2, y=y - size * 0.55,
                      width=width, height=size * 1.1, rx=2)  # fmt: skip
        yield element("text", figure, css="sc", x=x, y=y + size * 0.36, text_anchor="middle",
                      font_family="Inter, sans-serif", font_size=size, fill=svg.INK_2)  # fmt: skip
