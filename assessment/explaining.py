"""How a score came about, for a reader: one node, what is directly beneath it, and the lines that
lead from the one to the other, so that each step can be checked by hand."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from assessment.instrument import (
    TARGETS,
    Area,
    Aspect,
    Component,
    Indicator,
    Node,
    Rule,
    Subcomponent,
    child_nodes,
)
from assessment.values import Answers, read, resolved_count
from zi_portal.ui import numbers

if TYPE_CHECKING:
    from assessment.scoring import ScoreSheet

Kind = Literal["syarat", "komponen", "aspek", "area", "subkomponen", "butir"]

_KINDS: dict[type, Kind] = {
    Component: "komponen",
    Aspect: "aspek",
    Area: "area",
    Subcomponent: "subkomponen",
    Indicator: "butir",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A node in an explanation: its points (0..weight), its ratio (0..1) and, for an indicator,
    what was answered ("jawaban B", "9 ÷ 12", "belum dijawab")."""

    code: str
    name: str
    weight: Fraction
    points: Fraction
    ratio: Fraction
    answer: str = ""

    @property
    def line(self) -> str:
        """`A.II.6.i.a jawaban B → 0,67` for an indicator, else `A.I.1 Manajemen … → 3,78`."""
        if self.answer:
            return f"{self.code} {self.answer} → {numbers.points(self.ratio)}"
        return f"{self.code} {self.name} → {numbers.points(self.points)}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A node's points and what they are made of.

    `mean` is the mean ratio (0..1) of a sub-component's indicators and None elsewhere, where
    points are simply added up. `warning` is the sentence about a zero denominator.
    """

    kind: Kind
    node: Part
    parts: tuple[Part, ...]
    mean: Fraction | None = None
    warning: str | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The calculation in Indonesian, a line per step, as one would write it by hand."""
        parts = tuple(part.line for part in self.parts)
        value = f"Nilai {self.node.code} {numbers.points(self.node.points)}"
        weight = f"Bobot × {numbers.points(self.node.weight)}"
        if self.mean is not None:
            mean = f"Rata-rata {len(self.parts)} butir → {numbers.points(self.mean)}"
            return (*parts, mean, weight, value)
        if self.kind == "butir":
            warning = (self.warning,) if self.warning else ()
            return (self.node.line, *warning, weight, value)
        of = f"dari {numbers.points(self.node.weight)}"
        name = "Nilai" if self.kind == "syarat" else f"Nilai {self.node.code}"
        return (*parts, f"{name} {numbers.points(self.node.points)} {of}")


def explain(sheet: "ScoreSheet", code: str) -> Explanation:
    """The explanation of a node, or of a requirement that is a sum of nodes ("total", "area.1").

    KeyError when the instrument has neither.
    """
    node = sheet.instrument.nodes.get(code)
    if node is None:
        return _explain_requirement(sheet, code)
    mean = sheet.ratio(code) if isinstance(node, Subcomponent) else None
    warning = None
    if isinstance(node, Indicator) and sheet.answers is not None:
        reading = read(node, sheet.answers)
        warning = reading.warning if reading else None
    parts = tuple(_part(sheet, child) for child in child_nodes(node))
    return Explanation(_KINDS[type(node)], _part(sheet, node), parts, mean, warning)


def _explain_requirement(sheet: "ScoreSheet", code: str) -> Explanation:
    thresholds = sheet.instrument.thresholds[TARGETS[0]]
    threshold = {each.code: each for each in thresholds}[code]
    parts = tuple(_part(sheet, sheet.instrument.nodes[node]) for node in threshold.nodes)
    points = sum((part.points for part in parts), Fraction())
    whole = Part(code, threshold.label, threshold.weight, points, points / threshold.weight)
    return Explanation("syarat", whole, parts)


def _part(sheet: "ScoreSheet", node: Node) -> Part:
    return Part(
        code=node.code,
        name=node.name,
        weight=node.weight,
        points=sheet.points(node.code),
        ratio=sheet.ratio(node.code),
        answer=_answer(node, sheet) if isinstance(node, Indicator) else "",
    )


def _answer(indicator: Indicator, sheet: "ScoreSheet") -> str:
    """What was answered, in the words of a calculation."""
    if indicator.code not in sheet.answered:
        return "belum dijawab"
    if sheet.answers is None:
        return "nilai butir"
    value = sheet.answers.get(indicator.code, {})
    rule = indicator.rule
    if rule is None:
        return f"jawaban {value['choice']}"
    if indicator.is_index:
        return f"{numbers.as_typed(value['index'])} ÷ {numbers.number(rule.maximum, 0)}"
    return _fraction(indicator, rule, sheet.answers)


def _fraction(indicator: Indicator, rule: Rule, answers: Answers) -> str:
    part, whole = (
        numbers.count(resolved_count(indicator, key, answers) or 0)
        for key in (rule.part, rule.whole)
    )
    return f"({whole} − {part}) ÷ {whole}" if rule.name == "decrease" else f"{part} ÷ {whole}"
