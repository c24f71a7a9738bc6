"""What the summary of an assessment shows: words, figures and exact values for the charts.

No HTML and no database: a page, a fragment and a report place the same content. Figures are
written here, because two that would look equal get more decimals together (domain.md §2).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from assessment import area_tables, stage_score, workflow
from assessment.area_tables import AreaRow, Fold, Radar
from assessment.instrument import Instrument, Threshold
from assessment.models import NationalResult, Stage
from assessment.readiness import Requirement, Verdict
from assessment.scoring import ScoreSheet
from assessment.selectors import Lke
from assessment.stage_score import NATIONAL, Finding
from assessment.stage_view import (
    COLUMN_LABELS,
    Cell,
    Outcome,
    StageView,
    awaits_surveys,
    indicators_of,
    outcome,
    view_stage,
    waiting_words,
)
from zi_portal.ui import numbers
from zi_portal.ui.charts import short

STAGE_WORDS = {Stage.UNIT: "penilaian mandiri", Stage.TPI: "evaluasi TPI"}
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Say:
    """The verdict in one sentence that names its stage, and the shortest reason."""

    heading: str
    reason: str
    icon: str
    tone: Literal["ok", "bad", "muted", "acc"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the big figures, with its whole or a note where it has one."""

    label: str
    value: str
    of: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One requirement of the target. `outcome` is "open" when it is not reached but the part it
    is about still has unanswered indicators."""

    code: str
    label: str
    detail: str
    is_part: bool
    required: str
    cells: tuple[Cell, ...]
    gap: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole page. `lead` is the stage whose verdict, gap and bars are shown.

    Filled means answered, or emptied with a reason; `emptied` counts the latter.
    """

    target: str
    targets: tuple[str, ...]
    lead: str
    lead_word: str
    say: Say
    figures: tuple[Figure, ...]
    filled: int
    emptied: int
    total: int
    columns: tuple[str, ...]
    requirements: tuple[RequirementRow, ...]
    radar: Radar
    aspects: tuple[str, ...]
    areas: tuple[AreaRow, ...]
    folds: tuple[Fold, ...]


def say_of(lke: Lke, stage: Stage, target: str) -> Say:
    """The verdict of one stage alone, whichever leads."""
    return _say(lke.instrument, stage, view_stage(lke, stage, target, leads=True))


def leading_stage(lke: Lke, stages: Sequence[Stage]) -> Stage:
    """The stage that leads among those one may see: the latest released one (domain.md §3)."""
    released = workflow.tpi_is_released(lke.assessment.state)
    return Stage.TPI if released and Stage.TPI in stages else Stage.UNIT


def summarise(
    lke: Lke, stages: Sequence[Stage], target: str, national: NationalResult | None = None
) -> Summary:
    """The summary of an assessment for those who may see `stages`, judged by `target`."""
    instrument = lke.instrument
    lead = leading_stage(lke, stages)
    views = [view_stage(lke, stage, target, leads=stage == lead) for stage in stages]
    leading = next(view for view in views if view.leads)
    known = _known(instrument, national, target)
    rows = tuple(
        _requirement_row(instrument, views, known, index)
        for index in range(len(leading.verdict.requirements))
    )
    say = _say(instrument, lead, leading)
    return Summary(
        target=target,
        targets=tuple(instrument.thresholds),
        lead=COLUMN_LABELS[lead],
        lead_word=_in_label(lead),
        say=_national_say(national, say) if national else say,
        figures=tuple(_figures(lke, views, rows[0])),
        filled=len(instrument.indicators) - len(leading.missing),
        emptied=len(instrument.indicators) - len(leading.missing) - len(leading.sheet.answered),
        total=len(instrument.indicators),
        columns=tuple(COLUMN_LABELS[cell.stage] for cell in rows[0].cells),
        requirements=rows,
        radar=area_tables.radar(instrument, views, target),
        aspects=tuple(
            aspect.name for component in instrument.components for aspect in component.aspects
        ),
        areas=tuple(area_tables.area_rows(instrument, views)),
        folds=tuple(area_tables.folds(instrument, views)),
    )


def _known(
    instrument: Instrument, national: NationalResult | None, target: str
) -> tuple[Finding, ...]:
    """TPN's figures by requirement, as far as any was typed; what was not given is unknown."""
    if national is None or not national.nodes:
        return ()
    return stage_score.of_national_result(instrument, national).findings[target]


# ── the sentence ────────────────────────────────────────────────────────────
def _say(instrument: Instrument, lead: Stage, view: StageView) -> Say:
    result, words = view.verdict, STAGE_WORDS[lead]
    count, met = len(result.requirements), len(result.requirements) - len(result.unmet)
    terms = f"syarat nilai {result.target}"
    if view.missing:
        so_far = f"Menurut {words} sejauh ini, {met} dari {count} {terms} terpenuhi."
        so_far += _beyond_filling(instrument, view)
        heading, icon = waiting_words(instrument, view.missing)
        if awaits_surveys(instrument, view.missing):
            names = " dan ".join(_survey_names(instrument, result.target, view.missing))
            why = f"{names} belum diisi. {so_far}"
            return Say(heading, why, icon, "muted")
        why = f"{len(view.missing)} dari {len(instrument.indicators)} butir belum dijawab. {so_far}"
        return Say(heading, why, icon, "muted")
    if result.passed:
        why = f"Seluruh {count} syarat terpenuhi."
        return Say(f"Menurut {words}, memenuhi {terms}", why, "circle-check", "ok")
    why = f"{met} dari {count} syarat terpenuhi. {_shortfall(result)}"
    return Say(f"Menurut {words}, belum memenuhi {terms}", why, "circle-alert", "bad")


def _survey_names(instrument: Instrument, target: str, codes: Iterable[str]) -> list[str]:
    """Surveys by the names of the requirements that are about nothing else."""
    labels = {
        tuple(indicators_of(instrument, threshold)): threshold.label
        for threshold in instrument.thresholds[target]
    }
    return [labels.get((code,), instrument.nodes[code].name) for code in sorted(codes)]


def _shortfall(result: Verdict) -> str:
    worst = result.shortest_reason
    if worst is None:
        return ""
    lacking = f"kurang {_amount(-worst.gap)} poin"
    if len(result.unmet) == 1:
        return f"{worst.label} {lacking}."
    return f"Terjauh menurut bobotnya: {worst.label}, {lacking} dari bobot {short(worst.weight)}."


def _beyond_filling(instrument: Instrument, view: StageView) -> str:
    """Which requirement stays out of reach even if every blank were answered at best; that which
    would lack the most. Nothing to say while filling alone may be enough."""
    lacking = []
    for requirement, threshold in zip(
        view.verdict.requirements, instrument.thresholds[view.verdict.target], strict=True
    ):
        blank = view.missing.intersection(indicators_of(instrument, threshold))
        most = sum((instrument.indicator(code).weight for code in blank), Fraction())
        if requirement.gap + most < 0:
            lacking.append((requirement.gap + most, requirement, most))
    if not lacking:
        return ""
    _, worst, most = min(lacking, key=lambda each: each[0] / each[1].weight)
    adds = (
        f"butir kosongnya menambah paling banyak {_amount(most)}"
        if most
        else "tidak ada butirnya yang kosong"
    )
    more = f"; begitu pula {len(lacking) - 1} syarat lain" if len(lacking) > 1 else ""
    return (
        f" Mengisi butir kosong saja belum cukup: {worst.label} kurang {_amount(-worst.gap)} poin, "
        f"{adds}{more}."
    )


def _amount(points: Fraction) -> str:
    """How many points, never 0,00 for what is more than none."""
    return numbers.signed(points).lstrip("+")


def _national_say(national: NationalResult, below: Say) -> Say:
    return Say(f"Hasil TPN: {national.outcome}", f"{below.heading}. {below.reason}", "flag", "acc")


# ── figures and requirements ────────────────────────────────────────────────
def _figures(lke: Lke, views: Sequence[StageView], total: RequirementRow) -> Iterable[Figure]:
    """The big figures: each stage's total, as the table's first row has it.

    Until the surveys are in, Pengungkit leads (domain.md §2).
    """
    leading = next(view for view in views if view.leads)
    if awaits_surveys(lke.instrument, leading.missing):
        whole = short(lke.instrument.nodes["A"].weight)
        yield Figure("Pengungkit", numbers.points(leading.sheet.points("A")), of=whole)
    for cell in total.cells:
        note = ""
        if cell.stage == Stage.TPI and not workflow.tpi_is_released(lke.assessment.state):
            judged = sum(row.value is not None for row in lke.answers[Stage.TPI].values())
            note = f"dinilai {judged}/{len(lke.instrument.indicators)}"
        yield Figure(f"Nilai {_in_label(cell.stage)}", cell.text, note=note)


def _in_label(key: str) -> str:
    """A stage inside a label: "mandiri", "TPI", "TPN"."""
    return "mandiri" if key == Stage.UNIT else COLUMN_LABELS[key]


def _requirement_row(
    instrument: Instrument, views: Sequence[StageView], known: Sequence[Finding], index: int
) -> RequirementRow:
    leading = next(view for view in views if view.leads)
    requirement = leading.verdict.requirements[index]
    threshold = instrument.thresholds[leading.verdict.target][index]
    reached: dict[str, Fraction | None] = {
        view.key: view.verdict.requirements[index].actual for view in views
    }
    if known:
        reached[NATIONAL] = known[index].actual
    scale = 100 / requirement.weight if requirement.is_area else Fraction(1)
    sign = f"{numbers.NO_BREAK_SPACE}%" if requirement.is_area else ""
    decimals = _decimals(
        requirement.required * scale,
        [points * scale for points in reached.values() if points is not None],
        least=1 if requirement.is_area else 2,
    )

    def written(points: Fraction | None) -> str:
        return UNKNOWN if points is None else numbers.number(points * scale, decimals) + sign

    return RequirementRow(
        code=requirement.code,
        label=requirement.label,
        detail=_detail(instrument, leading.sheet, requirement, threshold),
        is_part=_is_part(instrument.thresholds[leading.verdict.target], threshold),
        required=written(requirement.required),
        cells=tuple(
            Cell(written(points), requirement.code, key, leads=key == leading.key)
            for key, points in reached.items()
        ),
        gap=numbers.signed(requirement.gap * scale, decimals) + sign,
        outcome=outcome(instrument, leading, requirement, threshold),
    )


def _decimals(required: Fraction, reached: Iterable[Fraction], *, least: int) -> int:
    """As many decimals as tell every figure of a row apart from what is required."""
    return max(
        [least]
        + [len(numbers.apart(value, required, least)[0].partition(",")[2]) for value in reached]
    )


def _detail(
    instrument: Instrument, sheet: ScoreSheet, requirement: Requirement, threshold: Threshold
) -> str:
    """What stands small behind a requirement: points of an area, the index of a survey."""
    if requirement.is_area:
        return f"{numbers.points(requirement.actual)} dari {short(requirement.weight)} poin"
    codes = indicators_of(instrument, threshold)
    if len(codes) == 1 and instrument.indicator(codes[0]).is_index and sheet.answers:
        index = sheet.answers.get(codes[0], {}).get("index")
        return f"indeks {numbers.as_typed(index)}" if index else ""
    return ""


def _is_part(thresholds: Iterable[Threshold], threshold: Threshold) -> bool:
    """Whether a requirement lies within another one than the total."""
    return any(
        all(node.startswith(f"{whole}.") for node in threshold.nodes)
        for other in thresholds
        if len(other.nodes) == 1
        for whole in other.nodes
    )
