"""The official instrument and some answer sheets, as plain values."""

import json
from collections.abc import Mapping
from copy import deepcopy
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from assessment.instrument import Indicator, Instrument, compile_instrument, load_yaml
from assessment.scoring import ScoreSheet, score

ROOT = Path(__file__).parents[2]
INSTRUMENT_FILE = ROOT / "assessment" / "instruments" / "permenpanrb-90-2021.yaml"


@cache
def _document() -> dict[str, Any]:
    return load_yaml(INSTRUMENT_FILE)


def document() -> dict[str, Any]:
    """A copy of the official instrument's document, to be changed at will."""
    return deepcopy(_document())


@cache
def instrument() -> Instrument:
    return compile_instrument(_document())


def sample_answers() -> dict[str, dict[str, Any]]:
    """All 113 answers of a plausible unit; 84.712917 points."""
    return json.loads(Path(__file__).with_name("answers_sample.json").read_text(encoding="utf-8"))


def all_best() -> dict[str, dict[str, Any]]:
    return {code: best(indicator) for code, indicator in instrument().indicators.items()}


def all_worst() -> dict[str, dict[str, Any]]:
    return {code: worst(indicator) for code, indicator in instrument().indicators.items()}


def best(indicator: Indicator) -> dict[str, Any]:
    """The answer of full value."""
    rule = indicator.rule
    if rule is None:
        return {"choice": indicator.options[0].key}
    if indicator.is_index:
        return {"index": str(rule.maximum)}
    whole = 3 * max(1, len(indicator.count(rule.whole).sum_of))
    part = 0 if rule.name == "decrease" else whole
    return {"counts": {**_counts(indicator), rule.part: part}}


def worst(indicator: Indicator) -> dict[str, Any]:
    """An answer that is worth nothing."""
    rule = indicator.rule
    if rule is None:
        return {"choice": indicator.options[-1].key}
    if indicator.is_index:
        return {"index": "0"}
    part = 3 if rule.name == "decrease" else 0
    return {"counts": {**_counts(indicator), rule.part: part}}


def _counts(indicator: Indicator) -> dict[str, int]:
    return {count.key: 3 if count.counts else 0 for count in indicator.inputs}


def sheet_with(points: Mapping[str, Fraction]) -> ScoreSheet:
    """A complete sheet of full points, but with these nodes' points instead."""
    full = score(instrument(), all_best())
    nodes = full.as_nodes() | {
        code: f"{value.numerator}/{value.denominator}" for code, value in points.items()
    }
    return ScoreSheet.from_nodes(instrument(), nodes, full.answered)
