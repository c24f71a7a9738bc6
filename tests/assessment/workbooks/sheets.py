"""Random answer sheets, blank in part, with counts of 0 and parts above their wholes."""

from collections.abc import Mapping
from random import Random
from typing import Any

from assessment.instrument import Indicator
from assessment.workbook.writing import Written
from tests.assessment.samples import instrument

COUNTS = (0, 0, 1, 2, 3, 7, 12, 40, 999_999_999)


def random_answers(random: Random, blank: float = 0.3) -> dict[str, dict[str, Any]]:
    """Answers to some indicators; `blank`: the share of those, and of counts, left blank."""
    found = {
        code: _value(random, indicator, blank)
        for code, indicator in instrument().indicators.items()
        if random.random() >= blank
    }
    return {code: value for code, value in found.items() if value != {"counts": {}}}


def seeded_answers(seed: int, blank: float = 0.3) -> dict[str, dict[str, Any]]:
    """The same random answers every time."""
    return random_answers(Random(seed), blank)  # noqa: S311  no secret depends on it


def _value(random: Random, indicator: Indicator, blank: float) -> dict[str, Any]:
    if indicator.is_percentage:
        keys = [count.key for count in indicator.inputs if random.random() >= blank / 2]
        return {"counts": {key: random.choice(COUNTS) for key in keys}}
    if indicator.is_index:
        digits = random.randint(0, 4)
        return {"index": f"{random.randint(0, 4 * 10**digits) / 10**digits:.{digits}f}"}
    return {"choice": random.choice(indicator.options).key}


def written(
    answers: Mapping[str, Mapping[str, Any]], notes: Mapping[str, str] | None = None
) -> dict[str, Written]:
    """Answers as the writer takes them."""
    texts = notes or {}
    return {code: Written(answers.get(code), texts.get(code, ""), 1) for code in {*answers, *texts}}
