"""What a report says: plain data taken from an assessment, exact and complete.

A document is all that its pages show, the moment of making apart; so its fingerprint (SHA-256 of
its canonical JSON) stands for the paper's content, and equal data are one stored file.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fractions import Fraction

from accounts.models import Unit
from assessment import index_source, rincian, scores, workflow
from assessment.instrument import TARGETS, Area, Indicator, Subcomponent
from assessment.models import Answer, Assessment, NationalResult, Stage, State
from assessment.presenting import Summary, summarise
from assessment.scoring import ScoreSheet, resolved_count
from assessment.selectors import Lke
from assessment.stage_view import missing
from zi_portal.ui import numbers

FORM = "kesiapan/2"
"""Changes with the form of the report, so that unchanged data in a new form are a new file."""

Figures = tuple[Fraction, ...]
"""One figure per shown stage, in the order of `Readiness.stages`."""


@dataclass(frozen=True, slots=True)
class StageResult:
    """One column of answers. `filled`: answered, or emptied with a reason (`emptied` of them);
    `judged`: indicators that TPI has judged, None for the unit."""

    stage: Stage
    filled: int
    emptied: int
    judged: int | None


@dataclass(frozen=True, slots=True)
class AnswerText:
    """One stage's answer in words. `letter` and `text` are the choice or the calculation;
    `details` the counts or an index's source; `reason` why it was left empty. Without an answer
    all may be blank."""

    answered: bool
    letter: str = ""
    text: str = ""
    details: tuple[str, ...] = ()
    note: str = ""
    reason: str = ""
    judged: bool = True


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator with its answers, one per stage."""

    code: str
    text: str
    weight: Fraction
    points: Figures
    answers: tuple[AnswerText, ...]


@dataclass(frozen=True, slots=True)
class SubcomponentRow:
    """A sub-component; `filled` per stage, of the number of its indicators."""

    code: str
    name: str
    weight: Fraction
    points: Figures
    filled: tuple[int, ...]
    indicators: tuple[IndicatorRow, ...]

    @property
    def is_indicator(self) -> bool:
        """Whether it is a sub-component and its one indicator at once, as those of Hasil."""
        return [row.code for row in self.indicators] == [self.code]

    @property
    def difference(self) -> Fraction:
        """What the last stage gives more (or less) than the first."""
        return self.points[-1] - self.points[0]


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area of one aspect, or a part of Hasil."""

    code: str
    name: str
    short_name: str
    pokja: str
    weight: Fraction
    points: Figures
    subcomponents: tuple[SubcomponentRow, ...]

    @property
    def difference(self) -> Fraction:
        """What the last stage gives more (or less) than the first."""
        return self.points[-1] - self.points[0]


@dataclass(frozen=True, slots=True)
class Part:
    """Pemenuhan, Reform or Hasil. `component`: the name of what it belongs to."""

    code: str
    name: str
    component: str
    weight: Fraction
    points: Figures
    areas: tuple[AreaRow, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Laporan Kesiapan: what a unit reaches, of what is asked, and by which answers.

    `summaries` holds verdict and requirements by each target, the unit's own first.
    """

    form: str
    unit: str
    unit_code: str
    above: tuple[str, ...]
    year: int
    target: str
    state: str
    provisional: bool
    data_at: datetime
    instrument: str
    instrument_version: str
    regulation: str
    amendment: str
    indicators: int
    stages: tuple[StageResult, ...]
    summaries: tuple[Summary, ...]
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        """`Laporan Kesiapan WBK 2026, Politeknik Nusantara`."""
        return f"Laporan Kesiapan {self.target} {self.year}, {self.unit}"

    @property
    def shows_tpi(self) -> bool:
        return any(result.stage == Stage.TPI for result in self.stages)


def readiness(
    lke: Lke, stages: Sequence[Stage], national: NationalResult | None = None
) -> Readiness:
    """The document of an assessment with the given stages (those its reader may see)."""
    assessment, instrument = lke.assessment, lke.instrument
    rows = [row for stage in Stage for row in lke.answers[stage].values()]
    read = scores.sheets(rows)
    targets = (assessment.target, *(each for each in TARGETS if each != assessment.target))
    version = assessment.period.instrument
    return Readiness(
        form=FORM,
        unit=assessment.shown_unit_name,
        unit_code=assessment.unit.code,
        above=_names_above(assessment),
        year=assessment.period.year,
        target=assessment.target,
        state=State(assessment.state).label,
        provisional=not workflow.is_submitted(assessment.state),
        data_at=_data_at(assessment, [row for row in rows if row.stage in stages]),
        instrument=instrument.title,
        instrument_version=f"versi {version.version}",
        regulation=instrument.regulation,
        amendment=instrument.amendment,
        indicators=len(instrument.indicators),
        stages=tuple(_stage_result(lke, read[stage]) for stage in stages),
        summaries=tuple(summarise(lke, stages, target, national) for target in targets),
        parts=tuple(_parts(lke, stages, [lke.sheets[stage] for stage in stages])),
    )


def fingerprint(document: Readiness) -> str:
    """SHA-256 (hex) of the document's canonical JSON: exact fractions, UTC, sorted keys."""
    text = json.dumps(
        asdict(document),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        default=_plain,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value)} has no canonical form")


def _names_above(assessment: Assessment) -> tuple[str, ...]:
    """The names of the units above, from the ministry down."""
    path = assessment.unit_path or assessment.unit.path
    codes = path.strip("/").split("/")[:-1]
    return tuple(
        Unit.objects.filter(code__in=codes).order_by("path").values_list("name", flat=True)
    )


def _data_at(assessment: Assessment, rows: Iterable[Answer]) -> datetime:
    """When anything that the report shows last changed."""
    moments = [assessment.created_at, assessment.state_since]
    return max([*moments, *(row.changed_at for row in rows)])


def _stage_result(lke: Lke, read: scores.Sheet) -> StageResult:
    filled = len(lke.instrument.indicators) - len(missing(lke, read.stage))
    return StageResult(
        stage=read.stage,
        filled=filled,
        emptied=filled - len(lke.sheets[read.stage].answered),
        judged=read.judged if read.stage == Stage.TPI else None,
    )


# ── the tree, down to the answers ───────────────────────────────────────────
def _parts(lke: Lke, stages: Sequence[Stage], sheets: Sequence[ScoreSheet]) -> Iterable[Part]:
    for component in lke.instrument.components:
        for node in component.aspects or (component,):
            yield Part(
                code=node.code,
                name=node.name,
                component=component.name,
                weight=node.weight,
                points=_figures(sheets, node.code),
                areas=tuple(_area(lke, stages, sheets, area) for area in node.areas),
            )


def _figures(sheets: Sequence[ScoreSheet], code: str) -> Figures:
    return tuple(sheet.points(code) for sheet in sheets)


def _area(lke: Lke, stages: Sequence[Stage], sheets: Sequence[ScoreSheet], area: Area) -> AreaRow:
    return AreaRow(
        code=area.code,
        name=area.name,
        short_name=area.short_name,
        pokja=area.pokja,
        weight=area.weight,
        points=_figures(sheets, area.code),
        subcomponents=tuple(
            _subcomponent(lke, stages, sheets, part) for part in area.subcomponents
        ),
    )


def _subcomponent(
    lke: Lke, stages: Sequence[Stage], sheets: Sequence[ScoreSheet], part: Subcomponent
) -> SubcomponentRow:
    codes = {indicator.code for indicator in part.indicators}
    return SubcomponentRow(
        code=part.code,
        name=part.name,
        weight=part.weight,
        points=_figures(sheets, part.code),
        filled=tuple(len(codes - missing(lke, stage)) for stage in stages),
        indicators=tuple(
            IndicatorRow(
                code=indicator.code,
                text=indicator.text,
                weight=indicator.weight,
                points=_figures(sheets, indicator.code),
                answers=tuple(
                    _answer(lke, stage, sheet, indicator)
                    for stage, sheet in zip(stages, sheets, strict=True)
                ),
            )
            for indicator in part.indicators
        ),
    )


def _answer(lke: Lke, stage: Stage, sheet: ScoreSheet, indicator: Indicator) -> AnswerText:
    """An answer in words. TPI's is its own where it judged, else the unit's (model.md)."""
    own = lke.answer(indicator.code, stage)
    judged = stage == Stage.UNIT or (own is not None and own.value is not None)
    row = own if judged else lke.answer(indicator.code, Stage.UNIT)
    letter, text = _said(sheet, indicator)
    return AnswerText(
        answered=indicator.code in sheet.answered,
        letter=letter,
        text=text,
        details=_details(sheet, indicator),
        note=own.note if own else "",
        reason=row.empty_reason if row and indicator.code not in sheet.answered else "",
        judged=judged,
    )


def _said(sheet: ScoreSheet, indicator: Indicator) -> tuple[str, str]:
    """The letter with its criterion, or the calculation with its result."""
    if indicator.code not in sheet.answered:
        return "", ""
    if indicator.is_choice:
        option = indicator.option((sheet.answers or {})[indicator.code]["choice"])
        return (option.key, option.criterion) if option else ("", "")
    explanation = sheet.explain(indicator.code)
    said = f"{explanation.node.answer} = {numbers.percent(sheet.ratio(indicator.code))}"
    return "", f"{said}. {explanation.warning}" if explanation.warning else said


def _details(sheet: ScoreSheet, indicator: Indicator) -> tuple[str, ...]:
    """Every count that is known, typed, shared or derived, with its label, and how many rows and
    which time range stand behind it; of an index, where it comes from."""
    answers = sheet.answers or {}
    value = answers.get(indicator.code, {})
    if indicator.is_index:
        return index_source.words(value)
    said = []
    for count in indicator.counts:
        number = resolved_count(indicator, count.key, answers)
        if number is not None:
            behind = rincian.brief_words(value, count.key)
            shown = numbers.count(number)
            said.append(f"{count.label}: {shown}{f' ({behind})' if behind else ''}")
    return tuple(said)
