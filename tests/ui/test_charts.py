"""Charts: what they say aloud, where their shapes lie, what the printer sees."""

from fractions import Fraction
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from tests.ui.css import light_tokens
from zi_portal.ui import svg
from zi_portal.ui.charts import Curve, Part, bar, cells, line, stack
from zi_portal.ui.radar import Axis, legend, radar

AREAS = [
    Axis("Manajemen Perubahan", Fraction(834, 1000), Fraction(775, 1000)),
    Axis("Tatalaksana", Fraction(508, 1000), Fraction(492, 1000)),
    Axis("SDM Aparatur", Fraction(681, 1000), Fraction(674, 1000)),
]


def parsed(chart: str) -> Element:
    element: Element = fromstring(chart)
    return element


def of_class(chart: Element, name: str) -> list[Element]:
    return [shape for shape in chart.iter() if name in (shape.get("class") or "").split()]


def texts(chart: Element) -> list[str]:
    return ["".join(text.itertext()) for text in chart.iter("text")]


ALL = {
    "bar": bar(Fraction(7899, 100), title="Total", ticks=[("WBK", 75)], captions=True),
    "cells": cells(108, 113),
    "stack": stack([Part("Memenuhi", 3, "q5"), Part("Kurang", 1, "q2")]),
    "line": line([Curve([(1, 0), (2, 5)], "unit", dots=True)], title="Pengajuan",
                 x_labels=[(1, "Jan"), (2, "Feb")], y_labels=[0, 10]),
    "radar": radar(AREAS, title="Capaian", minimum=Fraction(3, 5)),
}  # fmt: skip


@pytest.mark.parametrize("chart", ALL.values(), ids=ALL)
def test_a_chart_is_one_image_with_a_spoken_label(chart: str) -> None:
    assert parsed(chart).get("role") == "img"
    assert any(letter.isdigit() for letter in parsed(chart).get("aria-label") or "")


@pytest.mark.parametrize("chart", [*ALL.values(), legend()], ids=[*ALL, "legend"])
def test_no_chart_needs_inline_style(chart: str) -> None:
    assert not [shape for shape in parsed(chart).iter() if "style" in shape.attrib]


@pytest.mark.parametrize("chart", ALL.values(), ids=ALL)
def test_every_shape_carries_its_print_colour(chart: str) -> None:
    drawn = [
        s
        for s in parsed(chart).iter()
        if s.tag in {"rect", "line", "path", "polygon", "circle", "text"}
    ]
    assert drawn
    assert not [s.attrib for s in drawn if "fill" not in s.attrib and "stroke" not in s.attrib]


def test_the_print_colours_are_the_light_tokens() -> None:
    tokens = light_tokens()
    for name, value in {
        "ink": svg.INK, "ink-2": svg.INK_2, "ink-3": svg.INK_3, "surface": svg.SURFACE,
        "sunken": svg.SUNKEN, "line": svg.LINE, "line-2": svg.LINE_2, "control": svg.CONTROL,
        "accent": svg.ACCENT, "ok": svg.OK, "warn": svg.WARN, "bad": svg.BAD,
        **{f"h{n}": svg.HEAT[f"q{n}"] for n in range(1, 6)},
    }.items():  # fmt: skip
        assert tokens[name] == value, name


# ── bar ─────────────────────────────────────────────────────────────────────
def test_a_bar_says_value_whole_and_requirements() -> None:
    chart = parsed(bar(Fraction(7899, 100), title="Total", ticks=[("WBK", 75), ("WBBM", 85)]))
    assert chart.get("aria-label") == "Total 78,99 dari 100; syarat WBK 75, WBBM 85"


def test_a_bar_is_as_long_as_its_share_and_its_ticks_stand_on_the_same_scale() -> None:
    chart = parsed(bar(45, 60, ticks=[("WBK", 40)]))
    assert of_class(chart, "fill")[0].get("width") == "75.00%"
    assert of_class(chart, "tick")[0].get("x1") == "66.67%"


@pytest.mark.parametrize(("value", "width"), [(-1, "0.00%"), (0, "0.00%"), (61, "100.00%")])
def test_a_bar_never_leaves_its_scale(value: int, width: str) -> None:
    assert of_class(parsed(bar(value, 60)), "fill")[0].get("width") == width


def test_a_small_bar_shows_and_says_the_one_tick_that_counts() -> None:
    chart = parsed(bar(45, 60, ticks=[("WBK", 36), ("WBBM", 45)], only="WBBM", height=7))
    assert [tick.get("x1") for tick in of_class(chart, "tick")] == ["75.00%"]
    assert chart.get("aria-label") == "45,00 dari 60; syarat WBBM 45"


def test_the_halo_of_a_tick_is_a_hairline() -> None:
    chart = parsed(ALL["bar"])
    tick, halo = of_class(chart, "tick")[0], of_class(chart, "tick-halo")[0]
    assert float(halo.get("stroke-width") or 0) - float(tick.get("stroke-width") or 0) <= 2


def test_captions_name_the_ticks() -> None:
    assert texts(parsed(ALL["bar"])) == ["WBK 75"]


def test_what_a_caller_passes_is_text_not_markup() -> None:
    assert "<b>" not in bar(1, 2, title="<b>", ticks=[("<b>", 1)], captions=True)


# ── cells ───────────────────────────────────────────────────────────────────
def on(chart: str) -> int:
    return len(of_class(parsed(chart), "on"))


def test_cells_say_how_many_of_how_many() -> None:
    assert parsed(cells(108, 113)).get("aria-label") == "108 dari 113 butir terisi"


def test_the_row_is_full_only_when_everything_is_done() -> None:
    assert on(cells(112, 113)) == 27
    assert on(cells(113, 113)) == 28


def test_the_first_piece_shows() -> None:
    assert on(cells(0, 113)) == 0
    assert on(cells(1, 113)) == 1


def test_an_empty_whole_has_no_filled_cell() -> None:
    assert on(cells(0, 0)) == 0


# ── stack ───────────────────────────────────────────────────────────────────
def test_a_stack_lays_its_parts_side_by_side_and_says_each() -> None:
    chart = parsed(stack([Part("A", 3, "q5"), Part("B", 0, "q2"), Part("C", 1, "q0")]))
    assert [(r.get("x"), r.get("width")) for r in chart] == [
        ("0.00%", "75.00%"),
        ("75.00%", "25.00%"),
    ]
    assert chart.get("aria-label") == "A 3, B 0, C 1"


# ── radar ───────────────────────────────────────────────────────────────────
def test_a_radar_says_every_area_at_both_stages_and_the_minima() -> None:
    said = parsed(ALL["radar"]).get("aria-label") or ""
    assert "Tatalaksana 50,8\u00a0% (TPI 49,2\u00a0%)" in said
    assert said.endswith("batas WBK 60 %, WBBM 75 %")


def test_only_an_area_below_the_minimum_is_hollow_and_marked() -> None:
    chart = parsed(ALL["radar"])
    assert len(of_class(chart, "dot")) == 3
    assert len([dot for dot in of_class(chart, "dot") if "low" in (dot.get("class") or "")]) == 1
    assert not of_class(chart, "open")
    assert [text for text in texts(chart) if text.startswith("▼")] == ["▼ 50,8\u00a0%"]


def test_the_point_of_an_area_with_blanks_is_dashed_only_where_it_is_too_low() -> None:
    axes = [Axis(name, Fraction(1, 2), open=True) for name in "ab"] + [Axis("c", 1, open=True)]
    chart = parsed(radar(axes, title="Capaian", minimum=Fraction(3, 5)))
    assert [dot.get("stroke-dasharray") for dot in of_class(chart, "dot")] == ["3 2", "3 2", None]


def test_the_figures_of_the_rings_are_no_smaller_than_the_print_allows() -> None:
    """At 85 mm, half the page between its margins, the smallest text has at least 6.5 pt."""
    chart = parsed(radar(AREAS, title="x", minimum=0, font_size=15))
    width = float((chart.get("viewBox") or "").split()[2])
    sizes = [float(text.get("font-size") or 0) for text in chart.iter("text")]
    assert min(sizes) * 85 / 25.4 * 72 / width >= 6.5


def test_the_figures_of_the_rings_stand_in_gaps_of_the_lines() -> None:
    chart = parsed(ALL["radar"])
    assert len(of_class(chart, "sc-back")) == len(of_class(chart, "sc")) == 3


def test_names_beside_the_web_stand_a_word_a_line() -> None:
    names = ["Manajemen Perubahan", "Tatalaksana", "SDM Aparatur"]
    assert [text for text in texts(parsed(ALL["radar"])) if text[0].isalpha()] == [
        names[0], names[1], "SDM", "Aparatur",
    ]  # fmt: skip


def test_exactly_the_minimum_is_not_below_it() -> None:
    axes = [Axis(name, Fraction(3, 5)) for name in "abc"]
    assert "▼" not in radar(axes, title="Capaian", minimum=Fraction(3, 5))


def test_the_scale_is_fixed_so_that_two_radars_can_be_compared() -> None:
    low = [Axis(name, Fraction(1, 10)) for name in "abc"]
    high = [Axis(name, Fraction(9, 10)) for name in "abc"]
    rings = [
        of_class(parsed(radar(axes, title="x", minimum=0)), "ring-wbk")[0].get("points")
        for axes in (low, high)
    ]
    assert rings[0] == rings[1]


def test_the_second_stage_is_one_full_line_and_one_stage_alone_has_none() -> None:
    axes = [Axis(name, Fraction(1, 2)) for name in "abc"]
    assert not of_class(parsed(radar(axes, title="x", minimum=0)), "other")
    (line_of_tpi,) = of_class(parsed(ALL["radar"]), "other")
    assert len((line_of_tpi.get("points") or "").split()) == 3


def test_the_legend_draws_each_stage_as_the_chart_does() -> None:
    drawn, named = parsed(ALL["radar"]), parsed(legend(stages=("Mandiri", "TPI")))
    for shape, mark in {"main": "lg-main", "other": "lg-other"}.items():
        for attribute in ("stroke", "stroke-width", "stroke-dasharray"):
            assert of_class(drawn, shape)[0].get(attribute) == of_class(named, mark)[0].get(
                attribute
            )


def test_the_legend_names_both_stages_only_where_both_are_drawn() -> None:
    assert "".join(parsed(legend()).itertext()) == "MandiriWBK 60 %WBBM 75 %"
    assert "".join(parsed(legend(stages=("Mandiri", "TPI"))).itertext()).startswith("MandiriTPI")


def test_the_legend_explains_the_points_that_are_too_low_as_far_as_there_are_any() -> None:
    low, blank, fine = Axis("a", 0), Axis("b", 0, open=True), Axis("c", 1, open=True)

    def explained(*axes: Axis) -> list[str]:
        shown = parsed(legend(axes=axes, minimum=Fraction(3, 5)))
        return ["".join(entry.itertext()) for entry in shown.iter("span")][3:]

    assert explained(fine) == []
    assert explained(fine, blank) == ["▼ di bawah syarat, belum lengkap"]
    assert explained(low, blank) == ["▼ di bawah syarat", "▼ di bawah syarat, belum lengkap"]


# ── line ────────────────────────────────────────────────────────────────────
def test_a_line_says_its_values_and_names_them_at_the_end() -> None:
    chart = parsed(ALL["line"])
    assert chart.get("aria-label") == "Pengajuan; unit 0, 5"
    assert "unit" in texts(chart)


def test_a_line_is_higher_where_the_value_is_higher() -> None:
    first, last = of_class(parsed(ALL["line"]), "pt")
    assert float(last.get("cy") or 0) < float(first.get("cy") or 0)


def test_a_long_line_says_its_two_ends() -> None:
    points = [(month, month * 10) for month in range(12)]
    chart = line([Curve(points, "unit")], title="Pengajuan", x_labels=[(0, "Jan"), (11, "Des")],
                 y_labels=[0, 110])  # fmt: skip
    assert parsed(chart).get("aria-label") == "Pengajuan; unit 0 sampai 110"


def test_labels_of_curves_that_end_together_do_not_overlap() -> None:
    curves = [Curve([(0, 0), (1, 5)], "rencana", "plan"), Curve([(0, 0), (1, 5)], "unit")]
    chart = parsed(line(curves, title="x", x_labels=[(0, "a"), (1, "b")], y_labels=[0, 10]))
    ends = [
        float(t.get("y") or 0) for t in chart.iter("text") if (t.text or "") in {"rencana", "unit"}
    ]
    assert abs(ends[0] - ends[1]) >= 12
