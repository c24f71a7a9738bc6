"""Areas and sub-components of the summary: tables, bars and the radar's values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessment.instrument import Area, Instrument, Node
from assessment.models import Stage
from assessment.scoring import ScoreSheet
from assessment.stage_view import (
    COLUMN_LABELS,
    Cell,
    StageView,
    Ticks,
    outcome,
    points_apart,
    ticks,
)
from zi_portal.ui import numbers
from zi_portal.ui.charts import Tone
from zi_portal.ui.radar import Axis


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area, or a sum of areas, by aspect and stage; the bar shows the leading stage."""

    code: str
    label: str
    weight: str
    parts: tuple[Cell | None, ...]
    cells: tuple[Cell, ...]
    difference: str
    points: Fraction
    whole: Fraction
    ticks: Ticks
    tone: Tone
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class SubcomponentRow:
    """A sub-component with its value at each stage; the bar shows the leading stage."""

    code: str
    name: str
    area: str
    weight: str
    cells: tuple[Cell, ...]
    points: Fraction
    whole: Fraction
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class Fold:
    """The sub-components of one area, by aspect: (name of the aspect, rows). Of its indicators
    so many are filled: answered, or emptied with a reason."""

    label: str
    filled: int
    total: int
    groups: tuple[tuple[str, tuple[SubcomponentRow, ...]], ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """The areas for the chart, with the minimum of the target and both rings (ratios)."""

    axes: tuple[Axis, ...]
    stages: tuple[str, ...]
    minimum: Fraction
    wbk: Fraction
    wbbm: Fraction


def _pokja(instrument: Instrument) -> dict[str, tuple[Area, ...]]:
    """The areas of the component that has aspects, by working group."""
    found: dict[str, tuple[Area, ...]] = {}
    for component in instrument.components:
        if component.aspects:
            for area in component.all_areas:
                found[area.pokja] = (*found.get(area.pokja, ()), area)
    return found


def radar(instrument: Instrument, views: Sequence[StageView], target: str) -> Radar:
    """The leading stage as the shape, the other one beside it. What is too low is marked, and
    differently while questions of the area are open."""
    ordered = sorted(views, key=lambda view: not view.leads)
    axes = []
    for areas in _pokja(instrument).values():
        whole = sum((area.weight for area in areas), Fraction())
        value, *other = [_sum(view.sheet, areas) / whole for view in ordered]
        still_open = not ordered[0].missing.isdisjoint(_indicators(areas))
        axes.append(Axis(areas[0].short_name, value, other[0] if other else None, open=still_open))
    minima = {
        name: min(
            each.minimum / each.weight for each in thresholds if each.code.startswith("area.")
        )
        for name, thresholds in instrument.thresholds.items()
    }
    return Radar(
        axes=tuple(axes),
        stages=tuple(COLUMN_LABELS[view.key] for view in ordered),
        minimum=minima[target],
        wbk=minima["WBK"],
        wbbm=minima["WBBM"],
    )


def _indicators(areas: Iterable[Area]) -> list[str]:
    return [
        indicator.code
        for area in areas
        for part in area.subcomponents
        for indicator in part.indicators
    ]


def _sum(sheet: ScoreSheet, nodes: Iterable[Node]) -> Fraction:
    return sum((sheet.points(node.code) for node in nodes), Fraction())


def area_rows(instrument: Instrument, views: Sequence[StageView]) -> Iterable[AreaRow]:
    """The areas of each component, each component's sum, and the total."""
    aspects = [aspect for component in instrument.components for aspect in component.aspects]
    for component in instrument.components:
        if component.aspects:
            for pokja, areas in _pokja(instrument).items():
                yield _area_row(instrument, views, f"area.{pokja}", areas[0].name, areas, areas)
        else:
            blank = [None] * len(aspects)
            for area in component.areas:
                yield _area_row(instrument, views, area.code, area.name, (area,), blank)
        parts = component.aspects or [None] * len(aspects)
        yield _area_row(
            instrument, views, component.code, component.name, (component,), parts, is_sum=True
        )
    yield _area_row(
        instrument, views, "total", "Nilai total", instrument.components, [None] * len(aspects),
        is_sum=True,
    )  # fmt: skip


def _area_row(
    instrument: Instrument,
    views: Sequence[StageView],
    code: str,
    label: str,
    nodes: Sequence[Node],
    parts: Sequence[Node | None],
    *,
    is_sum: bool = False,
) -> AreaRow:
    """One row: the nodes it sums up, and their parts by aspect (None where there is none)."""
    leading = next(view for view in views if view.leads)
    values = {view.key: _sum(view.sheet, nodes) for view in views}
    whole = sum((node.weight for node in nodes), Fraction())
    minima = ticks(instrument, code)
    return AreaRow(
        code=code,
        label=label,
        weight=numbers.points(whole),
        parts=tuple(
            None
            if part is None
            else Cell(numbers.points(leading.sheet.points(part.code)), part.code, leading.key)
            for part in parts
        ),
        cells=tuple(
            Cell(points_apart(values[view.key], minima), code, view.key, view.leads)
            for view in views
        ),
        difference=_difference(values),
        points=values[leading.key],
        whole=whole,
        ticks=minima,
        tone=_tone(instrument, views, code),
        is_sum=is_sum,
    )


def _tone(instrument: Instrument, views: Sequence[StageView], code: str) -> Tone:
    """The colour of a bar: "bad" when the requirement of this code is failed for certain."""
    leading = next(view for view in views if view.leads)
    failed = any(
        outcome(instrument, leading, requirement, threshold) == "short"
        for requirement, threshold in zip(
            leading.verdict.requirements,
            instrument.thresholds[leading.verdict.target],
            strict=True,
        )
        if requirement.code == code
    )
    return "bad" if failed else ""


def _difference(values: Mapping[str, Fraction]) -> str:
    """TPI − mandiri, where both are seen."""
    if len(values) < 2:
        return ""
    return numbers.signed(values[Stage.TPI.value] - values[Stage.UNIT.value])


def folds(instrument: Instrument, views: Sequence[StageView]) -> Iterable[Fold]:
    """The sub-components: one fold per working group's area, and one for Hasil."""
    for component in instrument.components:
        if component.aspects:
            names = [aspect.name for aspect in component.aspects]
            for areas in _pokja(instrument).values():
                yield _fold(views, areas[0].name, areas, names)
        else:
            names = [area.name for area in component.areas]
            yield _fold(views, component.name, component.areas, names)


def _fold(
    views: Sequence[StageView],
    label: str,
    areas: Sequence[Area],
    names: Sequence[str],
) -> Fold:
    """The sub-components of `areas`, each under its name among `names`."""
    leading = next(view for view in views if view.leads)
    groups = tuple(
        (name, tuple(_subcomponent_rows(views, leading, area)))
        for name, area in zip(names, areas, strict=True)
    )
    rows = [row for _, group in groups for row in group]
    return Fold(
        label=label,
        filled=sum(row.answered for row in rows),
        total=sum(row.total for row in rows),
        groups=groups,
    )


def _subcomponent_rows(
    views: Sequence[StageView], leading: StageView, area: Area
) -> Iterable[SubcomponentRow]:
    for part in area.subcomponents:
        codes = {indicator.code for indicator in part.indicators}
        yield SubcomponentRow(
            code=part.code,
            name=part.name,
            area=area.code,
            weight=numbers.points(part.weight),
            cells=tuple(
                Cell(numbers.points(view.sheet.points(part.code)), part.code, view.key, view.leads)
                for view in views
            ),
            points=leading.sheet.points(part.code),
            whole=part.weight,
            answered=len(codes - leading.missing),
            total=len(codes),
        )
