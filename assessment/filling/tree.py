"""The whole LKE as a tree with completeness, and what to answer next.

It is arranged as the form has it (aspect, area, sub-component), or by working group: the area that
a pokja owns, in both aspects.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from assessment.filling.places import last, slug
from assessment.instrument import Area, Indicator, Instrument
from assessment.models import Stage
from assessment.scoring import ScoreSheet
from assessment.selectors import Lke
from assessment.stage_view import missing

ROMAN = ("I", "II", "III", "IV", "V", "VI")
"""Pokja are numbered so."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """An area or sub-component in the tree, with how much of it is done: answered, or left empty
    with a reason."""

    code: str
    slug: str
    number: str
    name: str
    done: int
    total: int
    to_review: int = 0
    is_open: bool = False
    children: tuple["TreeRow", ...] = ()

    @property
    def is_full(self) -> bool:
        return self.done == self.total


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


def tree(lke: Lke, open_area: str, *, by_pokja: bool = False) -> tuple[TreeGroup, ...]:
    """The whole LKE as a tree; the open area shows its sub-components."""
    arranged = _pokja_groups if by_pokja else _official_groups
    return tuple(arranged(lke.instrument, _standing(lke), open_area))


def changed(lke: Lke, area_code: str) -> TreeChange:
    """The points of all groups and the counts of one area, for both arrangements."""
    row = _area_row(lke.instrument.area(area_code), _standing(lke), area_code)
    groups = {group.slug: group for group in (*tree(lke, ""), *tree(lke, "", by_pokja=True))}
    return TreeChange(tuple(groups.values()), (row, *row.children))


@dataclass(frozen=True, slots=True)
class _Standing:
    """The unit's sheet of points, and which butir are done or must be looked at again."""

    sheet: ScoreSheet
    blank: frozenset[str]
    to_review: frozenset[str]


def _standing(lke: Lke) -> _Standing:
    return _Standing(lke.sheets[Stage.UNIT], missing(lke, Stage.UNIT), lke.to_review())


def _official_groups(
    instrument: Instrument, standing: _Standing, open_area: str
) -> Iterable[TreeGroup]:
    for component in instrument.components:
        for node in component.aspects or (component,):
            rows = tuple(_area_row(area, standing, open_area) for area in node.areas)
            yield TreeGroup(
                slug(node.code), node.name, standing.sheet.points(node.code), node.weight, rows
            )


def _pokja_groups(
    instrument: Instrument, standing: _Standing, open_area: str
) -> Iterable[TreeGroup]:
    for number, numeral in enumerate(ROMAN, start=1):
        pokja = str(number)
        areas = instrument.pokja_areas(pokja)
        yield TreeGroup(
            slug=f"pokja-{pokja}",
            name=f"Pokja {numeral} {areas[0].short_name}",
            points=standing.sheet.area_points(pokja),
            weight=standing.sheet.area_weight(pokja),
            rows=tuple(
                _area_row(area, standing, open_area, area.code, above(instrument, area))
                for area in areas
            ),
        )
    for group in _official_groups(instrument, standing, open_area):
        if group.rows[0].code in {area.code for area in instrument.pokja_areas("H")}:
            yield group


def above(instrument: Instrument, area: Area) -> str:
    """The name of the aspect or component that an area belongs to."""
    return instrument.nodes[area.code.rpartition(".")[0]].name


def _area_row(
    area: Area, standing: _Standing, open_area: str, number: str = "", name: str = ""
) -> TreeRow:
    is_open = area.code == open_area
    return _row(
        area.code,
        number or last(area.code),
        name or area.short_name,
        area.indicators,
        standing,
        is_open=is_open,
        children=tuple(
            _row(part.code, last(part.code), part.name, part.indicators, standing)
            for part in area.subcomponents
            if is_open
        ),
    )


def _row(
    code: str,
    number: str,
    name: str,
    indicators: Iterable[Indicator],
    standing: _Standing,
    *,
    is_open: bool = False,
    children: tuple[TreeRow, ...] = (),
) -> TreeRow:
    codes = [indicator.code for indicator in indicators]
    return TreeRow(
        code=code,
        slug=slug(code),
        number=number,
        name=name,
        done=sum(each not in standing.blank for each in codes),
        total=len(codes),
        to_review=sum(each in standing.to_review for each in codes),
        is_open=is_open,
        children=children,
    )


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
