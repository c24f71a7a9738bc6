"""The instrument: an immutable tree that scoring, forms and workbook walk.

Everything about instruments is imported from here. A tree is compiled from a document, which is
checked completely before; so everybody who holds an `Instrument` may rely on its sums, references
and completeness.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from assessment.instrument_checks import find_problems
from assessment.instrument_document import (
    Document,
    InstrumentError,
    Problem,
    canonical_json,
    load_yaml,
    structure_digest,
    wording_digest,
)
from assessment.instrument_tree import (
    TARGETS,
    Area,
    Aspect,
    Component,
    Condition,
    ConsistencyRule,
    Count,
    Eligibility,
    Evidence,
    Indicator,
    Instrument,
    Limit,
    Node,
    Option,
    Rule,
    Subcomponent,
    Target,
    Threshold,
    child_nodes,
    walk,
)

__all__ = [
    "TARGETS",
    "Area",
    "Aspect",
    "Component",
    "Condition",
    "ConsistencyRule",
    "Count",
    "Eligibility",
    "Evidence",
    "Indicator",
    "Instrument",
    "InstrumentError",
    "Limit",
    "Node",
    "Option",
    "Problem",
    "Rule",
    "Subcomponent",
    "Target",
    "Threshold",
    "canonical_json",
    "child_nodes",
    "compile_instrument",
    "load_yaml",
    "structure_digest",
    "wording_digest",
]


def compile_instrument(document: Document) -> Instrument:
    """The tree of a document as parsed from YAML or from its canonical JSON.

    Raises InstrumentError with every problem when the document is no good instrument.
    """
    problems = find_problems(document)
    if problems:
        raise InstrumentError(problems)
    components = tuple(_component(data) for data in document["components"])
    weights = {node.code: node.weight for node in walk(components)}
    return Instrument(
        code=document["code"],
        title=document["title"],
        regulation=document["regulation"],
        amendment=document.get("amendment", ""),
        components=components,
        thresholds=MappingProxyType(
            {
                target: tuple(_threshold(data, target, weights) for data in document["thresholds"])
                for target in TARGETS
            }
        ),
        eligibility=tuple(_eligibility(data) for data in document["eligibility"]),
        consistency=tuple(_consistency(data) for data in document.get("konsistensi", ())),
    )


Data = Mapping[str, Any]


def _component(data: Data) -> Component:
    return Component(
        code=data["code"],
        name=data["name"],
        weight=Fraction(data["weight"]),
        aspects=tuple(
            Aspect(
                code=aspect["code"],
                name=aspect["name"],
                weight=Fraction(aspect["weight"]),
                areas=tuple(map(_area, aspect["areas"])),
            )
            for aspect in data.get("aspects", ())
        ),
        areas=tuple(map(_area, data.get("areas", ()))),
    )


def _area(data: Data) -> Area:
    return Area(
        code=data["code"],
        name=data["name"],
        short_name=data["short_name"],
        weight=Fraction(data["weight"]),
        subcomponents=tuple(
            Subcomponent(
                code=part["code"],
                name=part["name"],
                weight=Fraction(part["weight"]),
                indicators=tuple(_indicator(each, part, data) for each in part["indicators"]),
            )
            for part in data["subcomponents"]
        ),
        pokja=data["pokja"],
    )


def _indicator(data: Data, subcomponent: Data, area: Data) -> Indicator:
    return Indicator(
        code=data["code"],
        text=data["text"],
        type=data["type"],
        weight=Fraction(data["weight"]),
        options=tuple(
            Option(option["key"], Fraction(option["score"]), option["criterion"])
            for option in data.get("options", ())
        ),
        counts=tuple(map(_count, data.get("counts", ()))),
        limits=tuple(
            Limit(tuple(limit["parts"]), limit["whole"], limit.get("warn_below", False))
            for limit in data.get("limits", ())
        ),
        rule=_rule(data["rule"]) if "rule" in data else None,
        kendali=data["kendali"],
        note=data.get("note", ""),
        guidance=data.get("guidance", ""),
        evidence=tuple(Evidence(**piece) for piece in data.get("evidence", ())),
        subcomponent=subcomponent["code"],
        area=area["code"],
        pokja=area["pokja"],
    )


def _count(data: Data) -> Count:
    owner, _, key = data.get("same_as", "").rpartition(".")
    return Count(
        key=data["key"],
        label=data["label"],
        sum_of=tuple(data.get("sum_of", ())),
        same_as=(owner, key) if owner else None,
        counts=data.get("counts", True),
    )


def _rule(data: Data) -> Rule:
    return Rule(**{**data, "maximum": Fraction(data.get("maximum", 1))})


def _threshold(data: Data, target: Target, weights: Mapping[str, Fraction]) -> Threshold:
    whole = sum((weights[node] for node in data["nodes"]), Fraction())
    if "percent" in data:
        minimum = whole * Fraction(data["percent"][target]) / 100
    else:
        minimum = Fraction(data["minimum"][target])
    return Threshold(data["code"], data["label"], minimum, tuple(data["nodes"]), whole)


def _eligibility(data: Data) -> Eligibility:
    return Eligibility(
        code=data["code"],
        label=data["label"],
        who=data["who"],
        requirement=MappingProxyType(dict(data["requirement"])),
        derived_from=tuple(data.get("derived_from", ())),
    )


def _consistency(data: Data) -> ConsistencyRule:
    return ConsistencyRule(_condition(data["when"]), _condition(data["but"]), data["text"])


def _condition(data: Data) -> Condition:
    below, at_most, above = (
        Fraction(data[name]) if name in data else None for name in ("below", "at_most", "above")
    )
    return Condition(
        indicator=data["indicator"],
        choices=tuple(data.get("is", ())),
        below=below,
        at_most=at_most,
        above=above,
        fewer=data.get("fewer", ""),
        than=data.get("than", ""),
    )
