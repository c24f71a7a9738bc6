"""Charts from plain numbers: bar, cells, stack, line; the radar has a file of its own.

Title, unit and key figure stand as text beside a chart, and the same numbers in a table on the
page; the chart itself is one image whose spoken label says its numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any, Literal

from django.utils.safestring import SafeString

from zi_portal.ui import svg
from zi_portal.ui.numbers import points
from zi_portal.ui.svg import Number, element, image, percent_of

Tone = Literal["", "soft", "ok", "warn", "bad"]
_TONES = {"": svg.ACCENT, "soft": svg.INK_3, "ok": svg.OK, "warn": svg.WARN, "bad": svg.BAD}


def short(value: Number) -> str:
    """A number as on a scale, without decimals that say nothing: "75", "18,25"."""
    return points(Fraction(value)).removesuffix(",00")


# ── a score on its scale ────────────────────────────────────────────────────
def bar(
    value: Number,
    whole: Number = 100,
    *,
    title: str = "",
    label: str = "",
    ticks: Sequence[tuple[str, Number]] = (),
    only: str = "",
    tone: Tone = "",
    captions: bool = False,
    height: int = 10,
) -> SafeString:
    """A score on a scale from 0 to `whole`, with a tick at each requirement (name, value).

    On a small bar two ticks run together: `only` names the one that is drawn and spoken. With
    `captions` the ticks are named below the bar. `label` replaces the spoken text that is
    otherwise made from `title`, the value and the ticks.
    """
    ticks = [tick for tick in ticks if only in ("", tick[0])]
    shapes = [
        element("rect", css="track", fill=svg.SUNKEN, stroke=svg.LINE_2, x=0.5, y=0.5,
                width="99.8%", height=height - 1, rx=height / 2 - 0.5),
        element("rect", css=f"fill {tone}".strip(), fill=_TONES[tone],
                width=percent_of(value, whole), height=height, rx=height / 2),
    ]  # fmt: skip
    for index, (name, minimum) in enumerate(ticks):
        # The last caption stands right of its tick, those before it left of theirs.
        anchor = "start" if index and index == len(ticks) - 1 else "end"
        shapes += _tick(percent_of(minimum, whole), height)
        if captions:
            shapes.append(
                element("text", element("tspan", f"{name} ", css="lg"), short(minimum),
                        x=percent_of(minimum, whole), y=height + 14, text_anchor=anchor, **svg.TEXT)
            )  # fmt: skip
    spoken = f"{title} {points(Fraction(value))} dari {short(whole)}".strip()
    if ticks:
        spoken += "; syarat " + ", ".join(f"{name} {short(least)}" for name, least in ticks)
    return image(
        shapes, label or spoken, "bar", width="100%", height=height + (16 if captions else 0)
    )


def _tick(x: str, height: int) -> list[SafeString]:
    """A tick on a hairline of the surface's colour: enough to part it from the bar, too little to
    cut the bar in pieces."""
    width = 2 if height > 7 else 1.5
    return [
        element("line", css="tick-halo", stroke=svg.SURFACE, stroke_width=width + 1.5,
                x1=x, x2=x, y1=0, y2=height),
        element("line", css="tick", stroke=svg.INK, stroke_width=width,
                x1=x, x2=x, y1=-2, y2=height + 2),
    ]  # fmt: skip


# ── completeness ────────────────────────────────────────────────────────────
def cells(done: int, total: int, *, title: str = "butir terisi", count: int = 28) -> SafeString:
    """Completeness as a row of `count` small cells, deliberately unlike a score's bar.

    The row is full only when everything is done, and has one cell from the first piece on.
    """
    filled = count * done // total if total else 0
    if done and not filled:
        filled = 1
    step = 100 / count
    shapes = [
        element("rect", css="on" if index < filled else "off",
                x=f"{index * step + step * 0.07:.2f}%", y=0.5, width=f"{step * 0.75:.2f}%",
                height=9, rx=1,
                **({"fill": svg.INK_2} if index < filled
                   else {"fill": svg.SURFACE, "stroke": svg.CONTROL}))
        for index in range(count)
    ]  # fmt: skip
    return image(shapes, f"{done} dari {total} {title}", "bar steps", width="100%", height=10)


# ── counts that make up a whole ─────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stack: q1 (lowest) … q5 of the heat scale, q0 = not judged."""

    label: str
    count: int
    tone: str


def stack(parts: Sequence[Part], *, height: int = 14) -> SafeString:
    """Counts side by side in one bar, in the given order."""
    whole = sum(part.count for part in parts)
    starts = accumulate((part.count for part in parts), initial=0)
    shapes = [
        element("rect", css=part.tone, fill=svg.HEAT[part.tone], stroke=svg.CONTROL,
                x=percent_of(start, whole), width=percent_of(part.count, whole), height=height)
        for start, part in zip(starts, parts, strict=False)
        if part.count
    ]  # fmt: skip
    spoken = ", ".join(f"{part.label} {part.count}" for part in parts)
    return image(shapes, spoken, "stack", width="100%", height=height)


# ── change over time ────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, y) from left to right. Fact: solid; plan: dashed; projection: dotted."""

    points: Sequence[tuple[Number, Number]]
    label: str = ""
    kind: Literal["fact", "plan", "projection"] = "fact"
    dots: bool = False


_CURVES: dict[str, tuple[str, dict[str, Any]]] = {
    "fact": ("a", {"stroke": svg.ACCENT, "stroke_width": 2.25}),
    "plan": ("b", {"stroke": svg.INK_3, "stroke_width": 1.5, "stroke_dasharray": "4 3"}),
    "projection": ("c", {"stroke": svg.ACCENT, "stroke_width": 1.5, "stroke_dasharray": "1.5 4",
                         "stroke_linecap": "round"}),
}  # fmt: skip


def line(
    curves: Sequence[Curve],
    *,
    title: str,
    x_labels: Sequence[tuple[Number, str]],
    y_labels: Sequence[Number],
    width: int = 380,
    height: int = 118,
) -> SafeString:
    """Curves over a common scale, each named at its right end.

    The scale runs over `x_labels` and `y_labels`; `width` and `height` give the proportion.
    """
    left, right, top, bottom = 32.0, width - 66.0, 6.0, height - 18.0
    xs, ys = [float(x) for x, _ in x_labels], [float(y) for y in y_labels]

    def place(x: Number, y: Number) -> tuple[float, float]:
        return (
            left + (float(x) - min(xs)) / (max(xs) - min(xs)) * (right - left),
            bottom - (float(y) - min(ys)) / (max(ys) - min(ys)) * (bottom - top),
        )

    shapes: list[SafeString] = []
    for value in y_labels:
        _, y = place(min(xs), value)
        shapes += [
            element("line", css="gr", stroke=svg.LINE, x1=left, x2=right, y1=y, y2=y),
            element("text", short(value), x=left - 6, y=y + 4, text_anchor="end", **svg.TEXT),
        ]
    for value, name in x_labels:
        x, _ = place(value, min(ys))
        shapes.append(element("text", name, x=x, y=height - 3.0, text_anchor="middle", **svg.TEXT))
    ends: list[tuple[float, Curve]] = []
    for curve in curves:
        placed = [place(x, y) for x, y in curve.points]
        css, look = _CURVES[curve.kind]
        path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
        shapes.append(element("path", css=css, fill="none", d=path, **look))
        shapes += [
            element("circle", css="pt", fill=svg.ACCENT, stroke=svg.SURFACE, stroke_width=2,
                    cx=x, cy=y, r=3.5)
            for x, y in (placed if curve.dots else [])
        ]  # fmt: skip
        if curve.label:
            ends.append((placed[-1][1], curve))
    for y, curve in _apart(ends):
        css = "now" if curve.kind == "fact" else ""
        shapes.append(element("text", curve.label, css=css, x=right + 8, y=y + 4, **svg.TEXT))
    spoken = "; ".join(filter(None, (title, *map(_spoken, curves))))
    return image(shapes, spoken, "line-chart", viewBox=f"0 0 {width} {height}")


def _apart(ends: list[tuple[float, Curve]], least: float = 12) -> list[tuple[float, Curve]]:
    """The end labels from top to bottom, moved down where two would overlap."""
    placed: list[tuple[float, Curve]] = []
    for y, curve in sorted(ends, key=lambda end: end[0]):
        lowest = placed[-1][0] + least if placed else y
        placed.append((max(y, lowest), curve))
    return placed


def _spoken(curve: Curve) -> str:
    """All values of a short curve, the first and the last of a long one."""
    values = [short(y) for _, y in curve.points]
    said = ", ".join(values) if len(values) <= 8 else f"{values[0]} sampai {values[-1]}"
    return f"{curve.label} {said}".strip()
