"""What the pages of this floor read, scoped by the policy."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Subquery

from accounts import policy
from accounts.policy import Action, Person
from assessment import catalogue, scores, workflow
from assessment.instrument import Instrument
from assessment.models import Answer, Assessment, Score, Stage
from assessment.scoring import ScoreSheet


def visible_assessments(user: Person) -> QuerySet[Assessment]:
    """The assessments that the person may read; TPI's people see submitted ones only."""
    return (
        Assessment.objects.filter(
            policy.scope(user, Action.VIEW)
            | (policy.scope(user, Action.VIEW_SUBMITTED) & Q(state__in=workflow.SUBMITTED_STATES))
        )
        .select_related("unit", "period__instrument")
        .defer("period__instrument__document")
    )


def get_assessment(
    user: Person, unit_code: str, year: int, action: Action | None = None
) -> Assessment:
    """The assessment of a unit and year, for reading or for `action`.

    Raises Http404 outside the person's scope and PermissionDenied when the role is too little.
    """
    assessment = policy.one_or_404(
        visible_assessments(user).filter(unit__code=unit_code, period__year=year)
    )
    if action is not None:
        policy.require(user, action, assessment)
    return assessment


def with_scores(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """The same assessments with their stored scores in one more query, as `stored_scores`."""
    return assessments.prefetch_related(
        Prefetch("scores", queryset=Score.objects.defer("nodes"), to_attr="stored_scores")
    )


def visible_stages(user: Person, assessment: Assessment) -> tuple[Stage, ...]:
    """Whose values the person may see: TPI's work is hidden from the unit until released."""
    if workflow.tpi_is_released(assessment.state):
        return (Stage.UNIT, Stage.TPI)
    if workflow.is_submitted(assessment.state) and policy.can(user, Action.VIEW_TPI, assessment):
        return (Stage.UNIT, Stage.TPI)
    return (Stage.UNIT,)


@dataclass(frozen=True)
class Lke:
    """One assessment's whole sheet in memory: its instrument, answers and exact scores.

    `previous`: the same unit's latest earlier assessment, where `with_previous` looked for it.
    """

    assessment: Assessment
    instrument: Instrument
    answers: Mapping[Stage, Mapping[str, Answer]]
    previous: "Lke | None" = None

    @cached_property
    def sheets(self) -> Mapping[Stage, ScoreSheet]:
        return scores.compute(
            self.instrument, [row for rows in self.answers.values() for row in rows.values()]
        )

    def answer(self, code: str, stage: Stage = Stage.UNIT) -> Answer | None:
        return self.answers[stage].get(code)

    def values(self, stage: Stage = Stage.UNIT) -> dict[str, Any]:
        return {c: row.value for c, row in self.answers[stage].items() if row.value is not None}

    def to_review(self) -> frozenset[str]:
        """The indicators whose answer was copied and not yet looked at."""
        return frozenset(c for c, row in self.answers[Stage.UNIT].items() if row.review_again)

    def emptied(self, stage: Stage = Stage.UNIT) -> int:
        """How many indicators were left empty with a reason."""
        return sum(bool(row.empty_reason) and not row.value for row in self.answers[stage].values())


def load_lke(assessment: Assessment) -> Lke:
    """Read an assessment's answers (one query) with the compiled instrument."""
    answers: dict[Stage, dict[str, Answer]] = {stage: {} for stage in Stage}
    for row in Answer.objects.filter(assessment=assessment).select_related("changed_by"):
        answers[Stage(row.stage)][row.code] = row
    return Lke(assessment, catalogue.compiled(assessment.period.instrument), answers)


def with_previous(user: Person, lke: Lke, codes: Collection[str] | None = None) -> Lke:
    """The same sheet with what the unit answered in its latest earlier year (one query).

    `codes` limits it to some indicators and what those share. The earlier sheet holds only what
    the person may see: TPI's column is empty unless released to them.
    """
    earlier = visible_assessments(user).filter(
        unit=lke.assessment.unit, period__year__lt=lke.assessment.period.year
    )
    latest = earlier.order_by("-period__year").values("pk")[:1]
    rows = (
        Answer.objects.filter(assessment=Subquery(latest))
        .select_related("assessment__unit", "assessment__period__instrument")
        .defer("assessment__period__instrument__document")
    )
    if codes is not None:
        rows = rows.filter(code__in=_with_owners(lke.instrument, codes))
    found = list(rows)
    if not found:
        return lke
    assessment = found[0].assessment
    visible = visible_stages(user, assessment)
    answers: dict[Stage, dict[str, Answer]] = {stage: {} for stage in Stage}
    for row in found:
        if row.stage in visible:
            answers[Stage(row.stage)][row.code] = row
    instrument = catalogue.compiled(assessment.period.instrument)
    return replace(lke, previous=Lke(assessment, instrument, answers))


def _with_owners(instrument: Instrument, codes: Collection[str]) -> set[str]:
    """The indicators with those whose counts they share."""
    owners = {
        owner
        for (owner, _), sharers in instrument.shared_by.items()
        if not set(sharers).isdisjoint(codes)
    }
    return owners | set(codes)
