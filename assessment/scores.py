"""Stored scores: what lists and dashboards read instead of answers. Always rebuilt from answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from accounts import trail
from assessment import catalogue
from assessment.instrument import Instrument
from assessment.models import Answer, Assessment, Score, Stage, Target
from assessment.readiness import verdict
from assessment.scoring import ScoreSheet, score

SIX_PLACES = Decimal("0.000001")
COLUMNS = {
    "total": "total", "pengungkit": "A", "bersih": "B.I", "ipak": "B.I.a",
    "kinerja": "B.I.b", "prima": "B.II",
}  # fmt: skip
AREA_COLUMNS = {f"area_{number}": str(number) for number in range(1, 7)}
DERIVED = (*COLUMNS, *AREA_COLUMNS, "answered", "emptied", "judged", "unmet_wbk", "unmet_wbbm",
           "nodes")  # fmt: skip


def six_places(value: Fraction) -> Decimal:
    """A value with six decimals, halves up on the exact fraction."""
    scaled, rest = divmod(abs(value.numerator) * 10**6, value.denominator)
    if 2 * rest >= value.denominator:
        scaled += 1
    return (Decimal(scaled if value >= 0 else -scaled) * SIX_PLACES).quantize(
        SIX_PLACES, ROUND_HALF_UP
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of one stage as scoring takes them, with what was emptied or judged."""

    stage: Stage
    values: dict[str, Mapping[str, Any]]
    emptied: frozenset[str]
    judged: int


def sheets(rows: Iterable[Answer]) -> dict[Stage, Sheet]:
    """The sheet of each stage from all answer rows of one assessment.

    TPI's sheet is its own row where it judged, else the unit's answer (model.md).
    """
    by_stage: dict[str, dict[str, Answer]] = {Stage.UNIT: {}, Stage.TPI: {}}
    for row in rows:
        by_stage[row.stage][row.code] = row
    unit = by_stage[Stage.UNIT]
    judged = {code: row for code, row in by_stage[Stage.TPI].items() if row.value is not None}
    return {
        Stage.UNIT: _sheet(Stage.UNIT, unit, 0),
        Stage.TPI: _sheet(Stage.TPI, {**unit, **judged}, len(judged)),
    }


def _sheet(stage: Stage, rows: Mapping[str, Answer], judged: int) -> Sheet:
    values = {code: row.value for code, row in rows.items() if row.value is not None}
    emptied = frozenset(code for code, row in rows.items() if row.empty_reason and not row.value)
    return Sheet(stage, values, emptied, judged)


def score_row(
    assessment: Assessment, instrument: Instrument, sheet: Sheet
) -> tuple[Score, ScoreSheet]:
    """The Score row (unsaved) of one sheet, and the sheet of exact values it was made from."""
    result = score(instrument, sheet.values)
    unmet = {
        target: [r.code for r in verdict(instrument, result, target).requirements if not r.passed]
        for target in Target.values
    }
    columns = {
        name: six_places(result.points(code)) for name, code in COLUMNS.items() if code != "total"
    }
    areas = {name: six_places(result.area_points(number)) for name, number in AREA_COLUMNS.items()}
    row = Score(
        assessment=assessment,
        stage=sheet.stage,
        total=six_places(result.total),
        answered=len(result.answered),
        emptied=len(sheet.emptied - result.answered),
        judged=sheet.judged,
        unmet_wbk=unmet[Target.WBK],
        unmet_wbbm=unmet[Target.WBBM],
        nodes=result.as_nodes(),
        **columns,
        **areas,
    )
    return row, result


def store(
    assessment: Assessment, instrument: Instrument, rows: Iterable[Answer]
) -> dict[Stage, ScoreSheet]:
    """Write the scores of both stages from the assessment's answer rows, in one statement."""
    made = {
        stage: score_row(assessment, instrument, sheet) for stage, sheet in sheets(rows).items()
    }
    Score.objects.bulk_create(
        [row for row, _ in made.values()],
        update_conflicts=True,
        unique_fields=["assessment", "stage"],
        update_fields=list(DERIVED),
    )
    return {stage: result for stage, (_, result) in made.items()}


def compute(instrument: Instrument, rows: Iterable[Answer]) -> dict[Stage, ScoreSheet]:
    """The exact scores of both stages, without storing them."""
    return {stage: score(instrument, sheet.values) for stage, sheet in sheets(rows).items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored score that did not equal the one computed from the answers."""

    assessment: Assessment
    stage: Stage
    fields: tuple[str, ...]


def rescore(*, write: bool) -> Iterator[Difference]:
    """Compute every stored score anew and yield each difference; rewrite them when `write`."""
    assessments = Assessment.objects.select_related("unit", "period__instrument").defer(
        "period__instrument__document"
    )
    for assessment in assessments.order_by("pk").iterator(200):
        with transaction.atomic():
            # Nobody answers this assessment between the reading and the comparing.
            trail.lock(assessment.chain)
            yield from _rescore_one(assessment, write=write)


def _rescore_one(assessment: Assessment, *, write: bool) -> list[Difference]:
    instrument = catalogue.compiled(assessment.period.instrument)
    rows = list(Answer.objects.filter(assessment=assessment))
    stored = {score.stage: score for score in assessment.scores.all()}
    found = []
    for stage, sheet in sheets(rows).items():
        right, _ = score_row(assessment, instrument, sheet)
        have = stored.get(stage)
        wrong = tuple(
            name for name in DERIVED if have is None or getattr(have, name) != getattr(right, name)
        )
        if wrong:
            found.append(Difference(assessment, stage, wrong))
    if found and write:
        store(assessment, instrument, rows)
    return found
