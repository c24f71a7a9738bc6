"""Writing SVG: elements from plain values, and the colours that charts are printed in."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Number = int | float | Decimal | Fraction

# The light tokens of static/css/tokens.css. Every shape carries its colour as an attribute: the
# PDF engine does not apply the page's CSS inside SVG. On screen the class overrides it.
INK = "#16202c"
INK_2 = "#46525f"
INK_3 = "#5f6b79"
SURFACE = "#fff"
SUNKEN = "#eef1f5"
LINE = "#dde2e8"
LINE_2 = "#c6ced7"
CONTROL = "#7b8794"
ACCENT = "#1f4e96"
OK = "#0b6a51"
WARN = "#7f4e06"
BAD = "#a3301f"
HEAT = {"q0": SURFACE, "q1": "#efb3a6", "q2": "#f9dcd4", "q3": "#f3f1ea", "q4": "#cfe8de",
        "q5": "#93cdb7"}  # fmt: skip

TEXT: dict[str, Any] = {"font_family": "Inter, sans-serif", "font_size": 11, "fill": INK_2}


def element(tag: str, *inner: str, css: str = "", **attributes: Any) -> SafeString:
    """`<tag class=css …>inner</tag>`; underscores in names become hyphens, values are escaped.

    `inner` is markup when safe and text otherwise. Floats get two decimals at most.
    """
    named = {"class": css, **attributes} if css else attributes
    written = "".join(
        f' {name.replace("_", "-")}="{conditional_escape(_plain(value))}"'
        for name, value in named.items()
    )
    body = "".join(conditional_escape(part) for part in inner)
    return mark_safe(f"<{tag}{written}>{body}</{tag}>" if body else f"<{tag}{written}/>")  # noqa: S308


def image(shapes: Iterable[str], label: str, css: str, **attributes: Any) -> SafeString:
    """An <svg> that is read aloud as `label`. Captions may reach a little over its edge."""
    return element(
        "svg", *shapes, css=css, role="img", aria_label=label, overflow="visible", **attributes
    )


def percent_of(value: Number, whole: Number) -> str:
    """Where `value` lies on a scale from 0 to `whole`, as an SVG length; kept within the scale."""
    part = Fraction(value) / Fraction(whole) if whole else Fraction(0)
    return f"{float(min(max(part, Fraction(0)), Fraction(1)) * 100):.2f}%"


def _plain(value: object) -> str:
    """Coordinates without noise: 12.346 → 12.35, 12.0 → 12."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
