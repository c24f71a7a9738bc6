"""What stood on a card a year ago, in one line: as the unit answered, and as TPI judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessment.instrument import Indicator
from assessment.models import Stage
from assessment.selectors import Lke
from assessment.values import read
from zi_portal.ui import numbers

_NAMES = {Stage.UNIT: "mandiri", Stage.TPI: "TPI"}


@dataclass(frozen=True, slots=True)
class LastYear:
    """An indicator's values of an earlier year; `said` reads "mandiri B (0,67)", "TPI C (0,33)"."""

    year: int
    said: tuple[str, ...]
    note: str = ""
    tpi_note: str = ""

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """Whose note, and what it says; those that are blank are left out."""
        named = (("Penjelasan", self.note), ("Catatan TPI", self.tpi_note))
        return tuple((name, text) for name, text in named if text)


def same_indicator(lke: Lke, indicator: Indicator) -> Indicator | None:
    """The indicator of the earlier year that this one continues: equal code and equal type."""
    if lke.previous is None:
        return None
    before = lke.previous.instrument.indicators.get(indicator.code)
    return before if before is not None and before.type == indicator.type else None


def last_year(lke: Lke, indicator: Indicator) -> LastYear | None:
    """What the card says of the earlier year; None when nothing is known of it."""
    before = same_indicator(lke, indicator)
    if lke.previous is None or before is None:
        return None
    said = tuple(
        f"{_NAMES[stage]} {worth}"
        for stage in Stage
        if (worth := _worth(lke.previous, before, stage))
    )
    unit, tpi = (lke.previous.answer(before.code, stage) for stage in (Stage.UNIT, Stage.TPI))
    if not said and not (unit and unit.note):
        return None
    return LastYear(
        year=lke.previous.assessment.period.year,
        said=said,
        note=unit.note if unit else "",
        tpi_note=tpi.note if tpi else "",
    )


def _worth(lke: Lke, indicator: Indicator, stage: Stage) -> str:
    """An answer with its value of 0..1; "" where the stage said nothing about the indicator."""
    row = lke.answer(indicator.code, stage)
    if row is None:
        return ""
    if row.empty_reason and row.value is None:
        return "dikosongkan (0,00)"
    # TPI's sheet is its own row where it judged, else the unit's answer (model.md).
    values = lke.values() if stage == Stage.UNIT else {**lke.values(), **lke.values(stage)}
    found = read(indicator, values)
    if found is None or row.value is None:
        return ""
    return f"{_answer(indicator, row.value, found.ratio)} ({numbers.points(found.ratio)})"


def _answer(indicator: Indicator, value: Mapping[str, Any], ratio: Fraction) -> str:
    if indicator.is_percentage:
        return numbers.percent(ratio)
    if indicator.is_index:
        return str(value.get("index", "")).replace(".", ",")
    return str(value.get("choice", ""))
