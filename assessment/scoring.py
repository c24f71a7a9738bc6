"""From answers to points, exactly: the arithmetic of the LKE (docs/scoring.md has it in prose).

Ratios run from 0 to 1, points from 0 to the weight of their node (100 in all). Both are exact
fractions; rounding is a matter of showing. A sheet is made from the answers of one stage.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction

from assessment.explaining import Explanation, explain
from assessment.instrument import Instrument, Subcomponent
from assessment.value_checks import (
    InputError,
    parse_count,
    parse_index,
    value_problems,
    value_warnings,
)
from assessment.values import (
    ZERO,
    Answers,
    Value,
    indicator_ratio,
    is_answered,
    read,
    resolved_count,
)

__all__ = [
    "Answers",
    "InputError",
    "ScoreSheet",
    "Value",
    "indicator_ratio",
    "is_answered",
    "parse_count",
    "parse_index",
    "resolved_count",
    "score",
    "value_problems",
    "value_warnings",
]


class ScoreSheet:
    """The points of every node of one sheet of answers. Immutable by convention.

    `answered`: the codes of the indicators that have an answer. `answers`: the sheet itself, or
    None when the points were rebuilt from stored fractions.
    """

    __slots__ = ("_points", "answered", "answers", "instrument", "total")

    def __init__(
        self,
        instrument: Instrument,
        points: Mapping[str, Fraction],
        answered: Collection[str],
        answers: Answers | None = None,
    ) -> None:
        self.instrument = instrument
        self.answered = frozenset(answered)
        self.answers = answers
        self._points = points
        self.total: Fraction = sum(
            (points[component.code] for component in instrument.components), ZERO
        )

    @classmethod
    def from_nodes(
        cls, instrument: Instrument, nodes: Mapping[str, str], answered: Collection[str]
    ) -> "ScoreSheet":
        """A sheet from what `as_nodes` gave. KeyError when a node of the instrument is missing."""
        points = {code: Fraction(nodes[code]) for code in instrument.nodes}
        return cls(instrument, points, answered)

    def points(self, code: str) -> Fraction:
        """The points of a node; KeyError when the instrument has no such node."""
        return self._points[code]

    def ratio(self, code: str) -> Fraction:
        """The points of a node as a part of its weight, 0..1."""
        return self._points[code] / self.instrument.nodes[code].weight

    def area_points(self, pokja: str) -> Fraction:
        """The points of what a working group owns: "1" gives A.I.1 + A.II.1, "H" all of Hasil."""
        areas = self.instrument.pokja_areas(pokja)
        return sum((self._points[area.code] for area in areas), ZERO)

    def area_weight(self, pokja: str) -> Fraction:
        """What a working group's areas can give together."""
        return sum((area.weight for area in self.instrument.pokja_areas(pokja)), ZERO)

    def explain(self, code: str) -> Explanation:
        """How a node's points came about, down one level. `code` may also be "total" or that of
        another requirement ("area.1"). KeyError when there is no such node."""
        return explain(self, code)

    def as_nodes(self) -> dict[str, str]:
        """Every node's points as "numerator/denominator", exact and fit for JSON."""
        return {
            code: f"{points.numerator}/{points.denominator}"
            for code, points in self._points.items()
        }


def score(instrument: Instrument, answers: Answers) -> ScoreSheet:
    """The sheet of these answers (of one stage). What is unanswered counts 0; answers to
    questions that the instrument does not have are ignored."""
    points: dict[str, Fraction] = {}
    answered: list[str] = []
    for component in instrument.components:
        for aspect in component.aspects:
            for area in aspect.areas:
                points[area.code] = _sum_subcomponents(
                    area.subcomponents, answers, points, answered
                )
            points[aspect.code] = sum((points[area.code] for area in aspect.areas), ZERO)
        for area in component.areas:
            points[area.code] = _sum_subcomponents(area.subcomponents, answers, points, answered)
        parts = component.aspects or component.areas
        points[component.code] = sum((points[part.code] for part in parts), ZERO)
    return ScoreSheet(instrument, points, answered, answers)


def _sum_subcomponents(
    subcomponents: tuple[Subcomponent, ...],
    answers: Answers,
    points: dict[str, Fraction],
    answered: list[str],
) -> Fraction:
    """Write the points of the sub-components and their indicators; return their sum.

    A sub-component is the mean of its indicators times its weight. Its indicators share that
    weight equally, so this is the sum of weight × ratio.
    """
    total = ZERO
    for subcomponent in subcomponents:
        subtotal = ZERO
        for indicator in subcomponent.indicators:
            reading = read(indicator, answers)
            worth = indicator.weight * reading.ratio if reading else ZERO
            if reading:
                answered.append(indicator.code)
            points[indicator.code] = worth
            subtotal += worth
        points[subcomponent.code] = subtotal
        total += subtotal
    return total
