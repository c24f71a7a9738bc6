"""The whole LKE as a tree with completeness, and what to answer next."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from assessment.filling.places import last, slug
from assessment.instrument import Area, Indicator, Instrument, Subcomponent
from assessment.scoring import ScoreSheet


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
    """Pemenuhan, Reform or Hasil with its points."""

    slug: str
    name: str
    points: Fraction
    weight: Fraction
    rows: tuple[TreeRow, ...]


def tree(instrument: Instrument, sheet: ScoreSheet, open_area: str) -> tuple[TreeGroup, ...]:
    """The whole LKE as a tree; the open area shows its sub-components."""
    groups = []
    for component in instrument.components:
        for node in component.aspects or (component,):
            rows = tuple(_area_row(area, sheet, area.code == open_area) for area in node.areas)
            groups.append(
                TreeGroup(slug(node.code), node.name, sheet.points(node.code), node.weight, rows)
            )
    return tuple(groups)


def _area_row(area: Area, sheet: ScoreSheet, is_open: bool) -> TreeRow:
    children = tuple(_row(part, part.name, sheet) for part in area.subcomponents) if is_open else ()
    answered, total = _answered(area.indicators, sheet)
    return TreeRow(
        area.code, slug(area.code), last(area.code), area.short_name, answered, total, is_open,
        children,
    )  # fmt: skip


def _row(part: Subcomponent, name: str, sheet: ScoreSheet) -> TreeRow:
    answered, total = _answered(part.indicators, sheet)
    return TreeRow(part.code, slug(part.code), last(part.code), name, answered, total)


def _answered(indicators: Iterable[Indicator], sheet: ScoreSheet) -> tuple[int, int]:
    codes = [indicator.code for indicator in indicators]
    return sum(code in sheet.answered for code in codes), len(codes)


def next_unanswered(instrument: Instrument, sheet: ScoreSheet, pokja: frozenset[str] | None) -> str:
    """The code of the first unanswered indicator that the person may fill; "" when none is left."""
    for code, indicator in instrument.indicators.items():
        if code not in sheet.answered and (pokja is None or indicator.pokja in pokja):
            return code
    return ""
