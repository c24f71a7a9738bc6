"""The live formulas of an exported workbook: a spreadsheet program arrives at our scores.

Where the published form goes wrong ours do not: a blank counts 0 (the form's averages skip it),
LHKASN takes part, zero denominators follow the instrument's policy, and the count that two
questions share is typed once. TPI's column falls back to the unit's answer where TPI has none.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from assessment.instrument import Area, Aspect, Component, Indicator, Instrument, Rule, Subcomponent
from assessment.workbook.layouts import TPI, TPI_PREFIX, UNIT, Layout
from assessment.workbook.locating import TOTAL

BLANK = '"Belum diisi"'

Formula = tuple[str, str]
"""An address and what is written there."""


class Formulas:
    """All formulas of one stage's columns, at the rows of the untouched form."""

    def __init__(self, instrument: Instrument, layout: Layout, stage: str) -> None:
        self.instrument, self.layout, self.stage = instrument, layout, stage
        prefix = TPI_PREFIX if stage == TPI else ""
        self.answer = layout.columns[f"{prefix}answer"].letter
        self.value = layout.columns[f"{prefix}value"].letter
        self.weight = layout.columns["weight"].letter
        self.unit = self if stage == UNIT else Formulas(instrument, layout, UNIT)

    def all(self) -> Iterator[Formula]:
        """Every formula of the stage."""
        for component in self.instrument.components:
            for area in component.all_areas:
                for part in area.subcomponents:
                    yield from self._part(part)
                yield self._sum(area.code, [part.code for part in area.subcomponents])
            for aspect in component.aspects:
                yield self._sum(aspect.code, [area.code for area in aspect.areas])
            yield from self._component(component)
        totals = [self._total_cell(component.code) for component in self.instrument.components]
        yield self._total_cell(TOTAL), f"=SUM({','.join(totals)})"

    # --- nodes ----------------------------------------------------------------------------------

    def _value_cell(self, code: str) -> str:
        return f"{self.value}{self.layout.row(code)}"

    def _total_cell(self, code: str) -> str:
        return f"{self.value}{self.layout.totals[code]}"

    def _sum(self, code: str, parts: Sequence[str]) -> Formula:
        return self._value_cell(code), f"=SUM({','.join(map(self._value_cell, parts))})"

    def _component(self, component: Component) -> Iterator[Formula]:
        parts: Sequence[Aspect | Area] = component.aspects or component.areas
        total = self._total_cell(component.code)
        yield total, self._sum(component.code, [part.code for part in parts])[1]
        yield self._value_cell(component.code), f"={total}"

    def _part(self, part: Subcomponent) -> Iterator[Formula]:
        for indicator in part.indicators:
            yield from self._indicator(indicator)
        if part.code in self.instrument.indicators:
            return  # its one indicator's cell shows points
        cells = [self._value_cell(indicator.code) for indicator in part.indicators]
        weight = f"{self.weight}{self.layout.row(part.code)}"
        # A sum divided by all of them, not an average: what is blank is a text and counts 0.
        yield self._value_cell(part.code), f"=SUM({','.join(cells)})/{len(cells)}*{weight}"

    # --- indicators -----------------------------------------------------------------------------

    def _indicator(self, indicator: Indicator) -> Iterator[Formula]:
        row = self.layout.row(indicator.code)
        answer, value = f"{self.answer}{row}", f"{self.value}{row}"
        is_part = indicator.code == indicator.subcomponent
        factor = f"*{self.weight}{row}" if is_part else ""
        fallback = BLANK if self.stage == UNIT else f"{self.unit.value}{row}"
        if indicator.rule and indicator.is_index:
            scaled = f"{answer}/{_number(indicator.rule.maximum)}{factor}"
            yield value, f"=IF(ISNUMBER({answer}),{scaled},{fallback})"
        elif indicator.rule:
            yield from self._counts(indicator)
            yield answer, f"={self._percentage(indicator, indicator.rule)}"
            yield value, f"={answer}"
        else:
            choice = BLANK
            for option in reversed(indicator.options):
                worth = f"{_number(option.score)}{factor}"
                choice = f'IF(TRIM({answer})="{option.key}",{worth},{choice})'
            if self.stage == TPI:
                choice = f'IF(TRIM({answer})="",{fallback},{choice})'
            yield value, f"={choice}"

    def _cell(self, indicator: Indicator, key: str) -> str:
        return f"{self.answer}{self.layout.count_hints(indicator.code)[key]}"

    def _own_inputs(self, indicator: Indicator) -> list[str]:
        return [self._cell(indicator, count.key) for count in indicator.inputs]

    def _unless_untouched(self, indicator: Indicator, formula: str, unit: str) -> str:
        """TPI's formula, or the unit's while TPI has typed none of the indicator's counts."""
        if self.stage == UNIT:
            return formula
        return f"IF(COUNT({','.join(self._own_inputs(indicator))})=0,{unit},{formula})"

    def _counts(self, indicator: Indicator) -> Iterator[Formula]:
        """Counts that are no inputs: sums, and what another indicator asks."""
        for count in indicator.counts:
            cell, unit = self._cell(indicator, count.key), self.unit._cell(indicator, count.key)
            if count.sum_of:
                parts = [self._cell(indicator, key) for key in count.sum_of]
                listed = ",".join(parts)
                total = f"IF(COUNT({listed})<{len(parts)},{BLANK},SUM({listed}))"
                yield cell, f"={self._unless_untouched(indicator, total, unit)}"
            elif count.same_as:
                owner = self.instrument.indicator(count.same_as[0])
                other = self._cell(owner, count.same_as[1])
                link = f'IF({other}="","",{other})'
                yield cell, f"={self._unless_untouched(owner, link, unit)}"

    def _percentage(self, indicator: Indicator, rule: Rule) -> str:
        counts = {count.key: self._cell(indicator, count.key) for count in indicator.counts}
        if self.stage == UNIT:
            return _ratio(indicator, rule, counts)
        shared = {count.key for count in indicator.counts if count.same_as}
        unit = {
            key: cell if key in shared else self.unit._cell(indicator, key)
            for key, cell in counts.items()
        }
        own, others = _ratio(indicator, rule, counts), _ratio(indicator, rule, unit)
        return self._unless_untouched(indicator, own, others)


def _ratio(indicator: Indicator, rule: Rule, counts: Mapping[str, str]) -> str:
    """The indicator's rule over cells of its counts; `counts`: their addresses by key."""
    needed: dict[str, None] = {}
    for key in (rule.part, rule.whole):
        needed |= dict.fromkeys(indicator.count(key).sum_of or (key,))
    cells = [counts[key] for key in needed]
    part, whole = counts[rule.part], counts[rule.whole]
    if rule.name == "decrease":
        worth = f"IF({whole}=0,IF({part}=0,1,0),MAX(0,({whole}-{part})/{whole}))"
    else:
        at_zero = 1 if rule.zero == "one" else 0
        worth = f"IF({whole}=0,{at_zero},MIN(1,{part}/{whole}))"
    return f"IF(COUNT({','.join(cells)})<{len(cells)},{BLANK},{worth})"


def _number(value: Fraction) -> str:
    """A score or maximum as a formula has it: exact, as all of them are short decimals."""
    return format(float(value), ".15g")
