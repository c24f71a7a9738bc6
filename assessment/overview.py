"""Assessments at a glance, as the home page lists them: from stored scores, no answer is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from accounts import policy
from accounts.policy import Action, Person
from assessment import catalogue, progress, selectors, workflow
from assessment.instrument import Instrument
from assessment.models import Assessment, Score, Stage, Target
from assessment.stage_view import Ticks, points_apart, ticks

NAMED = 3
"""How many unmet requirements are named before the rest is counted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an assessment stands against its target, in words."""

    words: str
    icon: str
    tone: Literal["ok", "bad", "plain", "muted"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """One assessment in the list. `score` is that of the latest released stage, which `stage`
    names; `tone` is that of its bar, weak while the unit still fills.

    Filled means answered, or emptied with a reason; `emptied` counts the latter."""

    assessment: Assessment
    chip: progress.Chip
    score_label: str
    stage: Literal["TPI", "mandiri"]
    score: str
    total: Fraction
    ticks: Ticks
    tone: Literal["", "soft"]
    filled: int
    emptied: int
    indicators: int
    standing: Standing
    may_fill: bool

    @property
    def is_begun(self) -> bool:
        return self.filled > 0

    @property
    def is_full(self) -> bool:
        return self.filled == self.indicators


def glances(user: Person, assessments: Iterable[Assessment]) -> list[Glance]:
    """The lines of some assessments, read by `selectors.with_scores`."""
    return [_glance(user, assessment) for assessment in assessments]


def _glance(user: Person, assessment: Assessment) -> Glance:
    instrument = catalogue.compiled(assessment.period.instrument)
    stages = selectors.visible_stages(user, assessment)
    released = workflow.tpi_is_released(assessment.state) and Stage.TPI in stages
    score = _score_of(assessment, Stage.TPI if released else Stage.UNIT)
    total = Fraction(score.total)
    minima = ticks(instrument, "total")
    indicators = len(instrument.indicators)
    locked = workflow.locked_reason(assessment, Stage.UNIT) is not None
    return Glance(
        assessment=assessment,
        chip=progress.chip(assessment.state),
        score_label="Nilai TPI" if released else "Nilai mandiri" if locked else "Nilai sementara",
        stage="TPI" if released else "mandiri",
        score=points_apart(total, minima),
        total=total,
        ticks=minima,
        tone="" if locked else "soft",
        filled=score.answered + score.emptied,
        emptied=score.emptied,
        indicators=indicators,
        standing=_standing(instrument, assessment.target, score, released=released, final=locked),
        may_fill=not locked and policy.can(user, Action.FILL, assessment),
    )


def _score_of(assessment: Assessment, stage: Stage) -> Score:
    """The stored score of a stage; every assessment has one of each from its first day."""
    stored: Sequence[Score] = assessment.stored_scores  # type: ignore[attr-defined]
    return next(score for score in stored if score.stage == stage)


def _standing(
    instrument: Instrument, target: str, score: Score, *, released: bool, final: bool
) -> Standing:
    """Only TPI's score is a verdict (ok): the unit's own is said as its own, and what may still
    change (`final` false) as provisional."""
    blank = len(instrument.indicators) - score.answered - score.emptied
    if blank > 0:
        if not score.answered + score.emptied:
            return Standing("Belum ada jawaban", "circle-dashed", "muted")
        return Standing("Belum lengkap", "circle-dashed", "muted", f"{blank} butir belum dijawab")
    unmet = score.unmet_wbk if target == Target.WBK else score.unmet_wbbm
    if not unmet and released:
        return Standing(f"Memenuhi syarat nilai {target}", "circle-check", "ok", "menurut TPI")
    if not unmet:
        said = "menurut penilaian mandiri" if final else "sementara, masih dapat berubah"
        return Standing(
            f"Memenuhi syarat nilai {target}", "check", "plain" if final else "muted", said
        )
    labels = {each.code: each.label for each in instrument.thresholds[target]}
    named = [labels.get(code, code) for code in unmet[:NAMED]]
    more = len(unmet) - len(named)
    rest = f", dan {more} lainnya" if more else ""
    return Standing(
        f"Kurang {len(unmet)} syarat {target}", "circle-alert", "bad", ", ".join(named) + rest
    )
