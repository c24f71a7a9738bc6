"""The whole LKE as a tree with completeness, and what to answer next.

It is arranged as the form has it (aspect, area, sub-component), or by working group: the area that
a pokja owns, in both aspects.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from assessment.filling.places import last, slug
from assessment.instrument import Area, Indicator, Instrument
from assessment.scoring import ScoreSheet

ROMAN = ("I", "II", "III", "IV", "V", "VI")
"""Pokja are numbered so."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """An area or sub-component in the tree, with how much of it is answered."""

    code: str
    slug: str
    number: str
    name: str
    answered: int
    total: int
    is_open: bool = False
    children: tuple["TreeRow", ...] = ()

    @property
    def is_full(self) -> bool:
        return self.answered == self.total


@dataclass(frozen=True, slots=True)
class TreeGroup:
    """Pemenuhan, Reform or Hasil with its points, or a pokja with those of both its areas."""

    slug: str
    name: str
    points: Fraction
    weight: Fraction
    rows: tuple[TreeRow, ...]


@dataclass(frozen=True, slots=True)
class TreeChange:
    """What one saved answer changes in a tree, however it is arranged."""

    groups: tuple[TreeGroup, ...]
    rows: tuple[TreeRow, ...]


def tree(
    instrument: Instrument, sheet: ScoreSheet, open_area: str, *, by_pokja: bool = False
) -> tuple[TreeGroup, ...]:
    """The whole LKE as a tree; the open area shows its sub-components."""
    arranged = _pokja_groups if by_pokja else _official_groups
    return tuple(arranged(instrument, sheet, open_area))


def changed(instrument: Instrument, sheet: ScoreSheet, area_code: str) -> TreeChange:
    """The points of all groups and the counts of one area, for both arrangements."""
    area = instrument.area(area_code)
    row = _area_row(area, sheet, area_code)
    official = tree(instrument, sheet, "")
    groups = {
        group.slug: group for group in (*official, *tree(instrument, sheet, "", by_pokja=True))
    }
    return TreeChange(tuple(groups.values()), (row, *row.children))


def _official_groups(
    instrument: Instrument, sheet: ScoreSheet, open_area: str
) -> Iterable[TreeGroup]:
    for component in instrument.components:
        for node in component.aspects or (component,):
            rows = tuple(_area_row(area, sheet, open_area) for area in node.areas)
            yield TreeGroup(slug(node.code), node.name, sheet.points(node.code), node.weight, rows)


def _pokja_groups(instrument: Instrument, sheet: ScoreSheet, open_area: str) -> Iterable[TreeGroup]:
    for number, numeral in enumerate(ROMAN, start=1):
        pokja = str(number)
        areas = instrument.pokja_areas(pokja)
        yield TreeGroup(
            slug=f"pokja-{pokja}",
            name=f"Pokja {numeral} {areas[0].short_name}",
            points=sheet.area_points(pokja),
            weight=sheet.area_weight(pokja),
            rows=tuple(
                _area_row(area, sheet, open_area, area.code, above(instrument, area))
                for area in areas
            ),
        )
    for group in _official_groups(instrument, sheet, open_area):
        if group.rows[0].code in {area.code for area in instrument.pokja_areas("H")}:
            yield group


def above(instrument: Instrument, area: Area) -> str:
    """The name of the aspect or component that an area belongs to."""
    return instrument.nodes[area.code.rpartition(".")[0]].name


def _area_row(
    area: Area, sheet: ScoreSheet, open_area: str, number: str = "", name: str = ""
) -> TreeRow:
    is_open = area.code == open_area
    return _row(
        area.code,
        number or last(area.code),
        name or area.short_name,
        area.indicators,
        sheet,
        is_open=is_open,
        children=tuple(
            _row(part.code, last(part.code), part.name, part.indicators, sheet)
            for part in area.subcomponents
            if is_open
        ),
    )


def _row(
    code: str,
    number: str,
    name: str,
    indicators: Iterable[Indicator],
    sheet: ScoreSheet,
    *,
    is_open: bool = False,
    children: tuple[TreeRow, ...] = (),
) -> TreeRow:
    codes = [indicator.code for indicator in indicators]
    answered = sum(each in sheet.answered for each in codes)
    return TreeRow(code, slug(code), number, name, answered, len(codes), is_open, children)


def next_blank(
    instrument: Instrument, blank: Collection[str], pokja: Collection[str] | None, after: str = ""
) -> str:
    """The first blank indicator that the person may fill, "" when none is left.

    The search begins behind `after` and goes on from the beginning; `pokja` None means all.
    """
    codes = list(instrument.indicators)
    place = codes.index(after) + 1 if after else 0
    for code in (*codes[place:], *codes[:place]):
        if code in blank and (pokja is None or instrument.indicator(code).pokja in pokja):
            return code
    return ""
