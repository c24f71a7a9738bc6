"""Answers that contradict each other: warnings on the card, before submission and on TPI's desk.

The rules are data of the instrument (`konsistensi`, domain.md §2) and look at answers alone. They
refuse nothing and move no score; a question without an answer contradicts nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assessment.instrument import Condition, ConsistencyRule, Instrument
from assessment.values import Answers, read, resolved_count


@dataclass(frozen=True, slots=True)
class ConsistencyWarning:
    """The answers to the indicators `code` and `other` do not go together; `text` says why."""

    code: str
    other: str
    text: str


def warnings(instrument: Instrument, answers: Answers) -> tuple[ConsistencyWarning, ...]:
    """The contradictions within one sheet of answers, in the order of the instrument's rules."""
    return tuple(
        ConsistencyWarning(rule.when.indicator, rule.but.indicator, rule.text)
        for rule in _broken(instrument.consistency, instrument, answers)
    )


def for_indicator(
    instrument: Instrument, answers: Answers, code: str
) -> tuple[ConsistencyWarning, ...]:
    """The contradictions that one indicator takes part in, seen from it: `code` is its own and
    `other` the question to compare. Empty for a code the instrument lacks."""
    return tuple(
        ConsistencyWarning(code, _other_side(rule, code), rule.text)
        for rule in _broken(instrument.consistency_of.get(code, ()), instrument, answers)
    )


def _broken(
    rules: Iterable[ConsistencyRule], instrument: Instrument, answers: Answers
) -> Iterable[ConsistencyRule]:
    return (
        rule
        for rule in rules
        if _holds(rule.when, instrument, answers) and _holds(rule.but, instrument, answers)
    )


def _other_side(rule: ConsistencyRule, code: str) -> str:
    return rule.but.indicator if rule.when.indicator == code else rule.when.indicator


def _holds(condition: Condition, instrument: Instrument, answers: Answers) -> bool:
    """Whether the answer is there and passes the condition's test."""
    if condition.choices:
        return answers.get(condition.indicator, {}).get("choice") in condition.choices
    indicator = instrument.indicator(condition.indicator)
    if condition.fewer:
        fewer = resolved_count(indicator, condition.fewer, answers)
        than = resolved_count(indicator, condition.than, answers)
        return fewer is not None and than is not None and fewer < than
    reading = read(indicator, answers)
    if reading is None:
        return False
    if condition.below is not None:
        return reading.ratio < condition.below
    if condition.at_most is not None:
        return reading.ratio <= condition.at_most
    return condition.above is not None and reading.ratio > condition.above
