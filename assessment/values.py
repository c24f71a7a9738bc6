"""What one answer is worth: from a stored value to an exact ratio of 0..1.

A value is stored as it was typed: `{"choice": "B"}`, `{"counts": {"agen": 9, …}}` or
`{"index": "3.71", …source}`. A value that does not fit its indicator (which saving refuses) is no
answer; so reading never fails.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessment.instrument import Indicator, Rule
from zi_portal.ui import numbers

Value = Mapping[str, Any]
Answers = Mapping[str, Value]

ZERO = Fraction(0)
ONE = Fraction(1)
#: More than any unit counts; keeps figures readable and arithmetic fast.
COUNT_MAXIMUM = 999_999_999

_INDEX = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answered indicator is worth (0..1), and what the reader must be told about it."""

    ratio: Fraction
    warning: str | None = None


def read(indicator: Indicator, answers: Answers) -> Reading | None:
    """The worth of an indicator's answer; None while it is unanswered.

    Answered means a choice, an index, or every count of the formula (domain.md §2; model.md).
    """
    rule = indicator.rule
    if rule is None:
        option = indicator.option(answers.get(indicator.code, {}).get("choice"))
        return Reading(option.score) if option else None
    if indicator.is_index:
        index = index_number(answers.get(indicator.code, {}).get("index"))
        if index is None or index > rule.maximum:
            return None
        return Reading(index / rule.maximum)
    part = resolved_count(indicator, rule.part, answers)
    whole = resolved_count(indicator, rule.whole, answers)
    if part is None or whole is None:
        return None
    if rule.name == "decrease":
        return _decrease(indicator, rule, now=part, before=whole)
    return _ratio(rule, part, whole)


def is_answered(indicator: Indicator, answers: Answers) -> bool:
    """Whether the answer is complete enough to count."""
    return read(indicator, answers) is not None


def indicator_ratio(indicator: Indicator, answers: Answers) -> tuple[Fraction, str | None]:
    """(ratio of 0..1, warning or None); an unanswered indicator counts 0."""
    reading = read(indicator, answers)
    return (reading.ratio, reading.warning) if reading else (ZERO, None)


def _ratio(rule: Rule, part: int, whole: int) -> Reading:
    if whole == 0:
        return Reading(ONE if rule.zero == "one" else ZERO, rule.zero_text)
    return Reading(min(ONE, Fraction(part, whole)))


def _decrease(indicator: Indicator, rule: Rule, now: int, before: int) -> Reading:
    if before > 0:
        return Reading(max(ZERO, Fraction(before - now, before)))
    if now == 0:
        return Reading(ONE, rule.zero_text)
    past, present = (indicator.count(key).label for key in (rule.whole, rule.part))
    return Reading(ZERO, f"{past} 0, {lower_first(present)} {numbers.count(now)}: nilai 0.")


def resolved_count(indicator: Indicator, key: str, answers: Answers) -> int | None:
    """A count as it enters the formula: typed, shared with another indicator, or a sum.

    None while it, or a part of it, is not filled in. KeyError for a key the indicator lacks.
    """
    count = indicator.count(key)
    if count.sum_of:
        parts = [resolved_count(indicator, part, answers) for part in count.sum_of]
        return None if None in parts else sum(part for part in parts if part is not None)
    owner, owner_key = count.same_as or (indicator.code, key)
    counts = answers.get(owner, {}).get("counts")
    number = counts.get(owner_key) if isinstance(counts, Mapping) else None
    return number if is_count(number) else None


def is_count(number: object) -> bool:
    """Whether it is a whole number from 0 to COUNT_MAXIMUM."""
    return type(number) is int and 0 <= number <= COUNT_MAXIMUM


def index_number(text: object) -> Fraction | None:
    """The exact number written with a point or a comma and at most four decimals.

    None when it is no such number; whether it lies on the index's scale is the caller's matter.
    """
    if isinstance(text, str) and _INDEX.fullmatch(text):
        return Fraction(text.replace(",", "."))
    return None


def lower_first(label: str) -> str:
    """A label inside a sentence: "Jumlah …" becomes "jumlah …"; abbreviations stay."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
